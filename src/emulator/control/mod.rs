//! Looking into an emulator and steering it, from Rust and over HTTP.

mod hands;
mod routes;
mod state;

pub(super) use routes::router;
pub use state::{HeldBackup, HeldInstance, HeldJob, ServiceState, State};

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::backend::Backend;
use super::faults::{Fault, InvalidFault, InvalidPlan, Plan, Planned, Target};
use super::iam;
use super::shared::Shared;
use crate::service::Service;

/// Faults that may be queued by plans.
const MOST_FAULTS: usize = 10_000;
/// Bytes of the answers in all of them.
const MOST_FAULT_BYTES: usize = 16 << 20;
/// Answers with the state or the requests that may be on their way at a time.
const MOST_SHOWN: usize = 8;

/// All that can be looked into and steered.
#[derive(Clone, Debug)]
pub(super) struct Control {
    pub(super) shared: Arc<Shared>,
    pub(super) backends: [Arc<Backend>; Service::ALL.len()],
    /// Places for answers that may be long.
    shown: Arc<Semaphore>,
}

impl Control {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            backends: Service::ALL.map(|service| Backend::new(service, Arc::clone(&shared)).into()),
            shared,
            shown: Arc::new(Semaphore::new(MOST_SHOWN)),
        }
    }

    pub(super) fn backend(&self, service: Service) -> &Arc<Backend> {
        &self.backends[service as usize]
    }

    /// Fails unless the fault can happen to this operation.
    fn check(&self, target: Target, operation: &str, fault: &Fault) -> Result<(), InvalidFault> {
        let is_known = match target {
            Target::Service(service) => self.backend(service).operation(operation).is_some(),
            Target::Iam => iam::has(operation),
        };
        if !is_known {
            return Err(InvalidFault::UnknownOperation(operation.to_owned()));
        }
        fault.check(operation)
    }

    /// Queues the faults of a plan and sets its rate limit; all of it or, when it fails, nothing.
    fn follow(&self, plan: &str) -> Result<(), InvalidPlan> {
        let Plan { faults, rate_limit } = Plan::parse(plan)?;
        let traffic = &self.shared.traffic;
        let (count, bytes) = traffic.load();
        let more: usize = faults.iter().map(|planned| planned.effect.size()).sum();
        if count + faults.len() > MOST_FAULTS || bytes + more > MOST_FAULT_BYTES {
            let mib = MOST_FAULT_BYTES >> 20;
            let message = format!("faults: more than {MOST_FAULTS}, or {mib} MiB, would be queued");
            return Err(InvalidPlan(message));
        }
        for (place, planned) in faults.iter().enumerate() {
            self.check(planned.target, &planned.operation, &planned.fault())
                .map_err(|error| InvalidPlan(format!("faults[{place}]: {error}")))?;
        }
        for planned in faults {
            let fault = planned.fault();
            let Planned {
                target, operation, ..
            } = planned;
            traffic.queue(target, &operation, fault);
        }
        if let Some(limit) = rate_limit {
            traffic.set_limit(limit);
        }
        Ok(())
    }

    /// Goes back to the beginning, but for the clock.
    fn reset(&self) {
        for backend in &self.backends {
            backend.reset();
        }
        let Shared {
            options,
            tokens,
            traffic,
            record,
            ..
        } = &*self.shared;
        tokens.reset(&options.token, self.shared.now());
        traffic.reset(options);
        record.clear();
    }
}
