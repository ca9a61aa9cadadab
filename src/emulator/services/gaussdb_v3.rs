//! GaussDB, API v3.

use super::profile::{PolicyStart, Profile, V3_ERROR, V3_RESTORE};
use crate::service::Operation;

pub(crate) static PROFILE: Profile = Profile {
    host: "gaussdb",
    catalog: ["opengauss", "v3"],
    catalog_alias: None,
    // Later versions of this list alone, which Terraform and the vendor's SDK know.
    other_paths: &[
        (Some(Operation::ListBackups), "/v3.1"),
        (Some(Operation::ListBackups), "/v3.2"),
    ],
    error_fields: V3_ERROR,
    instance_parameter: "instance_id",
    backup_parameter: "backup_id",
    new_backup: ["", "/instance_id"],
    policy: "/backup_policy",
    policy_start: PolicyStart::Hour { step: 60 },
    restore: V3_RESTORE,
    restores_sql_server: true,
    engines: &[("14", "GaussDB", "1.4")],
    newest_backups: None,
    lists_automated: true,
    backup_job: "BackupSnapshotGaussDBV5InInstance",
    restore_job: "RestoreGaussDBV5InInstance",
};
