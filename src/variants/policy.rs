//! The documented rules for policies.

use std::ops::RangeInclusive;

use super::capabilities::{Capabilities, PolicyRules};
use crate::error::{Error, InvalidValue};
use crate::model::Policy;
use crate::service::{Operation, Service};

/// The name of a part, whether a policy has it, and whether a service has it.
type Part = (&'static str, fn(&Policy) -> bool, fn(&PolicyRules) -> bool);

/// The parts that not every service has.
const PARTS: [Part; 7] = [
    (
        "days of the week in a policy",
        |policy| !policy.days.is_empty(),
        |rules| rules.days,
    ),
    (
        "differential period",
        |policy| policy.differential_minutes.is_some(),
        |rules| rules.differential,
    ),
    (
        "rate limit",
        |policy| policy.rate_limit.is_some(),
        |rules| rules.differential,
    ),
    (
        "number of prefetched pages",
        |policy| policy.prefetch_pages.is_some(),
        |rules| rules.differential,
    ),
    (
        "size of split files",
        |policy| policy.file_split_size.is_some(),
        |rules| rules.differential,
    ),
    (
        "backup on a standby node",
        |policy| policy.on_standby.is_some(),
        |rules| rules.differential,
    ),
    (
        "number of backups of level 1",
        |policy| policy.level1_backups.is_some(),
        |rules| rules.level1,
    ),
];

/// Refuses a policy with a part that only other services have.
pub(crate) fn check_parts(service: Service, policy: &Policy) -> Result<(), Error> {
    PARTS
        .iter()
        .filter(|(_, is_given, _)| is_given(policy))
        .try_for_each(|(what, _, has)| {
            let can = |capabilities: &Capabilities| has(&capabilities.policy);
            service.demand(Operation::SetBackupPolicy, what, can)
        })
}

/// A rule that a policy breaks: the field, the rule, and the value in words.
type Fault = (&'static str, String, String);

impl Policy {
    /// Whether the policy keeps the documented rules of a service, and has no part of another one.
    ///
    /// Parts that are still as [`BackupClient::policy`](crate::BackupClient::policy) has returned them
    /// are sent back without a check, unless no request can say them, of which the error tells.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`] names the first value that breaks one.
    pub fn check(&self, service: Service) -> Result<(), InvalidValue> {
        let rules = &service.capabilities().policy;
        let foreign = PARTS
            .iter()
            .find(|(_, is_given, has)| is_given(self) && !has(rules));
        if let Some((what, _, has)) = foreign {
            let owners = Service::ALL
                .iter()
                .filter(|service| has(&service.capabilities().policy));
            let owners: Vec<&str> = owners.map(|service| service.as_str()).collect();
            let fault = format!("is a part that only {} has", owners.join(" or "));
            return Err(InvalidValue::new(what, "left out", fault));
        }
        let policy = Checked {
            policy: self,
            service,
            rules,
        };
        match policy.fault() {
            None => Ok(()),
            Some((field, rule, fault)) => Err(InvalidValue::new(field, rule, fault)),
        }
    }
}

/// A policy, held against the rules of a service.
struct Checked<'a> {
    policy: &'a Policy,
    service: Service,
    rules: &'a PolicyRules,
}

impl Checked<'_> {
    /// The first rule that is broken.
    fn fault(&self) -> Option<Fault> {
        self.keep_fault()
            .or_else(|| self.start_fault())
            .or_else(|| self.days_fault())
            .or_else(|| self.differential_fault())
            .or_else(|| {
                let rate_limit = self.chosen(|policy| policy.rate_limit);
                bounds("rate_limit", "0 to 1024 MB/s", rate_limit, 0..=1024)
            })
            .or_else(|| self.prefetch_fault())
            .or_else(|| self.split_fault())
            .or_else(|| {
                let is_chosen = self.chosen(|policy| policy.level1_backups).is_some();
                let fault = bounds(
                    "level1_backups",
                    "0 or 1",
                    self.policy.level1_backups,
                    0..=1,
                );
                of_returned(fault, !is_chosen)
            })
    }

    fn keep_fault(&self) -> Option<Fault> {
        let allowed = &self.rules.keep_days;
        let rule = format!("{} to {} days", allowed.start(), allowed.end());
        let chosen = self.chosen(|policy| policy.keep_days);
        let fault = match self.policy.keep_days {
            None => "is missing".to_owned(),
            Some(0) if chosen.is_none() && !allowed.contains(&0) => "is 0".to_owned(),
            Some(_) => return bounds("keep_days", &rule, chosen, allowed.clone()),
        };
        let is_returned = self.was_returned(|_| true);
        of_returned(Some(("keep_days", rule, fault)), is_returned)
    }

    fn start_fault(&self) -> Option<Fault> {
        let step = self.rules.start_step;
        let rule = match step {
            1 => "a time of day in UTC to the second".to_owned(),
            900 => "a time of day in UTC with the minute 0, 15, 30 or 45".to_owned(),
            3600 => "a full hour in UTC".to_owned(),
            other => format!("a time of day in UTC, a multiple of {other} s"),
        };
        let lacks = |policy: &Policy| policy.start.is_none();
        // What cannot be read goes back as it came.
        let has_words = self.policy.returned_start(self.service).is_some();
        if lacks(self.policy) && !has_words && !self.may_lack(lacks) {
            let fault = ("start", rule, "is missing".to_owned());
            return of_returned(Some(fault), self.was_returned(lacks));
        }
        let start = self.chosen(|policy| policy.start)?;
        let second = i32::from(start.hour()) * 3600
            + i32::from(start.minute()) * 60
            + i32::from(start.second());
        let fits = second.unsigned_abs() % step == 0 && start.subsec_nanosecond() == 0;
        (!fits).then(|| ("start", rule, format!("is {start}")))
    }

    fn days_fault(&self) -> Option<Fault> {
        let lacks = |policy: &Policy| policy.days.is_empty();
        let has_words = self.policy.returned_days(self.service).is_some();
        let is_missing =
            self.rules.days && lacks(self.policy) && !has_words && !self.may_lack(lacks);
        let rule = "one or more days of the week".to_owned();
        let fault = is_missing.then(|| ("days", rule, "is empty".to_owned()));
        of_returned(fault, self.was_returned(lacks))
    }

    fn differential_fault(&self) -> Option<Fault> {
        const RULE: &str = "15, 30, 60, 180, 360, 720 or 1440 minutes";
        let minutes = self.policy.differential_minutes;
        let fault = match minutes {
            Some(15 | 30 | 60 | 180 | 360 | 720 | 1440) => return None,
            None if !self.rules.differential => return None,
            None => "is missing".to_owned(),
            Some(other) => format!("is {other}"),
        };
        let is_returned = self.was_returned(|policy| policy.differential_minutes == minutes);
        of_returned(
            Some(("differential_minutes", RULE.to_owned(), fault)),
            is_returned,
        )
    }

    fn prefetch_fault(&self) -> Option<Fault> {
        const RULE: &str = "1 to 8192 pages";
        let pages = self.chosen(|policy| policy.prefetch_pages);
        if pages.is_none() && self.policy.prefetch_pages == Some(0) {
            let fault = ("prefetch_pages", RULE.to_owned(), "is 0".to_owned());
            return of_returned(Some(fault), true);
        }
        bounds("prefetch_pages", RULE, pages, 1..=8192)
    }

    fn split_fault(&self) -> Option<Fault> {
        let size = self.chosen(|policy| policy.file_split_size)?;
        let fits = size <= 1024 && size % 4 == 0;
        let rule = || "0 to 1024 GB and a multiple of 4".to_owned();
        (!fits).then(|| ("file_split_size", rule(), format!("is {size}")))
    }

    /// A part, unless it is as the service has returned it.
    fn chosen<T: PartialEq>(&self, part: impl Fn(&Policy) -> Option<T>) -> Option<T> {
        self.policy.chosen(self.service, part)
    }

    /// Whether the service has returned a policy of which this is true.
    fn was_returned(&self, is_true: impl Fn(&Policy) -> bool) -> bool {
        self.policy.was_returned(self.service, is_true)
    }

    /// Whether a part may be left out: where the service has returned none and demands none.
    fn may_lack(&self, lacks: impl Fn(&Policy) -> bool) -> bool {
        self.rules.may_be_empty && self.was_returned(lacks)
    }
}

/// A fault; of a part that nobody chose, but that no request can say, with what to do.
fn of_returned(fault: Option<Fault>, is_returned: bool) -> Option<Fault> {
    let (field, rule, fault) = fault?;
    let fault = if is_returned {
        format!("{fault} in the policy that the service has returned: set it, too")
    } else {
        fault
    };
    Some((field, rule, fault))
}

fn bounds(
    field: &'static str,
    rule: &str,
    value: Option<u32>,
    allowed: RangeInclusive<u32>,
) -> Option<Fault> {
    let value = value.filter(|value| !allowed.contains(value))?;
    Some((field, rule.to_owned(), format!("is {value}")))
}
