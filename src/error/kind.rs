//! What a failure means for the caller.

use http::StatusCode;

use super::codes::Meaning;

/// What a failure means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value breaks a documented rule, and nothing was sent: correct the value.
    InvalidInput,
    /// The service cannot do it, and nothing was sent: the message names the services that can.
    Unsupported,
    /// No credentials were found: the message lists where they were looked for.
    NoCredentials,
    /// The service does not accept the credentials, or they lack a permission: check both.
    Unauthorized,
    /// The instance, backup or job does not exist: check its id.
    NotFound,
    /// The state of the instance or backup forbids it now, or the name exists: try later, or with
    /// another name.
    Conflict,
    /// Too many calls: wait, for [`Error::retry_after`](super::Error::retry_after) if it is given.
    Throttled,
    /// The service refused the call for another reason: the code and the message say which.
    Refused,
    /// The service failed (5xx); whether it acted is unknown: look before you repeat a change.
    Unavailable,
    /// No connection could be made in time, and nothing was sent: check the address, name resolution,
    /// proxy, certificates and the time limit.
    Unreachable,
    /// No answer came; whether the service acted is unknown: look before you repeat a change.
    NoAnswer,
    /// The service accepted the call, but its answer cannot be read: look before you repeat it.
    UnreadableAnswer,
    /// A create may or may not have made a backup, also after a look at the list: look again, or let a
    /// person look. The error's source is an [`UnknownOutcome`](crate::UnknownOutcome).
    OutcomeUnknown,
    /// The backup has failed: create another one.
    BackupFailed,
    /// The job has failed: the message has the reason that the service gives.
    JobFailed,
    /// The backup was there and has vanished, or is being deleted.
    BackupGone,
    /// rds-v1 lists only the newest 100 backups, and this one is not among them. It may exist.
    OutOfSight,
    /// The limit of the wait has passed; the backup or the job goes on: wait again.
    WaitExpired,
    /// A dry run got to a request that would change something, which was not sent. The error's source
    /// is the [`DryRun`](crate::transport::DryRun).
    DryRun,
}

impl ErrorKind {
    /// The kind of a refusal, by its status and the [meaning](super::codes) of its code.
    ///
    /// A 404 without a known code is no evidence that a backup is gone: a wrong address answers
    /// like that, too.
    pub(super) fn of_refusal(status: StatusCode, meaning: Option<&Meaning>) -> Self {
        match (status.as_u16(), meaning.and_then(|meaning| meaning.kind)) {
            (408 | 500.., _) => Self::Unavailable,
            (_, Some(kind)) => kind,
            (401 | 403, _) => Self::Unauthorized,
            (409, _) => Self::Conflict,
            (429, _) => Self::Throttled,
            _ => Self::Refused,
        }
    }

    /// Whether the same call may succeed a little later; only what reads should be repeated for it.
    pub fn is_transient(self) -> bool {
        use ErrorKind::{NoAnswer, Throttled, Unavailable, Unreachable, UnreadableAnswer};
        matches!(
            self,
            Unreachable | Throttled | Unavailable | NoAnswer | UnreadableAnswer
        )
    }
}
