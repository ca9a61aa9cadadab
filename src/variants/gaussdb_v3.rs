//! GaussDB, API v3: lists of the whole project, MB, a policy with more parts.

use super::alike::{instance, listed};
use super::capabilities::{AddressedBy, Capabilities, Lists, PolicyRules};
use super::reading::{
    MB, ServiceCall, bytes, day_words, days, known, number, period, point, start, start_words,
    written,
};
use super::{Odd, PAGE, Page, created};
use crate::api::gaussdb_v3::{Client, types};
use crate::api::shared;
use crate::error::{Error, ErrorKind};
use crate::model::{
    Backup, BackupFile, BackupFiles, BackupFilter, BackupId, BackupStatus, BackupType, Instance,
    InstanceId, Job, NewBackup, Policy, Restore,
};
use crate::service::{Operation, Service};

const SERVICE: Service = Service::GaussdbV3;

pub(super) const CAPABILITIES: Capabilities = Capabilities {
    lists: Lists::OfProject,
    listed_kinds: &[BackupType::Manual, BackupType::Auto],
    lists_by_time: true,
    lists_descriptions: false,
    addressed_by: AddressedBy::Instance,
    names_are_unique: true,
    most_in_progress: None,
    usable: &[BackupStatus::Completed],
    single_databases: false,
    individual_databases: false,
    restores_elsewhere: true,
    policy: PolicyRules {
        keep_days: 1..=732,
        start_step: 60 * 60,
        days: true,
        may_be_empty: false,
        differential: true,
        level1: false,
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
        let mut request = self.list_backups().offset(offset).limit(PAGE);
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

    pub(super) async fn stop(&self, instance: &InstanceId) -> Result<Option<String>, Error> {
        let request = self.stop_backup().instance_id(instance.clone());
        let reply = ServiceCall(SERVICE, Operation::StopBackup).read(request.send().await)?;
        Ok(written(reply.job_id))
    }

    pub(super) async fn files(&self, id: &BackupId) -> Result<BackupFiles, Error> {
        let result = self.list_backup_files().backup_id(id.clone()).send().await;
        let call = ServiceCall(SERVICE, Operation::ListBackupFiles);
        let reply = call.read(result)?;
        let file = |file: types::BackupFile| BackupFile {
            name: file.name,
            size: None,
            size_without_unit: file.size,
            link: file.download_link,
            expires: known(file.link_expired_time),
            database: None,
        };
        let files = reply
            .files
            .ok_or_else(|| call.unreadable("list of files"))?
            .0;
        Ok(BackupFiles {
            bucket: reply.bucket,
            files: files.into_iter().map(file).collect(),
        })
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
            differential_minutes: number(policy.differential_period),
            rate_limit: number(policy.rate_limit),
            prefetch_pages: number(policy.prefetch_block),
            file_split_size: number(policy.file_split_size),
            on_standby: policy.enable_standby_backup,
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
        let minutes = policy.differential_minutes.unwrap_or_default().to_string();
        let minutes = types::DifferentialPeriod::try_from(minutes);
        let minutes = minutes.map_err(|e| {
            call.error(
                ErrorKind::InvalidInput,
                format!("differential_minutes: {e}"),
            )
        })?;
        let body = types::SetBackupPolicyRequest {
            backup_policy: types::NewBackupPolicy {
                keep_days: super::keep_days(policy),
                start_time: start_words(SERVICE, policy),
                period: day_words(SERVICE, policy),
                differential_period: minutes,
                rate_limit: policy.rate_limit.map(i64::from),
                prefetch_block: policy
                    .prefetch_pages
                    .and_then(|pages| u64::from(pages).try_into().ok()),
                file_split_size: policy.file_split_size.map(i64::from),
                enable_standby_backup: policy.on_standby,
            },
        };
        let request = self
            .set_backup_policy()
            .instance_id(instance.clone())
            .body(body);
        call.accepted(request.send().await)
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
            source: types::RestoreSource {
                instance_id: source.clone(),
                type_,
                backup_id,
                restore_time: restore_time.map(|milliseconds| milliseconds.to_string()),
            },
            target: types::RestoreTarget {
                instance_id: target.clone(),
            },
        };
        let request = self.restore_instance().body(body);
        let reply = call.read(request.send().await)?;
        Ok(reply.job_id.into_iter().collect())
    }

    pub(super) async fn job(&self, id: &str) -> Result<Job, Error> {
        let call = ServiceCall(SERVICE, Operation::GetJob);
        let request = self.get_job().id(id);
        let reply = call.read(request.send().await)?;
        super::job(call, id, reply.job.map(alike))
    }
}

/// A job in the form of the other services, which have another name for its progress.
fn alike(job: types::Job) -> shared::types::Job {
    shared::types::Job {
        created: job.created,
        ended: job.ended,
        entities: None,
        fail_reason: job.fail_reason,
        id: job.id,
        instance: job.instance,
        name: job.name,
        process: job.progress,
        status: job.status,
    }
}

fn backup(
    call: ServiceCall,
    entry: types::ListedBackup,
    asked: Option<&InstanceId>,
) -> Result<Backup, Odd> {
    let mut backup = listed!(call, entry, asked);
    backup.description = written(entry.description);
    backup.size = bytes(entry.size, MB);
    Ok(backup)
}

fn instance(call: ServiceCall, entry: types::Instance) -> Result<Instance, Odd> {
    let mut instance = instance!(call, entry, datastore);
    instance.created = known(entry.created);
    Ok(instance)
}
