//! The log of the most recent requests, for tests and people to look at.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::Serialize;

use super::connection::ConnectionHandle;
use crate::emulator::parameters;
use crate::emulator::target::{Target, write_fields};
use crate::lock::lock;

/// Requests that are kept.
const MOST: usize = 1000;
/// Bytes of all of them together.
const MOST_BYTES: usize = 16 << 20;
/// Headers that are secrets as a whole.
const SECRETS: [&str; 3] = ["x-auth-token", "x-security-token", "x-subject-token"];
/// Parameters of IAM, in whose query nothing else is shown.
const PLAIN: [&str; 4] = ["domain_id", "id", "name", "nocatalog"];
/// Text in place of a secret.
const HIDDEN: &str = "***";

/// A request to an emulator, as it came in.
///
/// Tokens, signatures, bodies for IAM and unknown parameters for it are hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Number among all requests, dropped ones included; the first one has 1.
    pub number: u64,
    /// Time at which it had been read, by the emulator's clock.
    pub time: Timestamp,
    /// Operation that was called, if there is one; in JSON these are two fields, `target` and
    /// `operation`.
    #[serde(flatten, serialize_with = "write_fields")]
    pub target: Option<Target>,
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
    /// Reason of a refusal, where it is more than the answer says.
    pub note: Option<String>,
}

/// The log of the most recent requests; a copy is the same log.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestLog(Arc<Mutex<KeptRequests>>);

#[derive(Debug, Default)]
struct KeptRequests {
    requests: VecDeque<RecordedRequest>,
    count: u64,
    bytes: usize,
}

/// A request's entry in the log, and the connection that it came by.
#[derive(Clone, Debug, Default)]
pub(crate) struct LogEntry {
    log: RequestLog,
    number: u64,
    pub(crate) connection: ConnectionHandle,
}

impl RequestLog {
    /// Adds a request.
    pub(crate) fn begin(
        &self,
        time: Timestamp,
        head: &Parts,
        body: Option<&Bytes>,
        is_iam: bool,
        connection: ConnectionHandle,
    ) -> LogEntry {
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
        let number = self.lock().add(RecordedRequest {
            number: 0,
            time,
            target: None,
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: query.to_owned(),
            headers: shown(&head.headers),
            body,
            status: None,
            note: None,
        });
        LogEntry {
            log: self.clone(),
            number,
            connection,
        }
    }

    /// The requests that are kept, the oldest first.
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.lock().requests.iter().cloned().collect()
    }

    /// Forgets all requests; their numbers do not come again.
    pub(crate) fn clear(&self) {
        let mut kept = self.lock();
        kept.requests.clear();
        kept.bytes = 0;
    }

    fn lock(&self) -> MutexGuard<'_, KeptRequests> {
        lock(&self.0)
    }
}

impl LogEntry {
    /// Notes which operation the request calls.
    pub(crate) fn called(&self, target: Target) {
        self.change(|request| request.target = Some(target));
    }

    /// Notes the status of the answer.
    pub(crate) fn end(&self, status: Option<StatusCode>) {
        self.change(|request| request.status = status.map(|status| status.as_u16()));
    }

    /// Notes and logs why the request was refused, where that is more than the answer says.
    pub(crate) fn note(&self, note: String) {
        tracing::warn!("{note}");
        let length = note.len();
        let mut kept = self.log.lock();
        if let Some(request) = kept.find(self.number) {
            request.note = Some(note);
            kept.bytes += length;
        }
    }

    fn change(&self, change: impl FnOnce(&mut RecordedRequest)) {
        self.log.lock().find(self.number).map(change);
    }
}

impl KeptRequests {
    /// Adds a request in place of the oldest ones, if there are too many, and gives its number.
    fn add(&mut self, mut request: RecordedRequest) -> u64 {
        self.count += 1;
        request.number = self.count;
        self.bytes += request.size();
        self.requests.push_back(request);
        while self.requests.len() > MOST || self.bytes > MOST_BYTES {
            let oldest = self.requests.pop_front();
            self.bytes -= oldest.map_or(0, |oldest| oldest.size());
        }
        self.count
    }

    /// The request with a number, unless it was dropped.
    fn find(&mut self, number: u64) -> Option<&mut RecordedRequest> {
        // The numbers of what is kept have no gaps, and the last one is the count.
        let age = usize::try_from(self.count.checked_sub(number)?).ok()?;
        let index = self.requests.len().checked_sub(age + 1)?;
        self.requests.get_mut(index)
    }
}

impl RecordedRequest {
    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
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
    let shown = |(name, value): (&HeaderName, &HeaderValue)| {
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
    };
    headers.iter().map(shown).collect()
}
