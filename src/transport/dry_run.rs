//! A request that was not sent, for whoever wants to see it first.

use std::fmt;

use reqwest::Request;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::error::{Error, ErrorKind};

/// A request that a [dry run](super::Transport::dry_run) did not send: neither token nor signature.
///
/// The source of an error of the kind [`DryRun`](ErrorKind::DryRun).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DryRun {
    /// Method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// The body as it would be sent, if there is one; its JSON form is the value itself.
    #[serde(serialize_with = "value")]
    pub body: Option<String>,
}

impl DryRun {
    /// That of an error, if it has one.
    pub fn of(error: &Error) -> Option<&Self> {
        std::error::Error::source(error)?.downcast_ref()
    }

    /// The failure that takes the place of a request, before credentials are added to it.
    pub(super) fn instead_of(request: &Request) -> Error {
        let body = request.body().and_then(|body| body.as_bytes());
        let shown = Self {
            method: request.method().to_string(),
            url: request.url().to_string(),
            body: body.map(|bytes| String::from_utf8_lossy(bytes).into_owned()),
        };
        let message = "this is a dry run; nothing was sent";
        Error::general(ErrorKind::DryRun, message).with_source(shown)
    }
}

fn value<S: Serializer>(body: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    let value = body.as_deref().map(serde_json::from_str::<Value>);
    match value {
        Some(Ok(value)) => value.serialize(serializer),
        _ => body.serialize(serializer),
    }
}

impl fmt::Display for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}

impl std::error::Error for DryRun {}
