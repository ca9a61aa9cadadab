//! RDS, API v3: lists per instance, KB.

use super::alike::{instance, listed};
use super::capabilities::{AddressedBy, Capabilities, Lists, PolicyRules};
use super::reading::{
    KB, ServiceCall, bytes, day_words, days, known, number, period, point, start, start_words,
    written,
};
use super::{Odd, PAGE, Page, names};
use crate::api::rds_v3::{Client, types};
use crate::error::{ApiError, Error, ErrorKind};
use crate::model::{
    Backup, BackupFile, BackupFiles, BackupFilter, BackupId, BackupStatus, BackupType, Deletion,
    Instance, InstanceId, Job, NewBackup, Node, Policy, Restore,
};
use crate::service::{Operation, Service};

const SERVICE: Service = Service::RdsV3;

pub(super) const CAPABILITIES: Capabilities = Capabilities {
    lists: Lists::OfInstance,
    listed_kinds: &[
        BackupType::Manual,
        BackupType::Auto,
        BackupType::Fragment,
        BackupType::Incremental,
    ],
    lists_by_time: true,
    lists_descriptions: false,
    addressed_by: AddressedBy::Instance,
    names_are_unique: true,
    most_in_progress: None,
    usable: &[BackupStatus::Completed],
    single_databases: true,
    individual_databases: true,
    restores_elsewhere: true,
    policy: PolicyRules {
        keep_days: 1..=3660,
        start_step: 15 * 60,
        days: true,
        may_be_empty: true,
        differential: false,
        level1: false,
    },
};

impl Client {
    pub(super) async fn create(&self, new: &NewBackup) -> Result<Backup, Error> {
        let call = ServiceCall(SERVICE, Operation::CreateBackup);
        if new.individually && new.databases.is_none() {
            let message = "individual backups need the names of the databases: name one or more";
            return Err(call.error(ErrorKind::InvalidInput, message));
        }
        let database = |name: &String| types::Database { name: name.clone() };
        let body = types::CreateBackupRequest {
            instance_id: new.instance.clone(),
            name: new.name.clone(),
            description: new.description.clone(),
            databases: new.databases.iter().flatten().map(database).collect(),
            backup_database_individually: new.individually.then_some(true),
        };
        let request = self.create_backup().body(body);
        let reply = call.read(request.send().await)?;
        let entry = reply.backup.ok_or_else(|| call.unreadable("backup"))?;
        let reference = call.reference(entry.id, entry.instance_id, Some(&new.instance))?;
        let mut backup = Backup::new(reference);
        backup.name = entry.name.unwrap_or_else(|| new.name.to_string());
        backup.description = written(entry.description);
        backup.status = entry.status.unwrap_or(backup.status);
        backup.kind = entry.type_;
        backup.begin = known(entry.begin_time);
        backup.databases = names(entry.databases.map(|list| list.0), |database| database.name);
        backup.job_id = written(reply.job_id);
        Ok(backup)
    }

    pub(super) async fn page(
        &self,
        filter: &BackupFilter,
        offset: u64,
    ) -> Result<Page<Backup>, Error> {
        let call = ServiceCall(SERVICE, Operation::ListBackups);
        let Some(instance) = &filter.instance else {
            let message = "a list of backups needs an instance";
            return Err(call.error(ErrorKind::InvalidInput, message));
        };
        let mut request = self
            .list_backups()
            .instance_id(instance.clone())
            .offset(offset)
            .limit(PAGE);
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
            backup(call, entry, instance)
        })
    }

    pub(super) async fn delete(&self, id: &BackupId) -> Result<(), Error> {
        let result = self.delete_backup().backup_id(id.clone()).send().await;
        ServiceCall(SERVICE, Operation::DeleteBackup).accepted(result)
    }

    pub(super) async fn delete_many(&self, ids: &[BackupId]) -> Result<Vec<Deletion>, Error> {
        let call = ServiceCall(SERVICE, Operation::DeleteBackups);
        let body = types::DeleteBackupsRequest {
            backup_ids: ids.to_vec(),
        };
        let request = self.delete_backups().body(body);
        let reply = call.read(request.send().await)?;
        let results = reply
            .delete_results
            .ok_or_else(|| call.unreadable("list of results"))?
            .0;
        let find = |id: &BackupId| {
            let mut results = results.iter();
            results.find(|result| result.backup_id.as_deref() == Some(id.as_str()))
        };
        let deletion = |id: &BackupId| Deletion {
            id: id.clone(),
            refused: refusal(find(id)),
        };
        Ok(ids.iter().map(deletion).collect())
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
            size: bytes(file.size.map(|size| size as f64), KB),
            size_without_unit: None,
            link: file.download_link,
            expires: known(file.link_expired_time),
            database: written(file.database_name),
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
        let body = types::SetBackupPolicyRequest {
            backup_policy: types::NewBackupPolicy {
                keep_days: super::keep_days(policy),
                start_time: (policy.start.is_some() || policy.returned_start(SERVICE).is_some())
                    .then(|| start_words(SERVICE, policy)),
                period: (!policy.days.is_empty() || policy.returned_days(SERVICE).is_some())
                    .then(|| day_words(SERVICE, policy)),
            },
            reserve_backups: None,
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
                type_: Some(type_),
                backup_id,
                restore_time,
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
        super::job(call, id, reply.job)
    }
}

/// Why a backup of a batch is not being deleted; one without a result counts as refused.
fn refusal(result: Option<&types::DeleteResult>) -> Option<ApiError> {
    let mut refusal = ApiError::default();
    match result {
        Some(result) if result.error_code.as_deref() == Some("0") => return None,
        Some(result) => {
            refusal.error_code.clone_from(&result.error_code);
            refusal.error_msg.clone_from(&result.error_msg);
        }
        None => refusal.error_msg = Some("the answer does not mention this backup".to_owned()),
    }
    Some(refusal)
}

fn backup(
    call: ServiceCall,
    entry: types::ListedBackup,
    asked: &InstanceId,
) -> Result<Backup, Odd> {
    let mut backup = listed!(call, entry, Some(asked));
    backup.size = bytes(entry.size.map(|size| size as f64), KB);
    backup.databases = names(entry.databases.map(|list| list.0), |database| database.name);
    Ok(backup)
}

fn instance(call: ServiceCall, entry: types::Instance) -> Result<Instance, Odd> {
    let node = |node: types::Node| Node {
        id: node.id,
        name: node.name,
        role: node.role,
        status: node.status,
        zone: node.availability_zone,
    };
    let nodes = entry.nodes.map(|nodes| nodes.0).unwrap_or_default();
    let mut instance = instance!(call, entry, datastore);
    instance.nodes = nodes.into_iter().map(node).collect();
    instance.created = known(entry.created);
    Ok(instance)
}
