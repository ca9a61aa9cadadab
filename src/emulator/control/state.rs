//! The state of an emulator, as data.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Control;
use crate::emulator::backend::Backend;
use crate::emulator::faults::RateLimit;
use crate::emulator::render;
use crate::emulator::store::StoredBackup;
use crate::service::Service;

/// State of an emulator.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct EmulatorState {
    /// Time of the emulator's clock.
    pub now: Timestamp,
    /// State of each service.
    pub services: BTreeMap<Service, ServiceState>,
    /// Faults that are queued, in the form of a plan.
    pub faults: Vec<Value>,
    /// Limit on the requests of each server.
    pub rate_limit: Option<RateLimit>,
}

/// State of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServiceState {
    /// Instances, in the order in which they were added.
    pub instances: Vec<HeldInstance>,
    /// Backups, the first made first.
    pub backups: Vec<HeldBackup>,
    /// Most recent jobs, the first started first.
    pub jobs: Vec<HeldJob>,
}

/// An instance as the emulator holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HeldInstance {
    /// Id; of the primary node on rds-v1.
    pub id: String,
    /// Name.
    pub name: String,
    /// Engine, in the word of the service.
    pub engine: String,
    /// EmulatorState, in the word of the service.
    pub status: String,
    /// Policy for automated backups, as the service shows it.
    pub policy: Map<String, Value>,
}

/// A backup as the emulator holds it, whether it is listed or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HeldBackup {
    /// Id.
    pub id: String,
    /// Instance that was backed up.
    pub instance: String,
    /// Name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// EmulatorState, in the word of the service.
    pub status: String,
    /// Whether the policy made it, not a request.
    pub automated: bool,
    /// Time at which it was started.
    pub begins: Timestamp,
    /// Time at which it is or was done.
    pub ends: Timestamp,
    /// Whether lists do not show it yet.
    pub hidden: bool,
}

/// A job as the emulator holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HeldJob {
    /// Id.
    pub id: String,
    /// Name of its kind.
    pub name: String,
    /// Instance that it works on.
    pub instance: String,
    /// EmulatorState, in the word of the service.
    pub status: String,
}

impl Control {
    pub(crate) fn state(&self) -> EmulatorState {
        let faults = &self.shared.faults;
        EmulatorState {
            now: self.shared.now(),
            services: self
                .backends
                .iter()
                .map(|(service, backend)| (*service, ServiceState::of(backend)))
                .collect(),
            faults: faults.queued().iter().map(|fault| json!(fault)).collect(),
            rate_limit: faults.limit(),
        }
    }
}

impl ServiceState {
    fn of(backend: &Backend) -> Self {
        let (store, now) = backend.lock();
        let instances = store.instances.iter().map(|instance| HeldInstance {
            id: instance.id.clone(),
            name: instance.name.clone(),
            engine: instance.engine.clone(),
            status: backend.instance_status(&store, instance, now).to_owned(),
            policy: instance.policy.clone(),
        });
        let jobs = store.jobs.iter().map(|job| HeldJob {
            id: job.id.clone(),
            name: job.name.to_owned(),
            instance: job.instance.clone(),
            status: render::job_status(job, &store, now).to_owned(),
        });
        let backups = store.backups.iter();
        Self {
            instances: instances.collect(),
            backups: backups.map(|backup| HeldBackup::of(backup, now)).collect(),
            jobs: jobs.collect(),
        }
    }
}

impl HeldBackup {
    pub(crate) fn of(backup: &StoredBackup, now: Timestamp) -> Self {
        Self {
            id: backup.id.clone(),
            instance: backup.instance.clone(),
            name: backup.name.clone(),
            description: backup.description.clone(),
            status: backup.status(now).to_owned(),
            automated: backup.automated,
            begins: backup.begins,
            ends: backup.ends,
            hidden: now < backup.listed_from,
        }
    }
}
