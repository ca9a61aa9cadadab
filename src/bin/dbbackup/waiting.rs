//! Waiting for a backup or for jobs, with progress, a limit, and a word on how to go on.

use std::time::Duration;

use dbbackup::model::{Backup, BackupRef, Job, JobStatus};
use dbbackup::{BackupClient, Error, ErrorKind, Wait};
use tokio::time::{Instant, sleep, timeout};

use crate::exit::{Exit, Failure};
use crate::progress::{Reporter, seconds};
use crate::service::ServiceOptions;
use crate::signals::Signals;
use crate::values;

/// The longest pause between two looks, unless the first one is longer.
const LONGEST: Duration = Duration::from_secs(30);
/// How long a new backup or job may take to appear.
const HIDDEN: Duration = Duration::from_secs(60);

/// How a backup is known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The service has just accepted it.
    Created,
    /// Somebody gave its id, which may be wrong.
    Given,
}

/// How to wait.
#[derive(clap::Args)]
pub(crate) struct Waiting {
    /// How long to wait at most, such as 90m; the work goes on after that.
    #[arg(long, value_name = "TIME", default_value = "2h", value_parser = values::duration)]
    wait_timeout: Duration,
    /// The first pause between two looks; they grow to 30s.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = values::some_time)]
    interval: Duration,
}

impl Waiting {
    /// Waits until the backup is done; `origin` says how it is known.
    pub(crate) async fn backup(
        &self,
        client: &BackupClient,
        options: &ServiceOptions,
        (backup, origin): (&BackupRef, Origin),
        reporter: &mut Reporter,
        signals: &mut Signals,
    ) -> Result<Backup, Failure> {
        let work = async {
            let begun = Instant::now();
            if origin == Origin::Given {
                let first = HIDDEN.min(self.wait_timeout);
                let (end, is_absent) = self.look(client, backup, first, reporter).await;
                let is_open = end.as_ref().is_err_and(is_open);
                if is_absent && let Err(error) = absence(client, backup).await {
                    return Err(error);
                }
                if !is_open || first == self.wait_timeout {
                    return end;
                }
            }
            // Messages have it in whole seconds.
            let spent = Duration::from_secs(begun.elapsed().as_secs());
            let left = self.wait_timeout.saturating_sub(spent);
            self.look(client, backup, left, reporter).await.0
        };
        let again = || format!("wait again with: {}", options.command_for("wait", backup));
        match signals.unless_stopped(work).await {
            Some(Ok(backup)) => Ok(backup),
            Some(Err(error)) => Err(match error.kind() {
                ErrorKind::BackupFailed | ErrorKind::BackupGone | ErrorKind::NotFound => {
                    error.into()
                }
                _ => broken_off(error).with_next(again()),
            }),
            None => {
                let accepted = match origin {
                    Origin::Created => "was accepted and goes on",
                    Origin::Given => "goes on, if it exists",
                };
                let what = format!("interrupted; backup {} {accepted}", backup.id);
                Err(Failure::new(Exit::Interrupted, what).with_next(again()))
            }
        }
    }

    /// Looks at a backup until it is done, and says whether the list was read and never had it.
    async fn look(
        &self,
        client: &BackupClient,
        backup: &BackupRef,
        limit: Duration,
        reporter: &mut Reporter,
    ) -> (Result<Backup, Error>, bool) {
        let (mut has_looked, mut may_be_there) = (false, false);
        let wait = Wait::up_to(limit)
            .looking_every(self.interval, self.interval.max(LONGEST))
            .on_progress(|progress| {
                has_looked = true;
                may_be_there |= progress.status.is_some() || progress.error.is_some();
                reporter.look(progress);
            });
        let end = client.wait(backup, wait).await;
        let is_expired = end
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::WaitExpired);
        (end, is_expired && has_looked && !may_be_there)
    }

    /// Waits until all these jobs are done.
    pub(crate) async fn jobs(
        &self,
        client: &BackupClient,
        options: &ServiceOptions,
        ids: &[String],
        reporter: &mut Reporter,
        signals: &mut Signals,
    ) -> Result<Vec<Job>, Failure> {
        let words: Vec<String> = ids.iter().map(|id| format!("--job={id}")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let again = format!("wait again with: {}", options.command_line("wait", &words));
        let (begun, limit) = (Instant::now(), self.wait_timeout);
        let mut state = "nothing is known of it yet".to_owned();
        let all = async {
            let mut done = Vec::new();
            for id in ids {
                done.push(self.job(client, id, begun, &mut state, reporter).await?);
            }
            Ok::<_, Error>(done)
        };
        let jobs = match signals.unless_stopped(timeout(limit, all)).await {
            Some(Ok(Ok(jobs))) => jobs,
            Some(Ok(Err(error))) => return Err(broken_off(error).with_next(again)),
            Some(Err(_)) => {
                let what = format!("not done after {}: {state}", seconds(limit));
                return Err(Failure::new(Exit::WaitExpired, what).with_next(again));
            }
            None => {
                let what = format!("interrupted; what was accepted goes on: {state}");
                return Err(Failure::new(Exit::Interrupted, what).with_next(again));
            }
        };
        match jobs.iter().find(|job| job.status == JobStatus::Failed) {
            None => Ok(jobs),
            Some(job) => {
                let reason = job.fail_reason.as_deref().unwrap_or("no reason is given");
                let what = format!("job {} has failed: {reason}", job.id);
                Err(Failure::new(Exit::Failed, what))
            }
        }
    }

    /// Looks at a job until it has ended, well or not.
    async fn job(
        &self,
        client: &BackupClient,
        id: &str,
        begun: Instant,
        state: &mut String,
        reporter: &mut Reporter,
    ) -> Result<Job, Error> {
        let mut pause = self.interval;
        *state = format!("job {id} is not listed yet");
        let mut is_known = false;
        loop {
            let error = match client.job(id).await {
                Ok(job) => {
                    is_known = true;
                    let percent = job.progress.map(|percent| format!(", {percent} %"));
                    *state = format!("job {id} is {}{}", job.status, percent.unwrap_or_default());
                    reporter.state(state.clone(), begun.elapsed(), None);
                    if matches!(job.status, JobStatus::Completed | JobStatus::Failed) {
                        return Ok(job);
                    }
                    None
                }
                Err(error) if error.kind().is_passing() => Some(error),
                Err(error)
                    if error.kind() == ErrorKind::NotFound
                        && !is_known
                        && begun.elapsed() < HIDDEN =>
                {
                    reporter.state(state.clone(), begun.elapsed(), None);
                    None
                }
                Err(error) => return Err(error),
            };
            if error.is_some() {
                reporter.state(state.clone(), begun.elapsed(), error.as_ref());
            }
            let asked = error.and_then(|error| error.retry_after());
            sleep(pause.max(asked.unwrap_or_default())).await;
            pause = (pause * 2).min(LONGEST.max(self.interval));
        }
    }
}

/// Whether a wait has ended before the backup, so that it may go on.
fn is_open(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::WaitExpired | ErrorKind::OutOfSight)
}

/// An error if the service says that a backup does not exist.
async fn absence(client: &BackupClient, backup: &BackupRef) -> Result<(), Error> {
    match timeout(LONGEST, client.get(backup)).await {
        Ok(Err(error)) if error.kind() == ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The end of a wait that says nothing of the work, which was accepted.
fn broken_off(error: Error) -> Failure {
    match error.kind() {
        ErrorKind::Unauthorized | ErrorKind::NotFound => error.into(),
        _ => Failure::from(error).with_exit(Exit::WaitExpired),
    }
}
