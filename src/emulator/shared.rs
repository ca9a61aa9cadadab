//! What all servers of an emulator share: options, time, tokens, and and what is known of requests.

use jiff::Timestamp;

use super::Options;
use super::access::Tokens;
use super::clock::Clock;
use super::server::{Line, Record, Traffic};

/// What all servers of an emulator share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) clock: Clock,
    pub(super) tokens: Tokens,
    pub(super) traffic: Traffic,
    pub(super) record: Record,
}

impl Shared {
    pub(super) fn new(options: Options) -> Self {
        let clock = Clock::new(options.speed);
        Self {
            tokens: Tokens::with(&options.token, clock.now()),
            clock,
            traffic: Traffic::new(&options),
            record: Record::default(),
            options,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells more of a refusal than its answer does.
    pub(super) fn note(&self, line: &Line, note: String) {
        tracing::warn!("{note}");
        self.record.note(line.number, note);
    }
}
