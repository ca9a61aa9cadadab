//! The policy for automated backups.

use std::ops::RangeInclusive;

use jiff::civil::{Time, Weekday};
use serde::Serialize;

use crate::Service::{self, GaussdbV3, RdsV1, RdsV3, TaurusdbV3};
use crate::error::InvalidValue;

/// When an instance is backed up by itself, and how long these backups are kept.
///
/// # Examples
///
/// ```
/// use dbbackup::model::Policy;
/// use jiff::civil::{Weekday, time};
///
/// let nightly = Policy::new(7, time(1, 0, 0, 0), [Weekday::Monday, Weekday::Thursday]);
/// assert_eq!(nightly.keep_days, 7);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Policy {
    /// Days that automated backups are kept; 0 when there are none.
    pub keep_days: u32,
    /// Time of day in UTC at which the hour begins in which a backup starts.
    pub start: Option<Time>,
    /// Days of the week; rds-v1 knows none and backs up daily.
    #[serde(serialize_with = "day_numbers")]
    pub days: Vec<Weekday>,
    /// Minutes between differential backups; gaussdb-v3, which demands it.
    pub differential_minutes: Option<u32>,
    /// Speed of the upload in MB/s, 0 for no limit; gaussdb-v3.
    pub rate_limit: Option<u32>,
    /// Pages that a differential backup prefetches; gaussdb-v3.
    pub prefetch_pages: Option<u32>,
    /// Size in GB at which files are split, 0 for no limit; gaussdb-v3.
    pub file_split_size: Option<u32>,
    /// Whether backups are made on a standby node; gaussdb-v3.
    pub on_standby: Option<bool>,
    /// Number of backups of level 1 to keep; taurusdb-v3.
    pub level1_backups: Option<u32>,
}

/// What a policy must not break: bounds of a number, or a fault in words.
type Fault = (&'static str, &'static str, String);

impl Policy {
    /// Backups on these days, at this time in UTC, kept for so many days.
    pub fn new(keep_days: u32, start: Time, days: impl IntoIterator<Item = Weekday>) -> Self {
        Self {
            keep_days,
            start: Some(start),
            days: days.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The name of a part that only another service has, with that service.
    pub(crate) fn misplaced(&self, service: Service) -> Option<(&'static str, &'static [Service])> {
        let gaussdb: &[Service] = &[GaussdbV3];
        let parts = [
            (
                "days of the week in a policy",
                !self.days.is_empty(),
                &[RdsV3, TaurusdbV3, GaussdbV3][..],
            ),
            (
                "differential period",
                self.differential_minutes.is_some(),
                gaussdb,
            ),
            ("rate limit", self.rate_limit.is_some(), gaussdb),
            (
                "number of prefetched pages",
                self.prefetch_pages.is_some(),
                gaussdb,
            ),
            (
                "size of split files",
                self.file_split_size.is_some(),
                gaussdb,
            ),
            (
                "backup on a standby node",
                self.on_standby.is_some(),
                gaussdb,
            ),
            (
                "number of backups of level 1",
                self.level1_backups.is_some(),
                &[TaurusdbV3],
            ),
        ];
        let misplaced =
            |(_, given, services): &(_, bool, &[Service])| *given && !services.contains(&service);
        parts
            .into_iter()
            .find(misplaced)
            .map(|(what, _, services)| (what, services))
    }

    /// Whether the policy keeps the documented rules of a service, and has no part of another one.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`] names the first value that breaks one.
    pub fn check(&self, service: Service) -> Result<(), InvalidValue> {
        if let Some((what, services)) = self.misplaced(service) {
            let services: Vec<&str> = services.iter().map(|service| service.as_str()).collect();
            let fault = format!("is a part that only {} has", services.join(" or "));
            return Err(InvalidValue::new(what, "left out", fault));
        }
        let least = if service == RdsV1 { 0 } else { 1 };
        let fault = bounds(
            "keep_days",
            "1 to 732 days (0 to 732 on rds-v1)",
            Some(self.keep_days),
            least..=732,
        )
        .or_else(|| self.time_fault(service))
        .or_else(|| self.days_fault(service))
        .or_else(|| self.differential_fault(service))
        .or_else(|| bounds("rate_limit", "0 to 1024 MB/s", self.rate_limit, 0..=1024))
        .or_else(|| {
            bounds(
                "prefetch_pages",
                "1 to 8192 pages",
                self.prefetch_pages,
                1..=8192,
            )
        })
        .or_else(|| bounds("file_split_size", SPLIT, self.file_split_size, 0..=1024))
        .or_else(|| {
            let odd = self.file_split_size.filter(|size| size % 4 != 0)?;
            Some(("file_split_size", SPLIT, format!("is {odd}")))
        })
        .or_else(|| bounds("level1_backups", "0 or 1", self.level1_backups, 0..=1));
        match fault {
            None => Ok(()),
            Some((field, rule, fault)) => Err(InvalidValue::new(field, rule, fault)),
        }
    }

    fn time_fault(&self, service: Service) -> Option<Fault> {
        let (rule, step) = match service {
            RdsV1 => ("a time of day in UTC to the second", 1),
            RdsV3 => (
                "a time of day in UTC with the minute 0, 15, 30 or 45",
                15 * 60,
            ),
            _ => ("a full hour in UTC", 60 * 60),
        };
        let Some(start) = self.start else {
            return Some(("start", rule, "is missing".to_owned()));
        };
        let second = i32::from(start.minute()) * 60 + i32::from(start.second());
        let fits = second % step == 0 && start.subsec_nanosecond() == 0;
        (!fits).then(|| ("start", rule, format!("is {start}")))
    }

    fn days_fault(&self, service: Service) -> Option<Fault> {
        let missing = self.days.is_empty() && service != RdsV1;
        missing.then(|| {
            (
                "days",
                "one or more days of the week",
                "is empty".to_owned(),
            )
        })
    }

    fn differential_fault(&self, service: Service) -> Option<Fault> {
        const RULE: &str = "15, 30, 60, 180, 360, 720 or 1440 minutes";
        match self.differential_minutes {
            None if service != GaussdbV3 => None,
            Some(15 | 30 | 60 | 180 | 360 | 720 | 1440) => None,
            None => Some(("differential_minutes", RULE, "is missing".to_owned())),
            Some(other) => Some(("differential_minutes", RULE, format!("is {other}"))),
        }
    }
}

const SPLIT: &str = "0 to 1024 GB and a multiple of 4";

fn bounds(
    field: &'static str,
    rule: &'static str,
    value: Option<u32>,
    allowed: RangeInclusive<u32>,
) -> Option<Fault> {
    let value = value.filter(|value| !allowed.contains(value))?;
    Some((field, rule, format!("is {value}")))
}

/// Days as numbers, 1 for Monday to 7.
fn day_numbers<S: serde::Serializer>(days: &[Weekday], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(days.iter().map(|day| day.to_monday_one_offset()))
}
