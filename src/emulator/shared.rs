//! What all servers of an emulator share: options, time, tokens, and counts and faults of calls.

use jiff::Timestamp;

use super::Options;
use super::clock::Clock;
use super::tokens::Tokens;
use super::traffic::Traffic;

/// What all servers of an emulator share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) clock: Clock,
    pub(super) tokens: Tokens,
    pub(super) traffic: Traffic,
}

impl Shared {
    pub(super) fn new(options: Options) -> Self {
        let clock = Clock::new(options.speed);
        Self {
            tokens: Tokens::with(&options.token, clock.now()),
            clock,
            traffic: Traffic::new(options.seed),
            options,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
