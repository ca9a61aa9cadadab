//! What is known of a backup that somebody waits for, and what a look adds to it.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::look::Sight;
use super::{BackupClient, Progress};
use crate::error::{Error, ErrorKind};
use crate::model::{Backup, BackupRef, BackupStatus};
use crate::service::{Operation, Service};

/// Looks once at all backups whose end is not known, and returns how long the service asks to wait. One
/// that was never listed may not exist, if `ends_if_absent`.
pub(super) async fn look_once(
    client: &BackupClient,
    watches: &mut [Watch],
    deadline: Option<Instant>,
    ends_if_absent: bool,
    mut tell: impl FnMut(&Watch),
) -> Duration {
    let open = watches
        .iter()
        .enumerate()
        .filter(|(_, watch)| watch.outcome.is_none());
    let open: Vec<_> = open
        .map(|(place, watch)| (place, watch.backup.clone()))
        .collect();
    let mut sights = pin!(client.look(&open));
    let mut retry_after = Duration::ZERO;
    loop {
        let next = sights.next();
        let seen = match deadline {
            // What one list showed is kept when the limit cuts off another.
            Some(deadline) => tokio::time::timeout_at(deadline, next).await.ok().flatten(),
            None => next.await,
        };
        let Some(seen) = seen else {
            return retry_after;
        };
        for (place, sight) in seen {
            let Some(watch) = watches.get_mut(place) else {
                continue;
            };
            watch.take(sight, ends_if_absent);
            tell(watch);
            let asked = watch.error.as_ref().and_then(Error::retry_after);
            retry_after = retry_after.max(asked.unwrap_or_default());
        }
    }
}

/// What is known of a backup that somebody waits for.
pub(super) struct Watch {
    backup: BackupRef,
    /// State when it was last seen.
    status: Option<BackupStatus>,
    /// Whether the last look could not tell if it exists.
    is_out_of_sight: bool,
    /// Whether a list was whole and did not have it.
    was_absent: bool,
    /// Failure of the last look.
    error: Option<Error>,
    pub(super) outcome: Option<Result<Backup, Error>>,
}

impl Watch {
    pub(super) fn new(client: &BackupClient, backup: BackupRef) -> Self {
        let misplaced = client.check(Operation::ListBackups, &backup).err();
        Self {
            backup,
            status: None,
            is_out_of_sight: false,
            was_absent: false,
            error: None,
            outcome: misplaced.map(Err),
        }
    }

    /// Takes in what a look showed.
    fn take(&mut self, sight: Result<Sight, Error>, ends_if_absent: bool) {
        let was_seen = self.status.is_some();
        (self.error, self.is_out_of_sight) = (None, false);
        self.outcome = match sight {
            Ok(Sight::Seen(backup)) => {
                self.status = Some(backup.status.clone());
                self.settled(*backup)
            }
            Ok(Sight::Absent) if was_seen => {
                Some(self.failed(ErrorKind::BackupGone, "has vanished"))
            }
            Ok(Sight::Hidden) if was_seen => Some(self.failed(ErrorKind::OutOfSight, HIDDEN)),
            Ok(Sight::Hidden) => {
                self.is_out_of_sight = true;
                None
            }
            // Once may be by chance.
            Ok(Sight::Absent) if ends_if_absent && self.was_absent => {
                Some(self.failed(ErrorKind::NotFound, ABSENT))
            }
            Ok(Sight::Absent) => {
                self.was_absent = true;
                None
            }
            Err(error) if error.kind().is_passing() => {
                self.error = Some(error);
                None
            }
            Err(error) => Some(Err(error)),
        };
    }

    /// The end of the wait, if the state of the backup is one.
    fn settled(&self, backup: Backup) -> Option<Result<Backup, Error>> {
        match backup.status {
            BackupStatus::Completed => Some(Ok(backup)),
            BackupStatus::Available if backup.reference.service == Service::TaurusdbV3 => {
                Some(Ok(backup))
            }
            BackupStatus::Failed => Some(self.failed(ErrorKind::BackupFailed, "has failed")),
            BackupStatus::Deleting => Some(self.failed(ErrorKind::BackupGone, "is being deleted")),
            _ => None,
        }
    }

    fn failed(&self, kind: ErrorKind, what: &str) -> Result<Backup, Error> {
        let BackupRef { service, id, .. } = &self.backup;
        let message = format!("backup {id} {what}");
        Err(Error::new(kind, *service, Operation::ListBackups, message))
    }

    pub(super) fn progress(&self, elapsed: Duration, polls: u32) -> Progress<'_> {
        Progress {
            backup: &self.backup,
            status: self.status.as_ref(),
            elapsed,
            polls,
            error: self.error.as_ref(),
        }
    }

    pub(super) fn end(mut self, limit: Duration) -> Result<Backup, Error> {
        if let Some(outcome) = self.outcome.take() {
            return outcome;
        }
        let last = match &self.status {
            Some(status) => format!("it was last seen as {status}"),
            None => "it was never listed".to_owned(),
        };
        let (kind, what) = match self.is_out_of_sight {
            true => (ErrorKind::OutOfSight, HIDDEN.to_owned()),
            false => (
                ErrorKind::WaitExpired,
                format!("is not done after {limit:?}: {last}"),
            ),
        };
        self.failed(kind, &what)
            .map_err(|expired| match self.error {
                Some(error) => expired.with_source(error),
                None => expired,
            })
    }
}

pub(super) const ABSENT: &str = "does not exist";
pub(super) const HIDDEN: &str =
    "is not among the newest 100, which are all that rds-v1 lists; it may exist";
