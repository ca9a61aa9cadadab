//! The time of an emulator: that of its runtime, which may be paused, and what was added to it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A clock that can be moved forward, and may run at another speed.
#[derive(Debug)]
pub(crate) struct Clock {
    speed: f64,
    began: Timestamp,
    running_since: Instant,
    added_nanos: AtomicU64,
}

impl Clock {
    pub(crate) fn new(speed: f64) -> Self {
        Self {
            speed,
            began: Timestamp::now(),
            running_since: Instant::now(),
            added_nanos: AtomicU64::new(0),
        }
    }

    /// The time now; it never goes back, whatever happens to the clock of the system.
    pub(crate) fn now(&self) -> Timestamp {
        // It never goes back; a speed that is no number stops it.
        let passed = (self.running_since.elapsed().as_secs_f64() * self.speed).max(0.0);
        self.at(Duration::try_from_secs_f64(passed).unwrap_or(Duration::MAX))
    }

    /// The time by which callers sign, whatever the speed.
    pub(crate) fn callers_now(&self) -> Timestamp {
        self.at(self.running_since.elapsed())
    }

    /// The time when so much has passed besides what was added.
    fn at(&self, passed: Duration) -> Timestamp {
        let added = Duration::from_nanos(self.added_nanos.load(Ordering::Relaxed));
        later(self.began, passed.saturating_add(added))
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let add = |nanos: u64| Some(nanos.saturating_add(by));
        // The closure always gives a value, so the update cannot fail.
        let _ = self
            .added_nanos
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

/// A time and a duration, or the last time that can be written.
pub(crate) fn later(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// A time less a duration, or the first time that can be written.
pub(crate) fn earlier(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.checked_sub(by).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_moves_forward_and_never_overflows() {
        let clock = Clock::new(1.0);
        let before = clock.now();
        clock.advance(Duration::from_secs(60));
        assert!(clock.now() >= later(before, Duration::from_secs(60)));
        clock.advance(Duration::MAX);
        assert!(clock.now() > before);
        assert_eq!(later(before, Duration::MAX), Timestamp::MAX);
        assert_eq!(earlier(before, Duration::MAX), Timestamp::MIN);
    }

    #[test]
    fn a_clock_runs_at_its_speed_but_for_callers() {
        let at = |speed| Clock {
            running_since: Instant::now() - Duration::from_secs(10),
            ..Clock::new(speed)
        };
        let passed = |time: Timestamp, clock: &Clock| time.duration_since(clock.began).as_secs();
        let (fast, mad) = (at(60.0), at(f64::MAX));
        for still in [at(0.0), at(-1.0), at(f64::NAN)] {
            assert_eq!(passed(still.now(), &still), 0);
        }
        assert!((600..700).contains(&passed(fast.now(), &fast)));
        assert!((10..20).contains(&passed(fast.callers_now(), &fast)));
        assert_eq!(mad.now(), Timestamp::MAX);
    }
}
