//! Backups in one form for all services.

use std::fmt;

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
    /// The instance that was backed up, on rds-v1 by the id of its primary node; `None` if it is not known.
    pub instance: Option<InstanceId>,
    /// Id of the backup.
    pub id: BackupId,
}

/// The same as a path, such as `rds-v3/d8e6ca5a624745bcb546a227aa3ae1cfin01/b1`; without the instance if
/// it is not known.
impl fmt::Display for BackupRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.service)?;
        if let Some(instance) = &self.instance {
            write!(f, "{instance}/")?;
        }
        write!(f, "{}", self.id)
    }
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
    /// in the reference, if one was. Nothing shows then that it is a backup of that instance.
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
///
/// # Examples
///
/// ```
/// use dbbackup::model::NewBackup;
///
/// let new = NewBackup::new("d8e6ca5a624745bcb546a227aa3ae1cfin01".parse()?, "nightly".parse()?);
/// let kept = serde_json::to_string(&new)?;
/// assert_eq!(serde_json::from_str::<NewBackup>(&kept)?.name(), new.name());
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewBackup {
    pub(crate) instance: InstanceId,
    pub(crate) name: BackupName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<BackupDescription>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) databases: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
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

    /// The instance to back up.
    pub fn instance(&self) -> &InstanceId {
        &self.instance
    }

    /// The name of the backup.
    pub fn name(&self) -> &BackupName {
        &self.name
    }

    /// The description of the backup.
    pub fn description(&self) -> Option<&BackupDescription> {
        self.description.as_ref()
    }

    /// The databases to back up; `None` for all.
    pub fn databases(&self) -> Option<&[String]> {
        self.databases.as_deref()
    }

    /// Whether each database is backed up by itself.
    pub fn is_individual(&self) -> bool {
        self.individually
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
    pub fn with_individual_backups(mut self) -> Self {
        self.individually = true;
        self
    }
}

/// Which backups to list; all of them by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BackupFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instance: Option<InstanceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<BackupId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<BackupType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) period: Option<(Instant, Instant)>,
}

impl BackupFilter {
    /// All backups.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only those of an instance; on rds-v1 that is the id of its primary node.
    pub fn with_instance(mut self, instance: InstanceId) -> Self {
        self.instance = Some(instance);
        self
    }

    /// Only the one with this id.
    pub fn with_id(mut self, id: BackupId) -> Self {
        self.id = Some(id);
        self
    }

    /// Only those of a kind: auto and manual, on rds-v3 also fragment and incremental.
    pub fn with_kind(mut self, kind: BackupType) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Only those of a period; not on rds-v1, whose times have no offset.
    pub fn with_period(mut self, begin: Instant, end: Instant) -> Self {
        self.period = Some((begin, end));
        self
    }
}
