//! Failures of calls: what a client reports, and what an answer says.

use std::fmt;
use std::io;
use std::time::Duration;

use http::StatusCode;

use super::codes;
use super::{ApiError, Error, ErrorKind};
use crate::service::{Operation, Service};

/// What a gateway that does not accept a signature says before the canonical request that it has made
/// of the request, whose lines are joined by `|`.
const CANONICAL: &str = "canonicalRequest:";

/// What an answer says that refuses a call, or a login.
#[derive(Debug)]
pub(crate) struct RefusedAnswer<'a> {
    /// With 2xx the answer has an error in place of a result.
    pub(crate) status: StatusCode,
    pub(crate) body: ApiError,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    /// What is wrong with the clock of this machine.
    pub(crate) skew: Option<String>,
    /// The URL that was asked, where it says more than the call.
    pub(crate) by: Option<&'a str>,
}

impl RefusedAnswer<'_> {
    /// A refusal of which only the status is known.
    pub(crate) fn with_status(status: StatusCode) -> Self {
        Self {
            status,
            body: ApiError::default(),
            request_id: None,
            retry_after: None,
            skew: None,
            by: None,
        }
    }
}

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
        use progenitor_client::Error as Generated;
        let new = |kind, message: &str| Self::new(kind, service, operation, message);
        let at = Some((service, operation));
        match error {
            // The transport, which has read the body, says the rest.
            Generated::ErrorResponse(refused) => {
                Self::refused(at, RefusedAnswer::with_status(refused.status()))
            }
            Generated::UnexpectedResponse(answer) => {
                Self::refused(at, RefusedAnswer::with_status(answer.status()))
            }
            Generated::InvalidRequest(reason) | Generated::Custom(reason) => {
                new(ErrorKind::InvalidInput, &reason)
            }
            Generated::CommunicationError(cause) => {
                Self::unanswered(cause).with_call(service, operation)
            }
            Generated::InvalidResponsePayload(_, cause) => {
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
        use ErrorKind::{InvalidInput, NoAnswer, Unreachable};
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
            (NoAnswer, "no answer came in time")
        } else {
            (NoAnswer, "no answer came")
        };
        Self::general(kind, message).with_source(cause)
    }

    /// An answer that refuses a call, or a login where there is no call.
    pub(crate) fn refused(call: Option<(Service, Operation)>, refusal: RefusedAnswer<'_>) -> Self {
        let RefusedAnswer {
            status, mut body, ..
        } = refusal;
        // Some repeat the status in the place of a code.
        let is_status = |code: &String| code == status.as_str();
        body.error_code = body.error_code.filter(|code| !is_status(code));
        let (service, operation) = call.unzip();
        let code = body.error_code.as_deref();
        let meaning = code.and_then(|code| codes::meaning(service, operation, code));
        let (kind, mut message) = if status.is_success() {
            (
                ErrorKind::UnreadableAnswer,
                "the call was accepted, but its answer is an error:".to_owned(),
            )
        } else {
            (
                ErrorKind::of_refusal(status, meaning),
                format!("refused with {}", status.as_u16()),
            )
        };
        for part in [&body.error_code, &body.error_msg].into_iter().flatten() {
            message += &format!(" {}", one_line(part));
        }
        if let Some(url) = refusal.by {
            message += &format!(" by {url}");
        }
        if kind == ErrorKind::Unauthorized
            && let Some(skew) = refusal.skew
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
            .and_then(|(service, operation)| meaning?.step(service, operation))
            .or_else(|| is_unequal.then(of_signature))
            .or_else(|| (status == StatusCode::PROXY_AUTHENTICATION_REQUIRED).then(of_proxy));
        let error = Self::general(kind, message).change(|inner| {
            inner.status = Some(status);
            inner.remedy = remedy;
            inner.code = body.error_code;
            inner.request_id = refusal.request_id.or(body.request_id);
            inner.retry_after = refusal.retry_after;
        });
        match call {
            Some((service, operation)) => error.with_call(service, operation),
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

    fn of_refusal(service: Service, status: StatusCode, code: Option<&str>) -> ErrorKind {
        let meaning = code.and_then(|code| codes::meaning(Some(service), None, code));
        ErrorKind::of_refusal(status, meaning)
    }

    #[test]
    fn a_404_is_evidence_of_absence_only_with_a_code_that_says_so() {
        let kind = |status, code| {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            of_refusal(Service::GaussdbV3, status, code)
        };
        let bad = StatusCode::BAD_REQUEST;
        let on_rds = of_refusal(Service::RdsV3, bad, Some("DBS.280214"));
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
}
