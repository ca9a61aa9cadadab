//! The state of a service: instances, backups and jobs.
//!
//! Nothing happens in the background. Each record keeps the times at which it changes, and its
//! state follows from the time at which it is asked for.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::{Map, Value};

pub(crate) const BUILDING: &str = "BUILDING";
pub(crate) const COMPLETED: &str = "COMPLETED";
pub(crate) const FAILED: &str = "FAILED";
pub(crate) const DELETING: &str = "DELETING";
/// Backups of a service that requests can make.
const MOST_BACKUPS: usize = 10_000;
/// Names of databases in all of them, after which there is no further backup.
const MOST_DATABASES: usize = 100_000;
/// Jobs of a service that are remembered.
const MOST_JOBS: usize = 10_000;

/// The memory of a service.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) instances: Vec<StoredInstance>,
    /// In the order in which they were made known.
    pub(crate) backups: Vec<StoredBackup>,
    /// The most recent jobs, in the order in which they were started.
    pub(crate) jobs: VecDeque<StoredJob>,
}

/// An instance.
#[derive(Debug)]
pub(crate) struct StoredInstance {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) engine: String,
    pub(crate) version: String,
    /// Its entry in the list of instances, without its status and policy.
    pub(crate) shown: Value,
    pub(crate) policy: Map<String, Value>,
    pub(crate) restored_at: Option<Timestamp>,
}

/// A backup.
#[derive(Debug)]
pub(crate) struct StoredBackup {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// Names of the databases that it holds, if not all.
    pub(crate) databases: Option<Vec<String>>,
    pub(crate) instance: String,
    /// Whether the policy made it, not a request.
    pub(crate) automated: bool,
    pub(crate) begins: Timestamp,
    pub(crate) ends: Timestamp,
    pub(crate) failed: bool,
    /// Time from which it appears in lists.
    pub(crate) listed_from: Timestamp,
    /// Time at which it is gone, once its deletion was accepted.
    pub(crate) vanishes: Option<Timestamp>,
    /// A status that a test has set.
    pub(crate) pinned: Option<String>,
}

/// A job.
#[derive(Debug)]
pub(crate) struct StoredJob {
    pub(crate) id: String,
    pub(crate) name: &'static str,
    pub(crate) instance: String,
    /// The backup that it makes.
    pub(crate) backup: Option<String>,
    pub(crate) begins: Timestamp,
    pub(crate) ends: Timestamp,
    /// Whether it has failed, once its backup is forgotten.
    pub(crate) failed: bool,
}

impl Store {
    /// Forgets the backups whose deletion has ended.
    pub(crate) fn sweep(&mut self, now: Timestamp) {
        self.forget(|backup| backup.vanishes.is_some_and(|time| time <= now));
    }

    /// Forgets backups; their jobs keep what became of them.
    pub(crate) fn forget(&mut self, is_forgotten: impl Fn(&StoredBackup) -> bool) {
        for backup in self.backups.iter().filter(|backup| is_forgotten(backup)) {
            let is_its_job = |job: &&mut StoredJob| job.backup.as_deref() == Some(&backup.id);
            if let Some(job) = self.jobs.iter_mut().find(is_its_job) {
                job.failed = backup.failed;
            }
        }
        self.backups.retain(|backup| !is_forgotten(backup));
    }

    /// Whether requests can make no more backups.
    pub(crate) fn is_full(&self) -> bool {
        let databases = |backup: &StoredBackup| backup.databases.as_ref().map_or(0, Vec::len);
        self.backups.len() >= MOST_BACKUPS
            || self.backups.iter().map(databases).sum::<usize>() >= MOST_DATABASES
    }

    /// Adds a job in place of the oldest one, if there are too many.
    pub(crate) fn add_job(&mut self, job: StoredJob) {
        if self.jobs.len() >= MOST_JOBS {
            self.jobs.pop_front();
        }
        self.jobs.push_back(job);
    }

    pub(crate) fn instance(&self, id: &str) -> Option<&StoredInstance> {
        self.instances.iter().find(|instance| instance.id == id)
    }

    pub(crate) fn instance_mut(&mut self, id: &str) -> Option<&mut StoredInstance> {
        self.instances.iter_mut().find(|instance| instance.id == id)
    }

    pub(crate) fn backup(&self, id: &str) -> Option<&StoredBackup> {
        self.backups.iter().find(|backup| backup.id == id)
    }

    pub(crate) fn backup_mut(&mut self, id: &str) -> Option<&mut StoredBackup> {
        self.backups.iter_mut().find(|backup| backup.id == id)
    }

    /// The backup of an instance that is being made.
    pub(crate) fn running_backup(&self, instance: &str, now: Timestamp) -> Option<&StoredBackup> {
        self.backups
            .iter()
            .find(|backup| backup.instance == instance && backup.status(now) == BUILDING)
    }
}

impl StoredInstance {
    pub(crate) fn is_restoring(&self, now: Timestamp) -> bool {
        self.restored_at.is_some_and(|time| now < time)
    }
}

impl StoredBackup {
    /// The word for its state.
    pub(crate) fn status(&self, now: Timestamp) -> &str {
        match &self.pinned {
            Some(word) => word,
            None if self.vanishes.is_some() => DELETING,
            None if now < self.ends => BUILDING,
            None if self.failed => FAILED,
            None => COMPLETED,
        }
    }

    /// Sets the status until something else changes it.
    pub(crate) fn pin(&mut self, status: &str, now: Timestamp) {
        self.vanishes = None;
        if status != BUILDING {
            self.ends = self.ends.min(now);
        }
        self.pinned = Some(status.to_owned());
    }

    /// Ends it before it is complete.
    pub(crate) fn stop(&mut self, now: Timestamp) {
        self.pinned = None;
        self.failed = true;
        self.ends = self.ends.min(now);
    }

    /// Starts its deletion.
    pub(crate) fn delete(&mut self, gone: Timestamp) {
        self.pinned = None;
        self.vanishes = Some(gone);
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn the_status_follows_from_the_time_until_it_is_pinned() {
        let begins = Timestamp::UNIX_EPOCH;
        let mut backup = StoredBackup {
            id: String::new(),
            name: String::new(),
            description: None,
            databases: None,
            instance: String::new(),
            automated: false,
            begins,
            ends: begins + 2.seconds(),
            failed: false,
            listed_from: begins,
            vanishes: None,
            pinned: None,
        };
        let done = begins + 2.seconds();
        assert_eq!(backup.status(begins), BUILDING);
        assert_eq!(backup.status(done), COMPLETED);
        backup.pin("ODD", done);
        assert_eq!(backup.status(done), "ODD");
        backup.delete(done + 1.second());
        assert_eq!(backup.status(done), DELETING);
        backup.databases = Some(vec![String::new(); MOST_DATABASES]);
        let mut store = Store {
            backups: vec![backup],
            ..Store::default()
        };
        assert!(store.is_full());
        store.sweep(done + 1.second());
        assert!(store.backups.is_empty() && !store.is_full());
    }
}
