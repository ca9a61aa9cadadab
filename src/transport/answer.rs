//! An answer that was read to its end, or as far as it came.

use http::{HeaderMap, StatusCode, Version};
use jiff::Timestamp;
use reqwest::Response;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, TRANSFER_ENCODING};
use serde_json::{Value, json};

use super::headers;
use super::retry::Outcome;
use super::secrets::HIDDEN;
use crate::error::{ApiError, Error, ErrorKind, RefusedAnswer, is_untrusted};
use crate::service::{Operation, Service};

/// Bytes of an accepted answer that are read: a page of 100 entries has about a hundredth of it.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;
/// Bytes of a refusal that are read; the rest is left.
const REFUSAL_LIMIT: usize = 64 * 1024;

/// The one header that is shown.
const REQUEST_ID: &str = "x-request-id";

/// What an attempt brought: an answer, or why there is none.
pub(super) type Attempt = reqwest::Result<Answer>;

/// An answer, read.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    version: Version,
    /// That of a refusal is JSON, whatever the server has sent.
    body: Vec<u8>,
    /// What an accepted answer holds.
    content: Content,
    /// Why the body is not whole.
    broken: Option<reqwest::Error>,
}

/// What an accepted answer holds, as far as the transport can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Result,
    /// An error in place of a result.
    Error,
    /// Nothing that a service sends, such as a web page.
    Foreign,
    /// More than is read.
    TooLong,
}

impl Answer {
    /// Reads the body of a response.
    pub(super) async fn read(mut response: Response) -> Self {
        let status = response.status();
        let limit = if status.is_success() {
            ANSWER_LIMIT
        } else {
            REFUSAL_LIMIT
        };
        let mut body = Vec::new();
        let mut broken = None;
        while body.len() <= limit {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            }
        }
        let content = if body.len() > limit {
            Content::TooLong
        } else {
            Content::Result
        };
        body.truncate(limit);
        if !status.is_success() {
            body = refusal(&body).to_string().into_bytes();
        }
        Self {
            status,
            headers: std::mem::take(response.headers_mut()),
            version: response.version(),
            body,
            content,
            broken,
        }
    }

    /// Finds out whether a call that changes something was accepted with an error in place of a result,
    /// or answered by something in between: a service sends an object, or nothing.
    pub(super) fn look_for_error(&mut self) {
        if !self.status.is_success() || self.content == Content::TooLong {
            return;
        }
        if self.broken.is_some() {
            if self.body.trim_ascii_start().starts_with(b"<") {
                self.content = Content::Foreign;
            }
            return;
        }
        let body = refusal(&self.body);
        if ApiError::is_in(&body) {
            self.content = Content::Error;
            self.body = body.to_string().into_bytes();
        } else if !(body.is_object() || self.body.trim_ascii().is_empty()) {
            self.content = Content::Foreign;
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        headers::text(&self.headers, name)
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The failure that an answer other than 2xx is, whatever its body says, and one that has an error in
    /// place of a result. `by` is the URL that was asked, where it says more than the call.
    pub(super) fn refusal(
        &self,
        call: Option<(Service, Operation)>,
        by: Option<&str>,
    ) -> Option<Error> {
        if self.is_refused() {
            let refusal = RefusedAnswer {
                status: self.status,
                body: self.error(),
                request_id: self.header(REQUEST_ID).map(str::to_owned),
                retry_after: headers::retry_after(&self.headers),
                skew: headers::skew(&self.headers, Timestamp::now()),
                by,
            };
            return Some(Error::refused(call, refusal));
        }
        let (service, operation) = call?;
        let message = match self.content {
            Content::Result | Content::Error => return None,
            Content::Foreign => {
                "something else, such as a web page, has answered in place of the service: \
                 check the endpoint, and what is on the way to it"
                    .to_owned()
            }
            Content::TooLong => {
                let most = ANSWER_LIMIT / (1024 * 1024);
                format!("the call was accepted, but its answer is over {most} MiB")
            }
        };
        let kind = ErrorKind::UnreadableAnswer;
        Some(Error::new(kind, service, operation, message))
    }

    fn is_refused(&self) -> bool {
        !self.status.is_success() || self.content == Content::Error
    }

    fn error(&self) -> ApiError {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body.into()
    }

    /// Takes out what shows a secret of all that becomes part of a message: some servers quote the
    /// request that they refuse.
    pub(super) fn hide(&mut self, shows: impl Fn(&str) -> bool) {
        if self.header(REQUEST_ID).is_some_and(&shows) {
            self.headers
                .insert(REQUEST_ID, HeaderValue::from_static(HIDDEN));
        }
        if !self.is_refused() {
            return;
        }
        if let Ok(mut body) = serde_json::from_slice(&self.body) {
            hide_in(&mut body, &shows);
            self.body = body.to_string().into_bytes();
        }
    }

    /// Takes out all that becomes part of a message but a code that is one: in how many ways a server
    /// quotes a request, nobody knows.
    pub(super) fn hide_all(&mut self, shows: impl Fn(&str) -> bool) {
        self.headers.remove(REQUEST_ID);
        if !self.status.is_success() {
            let code = self.error().error_code;
            let code = code.filter(|code| is_code(code) && !shows(code));
            self.body = json!({ "error_code": code }).to_string().into_bytes();
        }
    }

    /// The response for a generated client.
    pub(super) fn into_response(mut self) -> Response {
        if !self.status.is_success() {
            let json = HeaderValue::from_static("application/json");
            self.headers.insert(CONTENT_TYPE, json);
        }
        // The body may be shorter than was announced.
        for name in [CONTENT_LENGTH, TRANSFER_ENCODING] {
            self.headers.remove(name);
        }
        self.into_http().into()
    }

    pub(super) fn into_http(self) -> http::Response<Vec<u8>> {
        let mut kept = http::Response::new(self.body);
        *kept.status_mut() = self.status;
        *kept.headers_mut() = self.headers;
        *kept.version_mut() = self.version;
        kept
    }
}

/// The body of a refusal. What is no JSON, such as a page of HTML, nothing, or a text that was cut
/// off, is a text, so that a generated client, which reads JSON alone, keeps status and headers.
fn refusal(body: &[u8]) -> Value {
    // Also JSON in another encoding than UTF-8: its code counts, whatever becomes of its words.
    let text = String::from_utf8_lossy(body);
    let json = text.trim_start_matches('\u{feff}');
    serde_json::from_str(json).unwrap_or_else(|_| Value::from(text))
}

/// Whether a text has the form of the vendor's codes, such as `IAM.0011`.
fn is_code(text: &str) -> bool {
    let is_each = |text: &str, most, is_one: fn(&u8) -> bool| {
        (1..=most).contains(&text.len()) && text.as_bytes().iter().all(is_one)
    };
    text.split_once('.').is_some_and(|(name, number)| {
        is_each(name, 8, u8::is_ascii_uppercase) && is_each(number, 6, u8::is_ascii_digit)
    })
}

/// Hides the texts of a body that show a secret, as a whole: where it begins and ends is not clear
/// in every spelling.
fn hide_in(body: &mut Value, shows: &impl Fn(&str) -> bool) {
    match body {
        Value::String(text) if shows(text) => *body = Value::from(HIDDEN),
        Value::Number(number) if shows(&number.to_string()) => *body = Value::from(HIDDEN),
        Value::Array(items) => items.iter_mut().for_each(|item| hide_in(item, shows)),
        Value::Object(fields) => fields.values_mut().for_each(|value| hide_in(value, shows)),
        _ => {}
    }
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
