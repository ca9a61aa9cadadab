//! The products, each with a host of its own in a region.

use std::fmt;

use super::Operation;

/// A product of the cloud: one host in each region serves all versions of its API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Product {
    /// Relational Database Service.
    Rds,
    /// TaurusDB, also known as GaussDB(for MySQL).
    TaurusDb,
    /// GaussDB, also known as GaussDB(for openGauss).
    GaussDb,
}

impl Product {
    /// All products, in the order of the documentation.
    pub const ALL: &[Self] = &[Self::Rds, Self::TaurusDb, Self::GaussDb];

    /// Its name, such as `TaurusDB`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rds => "RDS",
            Self::TaurusDb => "TaurusDB",
            Self::GaussDb => "GaussDB",
        }
    }

    /// What messages call its base URL, such as `rds_url`; the environment has it in the variable
    /// `DBBACKUP_RDS_URL`.
    pub const fn url_setting(self) -> &'static str {
        match self {
            Self::Rds => "rds_url",
            Self::TaurusDb => "taurusdb_url",
            Self::GaussDb => "gaussdb_url",
        }
    }

    /// The IAM action that an operation needs, such as `rds:backup:create`; `None` where the vendor
    /// documents none, which is everywhere but on RDS.
    ///
    /// Vendor's page: [RDS](https://support.huaweicloud.com/intl/en-us/api-rds/rds_10_0007.html).
    pub const fn iam_action(self, operation: Operation) -> Option<&'static str> {
        match self {
            Self::Rds => rds_action(operation),
            Self::TaurusDb | Self::GaussDb => None,
        }
    }
}

const fn rds_action(operation: Operation) -> Option<&'static str> {
    match operation {
        Operation::CreateBackup => Some("rds:backup:create"),
        Operation::ListBackups => Some("rds:backup:list"),
        Operation::DeleteBackup | Operation::DeleteBackups => Some("rds:backup:delete"),
        Operation::ListBackupFiles => Some("rds:backup:download"),
        Operation::SetBackupPolicy => Some("rds:instance:modifyBackupPolicy"),
        Operation::GetBackupPolicy | Operation::ListInstances => Some("rds:instance:list"),
        Operation::StopBackup | Operation::RestoreInstance | Operation::GetJob => None,
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
