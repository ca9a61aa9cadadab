//! What every call has in common: its limits, and where its failure comes from.
//!
//! The hooks of a generated client return texts and responses, so a typed failure goes around them:
//!
//! ```text
//!                        the call     its failure
//! client/call.rs         recorded     Error <────────────────────────── CallRecord.failure, if any
//!                           │           ^                                        ^
//! variants/              request      ServiceCall::read, of what is left         │
//!                           │           ^                                        │
//! api/, api/client.rs    pre, exec    String, Response or reqwest::Error         │
//!                           │           ^                                        │
//! transport/             execute ──── Error ─────────────────────────────────────┘
//! ```
//!
//! The record is bound to the future of the call, see [`recorded`]. Users of [`api`](crate::api) make
//! calls without one and get what the generated client returns.

use std::time::Duration;

use tracing::debug;

use super::BackupClient;
use crate::error::{Error, ErrorKind};
use crate::transport::{CallRecord, after, recorded};
use crate::variants::Page;

impl BackupClient {
    /// Makes a call.
    pub(super) fn call<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> impl Future<Output = Result<T, Error>> {
        let recorded = self.recorded(self.transport.time_limit(), call);
        async { recorded.await.0 }
    }

    /// Reads a page of a list, within this time.
    pub(super) fn page_of<T>(
        &self,
        time: Duration,
        call: impl Future<Output = Result<Page<T>, Error>>,
    ) -> impl Future<Output = Result<Page<T>, Error>> {
        let recorded = self.recorded(time, call);
        async {
            let (page, record) = recorded.await;
            Ok(Page {
                date: record.date,
                bytes: record.bytes,
                ..page?
            })
        }
    }

    /// Makes a call within this time, and says what it went through.
    pub(super) fn recorded<T>(
        &self,
        time: Duration,
        call: impl Future<Output = Result<T, Error>>,
    ) -> impl Future<Output = (Result<T, Error>, CallRecord)> {
        // Boxed, because a future has room twice for each one that it is handed.
        let call = Box::pin(call);
        async move {
            let (result, mut record) = recorded(after(time), call).await;
            // What the transport has met decides: what a generated client makes of the body of a
            // refusal is no success.
            let result = record.failure.take().map_or(result, Err);
            let result = result.map_err(|error| self.explained(error, &record));
            (result, record)
        }
    }

    fn explained(&self, error: Error, record: &CallRecord) -> Error {
        // What it says of a call that it has accepted, such as that nothing was set, the service knows.
        let is_told = error.kind() == ErrorKind::Refused && error.status().is_none();
        let may_have_acted =
            record.earlier_may_have_acted || record.last_may_have_acted && !is_told;
        let error = error.with_attempts(record.attempts, may_have_acted);
        let error = self.transport.explained(error);
        // What an answer was instead of what was expected, its reader may quote.
        let error = error.with_source_if(|text| self.transport.without_secrets(text) == text);
        debug!(?error, "the call failed");
        error
    }
}
