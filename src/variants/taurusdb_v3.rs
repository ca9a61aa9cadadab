//! TaurusDB, API v3: lists of the whole project, paging in text, MB.

use super::alike::{instance, listed};
use super::capabilities::{AddressedBy, Capabilities, Lists, PolicyRules};
use super::reading::{
    MB, ServiceCall, bytes, day_words, days, number, period, point, start, start_words, written,
};
use super::{Odd, PAGE, Page, created};
use crate::api::taurusdb_v3::{Client, types};
use crate::error::{Error, ErrorKind};
use crate::model::{
    Backup, BackupFilter, BackupId, BackupStatus, BackupType, Instance, InstanceId, Job, NewBackup,
    Policy, Restore,
};
use crate::service::{Operation, Service};

const SERVICE: Service = Service::TaurusdbV3;

pub(super) const CAPABILITIES: Capabilities = Capabilities {
    lists: Lists::OfProject,
    listed_kinds: &[BackupType::Manual, BackupType::Auto],
    lists_by_time: true,
    lists_descriptions: false,
    addressed_by: AddressedBy::Instance,
    names_are_unique: false,
    most_in_progress: None,
    usable: &[BackupStatus::Completed, BackupStatus::Available],
    single_databases: false,
    individual_databases: false,
    restores_elsewhere: true,
    policy: PolicyRules {
        keep_days: 1..=3660,
        start_step: 60 * 60,
        days: true,
        may_be_empty: false,
        differential: false,
        level1: true,
    },
};

impl Client {
    pub(super) async fn create(&self, new: &NewBackup) -> Result<Backup, Error> {
        let call = ServiceCall(SERVICE, Operation::CreateBackup);
        let request = self.create_backup().body(super::create_request(new));
        let reply = call.read(request.send().await)?;
        created(call, new, reply)
    }

    pub(super) async fn page(
        &self,
        filter: &BackupFilter,
        offset: u64,
    ) -> Result<Page<Backup>, Error> {
        let call = ServiceCall(SERVICE, Operation::ListBackups);
        let mut request = self
            .list_backups()
            .offset(offset.to_string())
            .limit(PAGE.to_string());
        if let Some(instance) = &filter.instance {
            request = request.instance_id(instance.clone());
        }
        if let Some(id) = &filter.id {
            request = request.backup_id(id.clone());
        }
        if let Some(kind) = &filter.kind {
            request = request.backup_type(kind.to_string());
        }
        if let Some([begin, end]) = filter.period.map(period) {
            request = request.begin_time(begin).end_time(end);
        }
        let reply = call.read(request.send().await)?;
        let entries = reply.backups.map(|backups| backups.0);
        Page::new(call, entries, reply.total_count, |entry| {
            backup(call, entry, filter.instance.as_ref())
        })
    }

    pub(super) async fn delete(&self, id: &BackupId) -> Result<(), Error> {
        let result = self.delete_backup().backup_id(id.clone()).send().await;
        ServiceCall(SERVICE, Operation::DeleteBackup).accepted(result)
    }

    pub(super) async fn policy(&self, instance: &InstanceId) -> Result<Policy, Error> {
        let call = ServiceCall(SERVICE, Operation::GetBackupPolicy);
        let request = self.get_backup_policy().instance_id(instance.clone());
        let reply = call.read(request.send().await)?;
        let policy = reply
            .backup_policy
            .ok_or_else(|| call.unreadable("policy"))?;
        Ok(Policy {
            keep_days: number(policy.keep_days),
            start: start(policy.start_time.as_deref()),
            days: days(policy.period.as_deref()),
            level1_backups: number(policy.retention_num_backup_level1),
            ..Policy::default()
        }
        .returned_by(SERVICE, policy.start_time, policy.period))
    }

    pub(super) async fn set_policy(
        &self,
        instance: &InstanceId,
        policy: &Policy,
    ) -> Result<(), Error> {
        let call = ServiceCall(SERVICE, Operation::SetBackupPolicy);
        let level1 = policy
            .level1_backups
            .map(|number| i64::from(number).try_into());
        let level1 = level1
            .transpose()
            .map_err(|e| call.error(ErrorKind::InvalidInput, format!("level1_backups: {e}")))?;
        let body = types::SetBackupPolicyRequest {
            backup_policy: types::NewBackupPolicy {
                keep_days: super::keep_days(policy),
                start_time: start_words(SERVICE, policy),
                period: day_words(SERVICE, policy),
                retention_num_backup_level1: level1,
            },
        };
        let request = self
            .set_backup_policy()
            .instance_id(instance.clone())
            .body(body);
        let reply = call.read(request.send().await)?;
        match reply.status.as_deref() {
            Some("FAILED") => {
                let message = "the call was accepted, but the policy was not set (FAILED)";
                Err(call.error(ErrorKind::Refused, message))
            }
            _ => Ok(()),
        }
    }

    pub(super) async fn instances(&self, offset: u64) -> Result<Page<Instance>, Error> {
        let call = ServiceCall(SERVICE, Operation::ListInstances);
        let request = self.list_instances().offset(offset).limit(PAGE);
        let reply = call.read(request.send().await)?;
        let entries = reply.instances.map(|instances| instances.0);
        Page::new(call, entries, reply.total_count, |entry| {
            instance(call, entry)
        })
    }

    pub(super) async fn restore(&self, restore: &Restore) -> Result<Vec<String>, Error> {
        let call = ServiceCall(SERVICE, Operation::RestoreInstance);
        let [source, target] = call.instances(restore)?;
        let (backup_id, restore_time) = point(&restore.point);
        let type_ = match backup_id {
            Some(_) => types::RestoreType::Backup,
            None => types::RestoreType::Timestamp,
        };
        let body = types::RestoreInstanceRequest {
            source_instance_id: source.clone(),
            target_instance_id: target.clone(),
            type_,
            backup_id,
            restore_time,
        };
        let request = self.restore_instance().body(body);
        let reply = call.read(request.send().await)?;
        Ok(reply.job_id.into_iter().collect())
    }

    pub(super) async fn job(&self, id: &str) -> Result<Job, Error> {
        let call = ServiceCall(SERVICE, Operation::GetJob);
        let request = self.get_job().id(id);
        let reply = call.read(request.send().await)?;
        super::job(call, id, reply.job)
    }
}

fn backup(
    call: ServiceCall,
    entry: types::ListedBackup,
    asked: Option<&InstanceId>,
) -> Result<Backup, Odd> {
    let mut backup = listed!(call, entry, asked);
    backup.description = written(entry.description);
    backup.size = bytes(entry.size.and_then(|size| size.as_f64()), MB);
    Ok(backup)
}

fn instance(call: ServiceCall, entry: types::Instance) -> Result<Instance, Odd> {
    Ok(instance!(call, entry, datastore))
}
