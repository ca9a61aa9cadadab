//! A request as it came in, with the connection that it came on.

use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, RawPathParamsRejection};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;

use super::wire::Wire;

/// A request as it came in.
pub(super) struct Received {
    pub(super) head: Parts,
    pub(super) path: Result<RawPathParams, RawPathParamsRejection>,
    pub(super) body: Result<Bytes, BytesRejection>,
    pub(super) wire: Wire,
}

impl Received {
    /// The value of a header, if it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// The query as it was sent, without the question mark.
    pub(super) fn query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// The bytes of the body, none if it could not be read.
    pub(super) fn bytes(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequest<S> for Received {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let (mut head, body) = request.into_parts();
        let path = RawPathParams::from_request_parts(&mut head, state).await;
        let wire = head.extensions.get::<ConnectInfo<Wire>>();
        let wire = wire.map(|ConnectInfo(wire)| wire.clone());
        let request = Request::from_parts(head.clone(), body);
        Ok(Self {
            path,
            wire: wire.unwrap_or_default(),
            body: Bytes::from_request(request, state).await,
            head,
        })
    }
}
