//! Words that services send: the documented ones by name, any other one as it came.
//!
//! A new word must not turn an accepted backup into an error.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An enum of words that reads, keeps and writes any other word, too.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $word)] $variant,)*
            /// A word that is not documented.
            #[serde(untagged)]
            Unknown(String),
        }

        /// Takes any text: one that is not documented is kept.
        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(text: &str) -> Result<Self, Infallible> {
                Ok(match text {
                    $($word => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self {
                    $(Self::$variant => $word,)*
                    Self::Unknown(word) => word,
                })
            }
        }
    };
}

words! {
    /// State of a backup.
    BackupStatus {
        /// Being made.
        Building = "BUILDING",
        /// Done.
        Completed = "COMPLETED",
        /// Not made.
        Failed = "FAILED",
        /// Being deleted; rds-v1, rds-v3 and gaussdb-v3.
        Deleting = "DELETING",
        /// Can be used; taurusdb-v3.
        Available = "AVAILABLE",
    }
}

words! {
    /// Kind of a backup, in the words of API v3.
    BackupType {
        /// Automated and full.
        Auto = "auto",
        /// Requested and full.
        Manual = "manual",
        /// Differential full; rds-v3.
        Fragment = "fragment",
        /// Automated and incremental; rds-v3.
        Incremental = "incremental",
    }
}

words! {
    /// Database engine of an instance.
    Engine {
        /// MySQL.
        MySql = "MySQL",
        /// PostgreSQL.
        PostgreSql = "PostgreSQL",
        /// Microsoft SQL Server.
        SqlServer = "SQLServer",
        /// MariaDB; rds-v3 on Huawei Cloud.
        MariaDb = "MariaDB",
        /// GaussDB for MySQL, the engine of TaurusDB.
        TaurusDb = "gaussdb-mysql",
        /// GaussDB.
        GaussDb = "GaussDB",
        /// GaussDB by its older name.
        OpenGauss = "GaussDB(for openGauss)",
    }
}

words! {
    /// State of a job.
    JobStatus {
        /// Not yet at work; taurusdb-v3.
        Pending = "Pending",
        /// At work.
        Running = "Running",
        /// Done.
        Completed = "Completed",
        /// Not done.
        Failed = "Failed",
    }
}

words! {
    /// State of an instance.
    InstanceStatus {
        /// Being created.
        Build = "BUILD",
        /// Not created; rds-v3.
        CreateFail = "CREATE FAIL",
        /// Normal.
        Active = "ACTIVE",
        /// Abnormal.
        Failed = "FAILED",
        /// Being changed.
        Modifying = "MODIFYING",
        /// Restarting.
        Rebooting = "REBOOTING",
        /// Being restored.
        Restoring = "RESTORING",
        /// Becoming another type; rds-v3.
        ModifyingInstanceType = "MODIFYING INSTANCE TYPE",
        /// Primary and standby change places.
        Switchover = "SWITCHOVER",
        /// Moving.
        Migrating = "MIGRATING",
        /// Being backed up.
        BackingUp = "BACKING UP",
        /// Getting another port; rds-v3.
        ModifyingDatabasePort = "MODIFYING DATABASE PORT",
        /// Stopped; rds-v3.
        Shutdown = "SHUTDOWN",
        /// Growing; gaussdb-v3.
        Expanding = "EXPANDING",
        /// Getting another version; gaussdb-v3.
        Upgrading = "UPGRADING",
        /// Upgraded and being watched; gaussdb-v3.
        UpgradeToBeObserved = "UPGRADE TO BE OBSERVED",
        /// Out of storage; gaussdb-v3.
        StorageFull = "STORAGE FULL",
        /// Frozen; Huawei Cloud.
        Frozen = "FROZEN",
    }
}
