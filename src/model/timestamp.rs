//! Times as the services write them.

use std::fmt;

use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// A time as a service wrote it.
///
/// The services write `2016-09-12T01:17:05` without an offset, `2020-07-07T01:17:05+0800`, and
/// `…Z`. The text is kept, even one that is no time at all: it must not hide an accepted backup.
///
/// # Examples
///
/// ```
/// use dbbackup::model::Timestamp;
///
/// let begin = Timestamp::from("2020-07-07T01:17:05+0800");
/// assert_eq!(begin.instant().unwrap().to_string(), "2020-07-06T17:17:05Z");
///
/// let somewhere = Timestamp::from("2016-09-12T01:17:05");
/// assert_eq!(somewhere.civil().unwrap().to_string(), "2016-09-12T01:17:05");
/// assert!(somewhere.instant().is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Timestamp {
    raw: String,
    civil: Option<DateTime>,
    offset: Option<Offset>,
}

impl Timestamp {
    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// Date and time of day at the place of the clock, or `None` if the text is no time.
    pub fn civil(&self) -> Option<DateTime> {
        self.civil
    }

    /// Offset of that clock from UTC, or `None` if the text does not say.
    pub fn offset(&self) -> Option<Offset> {
        self.offset
    }

    /// The point in time, or `None` without an offset: the zone is then unknown, never UTC.
    pub fn instant(&self) -> Option<jiff::Timestamp> {
        self.offset?.to_timestamp(self.civil?).ok()
    }

    /// The earliest and the latest point in time that it can be, or `None` if the text is no time.
    ///
    /// With an offset they are the same. Without one its clock may be anywhere from UTC-12 to UTC+14.
    ///
    /// # Examples
    ///
    /// ```
    /// use dbbackup::model::Timestamp;
    ///
    /// let (earliest, latest) = Timestamp::from("2016-09-12T01:17:05").bounds().unwrap();
    /// assert_eq!(earliest.to_string(), "2016-09-11T11:17:05Z");
    /// assert_eq!(latest.to_string(), "2016-09-12T13:17:05Z");
    /// ```
    pub fn bounds(&self) -> Option<(jiff::Timestamp, jiff::Timestamp)> {
        let civil = self.civil?;
        // A time at the end of what can be written still has its place in the order.
        let end = if civil.year() > 0 {
            jiff::Timestamp::MAX
        } else {
            jiff::Timestamp::MIN
        };
        let at = |offset: Offset| offset.to_timestamp(civil).unwrap_or(end);
        let of = |hours| self.offset.unwrap_or(Offset::constant(hours));
        Some((at(of(14)), at(of(-12))))
    }
}

impl From<String> for Timestamp {
    fn from(raw: String) -> Self {
        let pieces = Pieces::parse(&raw).ok();
        let civil = pieces
            .as_ref()
            .and_then(|p| p.time().map(|time| p.date().to_datetime(time)));
        let offset = pieces.and_then(|p| p.to_numeric_offset());
        Self {
            offset: civil.and(offset),
            civil,
            raw,
        }
    }
}

impl From<&str> for Timestamp {
    fn from(raw: &str) -> Self {
        raw.to_owned().into()
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.raw
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.raw)
    }
}
