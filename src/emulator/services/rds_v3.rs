//! RDS, API v3.

use super::profile::{PolicyStart, Profile, V3_ERROR, V3_RESTORE};

pub(crate) static PROFILE: Profile = Profile {
    host: "rds",
    catalog: ["rdsv3", "v3"],
    catalog_alias: None,
    other_paths: &[],
    error_fields: V3_ERROR,
    instance_parameter: "instance_id",
    backup_parameter: "backup_id",
    new_backup: ["", "/instance_id"],
    policy: "/backup_policy",
    policy_start: PolicyStart::Hour { step: 15 },
    restore: V3_RESTORE,
    restores_sql_server: true,
    engines: &[
        ("01", "MySQL", "5.7"),
        ("03", "PostgreSQL", "16"),
        ("04", "SQLServer", "2014_WEB"),
    ],
    newest_backups: None,
    lists_automated: true,
    backup_job: "CreateManualBackup",
    restore_job: "RestoreInstance",
};
