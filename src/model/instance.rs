//! Instances, restores and jobs in one form for all services.

use jiff::Timestamp as Instant;
use serde::{Deserialize, Serialize};

use super::{BackupId, BackupRef, Engine, InstanceId, InstanceStatus, JobStatus, Timestamp};
use crate::service::Service;

/// A database instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Instance {
    /// Id; on rds-v1 that of the primary node.
    pub id: InstanceId,
    /// Name.
    pub name: String,
    /// State.
    pub status: InstanceStatus,
    /// Type in the words of the service, such as `Ha` or `master`.
    pub kind: Option<String>,
    /// Engine.
    pub engine: Option<Engine>,
    /// Version of the engine.
    pub version: Option<String>,
    /// Nodes; rds-v3 alone lists them.
    pub nodes: Vec<Node>,
    /// Time at which the instance was created.
    pub created: Option<Timestamp>,
}

impl Instance {
    /// The node that rds-v1 addresses the instance by; rds-v3 alone lists nodes.
    pub fn primary_node(&self) -> Option<&Node> {
        let mut nodes = self.nodes.iter();
        nodes.find(|node| node.role.as_deref() == Some("master"))
    }
}

/// A node of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Node {
    /// Id, which rds-v1 takes for that of an instance.
    pub id: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Role: `master`, `slave` or `readreplica`.
    pub role: Option<String>,
    /// State.
    pub status: Option<String>,
    /// Availability zone.
    pub zone: Option<String>,
}

/// What to restore, and which instance to overwrite with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restore {
    /// Service of the backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) service: Option<Service>,
    /// Instance that the data is of; `None` if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<InstanceId>,
    pub(crate) point: RestorePoint,
    /// Instance that is overwritten; `None` for the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<InstanceId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RestorePoint {
    Backup(BackupId),
    Time(Instant),
}

impl Restore {
    /// A backup, over the instance that it was made of.
    pub fn backup(backup: impl AsRef<BackupRef>) -> Self {
        let BackupRef {
            service,
            instance,
            id,
        } = backup.as_ref();
        Self {
            service: Some(*service),
            source: instance.clone(),
            point: RestorePoint::Backup(id.clone()),
            target: None,
        }
    }

    /// The data that an instance had at a point in time, over the same instance.
    pub fn time(instance: InstanceId, at: Instant) -> Self {
        Self {
            service: None,
            source: Some(instance),
            point: RestorePoint::Time(at),
            target: None,
        }
    }

    /// Over another instance; not on rds-v1.
    pub fn with_target(mut self, target: InstanceId) -> Self {
        self.target = Some(target);
        self
    }
}

/// Work of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Job {
    /// Id.
    pub id: String,
    /// Kind of the job in the words of the service.
    pub name: String,
    /// State.
    pub status: JobStatus,
    /// Progress in percent while the job runs.
    pub progress: Option<u8>,
    /// Id of the instance that the job works on.
    pub instance: Option<String>,
    /// Time at which the job was created.
    pub created: Option<Timestamp>,
    /// Time at which the job ended.
    pub ended: Option<Timestamp>,
    /// Why the job failed.
    pub fail_reason: Option<String>,
}
