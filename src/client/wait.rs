//! Waiting for backups: how long, how often, and whom to tell.

use std::fmt;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::watch::{Observation, Watch, poll};
use super::{BackupClient, look};
use crate::error::{Error, ErrorKind};
use crate::model::{Backup, BackupRef, BackupStatus};
use crate::service::Operation;
use crate::transport;

/// How to wait: for how long, how often to look, and whom to tell.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// let wait = dbbackup::Wait::up_to(Duration::from_secs(2 * 3600))
///     .with_poll_intervals(Duration::from_secs(5), Duration::from_secs(60))
///     .on_progress(|progress| eprintln!("{:?} after {:?}", progress.status, progress.elapsed));
/// ```
pub struct Wait<'a> {
    pub(super) begun: Instant,
    pub(super) limit: Duration,
    shortest: Duration,
    pub(super) longest: Duration,
    pub(super) ends_if_absent: bool,
    pub(super) progress: Box<dyn FnMut(Progress<'_>) + Send + 'a>,
}

impl<'a> Wait<'a> {
    /// Until a limit, whose time runs from now on, also before [`BackupClient::wait`] is called; a look
    /// every 2 s at first, every 30 s later, up to twice as long by chance.
    pub fn up_to(limit: Duration) -> Self {
        Self {
            begun: Instant::now(),
            limit,
            shortest: Duration::from_secs(2),
            longest: Duration::from_secs(30),
            ends_if_absent: false,
            progress: Box::new(|_| {}),
        }
    }

    /// Time until the limit, for what has to be done before the wait: to connect, to find the instance.
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(self.begun.elapsed())
    }

    /// With other pauses between two looks: the first one, and the one that they grow to. A longer
    /// `Retry-After` of the service is honoured, but for the last look before the limit.
    pub fn with_poll_intervals(mut self, shortest: Duration, longest: Duration) -> Self {
        (self.shortest, self.longest) = (shortest, longest);
        self
    }

    /// For the id of a backup or a job that may be wrong, for it came from no answer of the service: ends
    /// with [`ErrorKind::NotFound`] when it was never listed, although a new one would have
    /// [shown up](BackupClient::with_visibility_window) since the wait began.
    pub fn for_unverified_id(mut self) -> Self {
        self.ends_if_absent = true;
        self
    }

    /// The pauses between looks, for ever.
    pub(super) fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        transport::pauses(self.shortest, self.longest)
    }

    /// With a function that is told about each look at each backup or job.
    pub fn on_progress(mut self, tell: impl FnMut(Progress<'_>) + Send + 'a) -> Self {
        self.progress = Box::new(tell);
        self
    }
}

impl fmt::Debug for Wait<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Wait");
        debug
            .field("limit", &self.limit)
            .field("shortest", &self.shortest);
        debug
            .field("longest", &self.longest)
            .finish_non_exhaustive()
    }
}

/// What a look at a backup or a job showed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// Id of the backup or the job.
    pub id: &'a str,
    /// Its state when it was last seen, in the word of the service; `None` until then.
    pub status: Option<&'a str>,
    /// Progress in percent, if a job tells it.
    pub percent: Option<u8>,
    /// Time since the wait began, with [`Wait::up_to`].
    pub elapsed: Duration,
    /// Number of looks so far.
    pub polls: u32,
    /// The failure of this look, if it is a passing one.
    pub error: Option<&'a Error>,
}

impl BackupClient {
    /// Waits until a backup is COMPLETED (or AVAILABLE, on taurusdb-v3) and returns it.
    ///
    /// Sends a list of backups for each look. Late visibility, unknown states, throttling, 5xx and
    /// network errors are borne until the limit. Dropping the future ends the wait at any point;
    /// the backup goes on.
    ///
    /// Vendor's pages: [RDS](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/obtaining_details_about_backups.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/querying_backups.html),
    /// [GaussDB](https://docs.otc.t-systems.com/gaussdb-opengauss/api-ref/apis_recommended/backup_management/querying_backups.html).
    ///
    /// # Errors
    ///
    /// At once [`ErrorKind::BackupFailed`]; [`ErrorKind::BackupGone`] when the backup is being
    /// deleted or was seen and has vanished; [`ErrorKind::OutOfSight`] when it was seen and has left
    /// the 100 newest that rds-v1 lists; any refusal. [`ErrorKind::NotFound`] for a wait that
    /// [ends if it is absent](Wait::for_unverified_id). At the limit [`ErrorKind::WaitExpired`], or
    /// [`ErrorKind::OutOfSight`] when rds-v1 listed 100 others all the time.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use dbbackup::{Service, Wait, emulator::Emulator, model::{BackupStatus, NewBackup}};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV1)?;
    /// let node = "44b277eb-39be-4921-be31-3d61b43651d7".parse()?;
    /// let backup = client.create(&NewBackup::new(node, "nightly".parse()?)).await?;
    /// # emulator.advance(Duration::from_secs(60));
    /// let backup = client.wait(&backup, Wait::up_to(Duration::from_secs(3600))).await?;
    /// assert_eq!(backup.status, BackupStatus::Completed);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait(
        &self,
        backup: impl AsRef<BackupRef>,
        wait: Wait<'_>,
    ) -> Result<Backup, Error> {
        let results = self.wait_all(&[backup.as_ref()], wait).await;
        let missing = || Err(self.invalid(Operation::ListBackups, "no backup to wait for"));
        results.into_iter().next().unwrap_or_else(missing)
    }

    /// Waits for several backups and returns a result for each, in the same order.
    ///
    /// Like [`wait`](Self::wait), with shared calls: one list for all backups on rds-v1, taurusdb-v3
    /// and gaussdb-v3 (and more pages of it only for backups that are not on the first), one for
    /// each instance on rds-v3. It goes on until each backup is done or has failed, or until the
    /// limit.
    ///
    /// # Errors
    ///
    /// For each backup those of [`wait`](Self::wait).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use dbbackup::{Service, Wait, emulator::Emulator, model::NewBackup};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV1)?;
    /// let mut backups = Vec::new();
    /// for node in emulator.instances(Service::RdsV1) {
    ///     let new = NewBackup::new(node.parse()?, "nightly".parse()?);
    ///     backups.push(client.create(&new).await?);
    /// }
    /// # emulator.advance(Duration::from_secs(60));
    /// let results = client.wait_all(&backups, Wait::up_to(Duration::from_secs(3600))).await;
    /// assert!(results.iter().all(Result::is_ok));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait_all<B: AsRef<BackupRef>>(
        &self,
        backups: &[B],
        wait: Wait<'_>,
    ) -> Vec<Result<Backup, Error>> {
        let (client, operation) = (&self.without_retries(), Operation::ListBackups);
        let backups: Vec<&BackupRef> = backups.iter().map(AsRef::as_ref).collect();
        let watches = backups.iter().map(|backup| {
            Watch::new(backup.service, operation, "backup", backup.id.as_str())
                .unless(self.check(operation, backup).err())
        });
        let look = |open: Vec<usize>| {
            let open = open
                .into_iter()
                .filter_map(|index| Some((index, (*backups.get(index)?).clone())));
            let sights = client.look(&open.collect::<Vec<_>>());
            sights.map(|list| {
                let list = list.into_iter();
                list.map(|(index, sight)| (index, sight.map(Observation::from)))
                    .collect()
            })
        };
        poll(watches.collect(), wait, self.window, look).await
    }

    /// The same client, whose failed calls leave the pause before the next one to the wait.
    pub(super) fn without_retries(&self) -> Self {
        self.remade(self.service(), self.transport.clone().without_retries())
    }
}

impl From<look::Sight> for Observation<Backup> {
    fn from(sight: look::Sight) -> Self {
        let backup = match sight {
            look::Sight::Seen(backup) => *backup,
            look::Sight::Absent => return Self::Absent(None),
            look::Sight::Hidden => return Self::Hidden,
        };
        let capabilities = backup.reference.service.capabilities();
        let is_usable = capabilities.usable.contains(&backup.status);
        let failed = |kind, what: &str| Some(Err((kind, what.to_owned())));
        Self::Seen {
            status: backup.status.to_string(),
            percent: None,
            end: match backup.status {
                BackupStatus::Failed => failed(ErrorKind::BackupFailed, "has failed"),
                BackupStatus::Deleting => failed(ErrorKind::BackupGone, "is being deleted"),
                _ => is_usable.then_some(Ok(backup)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_longest_and_vary() {
        let [shortest, longest] = [2, 30].map(Duration::from_secs);
        let wait = Wait::up_to(Duration::MAX).with_poll_intervals(shortest, longest);
        let pauses: Vec<Duration> = wait.pauses().take(50).collect();
        assert_eq!(pauses.len(), 50);
        assert!(
            pauses[0] >= shortest && pauses[0] <= shortest * 2,
            "{:?}",
            pauses[0]
        );
        assert!(
            pauses[10..]
                .iter()
                .all(|pause| *pause >= longest && *pause <= longest * 2)
        );
        assert!(
            pauses[10..].windows(2).any(|pair| pair[0] != pair[1]),
            "no jitter"
        );
        let none = wait.with_poll_intervals(Duration::ZERO, Duration::ZERO);
        assert!(none.pauses().take(50).all(|pause| pause.is_zero()));
    }
}
