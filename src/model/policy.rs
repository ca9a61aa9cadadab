//! The policy for automated backups.

use jiff::civil::{Time, Weekday};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::service::Service;

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Policy {
    /// Days that automated backups are kept; 0 when there are none. A request needs it.
    pub keep_days: Option<u32>,
    /// Time of day in UTC at which the hour begins in which a backup starts.
    pub start: Option<Time>,
    /// Days of the week; rds-v1 knows none and backs up daily.
    #[serde(serialize_with = "numbers", deserialize_with = "weekdays")]
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
    pub(crate) fn chosen<T: PartialEq>(
        &self,
        service: Service,
        part: impl Fn(&Self) -> Option<T>,
    ) -> Option<T> {
        let returned = self
            .original(service)
            .and_then(|original| part(&original.policy));
        part(self).filter(|chosen| returned.as_ref() != Some(chosen))
    }

    /// Whether the service has returned a policy of which this is true.
    pub(crate) fn was_returned(&self, service: Service, is_true: impl Fn(&Self) -> bool) -> bool {
        let original = self.original(service);
        original.is_some_and(|original| is_true(&original.policy))
    }
}

/// Days as numbers, 1 for Monday to 7.
fn numbers<S: Serializer>(days: &[Weekday], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(days.iter().map(|day| day.to_monday_one_offset()))
}

fn weekdays<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Weekday>, D::Error> {
    let numbers = Vec::<i8>::deserialize(deserializer)?.into_iter();
    let days = numbers.map(Weekday::from_monday_one_offset);
    days.collect::<Result<_, _>>().map_err(D::Error::custom)
}
