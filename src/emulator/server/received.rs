//! A request as it came in, read as a whole and recorded before anything is made of it.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use super::body::Unread;
use super::wire::Wire;
use crate::emulator::shared::Shared;

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

/// A body on its way from [`receive`] to a handler.
#[derive(Clone)]
struct Read(Result<Bytes, Unread>, Line);

/// Reads the body of a request, records it, and hands it on.
pub(super) async fn receive(
    State((shared, is_iam)): State<(Arc<Shared>, bool)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut head, body) = request.into_parts();
    let wire = head.extensions.remove::<Wire>().unwrap_or_default();
    let body = shared.room.read(body).await;
    let sent = body.as_ref().ok();
    let number = shared.record.begin(shared.now(), &head, sent, is_iam);
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
