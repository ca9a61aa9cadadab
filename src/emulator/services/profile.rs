//! The shape of the facts about a service.

use crate::service::Operation;

/// Facts about a service that its contract does not say.
#[derive(Debug)]
pub(crate) struct Profile {
    /// Name of the host that serves it; services with the same host share a server.
    pub(crate) host: &'static str,
    /// Type in the catalog of IAM, and path of the URL before the project's id.
    pub(crate) catalog: [&'static str; 2],
    /// A further entry for clients that find the service by another type.
    pub(crate) catalog_alias: Option<[&'static str; 2]>,
    /// Paths beside those of the contract: the operation, `None` for all of them, and the text in
    /// place of `/v3` at the beginning.
    pub(crate) other_paths: &'static [(Option<Operation>, &'static str)],
    /// Fields of an error body: code and message.
    pub(crate) error_fields: [&'static str; 2],
    /// Parameters with the id of an instance and of a backup.
    pub(crate) instance_parameter: &'static str,
    pub(crate) backup_parameter: &'static str,
    /// JSON pointers to the description of a new backup and to its instance.
    pub(crate) new_backup: [&'static str; 2],
    /// JSON pointer to the policy in the body that sets it.
    pub(crate) policy: &'static str,
    pub(crate) policy_start: PolicyStart,
    pub(crate) restore: RestoreFields,
    pub(crate) restores_sql_server: bool,
    /// Digits at the end of an instance's id, the engine that they name, and a version for instances
    /// that no example shows.
    pub(crate) engines: &'static [(&'static str, &'static str, &'static str)],
    /// Number of the newest backups that a list without pages shows; `None` for one with pages.
    pub(crate) newest_backups: Option<usize>,
    /// Whether the list of backups has automated ones, too.
    pub(crate) lists_automated: bool,
    /// Name of a job that makes a backup.
    pub(crate) backup_job: &'static str,
    /// Name of a job that restores an instance.
    pub(crate) restore_job: &'static str,
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

/// Form in which a policy sets the start of backups.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PolicyStart {
    /// A time of day.
    TimeOfDay,
    /// One hour that starts at a multiple of these minutes, and the days of the week.
    Hour { step: u8 },
}

/// Fields of an error body in API v3.
pub(crate) const V3_ERROR: [&str; 2] = ["error_code", "error_msg"];

/// Restore fields of the services that have objects for source and target.
pub(crate) const V3_RESTORE: RestoreFields = RestoreFields {
    instances: Some(["/source/instance_id", "/target/instance_id"]),
    kind: Some("/source/type"),
    backup: "/source/backup_id",
    time: "/source/restore_time",
};
