//! Instances: list, policy, restore.

use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use super::bounds::Bounds;
use super::{BackupClient, pages};
use crate::error::Error;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::model::{Instance, InstanceId, Policy, Restore, RestorePoint};
use crate::service::Operation;
use crate::variants::{Capabilities, Odd, check_policy_parts};

impl BackupClient {
    /// Lists the instances of the project.
    ///
    /// Sends a call for each page of 100, when the stream gets there, within the bounds of
    /// [`list`](Self::list). rds-v1 has no pages and lists nodes: the primary node of each instance,
    /// and read replicas.
    ///
    /// Vendor's pages: [RDS v1](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v1_to_be_discarded/db_instance_management/obtaining_a_db_instance_list.html),
    /// [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/db_instance_management/querying_db_instances.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/managing_db_instances/querying_db_instances.html),
    /// [GaussDB](https://docs.otc.t-systems.com/gaussdb-opengauss/api-ref/apis_recommended/instance_management/querying_db_instances.html).
    ///
    /// # Errors
    ///
    /// The stream ends with the first error that a call reports, and after all others with
    /// [`ErrorKind::UnreadableAnswer`] if an instance is listed without a usable id.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, TryStreamExt, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV3)?;
    /// let instances: Vec<_> = client.instances().try_collect().await?;
    /// assert!(instances.iter().any(|instance| instance.id.as_str().ends_with("in01")));
    /// # Ok(())
    /// # }
    /// ```
    pub fn instances(&self) -> BoxStream<'static, Result<Instance, Error>> {
        self.list_instances(self.bounds(Operation::ListInstances), |_| true)
    }

    /// Lists the instances; only some of those without a usable id are an error.
    pub(super) fn list_instances(
        &self,
        bounds: Bounds,
        is_wanted: impl Fn(&Odd) -> bool + Clone + Send + 'static,
    ) -> BoxStream<'static, Result<Instance, Error>> {
        let client = self.clone();
        let fetch = move |offset, time| {
            let (client, is_wanted) = (client.clone(), is_wanted.clone());
            async move {
                let page = client.variant.instances(offset);
                let mut page = client.page_of(time, page).await?;
                page.odd.retain(is_wanted);
                Ok(page)
            }
        };
        let key = |instance: &Instance| instance.id.clone();
        pages::entries(fetch, key, bounds).boxed()
    }

    /// Shows the policy for automated backups of an instance.
    ///
    /// Days, minutes, MB/s and GB are as [`Policy`] says; times are UTC.
    ///
    /// Vendor's pages: [RDS v1](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v1_to_be_discarded/backup_and_restoration/obtaining_an_automated_backup_policy.html),
    /// [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/obtaining_an_automated_backup_policy.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/querying_an_automated_backup_policy.html),
    /// [GaussDB](https://docs.otc.t-systems.com/gaussdb-opengauss/api-ref/apis_recommended/backup_management/querying_an_automated_backup_policy.html).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such instance, [`ErrorKind::UnreadableAnswer`] when the
    /// answer has a time or days that cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::GaussdbV3)?;
    /// let policy = client.policy(&"7e01ac5ac5274957ba506f3851d11d51in14".parse()?).await?;
    /// assert_eq!(policy.keep_days, Some(7));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn policy(&self, instance: &InstanceId) -> Result<Policy, Error> {
        self.call(self.variant.policy(instance)).await
    }

    /// Sets the policy for automated backups of an instance.
    ///
    /// Sends one PUT with the whole policy: take that of [`policy`](Self::policy) and change it, or
    /// parts that are `None` fall back to the service's default.
    ///
    /// Vendor's pages: [RDS v1](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v1_to_be_discarded/backup_and_restoration/setting_an_automated_backup_policy.html),
    /// [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/setting_an_automated_backup_policy.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/modifying_an_automated_backup_policy.html),
    /// [GaussDB](https://docs.otc.t-systems.com/gaussdb-opengauss/api-ref/apis_recommended/backup_management/configuring_an_automated_backup_policy.html).
    ///
    /// # Errors
    ///
    /// Before any call: [`ErrorKind::InvalidInput`] when a value breaks a rule of the service, and
    /// [`ErrorKind::Unsupported`] for a part that only another service has.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator, model::Policy};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::TaurusdbV3)?;
    /// use jiff::civil::{Weekday, time};
    ///
    /// let policy = Policy::new(14, time(1, 0, 0, 0), [Weekday::Monday, Weekday::Thursday]);
    /// client.set_policy(&"07033b125fd94a8a96896f8bcfee6ddain07".parse()?, &policy).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_policy(&self, instance: &InstanceId, policy: &Policy) -> Result<(), Error> {
        let (service, operation) = (self.service(), Operation::SetBackupPolicy);
        check_policy_parts(service, policy)?;
        policy
            .check(service)
            .map_err(|refused| self.refuse(operation, &refused))?;
        self.call(self.variant.set_policy(instance, policy)).await
    }

    /// Overwrites an instance with a backup, or with its data at a point in time.
    ///
    /// Sends one POST and never a second one. Returns the ids of the jobs that do it; on rds-v1 no
    /// call shows them. taurusdb-v3 and gaussdb-v3 offer it on Huawei Cloud; rds-v1 restores an
    /// instance only from itself, and not SQL Server.
    ///
    /// Vendor's pages: [RDS v1](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v1_to_be_discarded/backup_and_restoration/restoring_data_to_the_original_db_instance.html),
    /// [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/restoring_data_to_an_existing_or_original_db_instance.html);
    /// of Huawei Cloud the SDKs for [TaurusDB](https://github.com/huaweicloud/huaweicloud-sdk-python-v3/tree/master/huaweicloud-sdk-gaussdb) and
    /// [GaussDB](https://github.com/huaweicloud/huaweicloud-sdk-python-v3/tree/master/huaweicloud-sdk-gaussdbforopengauss).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a backup of another service, [`ErrorKind::Unsupported`] for
    /// another instance on rds-v1, [`ErrorKind::NotFound`] when the
    /// backup or an instance does not exist, [`ErrorKind::Conflict`] when the target is busy. After an
    /// error that [may have acted](Error::may_have_acted) the instance may be in the course of being
    /// overwritten.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator, model::{NewBackup, Restore}};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV3)?;
    /// let backup = client.create(&NewBackup::new("d8e6ca5a624745bcb546a227aa3ae1cfin01".parse()?, "nightly".parse()?)).await?;
    /// # emulator.advance(std::time::Duration::from_secs(60));
    /// let jobs = client.restore(&Restore::backup(&backup)).await?;
    /// println!("{}", client.job(&jobs[0]).await?.status);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn restore(&self, restore: &Restore) -> Result<Vec<String>, Error> {
        if let Some(service) = restore.service {
            self.check_service(Operation::RestoreInstance, service)?;
        }
        if let RestorePoint::Time(at) = restore.point
            && at.as_millisecond() < 0
        {
            let reason = format!("restore time must not be before 1970, but it is {at}");
            return Err(self.invalid(Operation::RestoreInstance, reason));
        }
        if restore.target.is_some() && restore.target != restore.source {
            let what = "restore over another instance";
            let elsewhere = |can: &Capabilities| can.restores_elsewhere;
            self.service()
                .demand(Operation::RestoreInstance, what, elsewhere)?;
        }
        self.call(self.variant.restore(restore)).await
    }
}
