//! Counts, faults and the rate limit of all operations.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use fastrand::Rng;
use jiff::Timestamp;

use crate::emulator::faults::{Effect, Fault, Limits, PlannedFault, RateLimit};
use crate::emulator::options::Options;
use crate::emulator::target::Target;
use crate::lock::lock;

/// Counts, faults and the rate limit of all operations.
#[derive(Debug)]
pub(crate) struct FaultsQueue(Mutex<Queues>);

#[derive(Debug)]
struct Queues {
    operations: HashMap<Target, OperationQueue>,
    limits: Limits,
    dice: Rng,
}

/// Calls of an operation so far, and the faults of the next ones.
#[derive(Debug, Default)]
struct OperationQueue {
    calls: usize,
    faults: VecDeque<Fault>,
}

/// Outcome of a backup that is made by this request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BackupOutcome {
    /// Time for which it stays out of lists.
    pub(crate) hidden: Duration,
    /// Whether it stays BUILDING.
    pub(crate) sticks: bool,
    /// Whether it ends as FAILED.
    pub(crate) fails: bool,
}

/// The faults that strike a request.
#[derive(Debug, Default)]
pub(crate) struct Strikes {
    pub(crate) fault: Option<Fault>,
    pub(crate) outcome: BackupOutcome,
}

impl Strikes {
    /// Whether a fault with this effect may strike beside those that already do.
    fn have_room_for(&self, effect: &Effect) -> bool {
        match effect {
            Effect::Hide(_) => self.outcome.hidden.is_zero(),
            Effect::Stick | Effect::Fail => !(self.outcome.sticks || self.outcome.fails),
            _ => self.fault.is_none(),
        }
    }

    fn add(&mut self, fault: &Fault) {
        match fault.effect {
            Effect::Hide(time) => self.outcome.hidden = time,
            Effect::Stick => self.outcome.sticks = true,
            Effect::Fail => self.outcome.fails = true,
            _ => self.fault = Some(fault.clone()),
        }
    }
}

impl Queues {
    /// Empty queues; the chances of faults follow from the seed.
    fn new(options: &Options) -> Self {
        Self {
            operations: HashMap::new(),
            limits: Limits::new(options.rate_limit),
            dice: Rng::with_seed(options.seed),
        }
    }
}

impl FaultsQueue {
    pub(crate) fn new(options: &Options) -> Self {
        Self(Mutex::new(Queues::new(options)))
    }

    /// Resets counts, faults, the rate limit and the random numbers.
    pub(crate) fn reset(&self, options: &Options) {
        *self.lock() = Queues::new(options);
    }

    /// Requests for an operation so far.
    pub(crate) fn calls(&self, target: Target) -> usize {
        let queues = self.lock();
        queues
            .operations
            .get(&target)
            .map_or(0, |queue| queue.calls)
    }

    /// Queues a fault.
    pub(crate) fn queue(&self, target: Target, fault: Fault) {
        let mut queues = self.lock();
        let queue = queues.operations.entry(target).or_default();
        queue.faults.push_back(fault);
    }

    /// The faults that are queued, by server and name of the operation.
    pub(crate) fn queued(&self) -> Vec<PlannedFault> {
        let queues = self.lock();
        let mut operations: Vec<_> = queues.operations.iter().collect();
        operations.sort_by_key(|(target, _)| (target.server(), target.operation_id()));
        operations
            .into_iter()
            .flat_map(|(target, queue)| {
                let planned = |fault| PlannedFault::new(*target, fault);
                queue.faults.iter().map(planned)
            })
            .collect()
    }

    /// Number of faults that are queued, and the bytes of the answers in them.
    pub(crate) fn load(&self) -> (usize, usize) {
        let queues = self.lock();
        let faults = || queues.operations.values().flat_map(|queue| &queue.faults);
        let bytes = faults().map(|fault| fault.effect.size()).sum();
        (faults().count(), bytes)
    }

    /// The rate limit.
    pub(crate) fn limit(&self) -> Option<RateLimit> {
        self.lock().limits.limit()
    }

    /// Sets another rate limit; requests counted so far do not count for it.
    pub(crate) fn set_limit(&self, limit: Option<RateLimit>) {
        self.lock().limits = Limits::new(limit);
    }

    /// Counts a request and takes the faults that strike it; fails with the time to wait when it
    /// is above the rate limit.
    pub(crate) fn enter(&self, target: Target, now: Timestamp) -> Result<Strikes, Duration> {
        let mut queues = self.lock();
        let Queues {
            operations,
            limits,
            dice,
        } = &mut *queues;
        let queue = operations.entry(target).or_default();
        queue.calls += 1;
        limits.take(target.server(), now)?;
        let mut strikes = Strikes::default();
        queue.faults.retain_mut(|fault| {
            let is_due = fault.times > 0 && strikes.have_room_for(&fault.effect);
            if is_due && dice.f64() < fault.chance {
                fault.times -= 1;
                strikes.add(fault);
            }
            fault.times > 0
        });
        Ok(strikes)
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        lock(&self.0)
    }
}
