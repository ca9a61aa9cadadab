//! What a test does to an emulator from outside: more records, other states, a later time.

use std::time::Duration;

use serde::Serialize;

use super::backend::Backend;
use super::clock::{earlier, later};
use super::identity::{backup_id, id_like};
use super::state::Backup;
use super::{Emulator, Target, iam};
use crate::Service;

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
}

impl Emulator {
    /// All backups of a service, the first made first.
    pub fn backups(&self, service: Service) -> Vec<HeldBackup> {
        let (store, now) = self.backend(service).lock();
        let held = |backup: &Backup| HeldBackup {
            id: backup.id.clone(),
            instance: backup.instance.clone(),
            name: backup.name.clone(),
            description: backup.description.clone(),
            status: backup.status(now).to_owned(),
            automated: backup.automated,
        };
        store.backups.iter().map(held).collect()
    }

    /// Ids of the instances, those of the contract's examples first.
    pub fn instances(&self, service: Service) -> Vec<String> {
        let (store, _) = self.backend(service).lock();
        store.instances.iter().map(|i| i.id.clone()).collect()
    }

    /// Adds an instance like the first one and gives its id.
    pub fn add_instance(&self, service: Service) -> String {
        let first = self.instances(service).into_iter().next();
        let id = id_like(&first.unwrap_or_default());
        self.backend(service).add_instance(id.clone());
        id
    }

    /// Adds completed manual backups, the newest last, and gives their ids.
    ///
    /// They begin one second apart, and the newest one ends now. Without such an instance nothing
    /// is added.
    pub fn add_backups(&self, service: Service, instance: &str, count: usize) -> Vec<String> {
        add_backups(self.backend(service), instance, count, false)
    }

    /// Adds a completed backup as the policy makes them and gives its id.
    pub fn add_automated_backup(&self, service: Service, instance: &str) -> Option<String> {
        add_backups(self.backend(service), instance, 1, true).pop()
    }

    /// Shows a backup in this state, documented or not, until a request or a call changes it.
    pub fn set_status(&self, service: Service, backup: &str, status: &str) {
        let (mut store, now) = self.backend(service).lock();
        if let Some(backup) = store.backup_mut(backup) {
            backup.pin(status, now);
        }
    }

    /// Forgets a backup at once.
    pub fn remove_backup(&self, service: Service, backup: &str) {
        let (mut store, _) = self.backend(service).lock();
        store.backups.retain(|known| known.id != backup);
    }

    /// Moves the clock forward, so that work in progress comes to its end without waiting.
    pub fn advance(&self, by: Duration) {
        self.shared.clock.advance(by);
    }

    /// Requests for an operation so far, whether they were accepted or refused.
    pub fn calls(&self, target: impl Into<Target>, operation_id: &str) -> usize {
        self.shared.traffic.calls(target.into(), operation_id)
    }

    /// Requests for a token so far, whether they were accepted or refused.
    pub fn logins(&self) -> usize {
        self.calls(Target::Iam, iam::LOGIN)
    }

    /// Ends all tokens that logins have given so far; that of the options stays good.
    pub fn expire_tokens(&self) {
        self.shared.tokens.expire(self.shared.now());
    }

    /// Ends one token, be it from a login or that of the options.
    pub fn revoke_token(&self, token: &str) {
        self.shared.tokens.revoke(token, self.shared.now());
    }
}

fn add_backups(backend: &Backend, instance: &str, count: usize, automated: bool) -> Vec<String> {
    let (mut store, now) = backend.lock();
    if store.instance(instance).is_none() {
        return Vec::new();
    }
    let build_time = backend.shared.options.build_time;
    let newest = earlier(now, build_time);
    let shown = backend.created.shown["id"].as_str().unwrap_or_default();
    let mut ids = Vec::new();
    for age in (0..count).rev() {
        let begins = earlier(newest, Duration::from_secs(age as u64));
        let id = backup_id(shown, instance);
        let backup = Backup {
            // A part of the id keeps names apart, however many backups there are.
            name: format!("backup-{}", &id[..8]),
            id: id.clone(),
            description: None,
            databases: None,
            instance: instance.to_owned(),
            automated,
            begins,
            ends: later(begins, build_time).min(now),
            failed: false,
            listed_from: begins,
            vanishes: None,
            pinned: None,
        };
        store.backups.push(backup);
        ids.push(id);
    }
    ids
}
