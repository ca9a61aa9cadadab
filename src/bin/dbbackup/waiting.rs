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
    /// Waits until the backup is done.
    pub(crate) async fn backup(
        &self,
        client: &BackupClient,
        options: &ServiceOptions,
        backup: &BackupRef,
        reporter: &mut Reporter,
        signals: &mut Signals,
    ) -> Result<Backup, Failure> {
        let wait = Wait::up_to(self.wait_timeout)
            .looking_every(self.interval, self.interval.max(LONGEST))
            .on_progress(|progress| reporter.look(progress));
        let result = signals.unless_stopped(client.wait(backup, wait)).await;
        let again = || format!("wait again with: {}", options.command_for("wait", backup));
        match result {
            Some(Ok(backup)) => Ok(backup),
            Some(Err(error)) => Err(match error.kind() {
                ErrorKind::BackupFailed | ErrorKind::BackupGone => error.into(),
                _ => broken_off(error).with_next(again()),
            }),
            None => {
                let what = format!("interrupted; backup {} was accepted and goes on", backup.id);
                Err(Failure::new(Exit::Interrupted, what).with_next(again()))
            }
        }
    }

    /// Makes sure that a backup, which somebody else has started, exists; a new one may show up late.
    pub(crate) async fn seen(
        &self,
        client: &BackupClient,
        backup: &BackupRef,
    ) -> Result<(), Failure> {
        let begun = Instant::now();
        loop {
            match client.get(backup).await {
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    if begun.elapsed() >= HIDDEN.min(self.wait_timeout) {
                        return Err(error.into());
                    }
                }
                // Whatever else there is, the wait sees to it.
                _ => return Ok(()),
            }
            sleep(self.interval).await;
        }
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
        let words: Vec<&str> = ids.iter().flat_map(|id| ["--job", id]).collect();
        let again = format!("wait again with: {}", options.command_line("wait", &words));
        let begun = Instant::now();
        let all = async {
            let mut done = Vec::new();
            for id in ids {
                done.push(self.job(client, id, begun, reporter).await?);
            }
            Ok::<_, Error>(done)
        };
        let limit = self.wait_timeout;
        let jobs = match signals.unless_stopped(timeout(limit, all)).await {
            Some(Ok(Ok(jobs))) => jobs,
            Some(Ok(Err(error))) => return Err(broken_off(error).with_next(again)),
            Some(Err(_)) => {
                let what = format!("the work goes on, but is not done after {}", seconds(limit));
                return Err(Failure::new(Exit::WaitExpired, what).with_next(again));
            }
            None => {
                let what = "interrupted; the work was accepted and goes on";
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
        reporter: &mut Reporter,
    ) -> Result<Job, Error> {
        let mut pause = self.interval;
        let mut state = format!("job {id} is not listed yet");
        let mut is_known = false;
        loop {
            let error = match client.job(id).await {
                Ok(job) => {
                    is_known = true;
                    let percent = job.progress.map(|percent| format!(", {percent} %"));
                    state = format!("job {id} is {}{}", job.status, percent.unwrap_or_default());
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

/// The end of a wait that says nothing of the work, which was accepted.
fn broken_off(error: Error) -> Failure {
    match error.kind() {
        ErrorKind::Unauthorized | ErrorKind::NotFound => error.into(),
        _ => Failure::from(error).with_exit(Exit::WaitExpired),
    }
}
