//! Failures: one [`Error`] with a kind, refused values, and the error bodies of the services.

mod body;
mod call;
pub(crate) mod codes;
mod kind;
mod value;

pub use body::{ApiError, ApiErrorV1};
pub(crate) use call::{RefusedAnswer, is_untrusted};
pub use codes::remedy;
pub use kind::ErrorKind;
pub use value::InvalidValue;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

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
    attempts: u32,
    may_have_acted: bool,
    is_of_entry: bool,
    remedy: Option<String>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// What the failure means for the caller.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the same call may succeed a little later; only what reads should be repeated for it.
    pub fn is_transient(&self) -> bool {
        self.kind().is_transient()
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

    /// How often the request was sent; 0 when it was not.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the service may have done what it was asked, although the call has failed: look before you
    /// repeat it. Never of a call that only reads.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Operation, Service, emulator::{Emulator, Fault, Reply}};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV3)?;
    /// let instance = "d8e6ca5a624745bcb546a227aa3ae1cfin01".parse()?;
    /// for (status, may_have_acted) in [(302, true), (409, false)] {
    ///     let fault = Fault::reply(Reply::new(status));
    ///     emulator.inject((Service::RdsV3, Operation::StopBackup), fault)?;
    ///     let error = client.stop(&instance).await.unwrap_err();
    ///     assert_eq!(error.may_have_acted(), may_have_acted);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn may_have_acted(&self) -> bool {
        self.0.may_have_acted
    }

    /// What went wrong, in the words of `Display` but without the [next step](Self::remedy), for those
    /// who show that in a place of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV3)?;
    /// let error = client.job("no-such-job").await.unwrap_err();
    /// let step = error.remedy().unwrap_or_default();
    /// assert!(error.to_string().contains(step) && !error.message().contains(step));
    /// # Ok(())
    /// # }
    /// ```
    pub fn message(&self) -> String {
        let mut message = String::new();
        // A string takes all that is written.
        let _ = self.write(&mut message, None);
        message
    }

    fn write(&self, to: &mut impl fmt::Write, remedy: Option<&str>) -> fmt::Result {
        let Inner {
            service,
            operation,
            message,
            request_id,
            attempts,
            ..
        } = &*self.0;
        if let (Some(service), Some(operation)) = (service, operation) {
            write!(to, "{service} {operation}: ")?;
        }
        to.write_str(message)?;
        if let Some(remedy) = remedy {
            write!(to, "; {remedy}")?;
        }
        if *attempts > 1 {
            write!(to, ", after {attempts} attempts")?;
        }
        match request_id {
            Some(id) => write!(to, " (request {id})"),
            None => Ok(()),
        }
    }

    /// What to do next, for the documented codes; it is part of the text of `Display`, too.
    pub fn remedy(&self) -> Option<&str> {
        self.0.remedy.as_deref()
    }

    /// Whether a list was given to its end but for entries without a usable id.
    pub fn is_of_entry(&self) -> bool {
        self.0.is_of_entry
    }

    /// Whether there was no connection because TLS or the server's certificate is not accepted.
    pub fn is_untrusted(&self) -> bool {
        let source = self.0.source.as_deref();
        source.is_some_and(|source| source.downcast_ref().is_some_and(is_untrusted))
    }

    pub(crate) fn new(
        kind: ErrorKind,
        service: Service,
        operation: Operation,
        message: impl Into<String>,
    ) -> Self {
        Self::general(kind, message).with_call(service, operation)
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
            attempts: 0,
            may_have_acted: false,
            is_of_entry: false,
            remedy: None,
            source: None,
        }))
    }

    /// The same failure, met during a call.
    pub(crate) fn with_call(self, service: Service, operation: Operation) -> Self {
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

    /// The same failure, without its source unless the text of that may be shown.
    pub(crate) fn with_source_if(self, may_be_shown: impl Fn(&str) -> bool) -> Self {
        self.change(|inner| {
            inner.source = inner
                .source
                .take()
                .filter(|source| may_be_shown(&source.to_string()));
        })
    }

    /// The same failure with a next step, unless it has one.
    pub(crate) fn or_remedy(self, remedy: impl FnOnce() -> String) -> Self {
        self.change(|inner| _ = inner.remedy.get_or_insert_with(remedy))
    }

    /// The same failure with this next step.
    pub(crate) fn with_remedy(self, remedy: impl Into<String>) -> Self {
        self.change(|inner| inner.remedy = Some(remedy.into()))
    }

    /// The same failure of an entry of a list, whose other entries are given.
    pub(crate) fn of_entry(self) -> Self {
        self.change(|inner| inner.is_of_entry = true)
    }

    /// The same failure, met while something else was done for the call.
    pub(crate) fn with_context(self, what: &str) -> Self {
        self.change(|inner| inner.message = format!("{what}: {}", inner.message))
    }

    /// The same failure after this many requests, on one of which the service may have acted.
    pub(crate) fn with_attempts(self, attempts: u32, may_have_acted: bool) -> Self {
        self.change(|inner| (inner.attempts, inner.may_have_acted) = (attempts, may_have_acted))
    }

    /// The same failure of a call whose outcome nobody knows.
    pub(crate) fn with_unknown_outcome(self, what: &str) -> Self {
        self.change(|inner| {
            inner.kind = ErrorKind::OutcomeUnknown;
            inner.message = format!("{}; {what}", inner.message);
            inner.remedy = Some("look for it before you create it again".to_owned());
        })
    }

    fn change(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, self.remedy())
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
