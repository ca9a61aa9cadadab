//! Backups that exist: one of them, or a list.

use std::time::Duration;

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt, future};

use super::bounds::Bounds;
use super::look::{Sight, backup_key};
use super::{BackupClient, pages, watch};
use crate::error::{Error, ErrorKind};
use crate::model::{Backup, BackupFilter, BackupRef, BackupType, Instance};
use crate::service::Operation;
use crate::variants::{Lists, Page};

impl BackupClient {
    /// Shows a backup.
    ///
    /// Sends a list of backups, because no service has a call for a single one: on rds-v1 the whole
    /// list, elsewhere with the id as a filter.
    ///
    /// Vendor's pages: [RDS v1](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v1_to_be_discarded/backup_and_restoration/returning_manual_backup_information_as_a_list.html),
    /// [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/obtaining_details_about_backups.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/querying_backups.html),
    /// [GaussDB](https://docs.otc.t-systems.com/gaussdb-opengauss/api-ref/apis_recommended/backup_management/querying_backups.html).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such backup, [`ErrorKind::OutOfSight`] when rds-v1
    /// lists 100 others and so does not tell, and [`ErrorKind::InvalidInput`] for a backup of another
    /// service.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator, model::NewBackup};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::TaurusdbV3)?;
    /// let backup = client.create(&NewBackup::new("07033b125fd94a8a96896f8bcfee6ddain07".parse()?, "nightly".parse()?)).await?;
    /// # emulator.advance(std::time::Duration::from_secs(60));
    /// let backup = client.get(&backup).await?;
    /// assert!(backup.size.is_some_and(|bytes| bytes > 0));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, backup: impl AsRef<BackupRef>) -> Result<Backup, Error> {
        let backup = backup.as_ref();
        self.check(Operation::ListBackups, backup)?;
        let failed = |kind, what: &str| {
            let message = format!("backup {} {what}", backup.id);
            Error::new(kind, self.service(), Operation::ListBackups, message)
        };
        let wanted = [(0, backup.clone())];
        let mut sights = self.look(&wanted).concat().await;
        match sights.pop().map(|(_, sight)| sight) {
            Some(Ok(Sight::Seen(backup))) => Ok(*backup),
            Some(Ok(Sight::Hidden)) => Err(failed(ErrorKind::OutOfSight, watch::HIDDEN)),
            Some(Ok(Sight::Absent)) | None => Err(failed(ErrorKind::NotFound, watch::ABSENT)),
            Some(Err(error)) => Err(error),
        }
    }

    /// Lists backups, the newest first where the service sorts them so.
    ///
    /// Sends a call for each page of 100, when the stream gets there, and ends on the last page:
    /// one that is not full and with which all are read that the service counts, or one that brings
    /// nothing new.
    /// Entries that are added or removed meanwhile neither repeat nor hide others. rds-v3 lists only
    /// per instance: without an instance in the filter all instances are walked, which costs a call
    /// or more for each of them, and one that is deleted meanwhile is left out. rds-v1 has no filters and
    /// shows the newest 100 of the project; the filter is applied to these, and leaves those of which no
    /// instance is told.
    ///
    /// A list as a whole, or a walk over all instances, has at most 100,000 entries, 2,000 pages and
    /// 128 MiB, and takes no longer than a call may ([`time_limit`](crate::transport::Options::time_limit),
    /// without the time between two entries); one that goes beyond ends with an error.
    ///
    /// Vendor's pages: [RDS v1](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v1_to_be_discarded/backup_and_restoration/returning_manual_backup_information_as_a_list.html),
    /// [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/obtaining_details_about_backups.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/querying_backups.html),
    /// [GaussDB](https://docs.otc.t-systems.com/gaussdb-opengauss/api-ref/apis_recommended/backup_management/querying_backups.html).
    ///
    /// # Errors
    ///
    /// The stream ends with the first error: [`ErrorKind::UnreadableAnswer`] for an entry without a
    /// usable id (after all others) and for a list that is too long or repeats its first page, [`ErrorKind::Conflict`]
    /// when the list changes faster than it can be read, [`ErrorKind::Unsupported`] for a kind or period that the
    /// service cannot filter by, [`ErrorKind::InvalidInput`] for a period that ends before it begins,
    /// or what a call reports.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, TryStreamExt, emulator::Emulator, model::BackupFilter};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::GaussdbV3)?;
    /// # emulator.add_backups(Service::GaussdbV3, "7e01ac5ac5274957ba506f3851d11d51in14", 250);
    /// let mut backups = client.list(BackupFilter::all());
    /// let mut count = 0;
    /// while let Some(backup) = backups.try_next().await? {
    ///     println!("{} {}", backup.name, backup.status);
    ///     count += 1;
    /// }
    /// assert_eq!(count, 250);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self, filter: BackupFilter) -> BoxStream<'static, Result<Backup, Error>> {
        if let Err(error) = self.check_filter(&filter) {
            return stream::iter([Err(error)]).boxed();
        }
        let bounds = self.bounds(Operation::ListBackups);
        if filter.instance.is_some() || !self.lists_per_instance() {
            return self.list_pages(filter, bounds);
        }
        let instances = self.list_instances(bounds.of(Operation::ListInstances), |_| true);
        let client = self.clone();
        // An instance may be deleted during the walk; those of its backups that remain belong to
        // no instance that can be listed.
        let is_there = |result: &Result<Backup, Error>| {
            let gone = matches!(result, Err(error) if error.kind() == ErrorKind::NotFound);
            future::ready(!gone)
        };
        let of_instance = move |instance: Instance| {
            let filter = filter.clone().with_instance(instance.id);
            let backups = client.list_pages(filter, bounds.clone());
            Ok(backups.filter(is_there))
        };
        let of_instances = instances.map(move |instance| instance.and_then(&of_instance));
        // Flattening alone would go on with the next instance after a failure.
        let all = of_instances.try_flatten().boxed();
        let next = |mut all: BoxStream<'static, _>| async move {
            let backup = all.try_next().await?;
            Ok(backup.map(|backup| (backup, all)))
        };
        stream::try_unfold(all, next).boxed()
    }

    /// Whether there may be backups that no list shows: on rds-v1, when it lists 100.
    ///
    /// Sends a list on rds-v1, and nothing on the other services, which show all.
    ///
    /// # Errors
    ///
    /// What the list is refused with.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV1)?;
    /// assert!(!client.lists_incompletely().await?);
    /// let node = &emulator.instances(Service::RdsV1)[0];
    /// emulator.add_backups(Service::RdsV1, node, 101);
    /// assert!(client.lists_incompletely().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn lists_incompletely(&self) -> Result<bool, Error> {
        if !matches!(self.capabilities().lists, Lists::Newest(_)) {
            return Ok(false);
        }
        let time = self.transport.time_limit();
        let page = self.page(&BackupFilter::all(), 0, time).await?;
        Ok(page.hides_older)
    }

    fn list_pages(
        &self,
        filter: BackupFilter,
        bounds: Bounds,
    ) -> BoxStream<'static, Result<Backup, Error>> {
        let client = self.clone();
        let fetch = move |offset, time| {
            let (client, filter) = (client.clone(), filter.clone());
            async move { client.page(&filter, offset, time).await }
        };
        pages::entries(fetch, backup_key, bounds).boxed()
    }

    /// A page of a list of backups, within this time.
    async fn page(
        &self,
        filter: &BackupFilter,
        offset: u64,
        time: Duration,
    ) -> Result<Page<Backup>, Error> {
        self.page_of(time, self.variant.page(filter, offset)).await
    }

    /// Whether a list of backups needs an instance.
    pub(super) fn lists_per_instance(&self) -> bool {
        self.capabilities().lists == Lists::OfInstance
    }

    pub(super) fn check_filter(&self, filter: &BackupFilter) -> Result<(), Error> {
        let (service, operation) = (self.service(), Operation::ListBackups);
        let kind = filter.kind.as_ref();
        let what = match kind {
            Some(BackupType::Fragment) => "list of differential backups",
            Some(BackupType::Incremental) => "list of incremental backups",
            Some(BackupType::Auto) => "list of automated backups",
            _ => "",
        };
        if let (Some(kind), false) = (kind, what.is_empty()) {
            service.demand(operation, what, |can| can.listed_kinds.contains(kind))?;
        }
        if filter.period.is_some() {
            service.demand(operation, "filter by time", |can| can.lists_by_time)?;
        }
        if let Some(BackupType::Unknown(word)) = kind {
            return Err(self.invalid(
                operation,
                format!("kind {word:?} is not one of the documented ones"),
            ));
        }
        match filter.period {
            Some((begin, end)) if begin >= end => {
                let reason = format!("period must end after it begins, but it is {begin} to {end}");
                Err(self.invalid(operation, reason))
            }
            _ => Ok(()),
        }
    }
}
