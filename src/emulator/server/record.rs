//! The requests of late, for tests and people to look at.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Serialize;

use crate::emulator::{Target, parameters};

/// Requests that are kept.
const MOST: usize = 1000;
/// Bytes of all of them together.
const MOST_BYTES: usize = 16 << 20;
/// Headers that are secrets as a whole.
const SECRETS: [&str; 3] = ["x-auth-token", "x-security-token", "x-subject-token"];
/// Parameters of IAM, in whose query nothing else is shown.
const PLAIN: [&str; 4] = ["domain_id", "id", "name", "nocatalog"];
/// What stands for a secret.
const HIDDEN: &str = "***";

/// A request to an emulator, as it came in.
///
/// Tokens, signatures, bodies for IAM and unknown parameters for it are hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Counts all requests, also those that are kept no more; the first one has 1.
    pub number: u64,
    /// When it had come in, by the emulator's clock.
    pub time: Timestamp,
    /// The service, or IAM, if an operation was called.
    pub target: Option<Target>,
    /// Operation id, if one was called.
    pub operation: Option<String>,
    /// Method, such as `POST`.
    pub method: String,
    /// Path, percent-encoded.
    pub path: String,
    /// Query without the question mark, encoded; empty if there is none.
    pub query: String,
    /// Names, in lower case, and values of the headers.
    pub headers: Vec<(String, String)>,
    /// The body as text; empty if there is none or if it could not be read.
    pub body: String,
    /// Status of the answer, `None` before the answer and where the connection was reset.
    pub status: Option<u16>,
    /// Why it was refused, where there is more to say than the answer does.
    pub note: Option<String>,
}

/// The requests of late.
#[derive(Debug, Default)]
pub(in crate::emulator) struct Record(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    requests: VecDeque<RecordedRequest>,
    count: u64,
    bytes: usize,
}

impl Record {
    /// Records a request and gives its number.
    pub(super) fn begin(
        &self,
        time: Timestamp,
        head: &Parts,
        body: Option<&Bytes>,
        is_iam: bool,
    ) -> u64 {
        // Also one that misses its path, or its server.
        let is_login = is_iam || head.uri.path().contains("tokens");
        let body = match body {
            Some(body) if is_login && !body.is_empty() => HIDDEN.into(),
            body => String::from_utf8_lossy(body.map_or(&[], |body| body)).into_owned(),
        };
        let query = head.uri.query().unwrap_or_default();
        let is_plain = parameters::pairs(query)
            .iter()
            .all(|(name, _)| PLAIN.contains(&name.as_str()));
        let query = if is_login && !is_plain { HIDDEN } else { query };
        let mut kept = self.lock();
        kept.count += 1;
        let request = RecordedRequest {
            number: kept.count,
            time,
            target: None,
            operation: None,
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: query.to_owned(),
            headers: shown(&head.headers),
            body,
            status: None,
            note: None,
        };
        kept.bytes += request.size();
        kept.requests.push_back(request);
        while kept.requests.len() > MOST || kept.bytes > MOST_BYTES {
            let oldest = kept.requests.pop_front();
            kept.bytes -= oldest.map_or(0, |oldest| oldest.size());
        }
        kept.count
    }

    /// Notes which operation a request calls.
    pub(super) fn called(&self, number: u64, target: Target, operation: &str) {
        self.change(number, |request| {
            request.target = Some(target);
            request.operation = Some(operation.to_owned());
        });
    }

    /// Notes the status of an answer.
    pub(super) fn end(&self, number: u64, status: Option<StatusCode>) {
        self.change(number, |request| {
            request.status = status.map(|status| status.as_u16());
        });
    }

    /// Notes why a request was refused.
    pub(in crate::emulator) fn note(&self, number: u64, note: String) {
        let mut kept = self.lock();
        let length = note.len();
        if kept.change(number, |request| request.note = Some(note)) {
            kept.bytes += length;
        }
    }

    /// The requests that are kept, the oldest first.
    pub(in crate::emulator) fn requests(&self) -> Vec<RecordedRequest> {
        self.lock().requests.iter().cloned().collect()
    }

    /// Forgets all requests; their numbers do not come again.
    pub(in crate::emulator) fn clear(&self) {
        let mut kept = self.lock();
        kept.requests.clear();
        kept.bytes = 0;
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut RecordedRequest)) {
        self.lock().change(number, change);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Changes a request, unless it is kept no more.
    fn change(&mut self, number: u64, change: impl FnOnce(&mut RecordedRequest)) -> bool {
        // The numbers of what is kept have no gaps, and the last one is the count.
        let age = self.count.checked_sub(number);
        let place = age.and_then(|age| self.requests.len().checked_sub(age as usize + 1));
        let request = place.and_then(|place| self.requests.get_mut(place));
        request.map(change).is_some()
    }
}

impl RecordedRequest {
    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Bytes of what the caller has sent.
    fn size(&self) -> usize {
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len());
        let note = self.note.as_ref().map_or(0, String::len);
        self.path.len() + self.query.len() + headers.sum::<usize>() + self.body.len() + note
    }
}

/// Headers without their secrets.
fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = headers.iter().map(|(name, value)| {
        let name = name.as_str();
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = match name {
            "authorization" => match value.split_once("Signature=") {
                Some((before, _)) => format!("{before}Signature={HIDDEN}"),
                None => HIDDEN.to_owned(),
            },
            _ if SECRETS.contains(&name) => HIDDEN.to_owned(),
            _ => value.into_owned(),
        };
        (name.to_owned(), value)
    });
    shown.collect()
}
