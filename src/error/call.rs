//! Failures of calls: what a client reports, and what an answer says.

use std::fmt;
use std::io;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

use super::codes::remedy;
use super::{ApiError, Error, ErrorKind};
use crate::service::{Operation, Service};

/// Bytes of an accepted answer that are read: a page of 100 entries has about a hundredth of it.
pub(crate) const ANSWER_LIMIT: usize = 16 * 1024 * 1024;
/// What a gateway that does not accept a signature says before the canonical request that it has made
/// of the request, whose lines are joined by `|`.
const CANONICAL: &str = "canonicalRequest:";
/// A clock that is this far off is worth a word; at 15 minutes signatures are refused.
const SKEW: Duration = Duration::from_secs(180);

impl Error {
    /// What a generated client reports.
    pub(crate) fn of_call<E>(
        service: Service,
        operation: Operation,
        error: progenitor_client::Error<E>,
    ) -> Self
    where
        E: Send + Sync + fmt::Debug + 'static,
    {
        use progenitor_client::Error as Call;
        let new = |kind, message: &str| Self::new(kind, service, operation, message);
        let at = Some((service, operation));
        match error {
            // The transport, which has read it, tells the rest.
            Call::ErrorResponse(refused) => Self::refused(
                at,
                None,
                refused.status(),
                refused.headers(),
                ApiError::default(),
            ),
            Call::UnexpectedResponse(answer) => Self::refused(
                at,
                None,
                answer.status(),
                answer.headers(),
                ApiError::default(),
            ),
            Call::InvalidRequest(reason) | Call::Custom(reason) => {
                new(ErrorKind::InvalidInput, &reason)
            }
            Call::CommunicationError(cause) => Self::unanswered(cause).at(service, operation),
            Call::InvalidResponsePayload(body, _) if body.len() >= ANSWER_LIMIT => {
                let most = ANSWER_LIMIT / (1024 * 1024);
                let message = format!("the call was accepted, but its answer is over {most} MiB");
                new(ErrorKind::UnreadableAnswer, &message)
            }
            Call::InvalidResponsePayload(_, cause) => {
                let message = "the call was accepted, but its answer cannot be read";
                new(ErrorKind::UnreadableAnswer, message).with_source(cause)
            }
            other => {
                let message = "the call was accepted, but its answer broke off";
                new(ErrorKind::UnreadableAnswer, message).with_source(other)
            }
        }
    }

    /// A request without an answer.
    pub(crate) fn unanswered(cause: reqwest::Error) -> Self {
        use ErrorKind::{InvalidInput, Network, Unreachable};
        let (kind, message) = if cause.is_builder() {
            (InvalidInput, "the URL cannot be used")
        } else if is_untrusted(&cause) {
            (
                Unreachable,
                "the server's certificate or TLS is not accepted; nothing was sent",
            )
        } else if cause.is_connect() {
            (Unreachable, "no connection could be made; nothing was sent")
        } else if cause.is_timeout() {
            (Network, "no answer came in time")
        } else {
            (Network, "no answer came")
        };
        Self::general(kind, message).with_source(cause)
    }

    /// An answer that refuses a call, or a login where there is no call; with 2xx one that has an error
    /// in place of a result. `by` is the URL that was asked, where it says more than the call.
    pub(crate) fn refused(
        call: Option<(Service, Operation)>,
        by: Option<&str>,
        status: StatusCode,
        headers: &HeaderMap,
        mut body: ApiError,
    ) -> Self {
        let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
        // Some repeat the status in the place of a code.
        let is_status = |code: &String| code == status.as_str();
        body.error_code = body.error_code.filter(|code| !is_status(code));
        let code = body.error_code.as_deref();
        let (kind, mut message) = match status.is_success() {
            true => (
                ErrorKind::UnreadableAnswer,
                "the call was accepted, but its answer is an error:".to_owned(),
            ),
            false => (
                ErrorKind::of_refusal(call.map(|(service, _)| service), status, code),
                format!("refused with {}", status.as_u16()),
            ),
        };
        for part in [&body.error_code, &body.error_msg].into_iter().flatten() {
            message += &format!(" {}", one_line(part));
        }
        if let Some(url) = by {
            message += &format!(" by {url}");
        }
        if kind == ErrorKind::Unauthorized
            && let Some(skew) = text("date").and_then(|date| skew(&date, Timestamp::now()))
        {
            message += &format!("; {skew}");
        }
        // Of what the gateway has signed in its way, the line that differs is the reason.
        let is_unequal = body
            .error_msg
            .as_deref()
            .is_some_and(|text| text.contains(CANONICAL));
        let remedy = call
            .filter(|_| !is_unequal)
            .and_then(|(service, operation)| remedy(service, operation, code.unwrap_or_default()))
            .or_else(|| is_unequal.then(of_signature))
            .or_else(|| (status == StatusCode::PROXY_AUTHENTICATION_REQUIRED).then(of_proxy));
        let error = Self::general(kind, message).change(|inner| {
            inner.status = Some(status);
            inner.remedy = remedy;
            inner.code = body.error_code;
            inner.request_id = text("x-request-id").or(body.request_id);
            inner.retry_after = text("retry-after").and_then(|text| delay(&text));
        });
        match call {
            Some((service, operation)) => error.at(service, operation),
            None => error,
        }
    }
}

/// What to do about a proxy that wants other credentials.
fn of_signature() -> String {
    format!(
        "check the secret key; if it is right, put what follows {CANONICAL} into a file, and sign the same \
         request with `dbbackup sign --compare FILE`"
    )
}

fn of_proxy() -> String {
    "check the user and the password in the URL of the proxy".to_owned()
}

/// Whether a connection failed because the other side could not prove who it is.
///
/// The TLS library reports all that it does not accept as invalid data.
pub(crate) fn is_untrusted(error: &reqwest::Error) -> bool {
    let first: &(dyn std::error::Error + 'static) = error;
    let mut chain = std::iter::successors(Some(first), |error| error.source());
    error.is_connect() && chain.any(|error| error.downcast_ref().is_some_and(is_invalid_data))
}

/// Also within another one, which `source` does not show.
fn is_invalid_data(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    error.kind() == io::ErrorKind::InvalidData || inner.is_some_and(is_invalid_data)
}

/// A text without line breaks, cut where nobody reads on: it may be a page of HTML. A canonical request
/// is of use as a whole alone.
fn one_line(text: &str) -> String {
    let most = if text.contains(CANONICAL) { 8192 } else { 300 };
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A `Retry-After`: seconds, or a date.
pub(crate) fn delay(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait = date(text)?.duration_since(Timestamp::now());
    Some(wait.try_into().unwrap_or_default())
}

/// A date as HTTP writes it.
pub(crate) fn date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// How far the clock of this machine is ahead of that in the `Date` of an answer.
pub(crate) fn ahead(server: &str, now: Timestamp) -> Option<SignedDuration> {
    Some(now.duration_since(date(server)?))
}

/// What is wrong with the clock of this machine, going by the `Date` of an answer.
fn skew(server: &str, now: Timestamp) -> Option<String> {
    let ahead = ahead(server, now)?;
    let by = ahead.unsigned_abs();
    let direction = if ahead.is_positive() {
        "ahead of"
    } else {
        "behind"
    };
    let seconds = by.as_secs();
    (by > SKEW).then(|| {
        format!(
            "the clock of this machine is {} min {} s {direction} the service's: set it",
            seconds / 60,
            seconds % 60
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_short_line() {
        assert_eq!(one_line(" sorry,\r\n  later "), "sorry, later");
        let long = one_line(&"ü".repeat(64 * 1024));
        assert_eq!(long.chars().count(), 301);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        assert_eq!(delay("120"), Some(Duration::from_secs(120)));
        assert_eq!(delay("Fri, 31 Dec 1999 23:59:59 GMT"), Some(Duration::ZERO));
        let far = delay("Tue, 31 Dec 2999 23:59:59 GMT");
        assert!(far.is_some_and(|wait| wait > Duration::from_secs(3600)));
        assert_eq!(delay("soon"), None);
        assert_eq!(delay("-1"), None);
    }

    #[test]
    fn a_404_is_evidence_of_absence_only_with_a_code_that_says_so() {
        let kind = |status, code| {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            ErrorKind::of_refusal(Some(Service::GaussdbV3), status, code)
        };
        let on_rds = ErrorKind::of_refusal(
            Some(Service::RdsV3),
            StatusCode::BAD_REQUEST,
            Some("DBS.280214"),
        );
        assert_eq!(on_rds, ErrorKind::NotFound);
        assert_eq!(kind(404, Some("DBS.201010")), ErrorKind::NotFound);
        assert_eq!(kind(400, Some("RDS.3026")), ErrorKind::NotFound);
        assert_eq!(kind(404, Some("APIGW.0101")), ErrorKind::Refused);
        assert_eq!(kind(404, None), ErrorKind::Refused);
        // On gaussdb-v3 this code is about retention days.
        assert_eq!(kind(400, Some("DBS.280214")), ErrorKind::Refused);
        assert_eq!(kind(400, Some("DBS.201208")), ErrorKind::Conflict);
        assert_eq!(kind(409, None), ErrorKind::Conflict);
        assert_eq!(kind(403, Some("DBS.280056")), ErrorKind::Unauthorized);
        assert_eq!(kind(400, Some("DBS.301024")), ErrorKind::Conflict);
        assert_eq!(kind(500, Some("DBS.201010")), ErrorKind::Unavailable);
        assert_eq!(kind(429, None), ErrorKind::Throttled);
        assert_eq!(kind(503, None), ErrorKind::Unavailable);
    }

    #[test]
    fn a_clock_that_is_minutes_off_is_named_with_the_offset() {
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap_or_default();
        let said = |server: &str| skew(server, now).unwrap_or_default();
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
