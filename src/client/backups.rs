//! What is done with backups: delete, stop, fetch.

use super::BackupClient;
use crate::error::{Error, ErrorKind};
use crate::model::{BackupFiles, BackupId, BackupRef, Deletion, InstanceId};
use crate::service::Operation;

/// Backups that one call can delete.
const BATCH: usize = 50;

impl BackupClient {
    /// Starts to delete a backup.
    ///
    /// Sends one DELETE. The backup may be listed as DELETING for a while.
    ///
    /// Vendor's pages: [RDS v1](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v1_to_be_discarded/backup_and_restoration/deleting_a_manual_backup.html),
    /// [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/deleting_a_manual_backup.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/deleting_a_manual_backup.html),
    /// [GaussDB](https://docs.otc.t-systems.com/gaussdb-opengauss/api-ref/apis_recommended/backup_management/deleting_a_manual_backup.html).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such backup, [`ErrorKind::Conflict`] while it is being
    /// made or deleted, and [`ErrorKind::InvalidInput`] for a backup of another service.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator, model::NewBackup};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV3)?;
    /// let backup = client.create(&NewBackup::new("d8e6ca5a624745bcb546a227aa3ae1cfin01".parse()?, "nightly".parse()?)).await?;
    /// # emulator.advance(std::time::Duration::from_secs(60));
    /// client.delete(&backup).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, backup: impl AsRef<BackupRef>) -> Result<(), Error> {
        let backup = backup.as_ref();
        self.check(Operation::DeleteBackup, backup)?;
        let delete = self.variant.delete(&backup.id);
        match self.recorded(self.transport.time_limit(), delete).await {
            // The attempt before, whose outcome was unknown, has deleted it.
            (Err(error), record)
                if error.kind() == ErrorKind::NotFound && record.earlier_may_have_acted =>
            {
                Ok(())
            }
            (result, _) => result,
        }
    }

    /// Starts to delete 1 to 50 backups of SQL Server instances in one call: rds-v3.
    ///
    /// Returns a result for each backup, in the same order.
    ///
    /// Vendor's page: [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/deleting_manual_backups_in_batches_rds_for_sql_server.html).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] on the other services, [`ErrorKind::InvalidInput`] for none or more
    /// than 50 backups, or for one of another service; nothing was sent then.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator, model::NewBackup};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV3)?;
    /// let backup = client.create(&NewBackup::new("d8e6ca5a624745bcb546a227aa3ae1cfin04".parse()?, "nightly".parse()?)).await?;
    /// # emulator.advance(std::time::Duration::from_secs(60));
    /// let deletions = client.delete_many(&[backup]).await?;
    /// assert_eq!(deletions[0].refused, None);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_many<B: AsRef<BackupRef>>(
        &self,
        backups: &[B],
    ) -> Result<Vec<Deletion>, Error> {
        let operation = Operation::DeleteBackups;
        if self.service().supports(operation) && !(1..=BATCH).contains(&backups.len()) {
            let count = backups.len();
            let reason =
                format!("1 to {BATCH} backups can be deleted by a call, but it is {count}");
            return Err(self.invalid(operation, reason));
        }
        for backup in backups {
            self.check(operation, backup.as_ref())?;
        }
        let ids: Vec<BackupId> = backups
            .iter()
            .map(|backup| backup.as_ref().id.clone())
            .collect();
        self.call(self.variant.delete_many(&ids)).await
    }

    /// Stops the backup that is being made of an instance: rds-v3 and gaussdb-v3 on Huawei Cloud.
    ///
    /// Returns the id of the job that does it, if the service gives one.
    ///
    /// Vendor's SDKs, StopBackup: [RDS](https://github.com/huaweicloud/huaweicloud-sdk-python-v3/tree/master/huaweicloud-sdk-rds),
    /// [GaussDB](https://github.com/huaweicloud/huaweicloud-sdk-python-v3/tree/master/huaweicloud-sdk-gaussdbforopengauss).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] on the other services, [`ErrorKind::Conflict`] or
    /// [`ErrorKind::Refused`] when no backup is being made.
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
    /// let instance = "7e01ac5ac5274957ba506f3851d11d51in14".parse()?;
    /// client.create(&NewBackup::new(instance, "nightly".parse()?)).await?;
    /// client.stop(&"7e01ac5ac5274957ba506f3851d11d51in14".parse()?).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stop(&self, instance: &InstanceId) -> Result<Option<String>, Error> {
        self.call(self.variant.stop(instance)).await
    }

    /// Lists the files of a backup with a link for each: rds-v3, and gaussdb-v3 on Huawei Cloud.
    ///
    /// A link lets anyone who has it read the file until it expires; `Debug` does not show it. Sizes
    /// are bytes on rds-v3 and without a unit on gaussdb-v3.
    ///
    /// Vendor's page: [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/obtaining_the_link_for_downloading_a_backup_file.html);
    /// for [GaussDB](https://github.com/huaweicloud/huaweicloud-sdk-python-v3/tree/master/huaweicloud-sdk-gaussdbforopengauss) the SDK.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] on the other services, [`ErrorKind::NotFound`] when there is no such
    /// backup, [`ErrorKind::NotFound`] (rds-v3) or [`ErrorKind::Conflict`] (gaussdb-v3) when it is not
    /// completed, [`ErrorKind::InvalidInput`] for a backup of another service.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator, model::NewBackup};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV3)?;
    /// let backup = client.create(&NewBackup::new("d8e6ca5a624745bcb546a227aa3ae1cfin01".parse()?, "nightly".parse()?)).await?;
    /// # emulator.advance(std::time::Duration::from_secs(60));
    /// for file in client.files(&backup).await?.files {
    ///     println!("{:?}: {:?} bytes until {:?}", file.name, file.size, file.expires);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn files(&self, backup: impl AsRef<BackupRef>) -> Result<BackupFiles, Error> {
        let backup = backup.as_ref();
        self.check(Operation::ListBackupFiles, backup)?;
        self.call(self.variant.files(&backup.id)).await
    }
}
