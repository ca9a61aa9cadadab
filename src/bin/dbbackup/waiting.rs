//! Waiting for a backup or for jobs, with progress, a limit, and a word on how to go on.

use std::time::Duration;

use dbbackup::model::{Backup, BackupRef, Job};
use dbbackup::{BackupClient, Error, ErrorKind, Wait};
use tokio::time::timeout;

use crate::exit::{self, Exit, Failure};
use crate::options::ServiceOptions;
use crate::progress::{described, seconds};
use crate::session::Session;
use crate::values;

/// The longest pause between two looks, unless the first one is longer.
const LONGEST: Duration = Duration::from_secs(30);

/// How a backup or jobs are known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The service has just accepted the call.
    Created,
    /// Somebody gave the id, which may be wrong.
    Given,
}

/// How to wait.
#[derive(clap::Args)]
pub(crate) struct Waiting {
    /// How long to wait at most, such as 90m; the work goes on after that. After a create or a restore
    /// the time begins once that is accepted.
    #[arg(long, value_name = "TIME", default_value = "2h", value_parser = values::duration)]
    wait_timeout: Duration,
    /// The first pause between two looks; they grow to 30s.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = values::some_time)]
    interval: Duration,
}

impl Waiting {
    /// The wait, whose time runs from now on.
    pub(crate) fn begin(&self, origin: Origin) -> Wait<'static> {
        exit::expire(self.wait_timeout);
        let wait = Wait::up_to(self.wait_timeout)
            .with_poll_intervals(self.interval, self.interval.max(LONGEST));
        match origin {
            Origin::Created => wait,
            Origin::Given => wait.for_unverified_id(),
        }
    }

    /// What has to be known before a wait, in its time.
    pub(crate) async fn prepared<T>(
        &self,
        wait: &Wait<'_>,
        work: impl Future<Output = anyhow::Result<T>>,
        again: &str,
    ) -> anyhow::Result<T> {
        let failure = match timeout(wait.left(), work).await {
            Ok(Err(error)) => match error.downcast::<Error>() {
                Ok(error) if error.kind().is_transient() => {
                    Failure::from(error).with_exit(Exit::WaitExpired)
                }
                Ok(error) => return Err(error.into()),
                Err(error) => return Err(error),
            },
            Ok(done) => return done,
            Err(_) => {
                let what = format!(
                    "nothing is known of it after {}: the login, or the search for the project or \
                     the instance, takes longer",
                    seconds(self.wait_timeout)
                );
                Failure::new(Exit::WaitExpired, what)
            }
        };
        Err(failure.with_next(next(again)).into())
    }
}

/// Waits until the backup is done; `origin` says how it is known.
pub(crate) async fn wait_for_backup(
    session: &mut Session<'_>,
    client: &BackupClient,
    backup: &BackupRef,
    origin: Origin,
    wait: Wait<'_>,
) -> Result<Backup, Failure> {
    let Session {
        options,
        reporter,
        signals,
        ..
    } = session;
    let again = next(&options.command_for("wait", backup));
    let wait = wait.on_progress(|progress| reporter.look("backup", progress));
    let Some(result) = signals.unless_stopped(client.wait(backup, wait)).await else {
        let accepted = match origin {
            Origin::Created => "was accepted and goes on",
            Origin::Given => "goes on, if it exists",
        };
        let what = format!("interrupted; backup {} {accepted}", backup.id);
        return Err(Failure::new(Exit::Interrupted, what).with_next(again));
    };
    result.map_err(|error| ended(error, origin, again))
}

/// Waits until all these jobs are done.
pub(crate) async fn wait_for_jobs(
    session: &mut Session<'_>,
    client: &BackupClient,
    ids: &[String],
    origin: Origin,
    wait: Wait<'_>,
) -> Result<Vec<Job>, Failure> {
    let Session {
        options,
        reporter,
        signals,
        ..
    } = session;
    let again = next(&command_for_jobs(options, ids));
    let mut state = "nothing is known of it yet".to_owned();
    let wait = wait.on_progress(|progress| {
        state = described("job", &progress);
        reporter.look("job", progress);
    });
    let Some(results) = signals.unless_stopped(client.wait_jobs(ids, wait)).await else {
        let what = format!("interrupted; what was accepted goes on: {state}");
        return Err(Failure::new(Exit::Interrupted, what).with_next(again));
    };
    let jobs: Result<_, _> = results.into_iter().collect();
    jobs.map_err(|error| ended(error, origin, again))
}

/// The command line that waits for jobs.
pub(crate) fn command_for_jobs(options: &ServiceOptions, ids: &[String]) -> String {
    let jobs: Vec<String> = ids.iter().map(|id| format!("--job={id}")).collect();
    let words: Vec<&str> = jobs.iter().map(String::as_str).collect();
    options.command_line("wait", &words)
}

/// The step after a wait that has ended too early.
fn next(command: &str) -> String {
    format!("wait again with: {command}")
}

/// The end of a wait without success, with the way to go on unless there is nothing to wait for.
fn ended(error: Error, origin: Origin, again: String) -> Failure {
    match error.kind() {
        ErrorKind::BackupFailed | ErrorKind::BackupGone | ErrorKind::JobFailed => error.into(),
        ErrorKind::NotFound if origin == Origin::Given => error.into(),
        ErrorKind::Unauthorized if origin == Origin::Given => Failure::from(error).with_next(again),
        // What was accepted decides over what has failed.
        _ => Failure::from(error)
            .with_exit(Exit::WaitExpired)
            .with_next(again),
    }
}
