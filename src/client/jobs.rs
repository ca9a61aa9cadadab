//! Jobs, such as those of a restore: look at one, wait for several.

use futures_util::{StreamExt, stream};

use super::look::AT_ONCE;
use super::watch::{Observation, Watch, poll};
use super::{BackupClient, Wait};
use crate::error::{Error, ErrorKind};
use crate::model::{Job, JobStatus};
use crate::service::Operation;

impl BackupClient {
    /// Shows a job of the last month: rds-v3, taurusdb-v3, gaussdb-v3.
    ///
    /// A new job may take seconds to appear. On rds-v3 a backup has no job.
    ///
    /// Vendor's pages: [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/obtaining_task_information/obtaining_information_about_a_task_with_a_specified_id.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/task_center/obtaining_information_about_a_task_with_a_specified_id.html),
    /// [GaussDB](https://docs.otc.t-systems.com/gaussdb-opengauss/api-ref/apis_recommended/task_management/obtaining_task_information.html).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] on rds-v1, [`ErrorKind::NotFound`] when there is no such job, or not
    /// yet.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator, model::NewBackup};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::GaussdbV3)?;
    /// let new = NewBackup::new("7e01ac5ac5274957ba506f3851d11d51in14".parse()?, "nightly".parse()?);
    /// let backup = client.create(&new).await?;
    /// if let Some(id) = &backup.job_id {
    ///     println!("{:?} %", client.job(id).await?.progress);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn job(&self, id: &str) -> Result<Job, Error> {
        if id.trim().is_empty() && self.service().supports(Operation::GetJob) {
            return Err(self.invalid(Operation::GetJob, "id of the job must not be empty"));
        }
        self.call(self.variant.job(id)).await
    }

    /// Waits for several jobs, such as those of a restore, and returns a result for each, in the same
    /// order: rds-v3, taurusdb-v3, gaussdb-v3.
    ///
    /// Sends a call for each job at each poll, with the pauses, the limit and the progress of `wait`.
    /// It goes on until each job has ended, or until the limit. Late visibility, unknown states,
    /// throttling, 5xx and network errors are borne until then.
    ///
    /// # Errors
    ///
    /// For each job [`ErrorKind::JobFailed`] with the reason that the service gives;
    /// [`ErrorKind::NotFound`] when it was seen and is no more, or for a wait that
    /// [ends if it is absent](Wait::for_unverified_id); any refusal. At the limit
    /// [`ErrorKind::WaitExpired`]. [`ErrorKind::Unsupported`] on rds-v1.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use dbbackup::{Service, Wait, emulator::Emulator, model::{NewBackup, Restore}};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::TaurusdbV3)?;
    /// let new = NewBackup::new("07033b125fd94a8a96896f8bcfee6ddain07".parse()?, "nightly".parse()?);
    /// let backup = client.create(&new).await?;
    /// # emulator.advance(Duration::from_secs(60));
    /// let jobs = client.restore(&Restore::backup(&backup)).await?;
    /// # emulator.advance(Duration::from_secs(60));
    /// for result in client.wait_jobs(&jobs, Wait::up_to(Duration::from_secs(3600))).await {
    ///     let job = result?;
    ///     println!("{} is {}", job.name, job.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait_jobs<J: AsRef<str>>(
        &self,
        jobs: &[J],
        wait: Wait<'_>,
    ) -> Vec<Result<Job, Error>> {
        let client = &self.without_retries();
        let ids: Vec<String> = jobs.iter().map(|id| id.as_ref().to_owned()).collect();
        let watch = |id: &String| Watch::new(self.service(), Operation::GetJob, "job", id);
        let watches = ids.iter().map(watch).collect();
        let look = |open: Vec<usize>| {
            let open = open
                .into_iter()
                .filter_map(|index| Some((index, ids.get(index)?.clone())));
            stream::iter(open.collect::<Vec<_>>())
                .map(|(index, id)| async move { vec![(index, client.observe_job(&id).await)] })
                .buffer_unordered(AT_ONCE)
        };
        poll(watches, wait, self.window, look).await
    }

    async fn observe_job(&self, id: &str) -> Result<Observation<Job>, Error> {
        match self.job(id).await {
            Ok(job) => Ok(job.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Ok(Observation::Absent(Some(error)))
            }
            Err(error) => Err(error),
        }
    }
}

impl From<Job> for Observation<Job> {
    fn from(job: Job) -> Self {
        Self::Seen {
            status: job.status.to_string(),
            percent: job.progress,
            end: match job.status {
                JobStatus::Completed => Some(Ok(job)),
                JobStatus::Failed => {
                    let reason = job.fail_reason.as_deref().unwrap_or("no reason is given");
                    Some(Err((ErrorKind::JobFailed, format!("has failed: {reason}"))))
                }
                _ => None,
            },
        }
    }
}
