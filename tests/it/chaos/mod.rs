//! Thousands of creates on services where everything goes wrong now and then: never a second backup,
//! never a lost one.
//!
//! `DBBACKUP_TEST_CALLS` says how many calls of each kind each service gets, `DBBACKUP_TEST_SEED`
//! where the dice begin.

mod games;
mod world;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use dbbackup::{Operation, Service};

use crate::support::{setting, time};
use world::World;

const QUICK: Duration = Duration::from_secs(5);
/// Longer than it takes a backup to show up.
const SLOW: Duration = Duration::from_secs(90);

/// A world to make, and what to do there.
#[derive(Clone, Copy, Debug)]
struct Job {
    service: Service,
    build_time: Duration,
    /// Callers at the same time with the same key; 0 for plain creates.
    callers: usize,
    calls: usize,
}

/// Does the jobs, one on each processor, and says what happened.
fn run(jobs: &[Job]) -> BTreeMap<String, usize> {
    let (jobs, seen) = (Mutex::new(jobs.iter().rev()), Mutex::new(BTreeMap::new()));
    let work = || {
        loop {
            let Some(job) = jobs.lock().unwrap().next() else {
                return;
            };
            for (what, count) in one(*job) {
                *seen.lock().unwrap().entry(what).or_default() += count;
            }
        }
    };
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    seen.into_inner().unwrap()
}

#[allow(
    clippy::print_stdout,
    reason = "figures for whoever asks with --nocapture"
)]
fn one(job: Job) -> BTreeMap<String, usize> {
    let begun = Instant::now();
    let seed = setting("DBBACKUP_TEST_SEED").unwrap_or(1) as u64;
    // The pauses of the client vary by chance, too.
    fastrand::seed(seed);
    let seen = time::run(async {
        let world = World::new(job.service, seed, job.build_time).await;
        games::play(&world, job.calls, job.callers).await;
        for operation in [Operation::CreateBackup, Operation::ListBackups] {
            let count = world.emulator.calls((job.service, operation));
            world.add(operation.as_str(), count);
        }
        world.seen.take()
    });
    println!("{job:?}, seed {seed}, {:?}: {seen:#?}", begun.elapsed());
    seen
}

#[test]
fn a_create_makes_one_backup_at_most_and_says_what_is_true() {
    let calls = setting("DBBACKUP_TEST_CALLS").unwrap_or(150);
    let jobs = Service::ALL.iter().map(|&service| Job {
        service,
        build_time: QUICK,
        callers: 0,
        calls,
    });
    let seen = run(&jobs.collect::<Vec<_>>());
    // None of it would show anything if nothing had gone wrong.
    for what in ["made", "adopted", "killed", "OutcomeUnknown"] {
        assert!(seen.contains_key(what), "never {what}: {seen:#?}");
    }
}

#[test]
fn a_key_has_one_live_backup_whatever_goes_wrong() {
    let calls = setting("DBBACKUP_TEST_CALLS").unwrap_or(150);
    let jobs = Service::ALL.iter().copied().flat_map(|service| {
        let job = |build_time, callers, calls| Job {
            service,
            build_time,
            callers,
            calls,
        };
        match service {
            Service::RdsV3 | Service::GaussdbV3 => vec![job(QUICK, 3, calls)],
            // Where names may repeat, a backup has to take its time if callers come together.
            Service::RdsV1 | Service::TaurusdbV3 => {
                vec![job(SLOW, 3, calls / 2), job(QUICK, 1, calls.div_ceil(2))]
            }
            other => panic!("no case for {other:?}"),
        }
    });
    let seen = run(&jobs.collect::<Vec<_>>());
    for what in ["answered", "killed", "OutcomeUnknown", "second name"] {
        assert!(seen.contains_key(what), "never {what}: {seen:#?}");
    }
}
