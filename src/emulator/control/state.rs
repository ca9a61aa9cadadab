//! What an emulator holds, as data.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Control;
use crate::emulator::RateLimit;
use crate::emulator::backend::Backend;
use crate::emulator::render;
use crate::emulator::state::Backup;
use crate::service::Service;

/// All that an emulator holds.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct State {
    /// The emulator's time.
    pub now: Timestamp,
    /// What each service holds.
    pub services: BTreeMap<Service, ServiceState>,
    /// The faults that are queued, in the form of a plan.
    pub faults: Vec<Value>,
    /// The rate limit.
    pub rate_limit: Option<RateLimit>,
}

/// What a service holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServiceState {
    /// The instances, in the order in which they were added.
    pub instances: Vec<HeldInstance>,
    /// The backups, the first made first.
    pub backups: Vec<HeldBackup>,
    /// The jobs of late, the first started first.
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
    /// State, in the word of the service.
    pub status: String,
    /// The policy for automated backups, as the service shows it.
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
    /// State, in the word of the service.
    pub status: String,
    /// Whether the policy made it, not a request.
    pub automated: bool,
    /// When it was started.
    pub begins: Timestamp,
    /// When it is or was done.
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
    /// State, in the word of the service.
    pub status: String,
}

impl Control {
    pub(super) fn state(&self) -> State {
        let traffic = &self.shared.traffic;
        let held = |service| (service, ServiceState::of(self.backend(service)));
        State {
            now: self.shared.now(),
            services: Service::ALL.map(held).into(),
            faults: traffic.queued().iter().map(|fault| json!(fault)).collect(),
            rate_limit: traffic.limit(),
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
    pub(super) fn of(backup: &Backup, now: Timestamp) -> Self {
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
