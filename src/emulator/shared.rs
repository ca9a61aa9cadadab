//! What all servers of an emulator share: options, time, tokens, and what is known of requests.

use jiff::Timestamp;

use super::Options;
use super::access::Tokens;
use super::clock::Clock;
use super::identity;
use super::server::{Line, Record, Room, Traffic};

/// What all servers of an emulator share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) clock: Clock,
    pub(super) tokens: Tokens,
    pub(super) traffic: Traffic,
    pub(super) record: Record,
    pub(super) room: Room,
}

impl Shared {
    pub(super) fn new(options: Options) -> Self {
        if options.seed != 0 {
            identity::begin(options.seed);
        }
        let clock = Clock::new(options.speed);
        Self {
            tokens: Tokens::with(&options.token, clock.now()),
            clock,
            traffic: Traffic::new(&options),
            record: Record::default(),
            room: Room::default(),
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
