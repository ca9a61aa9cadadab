//! Words that services send: the documented ones by name, any other one as it came.
//!
//! A new word must not turn an accepted backup into an error.

use std::fmt;

use serde::{Deserialize, Serialize};

/// State of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum BackupStatus {
    /// Being made.
    Building,
    /// Done.
    Completed,
    /// Not made.
    Failed,
    /// Being deleted; rds-v1, rds-v3 and gaussdb-v3.
    Deleting,
    /// Can be used; taurusdb-v3.
    Available,
    /// A state that is not documented.
    #[serde(untagged)]
    Unknown(String),
}

impl fmt::Display for BackupStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Building => "BUILDING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Deleting => "DELETING",
            Self::Available => "AVAILABLE",
            Self::Unknown(word) => word,
        })
    }
}

/// Kind of a backup, in the words of API v3.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum BackupType {
    /// Automated and full.
    Auto,
    /// Requested and full.
    Manual,
    /// Differential full; rds-v3.
    Fragment,
    /// Automated and incremental; rds-v3.
    Incremental,
    /// A kind that is not documented.
    #[serde(untagged)]
    Unknown(String),
}

impl fmt::Display for BackupType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Auto => "auto",
            Self::Manual => "manual",
            Self::Fragment => "fragment",
            Self::Incremental => "incremental",
            Self::Unknown(word) => word,
        })
    }
}

/// Database engine of an instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Engine {
    /// MySQL.
    #[serde(rename = "MySQL")]
    MySql,
    /// PostgreSQL.
    #[serde(rename = "PostgreSQL")]
    PostgreSql,
    /// Microsoft SQL Server.
    #[serde(rename = "SQLServer")]
    SqlServer,
    /// An engine that is not documented.
    #[serde(untagged)]
    Unknown(String),
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::MySql => "MySQL",
            Self::PostgreSql => "PostgreSQL",
            Self::SqlServer => "SQLServer",
            Self::Unknown(word) => word,
        })
    }
}
