//! The operations of the services.

use std::fmt;
use std::str::FromStr;

use super::{Service, UnknownName};

/// A call of a service; the same job has the same operation on every service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Operation {
    /// Create a manual backup.
    CreateBackup,
    /// List backups.
    ListBackups,
    /// Delete a manual backup.
    DeleteBackup,
    /// Delete several manual backups.
    DeleteBackups,
    /// Stop the backup that is being made.
    StopBackup,
    /// List the files of a backup.
    ListBackupFiles,
    /// Show the policy for automated backups.
    GetBackupPolicy,
    /// Set the policy for automated backups.
    SetBackupPolicy,
    /// List instances.
    ListInstances,
    /// Restore a backup to an existing instance.
    RestoreInstance,
    /// Show a job.
    GetJob,
}

impl Operation {
    /// All operations, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::CreateBackup,
        Self::ListBackups,
        Self::DeleteBackup,
        Self::DeleteBackups,
        Self::StopBackup,
        Self::ListBackupFiles,
        Self::GetBackupPolicy,
        Self::SetBackupPolicy,
        Self::ListInstances,
        Self::RestoreInstance,
        Self::GetJob,
    ];

    /// Its `operationId` in the contracts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateBackup => "create_backup",
            Self::ListBackups => "list_backups",
            Self::DeleteBackup => "delete_backup",
            Self::DeleteBackups => "delete_backups",
            Self::StopBackup => "stop_backup",
            Self::ListBackupFiles => "list_backup_files",
            Self::GetBackupPolicy => "get_backup_policy",
            Self::SetBackupPolicy => "set_backup_policy",
            Self::ListInstances => "list_instances",
            Self::RestoreInstance => "restore_instance",
            Self::GetJob => "get_job",
        }
    }

    /// The operation with an `operationId`.
    pub(crate) fn with_id(id: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|operation| operation.as_str() == id)
    }

    /// Whether it changes something.
    ///
    /// # Examples
    ///
    /// ```
    /// use dbbackup::Operation;
    ///
    /// assert!(Operation::CreateBackup.changes());
    /// assert!(!Operation::ListBackups.changes());
    /// ```
    pub const fn changes(self) -> bool {
        match self {
            Self::ListBackups
            | Self::ListBackupFiles
            | Self::GetBackupPolicy
            | Self::ListInstances
            | Self::GetJob => false,
            Self::CreateBackup
            | Self::DeleteBackup
            | Self::DeleteBackups
            | Self::StopBackup
            | Self::SetBackupPolicy
            | Self::RestoreInstance => true,
        }
    }

    /// The services that have it, as the contracts say.
    pub const fn services(self) -> &'static [Service] {
        include!(concat!(env!("OUT_DIR"), "/services.rs"))
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Reads an `operationId` of the contracts.
///
/// # Examples
///
/// ```
/// use dbbackup::Operation;
///
/// assert_eq!("create_backup".parse(), Ok(Operation::CreateBackup));
/// ```
impl FromStr for Operation {
    type Err = UnknownName;

    fn from_str(id: &str) -> Result<Self, UnknownName> {
        Self::with_id(id).ok_or_else(|| UnknownName {
            name: id.to_owned(),
            known: Self::ALL
                .iter()
                .map(|operation| operation.as_str())
                .collect(),
        })
    }
}
