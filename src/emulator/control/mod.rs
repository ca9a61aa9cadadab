//! Inspection and control of an emulator, from Rust and over HTTP.

mod routes;
mod state;
mod test_api;

pub(crate) use routes::router;
pub use state::{EmulatorState, HeldBackup, HeldInstance, HeldJob, ServiceState};

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::backend::Backend;
use super::faults::{Fault, FaultPlan, InvalidFault, InvalidPlan};
use super::shared::SharedState;
use super::target::Target;
use crate::service::Service;

/// Faults that may be queued by plans.
const MOST_FAULTS: usize = 10_000;
/// Bytes of the answers in all of them.
const MOST_FAULT_BYTES: usize = 16 << 20;
/// Callers that may read the state or the requests at a time.
const MOST_VIEWERS: usize = 8;

/// The services of an emulator and the state that they share, to inspect and to change.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    pub(crate) shared: Arc<SharedState>,
    backends: BTreeMap<Service, Arc<Backend>>,
    viewers: Arc<Semaphore>,
}

impl Control {
    pub(crate) fn new(shared: Arc<SharedState>) -> Self {
        Self {
            backends: Service::ALL
                .iter()
                .map(|service| {
                    let backend = Backend::new(*service, Arc::clone(&shared));
                    (*service, Arc::new(backend))
                })
                .collect(),
            shared,
            viewers: Arc::new(Semaphore::new(MOST_VIEWERS)),
        }
    }

    pub(crate) fn backend(&self, service: Service) -> &Arc<Backend> {
        &self.backends[&service]
    }

    /// Fails unless the fault can happen to this operation.
    fn check(&self, target: Target, fault: &Fault) -> Result<(), InvalidFault> {
        if let Target::Service(service, operation) = target
            && self.backend(service).operation(operation).is_none()
        {
            return Err(InvalidFault::UnknownOperation(operation.to_string()));
        }
        fault.check(target)
    }

    /// Queues the faults of a plan and sets its rate limit; all of it or, when it fails, nothing.
    fn follow(&self, plan: &str) -> Result<(), InvalidPlan> {
        let FaultPlan { faults, rate_limit } = FaultPlan::parse(plan)?;
        let queue = &self.shared.faults;
        let (count, bytes) = queue.load();
        let more: usize = faults.iter().map(|planned| planned.effect.size()).sum();
        if count + faults.len() > MOST_FAULTS || bytes + more > MOST_FAULT_BYTES {
            let mib = MOST_FAULT_BYTES >> 20;
            let message = format!("faults: more than {MOST_FAULTS}, or {mib} MiB, would be queued");
            return Err(InvalidPlan(message));
        }
        let mut checked = Vec::with_capacity(faults.len());
        for (index, planned) in faults.into_iter().enumerate() {
            let invalid = |error| InvalidPlan(format!("faults[{index}]: {error}"));
            let (target, fault) = planned.resolve().map_err(invalid)?;
            self.check(target, &fault).map_err(invalid)?;
            checked.push((target, fault));
        }
        for (target, fault) in checked {
            queue.queue(target, fault);
        }
        if let Some(limit) = rate_limit {
            queue.set_limit(limit);
        }
        Ok(())
    }

    /// Resets everything but the clock.
    fn reset(&self) {
        for backend in self.backends.values() {
            backend.reset();
        }
        let shared = &*self.shared;
        shared.tokens.reset(&shared.options.token, shared.now());
        shared.faults.reset(&shared.options);
        shared.log.clear();
    }
}
