//! An answer that a test gives in place of the real one.

use std::collections::BTreeMap;

use axum::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::invalid::InvalidFault;

/// An answer in place of the real one; only `Content-Length` is added, and `Date` where missing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Reply {
    /// Status code, such as 503.
    pub status: u16,
    /// Names and values of headers; a map in YAML and JSON.
    #[serde(default, deserialize_with = "read_map", serialize_with = "write_map")]
    pub headers: Vec<(String, String)>,
    /// The body, empty for none.
    #[serde(default)]
    pub body: String,
}

impl Reply {
    /// An answer without a body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// Adds a header.
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body; its media type is that of a header `Content-Type`, if there is one.
    pub fn with_body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    /// Fails when HTTP has no such answer.
    pub(crate) fn check(&self) -> Result<(), InvalidFault> {
        let status = StatusCode::from_u16(self.status);
        // A status below 200 is not an answer: another one has to follow.
        if !status.is_ok_and(|status| !status.is_informational()) {
            return Err(InvalidFault::Status(self.status));
        }
        // How the body is sent follows from the body.
        let framing = [CONTENT_LENGTH, TRANSFER_ENCODING];
        let is_wrong = |(name, value): &&(String, String)| {
            let name = name.parse::<HeaderName>();
            !name.is_ok_and(|name| !framing.contains(&name))
                || value.parse::<HeaderValue>().is_err()
        };
        match self.headers.iter().find(is_wrong) {
            Some((name, _)) => Err(InvalidFault::Header(name.clone())),
            None => Ok(()),
        }
    }
}

fn read_map<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<(String, String)>, D::Error> {
    let map = BTreeMap::deserialize(source)?;
    Ok(map.into_iter().collect())
}

fn write_map<S: Serializer>(pairs: &[(String, String)], target: S) -> Result<S::Ok, S::Error> {
    target.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}
