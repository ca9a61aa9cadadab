//! Looking into an emulator and steering it, from Rust and over HTTP.

mod hands;
mod routes;
mod state;

pub(super) use routes::router;
pub use state::{HeldBackup, HeldInstance, HeldJob, ServiceState, State};

use std::sync::Arc;

use super::backend::Backend;
use super::faults::{Fault, InvalidFault, InvalidPlan, Plan, Planned, Target};
use super::iam;
use super::shared::Shared;
use crate::Service;

/// Faults that may be queued by plans.
const MOST_FAULTS: usize = 10_000;

/// All that can be looked into and steered.
#[derive(Clone, Debug)]
pub(super) struct Control {
    pub(super) shared: Arc<Shared>,
    pub(super) backends: [Arc<Backend>; Service::ALL.len()],
}

impl Control {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            backends: Service::ALL.map(|service| Backend::new(service, Arc::clone(&shared)).into()),
            shared,
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
        if traffic.queued().len().saturating_add(faults.len()) > MOST_FAULTS {
            let message = format!("faults: more than {MOST_FAULTS} would be queued");
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
        if rate_limit.is_some() {
            traffic.set_limit(rate_limit);
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
