//! What the four services have in common, and where each of them differs.
//!
//! One enum, one match per operation; a service's own words stay in its file. Units, times and ids
//! are read in `reading.rs`. What the client above has to know of a service are its [`Capabilities`].

mod alike;
mod capabilities;
mod gaussdb_v3;
mod policy;
mod rds_v1;
mod rds_v3;
mod reading;
mod taurusdb_v3;

use std::num::NonZeroU64;

use jiff::Timestamp;

use crate::api::{self, shared::types};
use crate::error::Error;
use crate::model::{
    Backup, BackupFiles, BackupFilter, BackupId, Deletion, Instance, InstanceId, Job, JobStatus,
    NewBackup, Policy, Restore,
};
use crate::service::{Operation, Service};
use crate::transport::Transport;
pub use capabilities::{AddressedBy, Capabilities, Lists, PolicyRules};
pub(crate) use policy::check_parts as check_policy_parts;
use reading::{ServiceCall, known, percent, written};

/// Entries that a page has at most.
pub(crate) const PAGE: u64 = 100;

/// Part of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// The entries that can be used.
    pub(crate) entries: Vec<T>,
    /// The others.
    pub(crate) odd: Vec<Odd>,
    /// Number of entries, odd ones included.
    pub(crate) length: u64,
    /// Number of entries on all pages, as the service counts them.
    pub(crate) total: Option<u64>,
    /// Whether there are no other pages, however long this one is.
    pub(crate) is_only: bool,
    /// Whether there may be entries that no page shows: rds-v1 lists only the newest.
    pub(crate) hides_older: bool,
    /// `Date` of the answer.
    pub(crate) date: Option<Timestamp>,
    /// Bytes of the answer, and of those before it that were refusals.
    pub(crate) bytes: u64,
}

/// An entry of a list that has no usable id.
#[derive(Clone, Debug)]
pub(crate) struct Odd {
    pub(crate) error: Error,
    /// Its name, where it has one.
    pub(crate) name: Option<String>,
}

impl<T> Page<T> {
    /// A page of the entries of an answer; one without a list is unreadable, not empty.
    fn new<E>(
        call: ServiceCall,
        entries: Option<Vec<E>>,
        total: Option<i64>,
        read: impl Fn(E) -> Result<T, Odd>,
    ) -> Result<Self, Error> {
        let all = entries.ok_or_else(|| call.unreadable("list"))?;
        let length = all.len() as u64;
        let (mut entries, mut odd) = (Vec::with_capacity(all.len()), Vec::new());
        for entry in all {
            match read(entry) {
                Ok(entry) => entries.push(entry),
                Err(Odd { error, name }) => odd.push(Odd {
                    error: error.of_entry(),
                    name,
                }),
            }
        }
        Ok(Self {
            entries,
            odd,
            length,
            total: total.and_then(|total| total.try_into().ok()),
            is_only: false,
            hides_older: false,
            date: None,
            bytes: 0,
        })
    }
}

/// A service, ready to be called.
#[derive(Clone, Debug)]
pub(crate) enum Variant {
    RdsV1(api::rds_v1::Client),
    RdsV3(api::rds_v3::Client),
    TaurusdbV3(api::taurusdb_v3::Client),
    GaussdbV3(api::gaussdb_v3::Client),
}

impl Variant {
    /// The calls are about the project of `transport`.
    pub(crate) fn new(service: Service, url: &str, transport: Transport) -> Self {
        match service {
            Service::RdsV1 => Self::RdsV1(api::rds_v1::Client::new(url, transport)),
            Service::RdsV3 => Self::RdsV3(api::rds_v3::Client::new(url, transport)),
            Service::TaurusdbV3 => Self::TaurusdbV3(api::taurusdb_v3::Client::new(url, transport)),
            Service::GaussdbV3 => Self::GaussdbV3(api::gaussdb_v3::Client::new(url, transport)),
        }
    }

    pub(crate) fn service(&self) -> Service {
        match self {
            Self::RdsV1(_) => Service::RdsV1,
            Self::RdsV3(_) => Service::RdsV3,
            Self::TaurusdbV3(_) => Service::TaurusdbV3,
            Self::GaussdbV3(_) => Service::GaussdbV3,
        }
    }

    /// The refusal of an operation that the service does not have.
    fn lacks(&self, operation: Operation, what: &str) -> Error {
        Error::unsupported(self.service(), operation, what, operation.services())
    }

    pub(crate) async fn create(&self, new: &NewBackup) -> Result<Backup, Error> {
        match self {
            Self::RdsV1(service) => service.create(new).await,
            Self::RdsV3(service) => service.create(new).await,
            Self::TaurusdbV3(service) => service.create(new).await,
            Self::GaussdbV3(service) => service.create(new).await,
        }
    }

    /// A page of backups; on rds-v3 the filter has to name the instance.
    pub(crate) async fn page(
        &self,
        filter: &BackupFilter,
        offset: u64,
    ) -> Result<Page<Backup>, Error> {
        match self {
            Self::RdsV1(service) => service.page(filter).await,
            Self::RdsV3(service) => service.page(filter, offset).await,
            Self::TaurusdbV3(service) => service.page(filter, offset).await,
            Self::GaussdbV3(service) => service.page(filter, offset).await,
        }
    }

    pub(crate) async fn delete(&self, id: &BackupId) -> Result<(), Error> {
        match self {
            Self::RdsV1(service) => service.delete(id).await,
            Self::RdsV3(service) => service.delete(id).await,
            Self::TaurusdbV3(service) => service.delete(id).await,
            Self::GaussdbV3(service) => service.delete(id).await,
        }
    }

    pub(crate) async fn delete_many(&self, ids: &[BackupId]) -> Result<Vec<Deletion>, Error> {
        match self {
            Self::RdsV3(service) => service.delete_many(ids).await,
            _ => Err(self.lacks(
                Operation::DeleteBackups,
                "deletion of several backups at once",
            )),
        }
    }

    pub(crate) async fn stop(&self, instance: &InstanceId) -> Result<Option<String>, Error> {
        match self {
            Self::RdsV3(service) => service.stop(instance).await,
            Self::GaussdbV3(service) => service.stop(instance).await,
            _ => Err(self.lacks(Operation::StopBackup, "call to stop a backup")),
        }
    }

    pub(crate) async fn files(&self, id: &BackupId) -> Result<BackupFiles, Error> {
        match self {
            Self::RdsV3(service) => service.files(id).await,
            Self::GaussdbV3(service) => service.files(id).await,
            _ => Err(self.lacks(Operation::ListBackupFiles, "list of the files of a backup")),
        }
    }

    pub(crate) async fn policy(&self, instance: &InstanceId) -> Result<Policy, Error> {
        match self {
            Self::RdsV1(service) => service.policy(instance).await,
            Self::RdsV3(service) => service.policy(instance).await,
            Self::TaurusdbV3(service) => service.policy(instance).await,
            Self::GaussdbV3(service) => service.policy(instance).await,
        }
    }

    pub(crate) async fn set_policy(
        &self,
        instance: &InstanceId,
        policy: &Policy,
    ) -> Result<(), Error> {
        match self {
            Self::RdsV1(service) => service.set_policy(instance, policy).await,
            Self::RdsV3(service) => service.set_policy(instance, policy).await,
            Self::TaurusdbV3(service) => service.set_policy(instance, policy).await,
            Self::GaussdbV3(service) => service.set_policy(instance, policy).await,
        }
    }

    pub(crate) async fn instances(&self, offset: u64) -> Result<Page<Instance>, Error> {
        match self {
            Self::RdsV1(service) => service.instances().await,
            Self::RdsV3(service) => service.instances(offset).await,
            Self::TaurusdbV3(service) => service.instances(offset).await,
            Self::GaussdbV3(service) => service.instances(offset).await,
        }
    }

    pub(crate) async fn restore(&self, restore: &Restore) -> Result<Vec<String>, Error> {
        match self {
            Self::RdsV1(service) => service.restore(restore).await,
            Self::RdsV3(service) => service.restore(restore).await,
            Self::TaurusdbV3(service) => service.restore(restore).await,
            Self::GaussdbV3(service) => service.restore(restore).await,
        }
    }

    pub(crate) async fn job(&self, id: &str) -> Result<Job, Error> {
        match self {
            Self::RdsV3(service) => service.job(id).await,
            Self::TaurusdbV3(service) => service.job(id).await,
            Self::GaussdbV3(service) => service.job(id).await,
            Self::RdsV1(_) => Err(self.lacks(Operation::GetJob, "call that shows a job")),
        }
    }
}

/// Refuses the id of an instance where only that of a node will do.
pub(crate) fn check_instance(
    service: Service,
    operation: Operation,
    id: &InstanceId,
) -> Result<(), Error> {
    match service.capabilities().addressed_by {
        AddressedBy::PrimaryNode(_) => rds_v1::node(ServiceCall(service, operation), id).map(drop),
        AddressedBy::Instance => Ok(()),
    }
}

/// The request to create, which taurusdb-v3 and gaussdb-v3 share.
fn create_request(new: &NewBackup) -> types::CreateBackupRequest {
    types::CreateBackupRequest {
        instance_id: new.instance.clone(),
        name: new.name.clone(),
        description: new.description.clone(),
    }
}

/// The answer to create, which taurusdb-v3 and gaussdb-v3 share.
fn created(
    call: ServiceCall,
    new: &NewBackup,
    reply: types::CreateBackupResponse,
) -> Result<Backup, Error> {
    let entry = reply.backup.ok_or_else(|| call.unreadable("backup"))?;
    let reference = call.reference(entry.id, entry.instance_id, Some(&new.instance))?;
    let mut backup = Backup::new(reference);
    backup.name = entry.name.unwrap_or_else(|| new.name.to_string());
    backup.description = written(entry.description);
    backup.status = entry.status.unwrap_or(backup.status);
    backup.kind = entry.type_;
    backup.begin = known(entry.begin_time);
    backup.job_id = written(reply.job_id);
    Ok(backup)
}

/// A job of API v3.
fn job(call: ServiceCall, id: &str, job: Option<types::Job>) -> Result<Job, Error> {
    let job = job.ok_or_else(|| call.unreadable("job"))?;
    Ok(Job {
        id: call.job(job.id, id)?,
        name: job.name.unwrap_or_default(),
        status: job
            .status
            .unwrap_or_else(|| JobStatus::Unknown(String::new())),
        progress: percent(job.process),
        instance: job.instance.and_then(|instance| instance.id),
        created: known(job.created),
        ended: known(job.ended),
        fail_reason: written(job.fail_reason),
    })
}

/// Days of a policy that was checked; requests cannot hold 0.
fn keep_days(policy: &Policy) -> NonZeroU64 {
    let days = policy.keep_days.unwrap_or_default();
    NonZeroU64::new(days.into()).unwrap_or(NonZeroU64::MIN)
}

/// The names in a list of objects; empty where one has none, for it is there all the same.
fn names<T>(items: Option<Vec<T>>, name: fn(T) -> Option<String>) -> Vec<String> {
    let items = items.into_iter().flatten();
    items.map(|item| name(item).unwrap_or_default()).collect()
}
