//! An answer that was read to its end, or as far as it came.

use http::{HeaderMap, StatusCode, Version};
use reqwest::Response;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, TRANSFER_ENCODING};
use serde_json::Value;

use super::retry::Outcome;
use crate::error::{ANSWER_LIMIT, ApiError, is_untrusted};

/// Bytes of an error body that are read; the rest is left.
const ERROR_LIMIT: usize = 64 * 1024;

/// What is shown in place of a secret.
const HIDDEN: &str = "[hidden]";

/// What an attempt brought: an answer, or why there is none.
pub(super) type Attempt = reqwest::Result<Answer>;

/// An answer, read.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    version: Version,
    body: Vec<u8>,
    /// Why the body is not whole.
    broken: Option<reqwest::Error>,
}

impl Answer {
    /// Reads the body of a response.
    pub(super) async fn read(mut response: Response) -> Self {
        let status = response.status();
        let limit = if is_error(status) {
            ERROR_LIMIT
        } else {
            ANSWER_LIMIT
        };
        let mut body = Vec::new();
        let mut broken = None;
        while body.len() < limit {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            }
        }
        body.truncate(limit);
        Self {
            status,
            headers: std::mem::take(response.headers_mut()),
            version: response.version(),
            body,
            broken,
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The error body, whatever its shape.
    pub(super) fn error(&self) -> ApiError {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body.into()
    }

    /// Takes a secret out of an error body: some servers show the request that they refuse.
    pub(super) fn hide(&mut self, secret: &str) {
        if !is_error(self.status) || secret.is_empty() {
            return;
        }
        // Within JSON a secret may be written with escapes.
        if let Ok(mut body) = serde_json::from_slice(&self.body) {
            if hide_in(&mut body, secret) {
                self.body = body.to_string().into_bytes();
            }
            return;
        }
        let text = String::from_utf8_lossy(&self.body);
        if text.contains(secret) {
            self.body = text.replace(secret, HIDDEN).into_bytes();
        }
    }

    /// The response for a generated client. An error body that is no JSON (HTML, cut off, empty)
    /// becomes a JSON string, so that the client keeps status and headers.
    pub(super) fn into_response(mut self) -> Response {
        if is_error(self.status) {
            if serde_json::from_slice::<serde::de::IgnoredAny>(&self.body).is_err() {
                let text = String::from_utf8_lossy(&self.body);
                self.body = Value::from(text).to_string().into_bytes();
            }
            let json = HeaderValue::from_static("application/json");
            self.headers.insert(CONTENT_TYPE, json);
        }
        // Whatever it says of itself: a service answers in JSON.
        if self.body.trim_ascii_start().starts_with(b"<") && !is_error(self.status) {
            self.headers
                .insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
        }
        // The body may be shorter than was announced.
        for name in [CONTENT_LENGTH, TRANSFER_ENCODING] {
            self.headers.remove(name);
        }
        let mut kept = http::Response::new(self.body);
        *kept.status_mut() = self.status;
        *kept.headers_mut() = self.headers;
        *kept.version_mut() = self.version;
        kept.into()
    }
}

/// Hides a secret in the texts of a body and says whether there was one.
fn hide_in(body: &mut Value, secret: &str) -> bool {
    match body {
        Value::String(text) => {
            let found = text.contains(secret);
            if found {
                *text = text.replace(secret, HIDDEN);
            }
            found
        }
        // All of them, whatever was found in the first.
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |found, item| hide_in(item, secret) | found),
        Value::Object(fields) => fields
            .values_mut()
            .fold(false, |found, value| hide_in(value, secret) | found),
        _ => false,
    }
}

fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// What became of an attempt.
pub(super) fn outcome(attempt: &Attempt) -> Outcome {
    match attempt {
        Ok(answer) if answer.status.is_success() => match answer.broken {
            None => Outcome::Accepted,
            Some(_) => Outcome::BrokenOff,
        },
        Ok(answer) => Outcome::Refused(answer.status.as_u16(), answer.error().error_code),
        Err(error) if error.is_builder() || is_untrusted(error) => Outcome::Unsendable,
        Err(error) if error.is_connect() => Outcome::Unconnected,
        Err(_) => Outcome::Lost,
    }
}
