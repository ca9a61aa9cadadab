//! The sender of a request: the holder of a token, or of the access key.

mod signature;
mod tokens;

pub(crate) use tokens::{IssuedToken, Scope, Tokens};

use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::response::Response;

use super::clock::Clock;
use super::options::Options;
use super::refusal::error_body;
use super::server::{Received, gateway_error, respond};
use crate::auth::aksk;
use crate::service::Service;
use tokens::Useless;

/// Header with a token.
const TOKEN: &str = "x-auth-token";

/// Reason why credentials are not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// The signature is missing or wrong, for the reason given.
    Signature(String),
    /// There are no credentials.
    NoToken,
    /// The token has expired.
    Expired,
    /// The token was never issued.
    Unknown,
}

/// The scope of the sender of a request.
pub(crate) fn scope(
    tokens: &Tokens,
    clock: &Clock,
    options: &Options,
    request: &Received,
) -> Result<Scope, Denial> {
    let headers = &request.head.headers;
    let token = headers.get(TOKEN).filter(|token| !token.is_empty());
    // One who sends a date for a signature has forgotten the rest of it.
    if headers.contains_key(AUTHORIZATION) || headers.contains_key(aksk::DATE) && token.is_none() {
        signature::check(options, clock, request).map_err(Denial::Signature)?;
        return Ok(Scope::Project);
    }
    // No token that was issued has other characters than those of ASCII.
    let text = token.ok_or(Denial::NoToken)?.to_str();
    match tokens.find(text.map_err(|_| Denial::Unknown)?, clock.now()) {
        Ok(token) => Ok(token.scope),
        Err(Useless::Expired) => Err(Denial::Expired),
        Err(Useless::Unknown) => Err(Denial::Unknown),
    }
}

impl Denial {
    /// Message for people.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Signature(fault) => fault,
            Self::NoToken => "The request has neither a token nor a signature.",
            Self::Expired => "The token has expired.",
            Self::Unknown => "The token is invalid.",
        }
    }

    /// The answer of a service, or of the gateway before it.
    pub(crate) fn answer(&self, service: Service) -> Response {
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
