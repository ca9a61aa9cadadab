//! Failures: one [`Error`] with a kind, refused values, and the error bodies of the services.

mod body;
mod kind;
mod value;

pub use body::{ApiError, ApiErrorV1};
pub use kind::ErrorKind;
pub use value::InvalidValue;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use jiff::fmt::rfc2822;

use crate::service::{Operation, Service};

/// Why a method of [`BackupClient`](crate::BackupClient) failed.
///
/// [`kind`](Error::kind) says what to do. The message is one line; it has no secret, and the text of
/// the [`source`](std::error::Error::source) is not repeated in it.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    service: Option<Service>,
    operation: Option<Operation>,
    message: String,
    status: Option<StatusCode>,
    code: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// What the failure means for the caller.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The service that was, or would have been, called; `None` for IAM and for configuration.
    pub fn service(&self) -> Option<Service> {
        self.0.service
    }

    /// The call that failed; `None` for IAM and for configuration.
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// HTTP status of the answer, if one came.
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// The vendor's code, such as `DBS.201205`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Id of the request, for the vendor's support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the service asks to wait before the next call.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    pub(crate) fn new(
        kind: ErrorKind,
        service: Service,
        operation: Operation,
        message: impl Into<String>,
    ) -> Self {
        Self::general(kind, message).at(service, operation)
    }

    /// A failure that belongs to no call of a service.
    pub(crate) fn general(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            kind,
            service: None,
            operation: None,
            message: message.into(),
            status: None,
            code: None,
            request_id: None,
            retry_after: None,
            source: None,
        }))
    }

    /// The same failure, met during a call.
    pub(crate) fn at(self, service: Service, operation: Operation) -> Self {
        self.change(|inner| (inner.service, inner.operation) = (Some(service), Some(operation)))
    }

    /// A refusal of `what`, which only other services take.
    pub(crate) fn unsupported(
        service: Service,
        operation: Operation,
        what: &str,
        others: &[Service],
    ) -> Self {
        let others: Vec<_> = others.iter().map(|other| other.as_str()).collect();
        let message = format!(
            "there is no {what} on {service}, only on {}",
            others.join(", ")
        );
        Self::new(ErrorKind::Unsupported, service, operation, message)
    }

    pub(crate) fn with_source<S>(self, source: S) -> Self
    where
        S: std::error::Error + Send + Sync + 'static,
    {
        self.change(|inner| inner.source = Some(Arc::new(source)))
    }

    fn change(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// What a generated client reports.
    pub(crate) fn of_call<E>(
        service: Service,
        operation: Operation,
        error: progenitor_client::Error<E>,
    ) -> Self
    where
        E: Into<ApiError> + Send + Sync + fmt::Debug + 'static,
    {
        use progenitor_client::Error as Call;
        let new = |kind, message: String| Self::new(kind, service, operation, message);
        match error {
            Call::ErrorResponse(refused) => {
                let (status, headers) = (refused.status(), refused.headers().clone());
                Self::refused(
                    service,
                    operation,
                    status,
                    &headers,
                    refused.into_inner().into(),
                )
            }
            Call::UnexpectedResponse(answer) => {
                let status = answer.status();
                Self::refused(
                    service,
                    operation,
                    status,
                    answer.headers(),
                    ApiError::default(),
                )
            }
            Call::InvalidRequest(reason) => new(ErrorKind::InvalidInput, reason),
            Call::CommunicationError(cause) => {
                new(ErrorKind::Network, "no answer came".to_owned()).with_source(cause)
            }
            Call::InvalidResponsePayload(_, cause) => {
                let message = "the call was accepted, but its answer cannot be read".to_owned();
                new(ErrorKind::UnreadableAnswer, message).with_source(cause)
            }
            other => {
                let message = "the call was accepted, but its answer broke off".to_owned();
                new(ErrorKind::UnreadableAnswer, message).with_source(other)
            }
        }
    }

    fn refused(
        service: Service,
        operation: Operation,
        status: StatusCode,
        headers: &HeaderMap,
        body: ApiError,
    ) -> Self {
        let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
        let kind = ErrorKind::of_refusal(service, status, body.error_code.as_deref());
        let mut message = format!("refused with {}", status.as_u16());
        for part in [&body.error_code, &body.error_msg].into_iter().flatten() {
            message += &format!(" {}", one_line(part));
        }
        if matches!(
            body.error_code.as_deref(),
            Some("RDS.0002" | "RDS.0022" | "RDS.1103")
        ) {
            message += "; rds-v1 wants the id of the primary node, not of the instance";
        }
        Self::new(kind, service, operation, message).change(|inner| {
            inner.status = Some(status);
            inner.code = body.error_code;
            inner.request_id = text("x-request-id").or(body.request_id);
            inner.retry_after = text("retry-after").and_then(|text| delay(&text));
        })
    }
}

/// A text without line breaks, cut where nobody reads on: it may be a page of HTML.
fn one_line(text: &str) -> String {
    const MOST: usize = 300;
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A `Retry-After`: seconds, or a date.
fn delay(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    let wait = date.duration_since(jiff::Timestamp::now());
    Some(wait.try_into().unwrap_or_default())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            service,
            operation,
            message,
            request_id,
            ..
        } = &*self.0;
        if let (Some(service), Some(operation)) = (service, operation) {
            write!(f, "{service} {operation}: ")?;
        }
        f.write_str(message)?;
        match request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug
            .field("kind", &self.0.kind)
            .field("message", &self.to_string());
        debug.field("source", &self.0.source).finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
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
            ErrorKind::of_refusal(Service::GaussdbV3, status, code)
        };
        let on_rds =
            ErrorKind::of_refusal(Service::RdsV3, StatusCode::BAD_REQUEST, Some("DBS.280214"));
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
