//! What is known of a backup or a job that somebody waits for, and what a look adds to it.

use std::pin::pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, sleep, timeout_at};

use super::{Progress, Wait};
use crate::error::{Error, ErrorKind};
use crate::service::{Operation, Service};

/// How long before the limit the last look is.
const LAST_LOOK: Duration = Duration::from_secs(5);

/// What a look shows of a backup or a job.
pub(super) enum Observation<T> {
    Seen {
        status: String,
        percent: Option<u8>,
        /// The end of the wait, if this state is one.
        end: Option<Result<T, (ErrorKind, String)>>,
    },
    /// It is not there; a service that was asked for it alone says so in words of its own.
    Absent(Option<Error>),
    /// It is not in a list that does not show all.
    Hidden,
}

/// Looks at all that is watched, again and again, until each has its end or the limit is there. What is
/// new shows up within the window.
pub(super) async fn poll<T, S>(
    mut watches: Vec<Watch<T>>,
    mut wait: Wait<'_>,
    window: Duration,
    look: impl Fn(Vec<usize>) -> S,
) -> Vec<Result<T, Error>>
where
    S: Stream<Item = Vec<(usize, Result<Observation<T>, Error>)>>,
{
    let mut pauses = wait.pauses();
    let (begun, deadline) = (wait.begun, wait.begun.checked_add(wait.limit));
    let mut is_last = false;
    for polls in 1.. {
        // Until something is sure to be listed, its absence says nothing.
        let unsure = window.saturating_sub(begun.elapsed());
        let ends_if_absent = wait.ends_if_absent && unsure.is_zero();
        let open = watches
            .iter()
            .enumerate()
            .filter(|(_, watch)| watch.outcome.is_none())
            .map(|(index, _)| index);
        let observed = look(open.collect());
        let seen = take_in(observed, &mut watches, deadline, ends_if_absent, |watch| {
            (wait.progress)(watch.progress(begun.elapsed(), polls));
        });
        let retry_after = seen.await;
        if watches.iter().all(|watch| watch.outcome.is_some()) {
            break;
        }
        let left = wait.left();
        if is_last || left.is_zero() {
            sleep(left).await;
            break;
        }
        let mut pause = pauses.next().unwrap_or(wait.longest);
        if wait.ends_if_absent && !unsure.is_zero() {
            pause = pause.min(window.saturating_sub(begun.elapsed()));
        }
        pause = pause.max(retry_after);
        // The wait does not end without a look shortly before.
        is_last = pause >= left;
        if is_last {
            pause = left - LAST_LOOK.min(left / 2);
        }
        sleep(pause).await;
    }
    watches
        .into_iter()
        .map(|watch| watch.end(wait.limit))
        .collect()
}

/// Takes in what one look shows, until the deadline, and returns how long the service asks to wait. What
/// was never seen may not exist, if `ends_if_absent`.
async fn take_in<T>(
    observed: impl Stream<Item = Vec<(usize, Result<Observation<T>, Error>)>>,
    watches: &mut [Watch<T>],
    deadline: Option<Instant>,
    ends_if_absent: bool,
    mut tell: impl FnMut(&Watch<T>),
) -> Duration {
    let mut observed = pin!(observed);
    let mut retry_after = Duration::ZERO;
    loop {
        let next = observed.next();
        let seen = match deadline {
            // What one list showed is kept when the limit cuts off another.
            Some(deadline) => timeout_at(deadline, next).await.ok().flatten(),
            None => next.await,
        };
        let Some(seen) = seen else {
            return retry_after;
        };
        for (index, observation) in seen {
            let Some(watch) = watches.get_mut(index) else {
                continue;
            };
            watch.take(observation, ends_if_absent);
            tell(watch);
            let asked = watch.error.as_ref().and_then(Error::retry_after);
            retry_after = retry_after.max(asked.unwrap_or_default());
        }
    }
}

/// What is known of a backup or a job that somebody waits for.
pub(super) struct Watch<T> {
    service: Service,
    /// The call that shows it.
    operation: Operation,
    /// Backup or job.
    noun: &'static str,
    id: String,
    /// State when it was last seen, and percent if it has some.
    status: Option<String>,
    percent: Option<u8>,
    /// Whether the last look could not tell if it exists.
    is_out_of_sight: bool,
    /// Whether a look was whole and did not show it.
    was_absent: bool,
    /// Failure of the last look.
    error: Option<Error>,
    outcome: Option<Result<T, Error>>,
}

impl<T> Watch<T> {
    pub(super) fn new(
        service: Service,
        operation: Operation,
        noun: &'static str,
        id: impl Into<String>,
    ) -> Self {
        Self {
            service,
            operation,
            noun,
            id: id.into(),
            status: None,
            percent: None,
            is_out_of_sight: false,
            was_absent: false,
            error: None,
            outcome: None,
        }
    }

    /// Without any look, if there is something against it.
    pub(super) fn unless(mut self, refused: Option<Error>) -> Self {
        self.outcome = refused.map(Err);
        self
    }

    /// Takes in what a look showed.
    fn take(&mut self, observation: Result<Observation<T>, Error>, ends_if_absent: bool) {
        let was_seen = self.status.is_some();
        (self.error, self.is_out_of_sight) = (None, false);
        let absent = |watch: &Self, kind, what| Some(Err(watch.failed(kind, what)));
        self.outcome = match observation {
            Ok(Observation::Seen {
                status,
                percent,
                end,
            }) => {
                (self.status, self.percent) = (Some(status), percent);
                end.map(|end| end.map_err(|(kind, what)| self.failed(kind, &what)))
            }
            // Once may be by chance.
            Ok(Observation::Absent(Some(said)))
                if was_seen || ends_if_absent && self.was_absent =>
            {
                Some(Err(said))
            }
            Ok(Observation::Absent(None)) if was_seen => {
                absent(self, ErrorKind::BackupGone, "has vanished")
            }
            Ok(Observation::Absent(None)) if ends_if_absent && self.was_absent => {
                absent(self, ErrorKind::NotFound, ABSENT)
            }
            Ok(Observation::Absent(_)) => {
                self.was_absent = true;
                None
            }
            Ok(Observation::Hidden) if was_seen => absent(self, ErrorKind::OutOfSight, HIDDEN),
            Ok(Observation::Hidden) => {
                self.is_out_of_sight = true;
                None
            }
            Err(error) if error.kind().is_transient() => {
                self.error = Some(error);
                None
            }
            Err(error) => Some(Err(error)),
        };
    }

    fn failed(&self, kind: ErrorKind, what: &str) -> Error {
        let message = format!("{} {} {what}", self.noun, self.id);
        Error::new(kind, self.service, self.operation, message)
    }

    fn progress(&self, elapsed: Duration, polls: u32) -> Progress<'_> {
        Progress {
            id: &self.id,
            status: self.status.as_deref(),
            percent: self.percent,
            elapsed,
            polls,
            error: self.error.as_ref(),
        }
    }

    fn end(mut self, limit: Duration) -> Result<T, Error> {
        if let Some(outcome) = self.outcome.take() {
            return outcome;
        }
        let expired = if self.is_out_of_sight {
            self.failed(ErrorKind::OutOfSight, HIDDEN)
        } else {
            let last = match &self.status {
                Some(status) => format!("it was last seen as {status}"),
                None => "it was never listed".to_owned(),
            };
            let what = format!("is not done after {limit:?}: {last}");
            self.failed(ErrorKind::WaitExpired, &what)
        };
        Err(match self.error {
            Some(error) => expired.with_source(error),
            None => expired,
        })
    }
}

pub(super) const ABSENT: &str = "does not exist";
pub(super) const HIDDEN: &str =
    "is not among the newest 100, which are all that rds-v1 lists; it may exist";
