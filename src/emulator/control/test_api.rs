//! The calls by which tests inspect and change an emulator.

use std::time::Duration;

use super::{EmulatorState, HeldBackup};
use crate::emulator::Emulator;
use crate::emulator::backend::Backend;
use crate::emulator::clock::{earlier, later};
use crate::emulator::faults::{Fault, InvalidFault, InvalidPlan, RateLimit};
use crate::emulator::identity::{backup_id, id_like};
use crate::emulator::server::RecordedRequest;
use crate::emulator::store::StoredBackup;
use crate::emulator::target::{IamOperation, Target};
use crate::service::Service;

impl Emulator {
    /// State of the emulator: what the services hold, the faults, the rate limit.
    pub fn state(&self) -> EmulatorState {
        self.control.state()
    }

    /// Backups of a service, the first made first.
    pub fn backups(&self, service: Service) -> Vec<HeldBackup> {
        let (store, now) = self.backend(service).lock();
        let backups = store.backups.iter();
        backups.map(|backup| HeldBackup::of(backup, now)).collect()
    }

    /// Most recent requests, the oldest first: at most 1,000, with no more than 16 MiB of text.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared().log.requests()
    }

    /// Resets the emulator to its first instances, without backups, jobs, requests and faults, and with
    /// no token but that of the options. The clock keeps its time.
    pub fn reset(&self) {
        self.control.reset();
    }

    /// Queues a fault for the next requests for an operation.
    ///
    /// The target is a pair of a service and an operation, or an operation of IAM. Each request tries
    /// the faults of its operation in the order in which they were queued, and is struck by the first
    /// one whose chance it meets. One that hides the backup that is made, and one that decides how it
    /// ends, may strike besides.
    ///
    /// # Errors
    ///
    /// [`InvalidFault`] when the service has no such operation or the fault cannot happen to it.
    pub fn inject(&self, target: impl Into<Target>, fault: Fault) -> Result<(), InvalidFault> {
        let target = target.into();
        self.control.check(target, &fault)?;
        self.shared().faults.queue(target, fault);
        Ok(())
    }

    /// Queues the faults of a plan, and sets its rate limit if it has one; `rate_limit: null` lifts it.
    ///
    /// A plan is YAML or JSON, as in `dbbackup emulate --faults` and `POST /_emulator/faults`. A fault has
    /// a `target` (a service or `iam`), an `operation` and an `effect`: `{delay: 2s}`, `{reply: {status:
    /// 503, headers: {Retry-After: "1"}, body: "…"}}`, `reset`, `{cut_body: 10}`, `{hide: 30s}`,
    /// `stick` or `fail`; and, if need be, `moment: after_acting`, `times` and a `chance`.
    ///
    /// # Errors
    ///
    /// [`InvalidPlan`] names the place in one line; nothing of the plan is queued then.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = dbbackup::emulator::Emulator::start().await?;
    /// emulator.inject_plan(r#"
    /// faults:
    ///   - target: rds-v3
    ///     operation: create_backup
    ///     effect: {reply: {status: 503}}
    ///     moment: after_acting
    ///     times: 2
    ///   - {target: iam, operation: create_token, effect: reset, chance: 0.1, times: 100}
    /// rate_limit: {calls: 60, per: 1m}
    /// "#)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn inject_plan(&self, plan: &str) -> Result<(), InvalidPlan> {
        self.control.follow(plan)
    }

    /// Limits the requests of each server, or lifts the limit.
    pub fn limit_rate(&self, limit: Option<RateLimit>) {
        self.shared().faults.set_limit(limit);
    }

    /// Ids of the instances, those of the contract's examples first.
    pub fn instances(&self, service: Service) -> Vec<String> {
        let (store, _) = self.backend(service).lock();
        store.instances.iter().map(|i| i.id.clone()).collect()
    }

    /// Adds an instance like the first one and gives its id.
    pub fn add_instance(&self, service: Service) -> String {
        let first = self
            .instances(service)
            .into_iter()
            .next()
            .unwrap_or_default();
        let id = id_like(&first);
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

    /// Moves the clock forward, so that work in progress ends without waiting.
    ///
    /// Tokens expire by this clock, too, and a signature by the clock of this machine is refused once
    /// the two are more than 15 minutes apart.
    pub fn advance(&self, by: Duration) {
        self.shared().clock.advance(by);
    }

    /// Number of requests for an operation so far, whether they were accepted or refused.
    pub fn calls(&self, target: impl Into<Target>) -> usize {
        self.shared().faults.calls(target.into())
    }

    /// Number of logins so far, whether they were accepted or refused.
    pub fn logins(&self) -> usize {
        self.calls(IamOperation::CreateToken)
    }

    /// Expires all tokens that logins have issued so far, but not that of the options.
    pub fn expire_tokens(&self) {
        self.shared().tokens.expire(self.shared().now());
    }

    /// Expires one token, be it from a login or that of the options.
    pub fn revoke_token(&self, token: &str) {
        self.shared().tokens.revoke(token, self.shared().now());
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
        let backup = StoredBackup {
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
