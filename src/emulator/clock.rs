//! The time of an emulator: that of its runtime, which may be paused, and what was added to it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A clock that can be moved forward.
#[derive(Debug)]
pub(super) struct Clock {
    began: Timestamp,
    running_since: Instant,
    added_nanos: AtomicU64,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self {
            began: Timestamp::now(),
            running_since: Instant::now(),
            added_nanos: AtomicU64::new(0),
        }
    }

    /// The time now; it never goes back, whatever happens to the clock of the system.
    pub(super) fn now(&self) -> Timestamp {
        let added = Duration::from_nanos(self.added_nanos.load(Ordering::Relaxed));
        later(
            self.began,
            self.running_since.elapsed().saturating_add(added),
        )
    }

    /// Moves the clock forward.
    pub(super) fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let add = |nanos: u64| Some(nanos.saturating_add(by));
        // The closure always gives a value, so the update cannot fail.
        let _ = self
            .added_nanos
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

/// A time and a duration, or the last time that can be written.
pub(super) fn later(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// A time less a duration, or the first time that can be written.
pub(super) fn earlier(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.checked_sub(by).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_moves_forward_and_never_overflows() {
        let clock = Clock::new();
        let before = clock.now();
        clock.advance(Duration::from_secs(60));
        assert!(clock.now() >= later(before, Duration::from_secs(60)));
        clock.advance(Duration::MAX);
        assert!(clock.now() > before);
        assert_eq!(later(before, Duration::MAX), Timestamp::MAX);
        assert_eq!(earlier(before, Duration::MAX), Timestamp::MIN);
    }
}
