//! What is played on an instance: plain creates, and a key.

use std::cell::RefCell;
use std::time::Duration;

use dbbackup::Service;
use dbbackup::emulator::HeldBackup;
use dbbackup::model::NewBackup;
use fastrand::Rng;
use futures_util::future::join_all;

use super::World;
use super::caller::{Call, Ended};

/// More than a page.
const CROWD: usize = 110;
/// After that the oldest of a crowd is younger than what was there before.
const CROWDED: Duration = Duration::from_secs(CROWD as u64 + 60);
/// Processes that a caller starts until it is answered.
const TRIES: usize = 60;

/// Calls for one instance.
pub(super) struct Game<'a> {
    world: &'a World<'a>,
    instance: &'a str,
    number: u64,
    dice: RefCell<Rng>,
}

impl<'a> Game<'a> {
    pub(super) fn new(world: &'a World<'a>, instance: &'a str, number: u64, dice: Rng) -> Self {
        Self {
            world,
            instance,
            number,
            dice: RefCell::new(dice),
        }
    }

    fn roll(&self, chance: f64) -> bool {
        self.dice.borrow_mut().f64() < chance
    }

    fn up_to(&self, most: usize) -> usize {
        self.dice.borrow_mut().usize(1..=most)
    }

    /// Now and then pushes what is there to a second page.
    fn crowd(&self) {
        let World { emulator, job, .. } = self.world;
        // Time moves for all games, and a backup that is done too soon guards no other caller's key.
        let is_possible = job.service != Service::RdsV1 && job.build_time < CROWDED / 4;
        if is_possible && self.roll(0.3) {
            emulator.advance(CROWDED);
            emulator.add_backups(job.service, self.instance, CROWD);
            self.world.judge.add("crowded");
        }
    }

    /// Creates one after another, some of the same name.
    pub(super) async fn creates(&self) {
        for place in 0..self.up_to(4) {
            // Where a name that exists is refused and nobody hears of it, a backup of that name which is
            // listed late cannot be told from one that was made: a documented limit.
            let is_new = self.world.guards_names();
            let other = if self.roll(0.3) || is_new { place } else { 0 };
            let name = format!("create-{}-{other}", self.number);
            let dice = self.dice.borrow_mut().fork();
            let (ended, mark) = self.call(&name, None, dice).await;
            let held = self.held(&mark);
            self.world.judge.add("plain creates");
            self.world.judge.plain(&ended, &held);
            self.crowd();
        }
    }

    /// Callers with a key, one after another and at the same time.
    pub(super) async fn key(&self) {
        let name = format!("key-{}", self.number);
        let key = self.number.to_string();
        self.prepare(&name, &key).await;
        for _ in 0..2 {
            let callers = (0..self.up_to(self.world.job.callers)).map(|_| {
                let dice = self.dice.borrow_mut().fork();
                self.answered(&name, &key, dice)
            });
            let answers = join_all(callers.collect::<Vec<_>>()).await;
            let mut live = self.world.held(self.instance);
            live.retain(|held| held.name.starts_with(&format!("{name}-")));
            live.retain(|held| !matches!(held.status.as_str(), "FAILED" | "DELETING"));
            self.world.judge.key(&answers, &live);
            self.crowd();
        }
        self.world.judge.add("keys");
    }

    /// What was there before: nothing, a backup of the key, or a dead one.
    async fn prepare(&self, name: &str, key: &str) {
        let World {
            emulator,
            job,
            is_patient,
            judge,
            ..
        } = self.world;
        // Where nothing guards a name, whoever may be the first to make it waits for a minute.
        let may_be_free = *is_patient || self.world.guards_names();
        if may_be_free && self.roll(0.5) {
            return;
        }
        let client = emulator.client(job.service).unwrap();
        let new = NewBackup::new(self.instance.parse().unwrap(), name.parse().unwrap());
        let client = client.with_visibility_window(Duration::ZERO);
        let first = client.ensure(&new, key).await.unwrap().reference;
        if may_be_free && self.roll(0.5) {
            let is_leaving = *is_patient && self.roll(0.5);
            let status = if is_leaving { "DELETING" } else { "FAILED" };
            emulator.set_status(job.service, first.id.as_str(), status);
            judge.add("keys with a dead backup");
        }
        self.crowd();
    }

    /// Starts processes until one is answered, and gives its end.
    async fn answered(&self, name: &str, key: &str, mut dice: Rng) -> Ended {
        for _ in 0..TRIES {
            let (ended, mark) = self.call(name, Some(key), dice.fork()).await;
            self.world.judge.try_of_key(&ended, &self.held(&mark));
            if ended.code == Some(0) {
                return ended;
            }
        }
        panic!("{key}: no answer from {TRIES} processes");
    }

    /// Starts a process for a backup whose description no other has.
    async fn call(&self, name: &str, key: Option<&str>, dice: Rng) -> (Ended, String) {
        let mark = format!("process {}", self.world.number());
        let call = Call {
            world: self.world,
            instance: self.instance,
            name,
            mark: &mark,
            key,
        };
        (call.run(dice).await, mark)
    }

    /// Backups with a description.
    fn held(&self, mark: &str) -> Vec<HeldBackup> {
        let mut held = self.world.held(self.instance);
        held.retain(|backup| backup.description.as_deref() == Some(mark));
        held
    }
}
