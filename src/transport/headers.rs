//! What the headers of an answer say: its time, the pause asked for, and how far a clock is off.

use std::time::Duration;

use http::HeaderMap;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

/// A clock that is further off than this is worth a word; at 15 minutes signatures are refused.
const SKEW: Duration = Duration::from_secs(180);

/// A header that is a text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The time of the answer, by the clock of the server.
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    parsed(text(headers, "date")?)
}

/// The pause that is asked for, in seconds or until a date.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, "retry-after")?;
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait = parsed(text)?.duration_since(Timestamp::now());
    Some(wait.try_into().unwrap_or_default())
}

/// How far the clock of this machine is ahead of the server's.
pub(super) fn clock_ahead(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    Some(now.duration_since(date(headers)?))
}

/// Whether a clock that is ahead by this, or behind, may become a problem.
pub(super) fn is_off(ahead: SignedDuration) -> bool {
    ahead.unsigned_abs() > SKEW
}

/// What is wrong with the clock of this machine, going by that of the server.
pub(super) fn skew(headers: &HeaderMap, now: Timestamp) -> Option<String> {
    let ahead = clock_ahead(headers, now).filter(|ahead| is_off(*ahead))?;
    let direction = if ahead.is_positive() {
        "ahead of"
    } else {
        "behind"
    };
    let seconds = ahead.unsigned_abs().as_secs();
    Some(format!(
        "the clock of this machine is {} min {} s {direction} the service's: set it",
        seconds / 60,
        seconds % 60
    ))
}

/// A date as HTTP writes it.
fn parsed(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            http::HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )])
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        let delay = |value| retry_after(&headers("retry-after", value));
        assert_eq!(delay("120"), Some(Duration::from_secs(120)));
        assert_eq!(delay("Fri, 31 Dec 1999 23:59:59 GMT"), Some(Duration::ZERO));
        let far = delay("Tue, 31 Dec 2999 23:59:59 GMT");
        assert!(far.is_some_and(|wait| wait > Duration::from_secs(3600)));
        assert_eq!(delay("soon"), None);
        assert_eq!(delay("-1"), None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn a_clock_that_is_minutes_off_is_named_with_the_offset() {
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap_or_default();
        let said = |server| skew(&headers("date", server), now).unwrap_or_default();
        assert_eq!(
            said("Fri, 02 Jan 2026 02:46:02 GMT"),
            "the clock of this machine is 18 min 3 s ahead of the service's: set it"
        );
        assert_eq!(
            said("Fri, 02 Jan 2026 03:07:06 GMT"),
            "the clock of this machine is 3 min 1 s behind the service's: set it"
        );
        assert_eq!(said("Fri, 02 Jan 2026 03:07:05 GMT"), "");
        assert_eq!(said("today"), "");
    }
}
