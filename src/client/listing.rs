//! A list as a whole, for those who decide by it.

use super::BackupClient;
use crate::error::Error;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::model::{Backup, BackupFilter, Listing};

impl BackupClient {
    /// Reads a list of backups to its end, and tells the time of the service with it.
    ///
    /// Sends the same calls as [`list`](Self::list). What is decided by the age of a backup is to be
    /// decided by [`Listing::date`]: the clock of this machine may be wrong. rds-v3 lists only per
    /// instance and needs one in the filter.
    ///
    /// # Errors
    ///
    /// Those of [`list`](Self::list), and [`ErrorKind::Unsupported`] without an instance on rds-v3. A
    /// list that could be read only in part is an error; entries without a usable id are counted,
    /// and so are those of which a page says two things.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator, model::BackupFilter};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::TaurusdbV3)?;
    /// let instance = &emulator.instances(Service::TaurusdbV3)[0];
    /// emulator.add_backups(Service::TaurusdbV3, instance, 1);
    /// let listing = client.list_dated(BackupFilter::all()).await?;
    /// let begin = listing.backups[0].begin.as_ref().and_then(|begin| begin.instant());
    /// println!("the newest is {:?} old", begin.zip(listing.date).map(|(begin, now)| now - begin));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn list_dated(&self, filter: BackupFilter) -> Result<Listing, Error> {
        self.check_filter(&filter)?;
        let mut backups = Vec::new();
        let keep = |backup| {
            backups.push(backup);
            false
        };
        let reading = self.read(&filter, keep).await;
        if let Some(failure) = reading.failure {
            return Err(failure);
        }
        let all = backups.len();
        backups.retain(|backup: &Backup| !reading.unclear.contains(&backup.reference.id));
        Ok(Listing {
            date: reading.date,
            hides_older: reading.hides_older,
            unusable: reading.odd.len() + all - backups.len(),
            backups,
        })
    }
}
