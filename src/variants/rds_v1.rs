//! RDS, API v1: nodes for instances, no filters, no pages, GB.

use super::alike::instance;
use super::capabilities::{AddressedBy, Capabilities, Lists, PolicyRules};
use super::reading::{GB, ServiceCall, bytes, known, number, point, start, written};
use super::{Odd, Page};
use crate::api::rds_v1::{Client, types};
use crate::error::{Error, ErrorKind};
use crate::model::{
    Backup, BackupFilter, BackupId, BackupStatus, BackupType, Instance, InstanceId, NewBackup,
    NodeId, Policy, Restore,
};
use crate::service::{Operation, Service};

const SERVICE: Service = Service::RdsV1;
/// The most backups that a list shows; with fewer than these it shows all.
const LISTED: u64 = 100;

pub(super) const CAPABILITIES: Capabilities = Capabilities {
    lists: Lists::Newest(LISTED),
    listed_kinds: &[BackupType::Manual],
    lists_by_time: false,
    lists_descriptions: true,
    addressed_by: AddressedBy::PrimaryNode(Service::RdsV3),
    names_are_unique: false,
    // Half of what a list shows: the others may be newer ones that are done.
    most_in_progress: Some(50),
    usable: &[BackupStatus::Completed],
    single_databases: true,
    individual_databases: false,
    restores_elsewhere: false,
    policy: PolicyRules {
        keep_days: 0..=732,
        start_step: 1,
        days: false,
        may_be_empty: false,
        differential: false,
        level1: false,
    },
};

impl Client {
    pub(super) async fn create(&self, new: &NewBackup) -> Result<Backup, Error> {
        let call = ServiceCall(SERVICE, Operation::CreateBackup);
        let database = |name: &String| types::Database { name: name.clone() };
        let body = types::CreateBackupRequest {
            backup: types::NewBackup {
                instance: node(call, &new.instance)?,
                name: new.name.clone(),
                description: new.description.clone(),
                databases: new.databases.iter().flatten().map(database).collect(),
            },
        };
        let request = self.create_backup().body(body);
        let reply = call.read(request.send().await)?;
        let jobs = reply.extendparam.and_then(|extend| extend.jobs);
        let entry = reply.backup.ok_or_else(|| call.unreadable("backup"))?;
        let created = backup(call, entry, Some(&new.instance));
        Ok(Backup {
            job_id: jobs.and_then(|jobs| jobs.first().cloned()),
            ..created.map_err(|odd| odd.error)?
        })
    }

    pub(super) async fn page(&self, filter: &BackupFilter) -> Result<Page<Backup>, Error> {
        let call = ServiceCall(SERVICE, Operation::ListBackups);
        let wanted = filter.instance.as_ref();
        wanted.map(|instance| node(call, instance)).transpose()?;
        let reply = call.read(self.list_backups().send().await)?;
        let entries = reply.backups.map(|backups| backups.0);
        let mut page = Page::new(call, entries, None, |entry| backup(call, entry, wanted))?;
        page.hides_older = page.length >= LISTED;
        page.entries.retain(|backup| {
            let place = &backup.reference;
            wanted.is_none()
                || wanted == place.instance.as_ref()
                    && filter.id.as_ref().is_none_or(|id| *id == place.id)
        });
        page.is_only = true;
        Ok(page)
    }

    pub(super) async fn delete(&self, id: &BackupId) -> Result<(), Error> {
        let result = self.delete_backup().backup_id(id.clone()).send().await;
        ServiceCall(SERVICE, Operation::DeleteBackup).accepted(result)
    }

    pub(super) async fn policy(&self, instance: &InstanceId) -> Result<Policy, Error> {
        let call = ServiceCall(SERVICE, Operation::GetBackupPolicy);
        let request = self.get_backup_policy().instance_id(node(call, instance)?);
        let reply = call.read(request.send().await)?;
        let policy = reply.policy.ok_or_else(|| call.unreadable("policy"))?;
        Ok(Policy {
            keep_days: number(policy.keepday),
            start: start(policy.starttime.as_deref()),
            ..Policy::default()
        }
        .returned_by(SERVICE, policy.starttime, None))
    }

    pub(super) async fn set_policy(
        &self,
        instance: &InstanceId,
        policy: &Policy,
    ) -> Result<(), Error> {
        let call = ServiceCall(SERVICE, Operation::SetBackupPolicy);
        let start = match policy.returned_start(SERVICE) {
            Some(words) => words.to_owned(),
            None => policy
                .start
                .unwrap_or_default()
                .strftime("%H:%M:%S")
                .to_string(),
        };
        let body = types::SetBackupPolicyRequest {
            policy: types::NewBackupPolicy {
                keepday: policy.keep_days.unwrap_or_default().into(),
                starttime: start,
            },
        };
        let request = self
            .set_backup_policy()
            .instance_id(node(call, instance)?)
            .body(body);
        call.accepted(request.send().await)
    }

    pub(super) async fn instances(&self) -> Result<Page<Instance>, Error> {
        let call = ServiceCall(SERVICE, Operation::ListInstances);
        let reply = call.read(self.list_instances().send().await)?;
        let entries = reply.instances.map(|instances| instances.0);
        let mut page = Page::new(call, entries, None, |entry| instance(call, entry))?;
        page.is_only = true;
        Ok(page)
    }

    pub(super) async fn restore(&self, restore: &Restore) -> Result<Vec<String>, Error> {
        let call = ServiceCall(SERVICE, Operation::RestoreInstance);
        let [_, target] = call.instances(restore)?;
        let (backup_ref, restore_time) = point(&restore.point);
        let body = types::RestoreInstanceRequest {
            restore: types::Restore {
                backup_ref,
                restore_time,
            },
        };
        let request = self
            .restore_instance()
            .instance_id(node(call, target)?)
            .body(body);
        let reply = call.read(request.send().await)?;
        let jobs = reply.extendparam.and_then(|extend| extend.jobs);
        let jobs = jobs.map(|jobs| jobs.0).unwrap_or_default();
        Ok(jobs.into_iter().filter_map(|job| job.id).collect())
    }
}

/// An id for a place where only that of a primary node will do.
pub(super) fn node(call: ServiceCall, id: &InstanceId) -> Result<NodeId, Error> {
    let text = id.as_str();
    let of_instance = text.len() == 36
        && text.as_bytes()[32..34] == *b"in"
        && text[..32].bytes().all(|b| b.is_ascii_hexdigit())
        && text[34..].bytes().all(|b| b.is_ascii_digit());
    if of_instance {
        let message = format!(
            "{text} is the id of an instance, but rds-v1 wants that of its primary node: \
             `instances` lists it on rds-v1, and on rds-v3 as the node with the role master"
        );
        return Err(call.error(ErrorKind::InvalidInput, message));
    }
    NodeId::try_from(text).map_err(|e| call.error(ErrorKind::InvalidInput, e.to_string()))
}

fn backup(
    call: ServiceCall,
    entry: types::Backup,
    asked: Option<&InstanceId>,
) -> Result<Backup, Odd> {
    let mut backup = call.listed(entry.id, entry.instance_id, entry.name, asked)?;
    let store = entry.data_store;
    let databases = store.as_ref().and_then(|store| store.databases.clone());
    backup.description = written(entry.description);
    backup.engine = store.and_then(|store| store.type_);
    backup.status = entry.status.unwrap_or(backup.status);
    // The service has no other kind; an unknown code is kept as it came.
    backup.kind = entry.backuptype.map(|code| match code.as_str() {
        "1" => BackupType::Manual,
        _ => BackupType::Unknown(code),
    });
    backup.begin = known(entry.created);
    // `updated` is the time of completion; it says nothing about a backup that is being made.
    backup.end = known(entry.updated).filter(|_| backup.status != BackupStatus::Building);
    backup.size = bytes(entry.size, GB);
    backup.databases = super::names(databases.map(|list| list.0), |database| database.name);
    Ok(backup)
}

fn instance(call: ServiceCall, entry: types::Instance) -> Result<Instance, Odd> {
    let mut instance = instance!(call, entry, data_store_info);
    instance.created = known(entry.created);
    Ok(instance)
}
