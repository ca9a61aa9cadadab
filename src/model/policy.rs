//! The policy for automated backups.

use std::ops::RangeInclusive;

use jiff::civil::{Time, Weekday};
use serde::Serialize;

use crate::error::InvalidValue;
use crate::service::Service::{self, GaussdbV3, RdsV1, RdsV3, TaurusdbV3};

/// When an instance is backed up by itself, and how long these backups are kept.
///
/// # Examples
///
/// ```
/// use dbbackup::model::Policy;
/// use jiff::civil::{Weekday, time};
///
/// let nightly = Policy::new(7, time(1, 0, 0, 0), [Weekday::Monday, Weekday::Thursday]);
/// assert_eq!(nightly.keep_days, Some(7));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Policy {
    /// Days that automated backups are kept; 0 when there are none. A request needs it.
    pub keep_days: Option<u32>,
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
    #[serde(skip)]
    pub(crate) returned: Returned,
}

/// The policy that a service has returned, of which a changed one was made; the parts that are still
/// the same are sent back as they came.
///
/// Two policies whose parts are equal are equal, wherever they come from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Returned(Option<Box<Original>>);

#[derive(Clone, Debug)]
struct Original {
    service: Service,
    policy: Policy,
    /// The start and the days in the words of the service.
    start: Option<String>,
    days: Option<String>,
}

impl PartialEq for Returned {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Returned {}

/// What a policy must not break: bounds of a number, or a fault in words.
type Fault = (&'static str, &'static str, String);

impl Policy {
    /// Backups on these days, at this time in UTC, kept for so many days.
    pub fn new(keep_days: u32, start: Time, days: impl IntoIterator<Item = Weekday>) -> Self {
        Self {
            keep_days: Some(keep_days),
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

    /// As a service has returned it, with its own words for the start and the days.
    pub(crate) fn returned_by(
        self,
        service: Service,
        start: Option<String>,
        days: Option<String>,
    ) -> Self {
        let policy = self.clone();
        let original = Original {
            service,
            policy,
            start,
            days,
        };
        Self {
            returned: Returned(Some(Box::new(original))),
            ..self
        }
    }

    /// What this service has returned; the words of another one are of no use to it.
    fn original(&self, service: Service) -> Option<&Original> {
        let original = self.returned.0.as_deref();
        original.filter(|original| original.service == service)
    }

    /// The service's own words for the start, if it is as the service has returned it.
    pub(crate) fn returned_start(&self, service: Service) -> Option<&str> {
        let original = self.original(service)?;
        let words = original
            .start
            .as_deref()
            .filter(|words| !words.trim().is_empty());
        words.filter(|_| original.policy.start == self.start)
    }

    /// The service's own words for the days, if they are as the service has returned them.
    pub(crate) fn returned_days(&self, service: Service) -> Option<&str> {
        let original = self.original(service)?;
        let words = original
            .days
            .as_deref()
            .filter(|words| !words.trim().is_empty());
        words.filter(|_| original.policy.days == self.days)
    }

    /// A part, unless it is as the service has returned it.
    fn chosen<T: PartialEq>(
        &self,
        service: Service,
        part: impl Fn(&Self) -> Option<T>,
    ) -> Option<T> {
        let returned = self
            .original(service)
            .and_then(|original| part(&original.policy));
        part(self).filter(|chosen| returned.as_ref() != Some(chosen))
    }

    /// Whether the policy keeps the documented rules of a service, and has no part of another one.
    ///
    /// Parts that are still as [`BackupClient::policy`](crate::BackupClient::policy) has returned them
    /// are sent back without a check, unless no request can say them, of which the error tells.
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
        let fault = self
            .keep_fault(service)
            .or_else(|| self.time_fault(service))
            .or_else(|| self.days_fault(service))
            .or_else(|| self.differential_fault(service))
            .or_else(|| {
                let rate_limit = self.chosen(service, |policy| policy.rate_limit);
                bounds("rate_limit", "0 to 1024 MB/s", rate_limit, 0..=1024)
            })
            .or_else(|| {
                let rule = "1 to 8192 pages";
                let pages = self.chosen(service, |policy| policy.prefetch_pages);
                let is_none = pages.is_none() && self.prefetch_pages == Some(0);
                let returned = is_none.then(|| returned("prefetch_pages", rule, "is 0"));
                returned.or_else(|| bounds("prefetch_pages", rule, pages, 1..=8192))
            })
            .or_else(|| self.split_fault(service))
            .or_else(|| {
                let chosen = self.chosen(service, |policy| policy.level1_backups);
                let fault = bounds("level1_backups", "0 or 1", self.level1_backups, 0..=1);
                of_returned(fault, chosen.is_none())
            });
        match fault {
            None => Ok(()),
            Some((field, rule, fault)) => Err(InvalidValue::new(field, rule, fault)),
        }
    }

    fn keep_fault(&self, service: Service) -> Option<Fault> {
        let (rule, allowed) = match service {
            RdsV1 => ("0 to 732 days", 0..=732),
            RdsV3 | TaurusdbV3 => ("1 to 3660 days", 1..=3660),
            GaussdbV3 => ("1 to 732 days", 1..=732),
        };
        let chosen = self.chosen(service, |policy| policy.keep_days);
        let fault = match self.keep_days {
            None => "is missing".to_owned(),
            Some(0) if chosen.is_none() && service != RdsV1 => "is 0".to_owned(),
            Some(_) => return bounds("keep_days", rule, chosen, allowed),
        };
        of_returned(
            Some(("keep_days", rule, fault)),
            self.original(service).is_some(),
        )
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
        let lacks = |policy: &Self| policy.start.is_none();
        // What cannot be read goes back as it came.
        let has_words = self.returned_start(service).is_some();
        if lacks(self) && !has_words && !self.may_lack(service, lacks) {
            let fault = ("start", rule, "is missing".to_owned());
            return of_returned(Some(fault), self.was_returned(service, lacks));
        }
        let start = self.chosen(service, |policy| policy.start)?;
        let second = i32::from(start.minute()) * 60 + i32::from(start.second());
        let fits = second % step == 0 && start.subsec_nanosecond() == 0;
        (!fits).then(|| ("start", rule, format!("is {start}")))
    }

    fn days_fault(&self, service: Service) -> Option<Fault> {
        let lacks = |policy: &Self| policy.days.is_empty();
        let has_words = self.returned_days(service).is_some();
        let is_missing =
            lacks(self) && !has_words && service != RdsV1 && !self.may_lack(service, lacks);
        let rule = "one or more days of the week";
        let fault = is_missing.then(|| ("days", rule, "is empty".to_owned()));
        of_returned(fault, self.was_returned(service, lacks))
    }

    /// Whether a part may be left out: where the service has returned none and demands none.
    fn may_lack(&self, service: Service, lacks: impl Fn(&Self) -> bool) -> bool {
        service == RdsV3 && self.was_returned(service, lacks)
    }

    /// Whether the service has returned a policy of which this is true.
    fn was_returned(&self, service: Service, is_true: impl Fn(&Self) -> bool) -> bool {
        let original = self.original(service);
        original.is_some_and(|original| is_true(&original.policy))
    }

    fn differential_fault(&self, service: Service) -> Option<Fault> {
        const RULE: &str = "15, 30, 60, 180, 360, 720 or 1440 minutes";
        let fault = match self.differential_minutes {
            None if service != GaussdbV3 => None,
            Some(15 | 30 | 60 | 180 | 360 | 720 | 1440) => None,
            None => Some("is missing".to_owned()),
            Some(other) => Some(format!("is {other}")),
        };
        let is_same = |policy: &Self| policy.differential_minutes == self.differential_minutes;
        let is_returned = self.was_returned(service, is_same);
        of_returned(
            fault.map(|fault| ("differential_minutes", RULE, fault)),
            is_returned,
        )
    }

    fn split_fault(&self, service: Service) -> Option<Fault> {
        let size = self.chosen(service, |policy| policy.file_split_size)?;
        let fits = size <= 1024 && size % 4 == 0;
        (!fits).then(|| ("file_split_size", SPLIT, format!("is {size}")))
    }
}

/// A fault of a part; if that is still as the service has returned it, with what to do.
fn of_returned(fault: Option<Fault>, is_returned: bool) -> Option<Fault> {
    let (field, rule, fault) = fault?;
    Some(match is_returned {
        true => returned(field, rule, &fault),
        false => (field, rule, fault),
    })
}

/// The fault of a part that nobody chose, but that no request can say.
fn returned(field: &'static str, rule: &'static str, fault: &str) -> Fault {
    let fault = format!("{fault} in the policy that the service has returned: set it, too");
    (field, rule, fault)
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
