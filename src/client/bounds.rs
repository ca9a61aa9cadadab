//! What a list may cost as a whole: no service keeps a caller reading for ever.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::BackupClient;
use crate::error::{Error, ErrorKind};
use crate::lock::lock;
use crate::service::{Operation, Service};
use crate::variants::{PAGE, Page};

/// Entries of a list: far more than a project holds.
const ENTRIES: u64 = 100_000;
/// Pages of a list: those of all entries, and as many again where it changes meanwhile.
pub(super) const PAGES: u64 = 2 * ENTRIES / PAGE;
/// MiB of a list: more than all entries have, and less than hurts whoever keeps them.
const MEBIBYTES: u64 = 128;

/// What a list may cost as a whole; clones share what is left of it.
#[derive(Clone)]
pub(super) struct Bounds {
    service: Service,
    operation: Operation,
    time: Duration,
    spent: Arc<Mutex<Spent>>,
}

#[derive(Clone, Copy, Default)]
struct Spent {
    pages: u64,
    entries: u64,
    bytes: u64,
    time: Duration,
}

impl BackupClient {
    /// The bounds of a list that begins now.
    pub(super) fn bounds(&self, operation: Operation) -> Bounds {
        Bounds::new(self.service(), operation, self.transport.time_limit())
    }
}

impl Bounds {
    pub(super) fn new(service: Service, operation: Operation, time: Duration) -> Self {
        Self {
            service,
            operation,
            time,
            spent: Arc::default(),
        }
    }

    /// What is left, for a list of another operation that belongs to this one.
    pub(super) fn of(&self, operation: Operation) -> Self {
        Self {
            operation,
            ..self.clone()
        }
    }

    /// Time that is left.
    pub(super) fn time_left(&self) -> Duration {
        self.time.saturating_sub(self.spend(|_| {}).time)
    }

    /// Counts a page and the time that it took.
    pub(super) fn count<T>(
        &self,
        page: Result<Page<T>, Error>,
        took: Duration,
    ) -> Result<Page<T>, Error> {
        let bytes = page.as_ref().map_or(0, |page| page.bytes);
        let spent = self.spend(|spent| {
            spent.time = spent.time.saturating_add(took);
            spent.bytes += bytes;
            spent.pages += 1;
        });
        let page = page.map_err(|error| self.explained(error, spent))?;
        if spent.pages > PAGES {
            return Err(self.exceeded(&format!("{PAGES} pages")));
        }
        if spent.bytes > MEBIBYTES * 1024 * 1024 {
            return Err(self.exceeded(&format!("{MEBIBYTES} MiB")));
        }
        Ok(page)
    }

    /// Counts entries that the list has not had before.
    pub(super) fn count_entries(&self, entries: u64) -> Result<(), Error> {
        match self.spend(|spent| spent.entries += entries).entries {
            ..=ENTRIES => Ok(()),
            _ => Err(self.exceeded(&format!("{ENTRIES} entries"))),
        }
    }

    /// What is said of a list that changes faster than it can be read.
    pub(super) fn unsteady(&self) -> Error {
        let message = "the list changes faster than it can be read: try again later";
        Error::new(ErrorKind::Conflict, self.service, self.operation, message)
    }

    /// What is said of a list whose pages are all the same.
    pub(super) fn repeated(&self) -> Error {
        let message = "the list has a page for all offsets, and what else there is cannot be read: \
                       check the endpoint";
        Error::new(
            ErrorKind::UnreadableAnswer,
            self.service,
            self.operation,
            message,
        )
    }

    fn exceeded(&self, most: &str) -> Error {
        let message = format!(
            "the list has more than {most}, and is not read further: ask for less, such as one \
             instance, or check the endpoint"
        );
        let kind = ErrorKind::UnreadableAnswer;
        Error::new(kind, self.service, self.operation, message)
    }

    /// The failure of a page; if that is for want of time, with what has become of it.
    fn explained(&self, error: Error, spent: Spent) -> Error {
        // The budget of calls may be used up for longer than what is left.
        let is_put_off = error.kind() == ErrorKind::Throttled && error.status().is_none();
        if spent.pages == 1 || spent.time < self.time && !is_put_off {
            return error;
        }
        let (time, entries) = (self.time, spent.entries);
        error.with_context(&format!(
            "the list is not read to its end within {time:?}, the time limit of a call, but for \
             {entries} entries"
        ))
    }

    fn spend(&self, change: impl FnOnce(&mut Spent)) -> Spent {
        let mut spent = lock(&self.spent);
        change(&mut spent);
        *spent
    }
}
