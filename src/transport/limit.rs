//! A budget of calls per minute.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// A minute, and a second because calls do not all travel at the same speed.
const WINDOW: Duration = Duration::from_secs(61);

/// The documented budget of a host: 60 calls of a user to RDS on Huawei Cloud.
///
/// Vendor's page: [API overview](https://support.huaweicloud.com/intl/en-us/api-rds/rds_00_0002.html).
pub(super) fn documented(host: &str) -> Option<NonZeroU32> {
    let is_huawei = [".myhuaweicloud.com", ".myhuaweicloud.eu"]
        .iter()
        .any(|end| host.ends_with(end));
    let most = NonZeroU32::new(60);
    most.filter(|_| is_huawei && host.starts_with("rds."))
}

/// No more than a number of calls in any minute.
#[derive(Debug)]
pub(crate) struct Budget {
    most: usize,
    /// When the last calls were or will be sent; as many as may be sent in a minute.
    sent: VecDeque<Instant>,
}

impl Budget {
    pub(crate) fn new(calls_per_minute: NonZeroU32) -> Self {
        Self {
            most: usize::try_from(calls_per_minute.get()).unwrap_or(usize::MAX),
            sent: VecDeque::new(),
        }
    }

    /// Takes the next free place and gives the time until then; when that is more than `patience`,
    /// takes none and gives the time as an error.
    pub(crate) fn reserve(
        &mut self,
        now: Instant,
        patience: Duration,
    ) -> Result<Duration, Duration> {
        let is_full = self.sent.len() >= self.most;
        let free = match self.sent.front() {
            Some(oldest) if is_full => now.max(*oldest + WINDOW),
            _ => now,
        };
        let wait = free.saturating_duration_since(now);
        if wait > patience {
            return Err(wait);
        }
        if is_full {
            self.sent.pop_front();
        }
        self.sent.push_back(free);
        Ok(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_has_more_calls_than_the_budget() {
        let begin = Instant::now();
        let most = NonZeroU32::new(60).unwrap_or(NonZeroU32::MIN);
        let mut budget = Budget::new(most);
        let second = Duration::from_secs(1);
        let mut sent: Vec<Duration> = Vec::new();
        // Three calls a second are wanted for ten minutes.
        for number in 0..1800 {
            let now = begin + second * number / 3;
            let wait = budget.reserve(now, Duration::MAX).unwrap_or_default();
            sent.push(now + wait - begin);
        }
        let most = 60;
        for (first, after) in sent.iter().zip(&sent[most..]) {
            assert!(*after - *first >= Duration::from_secs(60));
        }
        assert_eq!(sent[most - 1], second * 59 / 3, "the first 60 do not wait");
        // Nothing is wasted either.
        let end = sent.last().copied().unwrap_or_default();
        assert!(end <= WINDOW * 30, "{end:?}");
    }

    #[test]
    fn only_the_rds_hosts_of_huawei_cloud_have_a_documented_budget() {
        let most = |host| documented(host).map_or(0, NonZeroU32::get);
        assert_eq!(most("rds.cn-north-4.myhuaweicloud.com"), 60);
        assert_eq!(most("rds.eu-west-101.myhuaweicloud.eu"), 60);
        assert_eq!(most("gaussdb.cn-north-4.myhuaweicloud.com"), 0);
        assert_eq!(most("rds.eu-de.otc.t-systems.com"), 0);
        assert_eq!(most("127.0.0.1"), 0);
    }

    #[test]
    fn a_call_that_would_wait_too_long_takes_no_place() {
        let now = Instant::now();
        let mut budget = Budget::new(NonZeroU32::MIN);
        assert_eq!(budget.reserve(now, Duration::ZERO), Ok(Duration::ZERO));
        for _ in 0..3 {
            assert_eq!(budget.reserve(now, Duration::from_secs(60)), Err(WINDOW));
        }
        assert_eq!(budget.reserve(now, WINDOW), Ok(WINDOW));
        let later = now + WINDOW * 3;
        assert_eq!(budget.reserve(later, Duration::ZERO), Ok(Duration::ZERO));
    }
}
