//! A service on which everything goes wrong now and then, and what came of it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use dbbackup::auth::Credentials;
use dbbackup::emulator::{Emulator, Fault, HeldBackup, Options, Reply};
use dbbackup::model::{NewBackup, ProjectId};
use dbbackup::transport::{self, Transport};
use dbbackup::{BackupClient, Operation, Service};

/// How long a backup may take to show up, which the client relies on.
pub(super) const WINDOW: Duration = Duration::from_secs(60);

/// A service with its client.
pub(super) struct World {
    pub(super) emulator: Emulator,
    pub(super) client: BackupClient,
    pub(super) service: Service,
    pub(super) dice: RefCell<fastrand::Rng>,
    /// How often what happened.
    pub(super) seen: RefCell<BTreeMap<String, usize>>,
    next: Cell<usize>,
}

impl World {
    pub(super) async fn new(service: Service, seed: u64, build_time: Duration) -> Self {
        let options = Options {
            build_time,
            seed,
            ..Options::default()
        };
        let emulator = Emulator::with(options).await.unwrap();
        faults(&emulator, service);
        // Not `support::local()`, which has all log lines read.
        let options = transport::Options::default()
            .with_proxy(false)
            .with_pauses(Duration::from_millis(500), Duration::from_secs(20));
        let transport = Transport::with(Credentials::token(emulator.token()), options).unwrap();
        let project: ProjectId = emulator.project_id().parse().unwrap();
        let client = BackupClient::new(service, emulator.url(service), project, transport);
        Self {
            client: client.with_visibility_window(WINDOW),
            emulator,
            service,
            dice: RefCell::new(fastrand::Rng::with_seed(seed)),
            seen: RefCell::default(),
            next: Cell::new(0),
        }
    }

    /// Counts what happened.
    pub(super) fn add(&self, what: &str, count: usize) {
        *self.seen.borrow_mut().entry(what.to_owned()).or_default() += count;
    }

    pub(super) fn roll(&self, chance: f64) -> bool {
        self.dice.borrow_mut().f64() < chance
    }

    pub(super) fn pick(&self, range: std::ops::RangeInclusive<usize>) -> usize {
        self.dice.borrow_mut().usize(range)
    }

    /// A number that was not used before.
    pub(super) fn number(&self) -> usize {
        self.next.replace(self.next.get() + 1)
    }

    /// A backup of an instance, whose description no other has.
    pub(super) fn backup(&self, instance: &str, name: &str) -> (NewBackup, String) {
        let mark = format!("number {}", self.number());
        let new = NewBackup::new(instance.parse().unwrap(), name.parse().unwrap());
        (new.with_description(mark.parse().unwrap()), mark)
    }

    /// Backups that the service has with a description.
    pub(super) fn held(&self, mark: &str) -> Vec<HeldBackup> {
        let mut held = self.emulator.backups(self.service);
        held.retain(|backup| backup.description.as_deref() == Some(mark));
        held
    }

    /// Makes room for the next ones.
    pub(super) fn forget(&self, instance: &str) {
        for backup in self.emulator.backups(self.service) {
            if backup.instance == instance {
                self.emulator.remove_backup(self.service, &backup.id);
            }
        }
    }
}

fn faults(emulator: &Emulator, service: Service) {
    let always = |operation: Operation, fault: Fault, chance: f64| {
        let fault = fault.with_times(usize::MAX).with_chance(chance);
        emulator.inject((service, operation), fault).unwrap();
    };
    let create = |fault, chance| always(Operation::CreateBackup, fault, chance);
    create(Fault::reset(), 0.04);
    create(Fault::reset().after_acting(), 0.06);
    // Longer than the client waits for an answer.
    let late = Duration::from_secs(200);
    create(Fault::delay(late), 0.01);
    create(Fault::delay(late).after_acting(), 0.02);
    for status in [502, 503, 504] {
        create(Fault::reply(Reply::new(status)), 0.01);
        create(Fault::reply(Reply::new(status)).after_acting(), 0.02);
    }
    for after in [0, 1, 100] {
        create(Fault::cut_body(after), 0.02);
    }
    let throttled = Reply::new(429).with_header("Retry-After", "1");
    create(Fault::reply(throttled.clone()), 0.02);
    for body in ["", "{", "{}", "null", "<html>", r#"{"backup":{"name":7}}"#] {
        let garbled = Reply::new(200)
            .with_header("Content-Type", "application/json")
            .with_body(body);
        create(Fault::reply(garbled).after_acting(), 0.005);
    }
    for seconds in [1, 10, 59, 60] {
        create(Fault::hide(Duration::from_secs(seconds)), 0.08);
    }
    let list = |fault, chance| always(Operation::ListBackups, fault, chance);
    list(Fault::reset(), 0.02);
    list(Fault::reply(Reply::new(502)), 0.02);
    list(Fault::reply(throttled), 0.01);
    list(Fault::cut_body(20), 0.02);
    let garbled = Reply::new(200).with_header("Content-Type", "application/json");
    list(Fault::reply(garbled.with_body(r#"{"backups":null}"#)), 0.02);
}
