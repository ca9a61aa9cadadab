//! A request as it came in, read as a whole and logged before anything is made of it.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use super::body::{BodyBudget, Unread};
use super::connection::ConnectionHandle;
use super::request_log::{LogEntry, RequestLog};
use crate::emulator::clock::Clock;

/// The means of a server to read and to log its requests.
#[derive(Clone, Debug)]
pub(crate) struct Intake {
    pub(crate) clock: Arc<Clock>,
    pub(crate) bodies: BodyBudget,
    pub(crate) log: RequestLog,
    /// Whether it is the server of IAM, in whose requests there are passwords.
    pub(crate) is_iam: bool,
}

/// A request as it came in.
pub(crate) struct Received {
    pub(crate) head: Parts,
    pub(crate) path: Result<RawPathParams, RawPathParamsRejection>,
    pub(crate) body: Result<Bytes, Unread>,
    pub(crate) entry: LogEntry,
}

/// A body on its way from [`receive`] to a handler, in the extensions of the request.
#[derive(Clone)]
struct ReadBody(Result<Bytes, Unread>, LogEntry);

/// Reads the body of a request, logs it, and hands it on.
pub(crate) async fn receive(
    State(intake): State<Intake>,
    request: Request,
    next: Next,
) -> Response {
    let (mut head, body) = request.into_parts();
    let connection = head.extensions.remove::<ConnectionHandle>();
    let body = intake.bodies.read(body).await;
    let entry = intake.log.begin(
        intake.clock.now(),
        &head,
        body.as_ref().ok(),
        intake.is_iam,
        connection.unwrap_or_default(),
    );
    let request_line = format!("{} {}", head.method, head.uri.path());
    head.extensions.insert(ReadBody(body, entry.clone()));
    let answer = next.run(Request::from_parts(head, Body::empty())).await;
    let status = (!entry.connection.is_cut()).then(|| answer.status());
    entry.end(status);
    match status {
        Some(status) => tracing::info!("{request_line} {}", status.as_u16()),
        None => tracing::info!("{request_line} reset"),
    }
    answer
}

impl Received {
    /// The value of a header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// The query as it was sent, without the question mark.
    pub(crate) fn query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// The bytes of the body, none if it could not be read.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequest<S> for Received {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let (mut head, _) = request.into_parts();
        let path = RawPathParams::from_request_parts(&mut head, state).await;
        let read = head.extensions.remove::<ReadBody>();
        let ReadBody(body, entry) =
            read.unwrap_or_else(|| ReadBody(Ok(Bytes::new()), LogEntry::default()));
        Ok(Self {
            head,
            path,
            body,
            entry,
        })
    }
}
