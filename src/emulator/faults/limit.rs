//! The rate limit of the servers.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as friendly;
use serde::{Deserialize, Serialize};

use crate::emulator::clock::later;
use crate::emulator::target::Server;

/// Limit on the requests of a service, or of IAM; further ones get 429 with `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Number of requests, at least one.
    pub calls: NonZeroU32,
    /// Period that begins with the first of them; it does not run at the emulator's speed.
    #[serde(with = "friendly")]
    pub per: Duration,
}

/// The limit, and the requests of each server that count for it.
#[derive(Debug)]
pub(crate) struct Limits {
    limit: Option<RateLimit>,
    windows: BTreeMap<Server, RateWindow>,
}

/// A period in which requests are counted.
#[derive(Debug)]
struct RateWindow {
    ends: Timestamp,
    calls: u32,
}

impl Limits {
    pub(crate) fn new(limit: Option<RateLimit>) -> Self {
        Self {
            limit,
            windows: BTreeMap::new(),
        }
    }

    pub(crate) fn limit(&self) -> Option<RateLimit> {
        self.limit
    }

    /// Counts a request; fails with the time to wait when it is above the limit.
    pub(crate) fn take(&mut self, server: Server, now: Timestamp) -> Result<(), Duration> {
        let Some(RateLimit { calls, per }) = self.limit else {
            return Ok(());
        };
        let new = || RateWindow {
            ends: later(now, per),
            calls: 0,
        };
        let window = self.windows.entry(server).or_insert_with(new);
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
    fn requests_are_counted_by_server_and_time() {
        let limit = RateLimit {
            calls: NonZeroU32::MIN.saturating_add(1),
            per: Duration::from_secs(60),
        };
        let mut limits = Limits::new(Some(limit));
        let (rds, iam) = (Server::Service(Service::RdsV3), Server::Iam);
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
