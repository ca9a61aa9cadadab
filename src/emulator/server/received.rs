//! A request as it came in, read as a whole and recorded before anything is made of it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt;
use tokio::time::timeout;

use super::wire::Wire;
use crate::emulator::shared::Shared;

/// Bytes of a body that is looked at; the fullest ones of the contracts have a few thousand.
const MOST_BODY: usize = 256 << 10;
/// Bytes that are read of a larger one, so that its sender hears the answer.
const MOST_DISCARDED: usize = 64 << 20;
/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A request as it came in.
pub(in crate::emulator) struct Received {
    pub(in crate::emulator) head: Parts,
    pub(in crate::emulator) path: Result<RawPathParams, RawPathParamsRejection>,
    pub(in crate::emulator) body: Result<Bytes, Unread>,
    pub(in crate::emulator) line: Line,
}

/// What a request has besides its text: its connection, and its place in the record.
#[derive(Clone, Debug, Default)]
pub(in crate::emulator) struct Line {
    pub(super) wire: Wire,
    pub(in crate::emulator) number: u64,
}

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emulator) enum Unread {
    /// It has too many bytes.
    Large,
    /// It came too slowly.
    Slow,
    /// It broke off, or is not one of HTTP.
    Broken,
}

impl Unread {
    /// Status that HTTP has for it.
    pub(in crate::emulator) fn status(self) -> StatusCode {
        match self {
            Self::Large => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }

    /// Words for people.
    pub(in crate::emulator) fn message(self) -> String {
        match self {
            Self::Large => format!("body: must not have more than {MOST_BODY} bytes"),
            Self::Slow => format!("body: must come within {} seconds", BODY_TIME.as_secs()),
            Self::Broken => "body: broke off".to_owned(),
        }
    }
}

/// A body on its way from [`receive`] to a handler.
#[derive(Clone)]
struct Read(Result<Bytes, Unread>, Line);

/// Reads the body of a request, records it, and hands it on.
pub(super) async fn receive(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut head, body) = request.into_parts();
    let wire = head.extensions.remove::<Wire>().unwrap_or_default();
    let body = read(body).await;
    let number = shared.record.begin(shared.now(), &head, body.as_ref().ok());
    let line = Line { wire, number };
    let what = format!("{} {}", head.method, head.uri.path());
    head.extensions.insert(Read(body, line.clone()));
    let answer = next.run(Request::from_parts(head, Body::empty())).await;
    let status = (!line.wire.is_cut()).then(|| answer.status());
    shared.record.end(number, status);
    match status {
        Some(status) => tracing::info!("{what} {}", status.as_u16()),
        None => tracing::info!("{what} reset"),
    }
    answer
}

/// The bytes of a body, if there are not too many and they come in time.
pub(in crate::emulator) async fn read(body: Body) -> Result<Bytes, Unread> {
    let body = timeout(BODY_TIME, read_slowly(body)).await;
    body.unwrap_or(Err(Unread::Slow))
}

async fn read_slowly(body: Body) -> Result<Bytes, Unread> {
    let mut kept = Vec::new();
    let mut length = 0;
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Unread::Broken)?;
        length += part.len();
        if length <= MOST_BODY {
            kept.extend_from_slice(&part);
        } else if length > MOST_DISCARDED {
            break;
        } else {
            kept = Vec::new();
        }
    }
    if length > MOST_BODY {
        return Err(Unread::Large);
    }
    Ok(kept.into())
}

impl Received {
    /// The value of a header, if it is text.
    pub(in crate::emulator) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// The query as it was sent, without the question mark.
    pub(in crate::emulator) fn query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// The bytes of the body, none if it could not be read.
    pub(in crate::emulator) fn bytes(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequest<S> for Received {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let (mut head, _) = request.into_parts();
        let path = RawPathParams::from_request_parts(&mut head, state).await;
        let read = head.extensions.remove::<Read>();
        let Read(body, line) = read.unwrap_or_else(|| Read(Ok(Bytes::new()), Line::default()));
        Ok(Self {
            head,
            path,
            body,
            line,
        })
    }
}
