//! Processes of the command behind a proxy that loses, cuts and forges, killed and called again: never a
//! second backup, never a lost one, never a wrong answer.
//!
//! `DBBACKUP_TEST_PROCESSES` asks for the long form, which starts at least so many processes and has
//! troubles that take a minute to be over; `DBBACKUP_TEST_SEED` says where the dice begin.

mod caller;
mod forged;
mod games;
mod judge;
mod proxy;

use std::cell::Cell;
use std::time::{Duration, Instant};

use dbbackup::Service;
use dbbackup::emulator::{Emulator, HeldBackup, Options};
use fastrand::Rng;
use futures_util::future::join_all;

use crate::support::{setting, watch};
use games::Game;
use judge::Judge;

/// Processes of the short form.
const SHORT: usize = 32;
/// Instances of each service that are worked on at the same time; rds-v1 makes no more than 50 backups
/// at once, and lists 100.
const INSTANCES: usize = 24;
/// Longer than it takes a backup to show up.
const SLOW: Duration = Duration::from_secs(90);

/// A service to call, and how.
#[derive(Clone, Copy, Debug)]
struct Job {
    service: Service,
    build_time: Duration,
    /// Callers at the same time with the same key; 0 for plain creates.
    callers: usize,
}

/// A service with those who call it.
struct World<'a> {
    emulator: Emulator,
    job: Job,
    /// Whether troubles may take a minute.
    is_patient: bool,
    judge: &'a Judge,
    started: Cell<usize>,
}

impl<'a> World<'a> {
    async fn new(job: Job, is_patient: bool, judge: &'a Judge) -> Self {
        let options = Options {
            build_time: job.build_time,
            ..Options::default()
        };
        Self {
            emulator: Emulator::with(options).await.unwrap(),
            job,
            is_patient,
            judge,
            started: Cell::new(0),
        }
    }

    /// Whether the service refuses a second backup of a name.
    fn guards_names(&self) -> bool {
        matches!(self.job.service, Service::RdsV3 | Service::GaussdbV3)
    }

    /// How long a process waits for an answer; in the short form none is so late.
    fn patience(&self) -> Duration {
        Duration::from_secs(if self.is_patient { 5 } else { 60 })
    }

    /// The number of the next process.
    fn number(&self) -> usize {
        self.started.replace(self.started.get() + 1)
    }

    /// Backups that the service has of an instance.
    fn held(&self, instance: &str) -> Vec<HeldBackup> {
        let mut held = self.emulator.backups(self.job.service);
        held.retain(|backup| backup.instance == instance);
        held
    }

    /// Plays until so many processes were started.
    async fn play(&self, processes: usize, seed: u64) {
        let games = Cell::new(0);
        let player = async || {
            let instance = self.emulator.add_instance(self.job.service);
            while self.started.get() < processes {
                let number = games.replace(games.get() + 1);
                // Each game has its own dice, so that none depends on how fast the others are.
                let place = (self.job.service as u64) << 56 | number << 32;
                let dice = Rng::with_seed(seed ^ place);
                let game = Game::new(self, &instance, number, dice);
                match self.job.callers {
                    0 => game.creates().await,
                    _ => game.key().await,
                }
                for backup in self.held(&instance) {
                    self.emulator.remove_backup(self.job.service, &backup.id);
                }
            }
        };
        let players = if self.is_patient { INSTANCES } else { 2 };
        join_all((0..players).map(|_| player())).await;
    }
}

/// What is played in each form.
fn jobs(is_patient: bool) -> Vec<Job> {
    let build_time = Duration::from_secs(is_patient.into());
    let jobs = Service::ALL.iter().copied().flat_map(|service| {
        let job = |build_time, callers| Job {
            service,
            build_time,
            callers,
        };
        let keys = match service {
            Service::RdsV3 | Service::GaussdbV3 => vec![job(build_time, 3)],
            // Where names may repeat, a backup has to take its time if callers come together.
            _ if is_patient => vec![job(build_time, 1), job(SLOW, 3)],
            _ => vec![job(build_time, 1)],
        };
        [vec![job(build_time, 0)], keys].concat()
    });
    jobs.collect()
}

#[tokio::test]
async fn killed_processes_behind_a_bad_proxy_double_and_lose_nothing() {
    watch();
    let begun = Instant::now();
    // With these dice the short form meets no long pause.
    let seed = setting("DBBACKUP_TEST_SEED").unwrap_or(3) as u64;
    let asked = setting("DBBACKUP_TEST_PROCESSES");
    let (judge, jobs) = (Judge::default(), jobs(asked.is_some()));
    let each = asked.unwrap_or(SHORT).div_ceil(jobs.len());
    let play = async |job| {
        let world = World::new(job, asked.is_some(), &judge).await;
        world.play(each, seed).await;
    };
    let plays = jobs.into_iter().map(&play);
    join_all(plays).await;
    judge.close(&format!("seed {seed}, {:?}", begun.elapsed()));
}
