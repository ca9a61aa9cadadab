//! The services that this crate talks to: a closed set that everything is keyed by.

use std::fmt;

/// A service, together with the version of its API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Relational Database Service, API v1.
    RdsV1,
    /// Relational Database Service, API v3.
    RdsV3,
    /// TaurusDB, also known as GaussDB(for MySQL), API v3.
    TaurusdbV3,
    /// GaussDB, also known as GaussDB(for openGauss), API v3.
    GaussdbV3,
}

impl Service {
    /// All services, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::RdsV1, Self::RdsV3, Self::TaurusdbV3, Self::GaussdbV3];

    /// The name used for files, flags and output, such as `rds-v3`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RdsV1 => "rds-v1",
            Self::RdsV3 => "rds-v3",
            Self::TaurusdbV3 => "taurusdb-v3",
            Self::GaussdbV3 => "gaussdb-v3",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
