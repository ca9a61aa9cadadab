//! State that all servers of an emulator share.

use std::sync::Arc;

use axum::response::Response;
use jiff::Timestamp;

use super::access::{self, Denial, Scope, Tokens};
use super::clock::Clock;
use super::identity;
use super::options::Options;
use super::server::{
    self, BackupOutcome, BodyBudget, FaultsQueue, Intake, LogEntry, Received, RequestLog,
};
use super::target::Target;

/// Options, time, tokens, faults and the log of requests of an emulator.
#[derive(Debug)]
pub(crate) struct SharedState {
    pub(crate) options: Options,
    pub(crate) clock: Arc<Clock>,
    pub(crate) tokens: Tokens,
    pub(crate) faults: FaultsQueue,
    pub(crate) log: RequestLog,
    pub(crate) bodies: BodyBudget,
}

impl SharedState {
    pub(crate) fn new(options: Options) -> Self {
        if options.seed != 0 {
            identity::begin(options.seed);
        }
        let clock = Clock::new(options.speed);
        Self {
            tokens: Tokens::with(&options.token, clock.now()),
            clock: Arc::new(clock),
            faults: FaultsQueue::new(&options),
            log: RequestLog::default(),
            bodies: BodyBudget::default(),
            options,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The means of a server to read and to log its requests.
    pub(crate) fn intake(&self, is_iam: bool) -> Intake {
        Intake {
            clock: Arc::clone(&self.clock),
            bodies: self.bodies.clone(),
            log: self.log.clone(),
            is_iam,
        }
    }

    /// The scope of the sender of a request.
    pub(crate) fn scope(&self, request: &Received) -> Result<Scope, Denial> {
        access::scope(&self.tokens, &self.clock, &self.options, request)
    }

    /// Answers a request with the result of `act`, unless a fault or the rate limit prevents it.
    pub(crate) async fn pass(
        &self,
        target: Target,
        entry: &LogEntry,
        act: impl FnOnce(BackupOutcome) -> Response,
    ) -> Response {
        // Whoever has to wait does it by this clock, whatever the speed.
        let now = self.clock.callers_now();
        server::pass(&self.faults, now, target, entry, act).await
    }
}
