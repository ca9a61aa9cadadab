//! How many requests a service takes in a time.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as friendly;
use serde::{Deserialize, Serialize};

use super::Target;
use crate::emulator::clock::later;

/// How many requests a service, or IAM, takes in a time; further ones get 429 with `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Requests, one at least.
    pub calls: NonZeroU32,
    /// The time, which begins with the first of them; it does not run at the emulator's speed.
    #[serde(with = "friendly")]
    pub per: Duration,
}

/// The limit, and what each target has had of it.
#[derive(Debug)]
pub(in crate::emulator) struct Limits {
    limit: Option<RateLimit>,
    windows: BTreeMap<Target, Window>,
}

/// A time in which requests are counted.
#[derive(Debug)]
struct Window {
    ends: Timestamp,
    calls: u32,
}

impl Limits {
    pub(in crate::emulator) fn new(limit: Option<RateLimit>) -> Self {
        Self {
            limit,
            windows: BTreeMap::new(),
        }
    }

    pub(in crate::emulator) fn limit(&self) -> Option<RateLimit> {
        self.limit
    }

    /// Counts a request; fails with the time after which the next one is taken.
    pub(in crate::emulator) fn take(
        &mut self,
        target: Target,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let Some(RateLimit { calls, per }) = self.limit else {
            return Ok(());
        };
        let new = || Window {
            ends: later(now, per),
            calls: 0,
        };
        let window = self.windows.entry(target).or_insert_with(new);
        if window.ends <= now {
            *window = new();
        }
        if window.calls < calls.get() {
            window.calls += 1;
            return Ok(());
        }
        Err(window.ends.duration_since(now).unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Service;

    #[test]
    fn requests_are_counted_by_target_and_time() {
        let limit = RateLimit {
            calls: NonZeroU32::MIN.saturating_add(1),
            per: Duration::from_secs(60),
        };
        let mut limits = Limits::new(Some(limit));
        let (rds, iam) = (Service::RdsV3.into(), Target::Iam);
        let begins = Timestamp::UNIX_EPOCH;
        let at = |seconds| later(begins, Duration::from_secs(seconds));
        assert_eq!(limits.take(rds, at(0)), Ok(()));
        assert_eq!(limits.take(rds, at(1)), Ok(()));
        assert_eq!(limits.take(rds, at(20)), Err(Duration::from_secs(40)));
        assert_eq!(limits.take(iam, at(20)), Ok(()));
        assert_eq!(limits.take(rds, at(60)), Ok(()));
        assert_eq!(Limits::new(None).take(rds, at(0)), Ok(()));
    }
}
