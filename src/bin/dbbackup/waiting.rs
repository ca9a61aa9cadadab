//! Waiting for a backup or for jobs, with progress, a limit, and a word on how to go on.

use std::time::Duration;

use dbbackup::model::{Backup, BackupRef, Job, JobStatus};
use dbbackup::{BackupClient, Error, ErrorKind, Wait};
use tokio::time::{Instant, sleep, timeout};

use crate::exit::{self, Exit, Failure};
use crate::progress::{Reporter, seconds};
use crate::service::ServiceOptions;
use crate::signals::Signals;
use crate::values;

/// The longest pause between two looks, unless the first one is longer.
const LONGEST: Duration = Duration::from_secs(30);
/// How long a new job may take to appear.
const HIDDEN: Duration = Duration::from_secs(60);

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
    pub(crate) fn begin(&self) -> Wait<'static> {
        exit::expire(self.wait_timeout);
        Wait::up_to(self.wait_timeout).looking_every(self.interval, self.interval.max(LONGEST))
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
                Ok(error) if error.kind().is_passing() => broken_off(error, Origin::Given),
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

    /// Waits until the backup is done; `origin` says how it is known.
    pub(crate) async fn backup(
        &self,
        client: &BackupClient,
        options: &ServiceOptions,
        (backup, origin): (&BackupRef, Origin),
        mut wait: Wait<'_>,
        reporter: &mut Reporter,
        signals: &mut Signals,
    ) -> Result<Backup, Failure> {
        if origin == Origin::Given {
            wait = wait.ending_if_absent();
        }
        let wait = wait.on_progress(|progress| reporter.look(progress));
        let again = || next(&options.command_for("wait", backup));
        match signals.unless_stopped(client.wait(backup, wait)).await {
            Some(Ok(backup)) => Ok(backup),
            Some(Err(error)) => Err(match error.kind() {
                ErrorKind::BackupFailed | ErrorKind::BackupGone => error.into(),
                ErrorKind::NotFound if origin == Origin::Given => error.into(),
                _ => broken_off(error, origin).with_next(again()),
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

    /// Waits until all these jobs are done.
    pub(crate) async fn jobs(
        &self,
        client: &BackupClient,
        options: &ServiceOptions,
        (ids, origin): (&[String], Origin),
        wait: &Wait<'_>,
        reporter: &mut Reporter,
        signals: &mut Signals,
    ) -> Result<Vec<Job>, Failure> {
        let again = next(&command_for_jobs(options, ids));
        let begun = Instant::now();
        let mut state = "nothing is known of it yet".to_owned();
        let all = async {
            let mut done = Vec::new();
            for id in ids {
                done.push(self.job(client, id, begun, &mut state, reporter).await?);
            }
            Ok::<_, Error>(done)
        };
        let jobs = match signals.unless_stopped(timeout(wait.left(), all)).await {
            Some(Ok(Ok(jobs))) => jobs,
            Some(Ok(Err(error))) => return Err(broken_off(error, origin).with_next(again)),
            Some(Err(_)) => {
                let what = format!("not done after {}: {state}", seconds(self.wait_timeout));
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
            // Until a job is sure to be listed, its absence says nothing.
            let may_be_hidden = !is_known && begun.elapsed() < HIDDEN;
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
                Err(error) if error.kind() == ErrorKind::NotFound && may_be_hidden => {
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

/// The command line that waits for jobs.
pub(crate) fn command_for_jobs(options: &ServiceOptions, ids: &[String]) -> String {
    let words: Vec<String> = ids.iter().map(|id| format!("--job={id}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    options.command_line("wait", &words)
}

/// The step after a wait that has ended too early.
fn next(command: &str) -> String {
    format!("wait again with: {command}")
}

/// The end of a wait that says nothing of the work; what was accepted decides over what has failed.
fn broken_off(error: Error, origin: Origin) -> Failure {
    match error.kind() {
        ErrorKind::Unauthorized | ErrorKind::NotFound if origin == Origin::Given => error.into(),
        _ => Failure::from(error).with_exit(Exit::WaitExpired),
    }
}
