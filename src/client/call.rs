//! What every call has in common: its limits, and what is said when it fails.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tracing::debug;

use super::BackupClient;
use crate::error::{Error, ErrorKind};
use crate::transport::Record;
use crate::variants::{Page, Variant};

impl BackupClient {
    /// Makes a call.
    pub(super) async fn call<T, F>(&self, call: impl FnOnce(Variant) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.recorded(call).await.0
    }

    /// Reads a page of a list, within this time.
    pub(super) async fn page_of<T, F>(
        &self,
        time: Duration,
        call: impl FnOnce(Variant) -> F,
    ) -> Result<Page<T>, Error>
    where
        F: Future<Output = Result<Page<T>, Error>>,
    {
        let (page, record) = self.clone().within(time).recorded(call).await;
        Ok(Page {
            date: record.date,
            bytes: record.bytes,
            ..page?
        })
    }

    /// Makes a call and tells what it went through.
    pub(super) async fn recorded<T, F>(
        &self,
        call: impl FnOnce(Variant) -> F,
    ) -> (Result<T, Error>, Record)
    where
        F: Future<Output = Result<T, Error>>,
    {
        let record = Arc::new(Mutex::new(Record::default()));
        let place = &*self.place;
        let variant = Variant::new(place.service, &place.url, self.transport.recording(&record));
        let result = call(variant).await;
        let mut record = mem::take(&mut *record.lock().unwrap_or_else(PoisonError::into_inner));
        // What the transport has met decides: a generated client cannot hand it on, and what it makes
        // of the body of a refusal is no success.
        let result = record.failure.take().map_or(result, Err);
        let explain = |error: Error| {
            // What it says of a call that it has accepted, such as that nothing was set, the service knows.
            let is_told = error.kind() == ErrorKind::Refused && error.status().is_none();
            let may_have_acted =
                record.earlier_may_have_acted || record.last_may_have_acted && !is_told;
            let error = error.after(record.attempts, may_have_acted);
            let error = self.transport.explained(error);
            // What an answer was instead of what was expected, its reader may quote.
            let error = error.with_source_if(|text| self.transport.without_secrets(text) == text);
            debug!(?error, "the call failed");
            error
        };
        (result.map_err(explain), record)
    }
}
