//! Who sends a request: the holder of a token, or of the access key.

mod signature;
mod tokens;

pub(super) use tokens::{Scope, Token, Tokens, Useless};

use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::response::Response;

use super::refusal::error_body;
use super::server::{Received, gateway_error, respond};
use super::shared::Shared;
use crate::auth::aksk;
use crate::service::Service;

/// Header with a token.
const TOKEN: &str = "x-auth-token";

/// Why credentials are not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Denial {
    /// The signature is missing or wrong, in words.
    Signature(String),
    /// There are no credentials.
    NoToken,
    /// The token is good no more.
    Expired,
    /// The token was never given out.
    Unknown,
}

/// What the sender of a request may use.
pub(super) fn scope(shared: &Shared, request: &Received) -> Result<Scope, Denial> {
    let headers = &request.head.headers;
    let token = headers.get(TOKEN).filter(|token| !token.is_empty());
    // One who sends a date for a signature has forgotten the rest of it.
    if headers.contains_key(AUTHORIZATION) || headers.contains_key(aksk::DATE) && token.is_none() {
        signature::check(shared, request).map_err(Denial::Signature)?;
        return Ok(Scope::Project);
    }
    // No token that was given out has other characters than those of ASCII.
    let token = token.ok_or(Denial::NoToken)?;
    let token = token.to_str().map_err(|_| Denial::Unknown)?;
    match shared.tokens.find(token, shared.now()) {
        Ok(token) => Ok(token.scope),
        Err(Useless::Expired) => Err(Denial::Expired),
        Err(Useless::Unknown) => Err(Denial::Unknown),
    }
}

impl Denial {
    /// Words for people.
    pub(super) fn message(&self) -> &str {
        match self {
            Self::Signature(fault) => fault,
            Self::NoToken => "The request has neither a token nor a signature.",
            Self::Expired => "The token has expired.",
            Self::Unknown => "The token is invalid.",
        }
    }

    /// The answer of a service, or of the gateway before it.
    pub(super) fn answer(&self, service: Service) -> Response {
        let code = match self {
            Self::Signature(_) => "APIGW.0301",
            Self::NoToken | Self::Expired => "APIGW.0307",
            // The service itself looks at the token, and rds-v1 has no code of its own for it.
            Self::Unknown => {
                let body = error_body(service, "DBS.280056", self.message());
                return respond(StatusCode::FORBIDDEN, &body);
            }
        };
        gateway_error(StatusCode::UNAUTHORIZED, code, self.message())
    }
}
