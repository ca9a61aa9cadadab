//! Backups in one form for all services.

use jiff::Timestamp as Instant;
use serde::{Deserialize, Serialize};

use super::{
    BackupDescription, BackupId, BackupName, BackupStatus, BackupType, Engine, InstanceId,
    Timestamp,
};
use crate::service::Service;

/// What it takes to find a backup again: service, instance and id.
///
/// rds-v3 lists backups only per instance, so the id alone is not enough. The JSON form is stable:
/// it can be kept between two runs of a program.
///
/// # Examples
///
/// ```
/// use dbbackup::model::BackupRef;
///
/// let kept = r#"{"service":"rds-v3","instance":"d8e6ca5a624745bcb546a227aa3ae1cfin01","id":"b1"}"#;
/// let backup: BackupRef = serde_json::from_str(kept)?;
/// assert_eq!(backup.service, dbbackup::Service::RdsV3);
/// assert_eq!(serde_json::to_string(&backup)?, kept);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BackupRef {
    /// The service that has the backup.
    pub service: Service,
    /// The instance that was backed up; on rds-v1 the id of its primary node.
    pub instance: InstanceId,
    /// Id of the backup.
    pub id: BackupId,
}

impl AsRef<BackupRef> for BackupRef {
    fn as_ref(&self) -> &BackupRef {
        self
    }
}

/// A backup, as a service reports it.
///
/// What the answer of a service leaves out is `None` or empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Backup {
    /// Service, instance and id, with which it is found again.
    #[serde(flatten)]
    pub reference: BackupRef,
    /// Whether the list has told no usable instance for it, so that the one that was asked for stands
    /// in the reference, or `-` without one. Nothing shows then that it is a backup of that instance.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub instance_assumed: bool,
    /// Name.
    pub name: String,
    /// Description; the list of rds-v3 has none.
    pub description: Option<String>,
    /// Engine of the instance; only lists and rds-v1 have it.
    pub engine: Option<Engine>,
    /// State.
    pub status: BackupStatus,
    /// Kind; rds-v1 has manual backups only.
    pub kind: Option<BackupType>,
    /// Time at which the backup was started.
    pub begin: Option<Timestamp>,
    /// Time at which the backup ended.
    pub end: Option<Timestamp>,
    /// Size in bytes, converted from GB (rds-v1), KB (rds-v3) or MB, which are taken as powers of
    /// 1024.
    pub size: Option<u64>,
    /// Databases of a partial backup, an empty name where the service gives none; no entries if the backup
    /// holds all of them.
    pub databases: Vec<String>,
    /// Job that makes the backup; only the answer to create has it, and not on rds-v3.
    pub job_id: Option<String>,
}

impl AsRef<BackupRef> for Backup {
    fn as_ref(&self) -> &BackupRef {
        &self.reference
    }
}

impl Backup {
    /// A backup of which nothing but its place is known.
    pub(crate) fn new(reference: BackupRef) -> Self {
        Self {
            reference,
            instance_assumed: false,
            name: String::new(),
            description: None,
            engine: None,
            status: BackupStatus::Unknown(String::new()),
            kind: None,
            begin: None,
            end: None,
            size: None,
            databases: Vec::new(),
            job_id: None,
        }
    }
}

/// A list of backups that was read to its end, with what its answers tell besides.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Listing {
    /// The backups.
    pub backups: Vec<Backup>,
    /// Time of the service: the `Date` of the last answer, or `None` where that has none that can be
    /// read. The age of a backup is to be measured by it, not by the clock of this machine.
    pub date: Option<Instant>,
    /// Whether there may be backups that no list shows: on rds-v1, when it lists 100.
    pub hides_older: bool,
    /// How many entries are left out because they have no id that can be used, or one page says two
    /// things of them.
    pub unusable: usize,
}

/// A backup to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBackup {
    pub(crate) instance: InstanceId,
    pub(crate) name: BackupName,
    pub(crate) description: Option<BackupDescription>,
    pub(crate) databases: Option<Vec<String>>,
    pub(crate) individually: bool,
}

impl NewBackup {
    /// A full backup of an instance; on rds-v1 that is the id of its primary node.
    ///
    /// rds-v3 and gaussdb-v3 refuse a name that exists.
    pub fn new(instance: InstanceId, name: BackupName) -> Self {
        Self {
            instance,
            name,
            description: None,
            databases: None,
            individually: false,
        }
    }

    /// With a description.
    pub fn with_description(mut self, description: BackupDescription) -> Self {
        self.description = Some(description);
        self
    }

    /// Of these databases alone: rds-v1 and rds-v3, SQL Server (on Huawei Cloud also PostgreSQL).
    pub fn with_databases<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.databases = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Each of the databases in a backup of its own: rds-v3 on Huawei Cloud.
    pub fn individually(mut self) -> Self {
        self.individually = true;
        self
    }
}

/// Which backups to list; all of them by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupFilter {
    pub(crate) instance: Option<InstanceId>,
    pub(crate) id: Option<BackupId>,
    pub(crate) kind: Option<BackupType>,
    pub(crate) period: Option<(Instant, Instant)>,
}

impl BackupFilter {
    /// All backups.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only those of an instance; on rds-v1 that is the id of its primary node.
    pub fn of_instance(mut self, instance: InstanceId) -> Self {
        self.instance = Some(instance);
        self
    }

    /// Only the one with this id.
    pub fn with_id(mut self, id: BackupId) -> Self {
        self.id = Some(id);
        self
    }

    /// Only those of a kind: auto and manual, on rds-v3 also fragment and incremental.
    pub fn of_kind(mut self, kind: BackupType) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Only those of a period; not on rds-v1, whose times have no offset.
    pub fn between(mut self, begin: Instant, end: Instant) -> Self {
        self.period = Some((begin, end));
        self
    }
}
