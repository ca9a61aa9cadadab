//! Facts about each service that its contract does not say.
//!
//! They are the emulator's own: it shares none with the client, whose mistakes it is there to show.

mod gaussdb_v3;
mod rds_v1;
mod rds_v3;
mod taurusdb_v3;

use crate::Service;
use crate::service::Operation;

/// Facts about a service that its contract does not say.
#[derive(Debug)]
pub(crate) struct Profile {
    /// Name of the host that serves it; services with the same host share a server.
    pub(crate) host: &'static str,
    pub(crate) catalog: CatalogEntry,
    /// A further entry for clients that find the service by another type.
    pub(crate) catalog_alias: Option<CatalogEntry>,
    pub(crate) other_paths: &'static [OtherPath],
    pub(crate) error_fields: ErrorFields,
    pub(crate) request_fields: RequestFields,
    /// Engines that an id of an instance names.
    pub(crate) engines: &'static [Engine],
    pub(crate) backup_list: BackupList,
    pub(crate) policy_start: PolicyStart,
    pub(crate) job_names: JobNames,
    /// Whether an instance of SQL Server can be restored.
    pub(crate) restores_sql_server: bool,
}

/// Type and version of a service in the catalog of IAM.
#[derive(Debug)]
pub(crate) struct CatalogEntry {
    pub(crate) kind: &'static str,
    /// Path before the project's id.
    pub(crate) version: &'static str,
}

/// A path beside that of the contract, by which other clients call an operation.
#[derive(Debug)]
pub(crate) struct OtherPath {
    /// The operation, `None` for all of them.
    pub(crate) operation: Option<Operation>,
    /// Text in place of `/v3` at the beginning of the contract's path.
    pub(crate) prefix: &'static str,
}

/// Names of the fields in an error body.
#[derive(Debug)]
pub(crate) struct ErrorFields {
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
}

/// Names of parameters, and JSON pointers to fields in bodies.
#[derive(Debug)]
pub(crate) struct RequestFields {
    /// Parameter with the id of an instance.
    pub(crate) instance: &'static str,
    /// Parameter with the id of a backup.
    pub(crate) backup: &'static str,
    /// The object that describes a new backup.
    pub(crate) new_backup: &'static str,
    /// Instance of a new backup, within that object.
    pub(crate) new_backup_instance: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) restore: RestoreFields,
}

/// JSON pointers to fields in the body of a restore.
#[derive(Debug)]
pub(crate) struct RestoreFields {
    /// Source and target; `None` where both are the instance in the path.
    pub(crate) instances: Option<[&'static str; 2]>,
    /// Kind of the restore; `None` where a backup wins over a time.
    pub(crate) kind: Option<&'static str>,
    pub(crate) backup: &'static str,
    pub(crate) time: &'static str,
}

/// An engine, with a version for instances that no example shows.
#[derive(Debug)]
pub(crate) struct Engine {
    /// Digits at the end of an instance's id.
    pub(crate) digits: &'static str,
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

/// Contents of a list of backups.
#[derive(Debug)]
pub(crate) struct BackupList {
    /// Number of the newest backups that a list without pages shows; `None` for one with pages.
    pub(crate) newest: Option<usize>,
    /// Whether it has automated backups, too.
    pub(crate) has_automated: bool,
}

/// Form in which a policy sets the start of backups.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PolicyStart {
    /// A time of day.
    TimeOfDay,
    /// One hour that starts at a multiple of these minutes, and the days of the week.
    Hour { step: u8 },
}

/// Names of the jobs that a service starts.
#[derive(Debug)]
pub(crate) struct JobNames {
    pub(crate) backup: &'static str,
    pub(crate) restore: &'static str,
}

/// The facts about a service; every difference that the emulator knows by name is one of them.
pub(crate) fn profile(service: Service) -> &'static Profile {
    match service {
        Service::RdsV1 => &rds_v1::PROFILE,
        Service::RdsV3 => &rds_v3::PROFILE,
        Service::TaurusdbV3 => &taurusdb_v3::PROFILE,
        Service::GaussdbV3 => &gaussdb_v3::PROFILE,
    }
}

/// The services of each host, in the order of their first service.
pub(crate) fn by_host() -> Vec<Vec<Service>> {
    let mut hosts: Vec<Vec<Service>> = Vec::new();
    for service in Service::ALL.iter().copied() {
        let is_same = |host: &&mut Vec<Service>| profile(host[0]).host == profile(service).host;
        match hosts.iter_mut().find(is_same) {
            Some(host) => host.push(service),
            None => hosts.push(vec![service]),
        }
    }
    hosts
}
