//! How the process ends: the one place that knows the exit codes.

use std::fmt;
use std::io;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use dbbackup::{Error, ErrorKind};

use crate::common;
use crate::output::plain;
use crate::progress::write_line;
use crate::stdout;

/// How long after its limit a wait is over at the latest.
const LATE: Duration = Duration::from_secs(5);

/// The exit codes, for `--help`.
pub(crate) const CODES: &str = "\
Exit codes:
  0    done
  1    failed
  2    wrong usage or input; nothing was changed
  3    accepted, but the wait has expired or broken off; standard error has the command that goes on
  4    outcome unknown; standard error has the command that looks
  5    not authorised: there are no credentials, or they are refused
  130  interrupted, also by SIGTERM; standard error says what was accepted";

/// An exit code but 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Failed = 1,
    Usage = 2,
    WaitExpired = 3,
    Unknown = 4,
    Unauthorized = 5,
    Interrupted = 130,
}

impl Exit {
    /// That of a failure, whoever reports it.
    pub(crate) fn of(failure: &anyhow::Error) -> Self {
        let of_failure = failure.downcast_ref().map(|failure: &Failure| failure.exit);
        let of_client = || failure.downcast_ref().map(Self::of_client);
        of_failure.or_else(of_client).unwrap_or(Self::Failed)
    }

    pub(crate) fn of_client(error: &Error) -> Self {
        match error.kind() {
            _ if error.may_have_acted() => Self::Unknown,
            ErrorKind::InvalidInput | ErrorKind::Unsupported => Self::Usage,
            ErrorKind::NoCredentials | ErrorKind::Unauthorized => Self::Unauthorized,
            ErrorKind::WaitExpired => Self::WaitExpired,
            ErrorKind::OutcomeUnknown => Self::Unknown,
            _ => Self::Failed,
        }
    }
}

/// A failure with its exit code and, on a line of its own, the next step.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    what: String,
    next: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self {
            exit,
            what: plain(&what.into()),
            next: None,
        }
    }

    /// A refusal of what was given.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// Whether there is a next step, for something goes on.
    pub(crate) fn has_next(&self) -> bool {
        self.next.is_some()
    }

    /// With another exit code.
    pub(crate) fn with_exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// With the next step.
    pub(crate) fn with_next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(plain(&next.into()));
        self
    }
}

/// A failure whose text, which may be that of a service, has one line and moves no cursor.
pub(crate) fn in_one_line(error: anyhow::Error) -> anyhow::Error {
    if error.is::<Failure>() || common::is_closed_pipe(&error) {
        return error;
    }
    Failure::new(Exit::of(&error), format!("{error:#}")).into()
}

/// A failure to change something, with the way to look if the outcome is unknown; what a dry run
/// shows stays.
pub(crate) fn of_change(error: Error, look: impl FnOnce() -> String) -> anyhow::Error {
    match Exit::of_client(&error) {
        Exit::Unknown => Failure::from(error).with_next(look()).into(),
        _ => error.into(),
    }
}

/// The end of a change that is done. If its result cannot be written, also because nobody reads any
/// more, the failure says what was done; where it leads nowhere, a line does.
pub(crate) fn done_but_unseen(
    what: String,
    write: impl FnOnce() -> io::Result<()>,
) -> anyhow::Result<()> {
    if let Err(error) = telling(&what, write) {
        let what = format!("{what}, but cannot be shown: {error}");
        return Err(Failure::new(Exit::Failed, what).into());
    }
    if stdout::leads_nowhere() {
        write_line(&format!(
            "{what}; standard output is closed, or leads nowhere"
        ));
    }
    Ok(())
}

/// What is told if the process is interrupted now.
static UNSEEN: Mutex<Option<String>> = Mutex::new(None);

/// Writes a result; if that is interrupted because nobody reads it, this is told in its place.
pub(crate) fn telling<T>(what: &str, write: impl FnOnce() -> T) -> T {
    let tell = |what| *UNSEEN.lock().unwrap_or_else(PoisonError::into_inner) = what;
    tell(Some(what.to_owned()));
    let written = write();
    tell(None);
    written
}

/// Whether a result is being written, which takes as long as its reader wants.
static IS_SHOWING: AtomicBool = AtomicBool::new(false);

/// Writes a result.
pub(crate) fn showing<T>(write: impl FnOnce() -> T) -> T {
    IS_SHOWING.store(true, Ordering::Relaxed);
    let written = write();
    IS_SHOWING.store(false, Ordering::Relaxed);
    written
}

/// Ends the process some time after the limit of a wait, if it has not ended by then: what it says of
/// its progress may go into a pipe that nobody reads.
#[expect(
    clippy::disallowed_methods,
    reason = "a thread of its own, because the others may never go on"
)]
pub(crate) fn expire(limit: Duration) {
    let watch = move || {
        thread::sleep(limit.saturating_add(LATE));
        if !IS_SHOWING.load(Ordering::Relaxed) {
            process::exit(Exit::WaitExpired as i32);
        }
    };
    // Without it, only who does not read is waited for.
    let _ = thread::Builder::new().spawn(watch);
}

/// Ends an interrupted process in the midst of what it does, and tells so unless that takes longer than
/// this: standard error may be what nobody reads.
#[expect(
    clippy::disallowed_methods,
    reason = "nobody is left to end the process"
)]
pub(crate) fn abandon(limit: Duration) -> ! {
    let mut unseen = UNSEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let line = match unseen.take() {
        Some(what) => format!("dbbackup: interrupted: {what}, but cannot be shown"),
        None => "dbbackup: interrupted".to_owned(),
    };
    let (said, is_said) = mpsc::channel();
    thread::spawn(move || {
        write_line(&line);
        said.send(())
    });
    // Told or not, this is the end.
    let _ = is_said.recv_timeout(limit);
    process::exit(Exit::Interrupted as i32)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = Exit::of_client(&error);
        Self::new(exit, format!("{:#}", anyhow::Error::from(error)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.next {
            Some(next) => write!(f, "\n{next}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}
