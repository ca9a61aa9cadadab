//! RDS, API v1: nodes in place of instances, a list without pages, camel case in parameters.

use super::profile::{PolicyStart, Profile, RestoreFields};
use super::rds_v3;

pub(crate) static PROFILE: Profile = Profile {
    host: rds_v3::PROFILE.host,
    catalog: ["rdsv1", "rds/v1"],
    catalog_alias: None,
    other_paths: &[],
    error_fields: ["errCode", "externalMessage"],
    instance_parameter: "instanceId",
    backup_parameter: "backupId",
    new_backup: ["/backup", "/backup/instance"],
    policy: "/policy",
    policy_start: PolicyStart::TimeOfDay,
    restore: RestoreFields {
        instances: None,
        kind: None,
        backup: "/restore/backupRef",
        time: "/restore/restoreTime",
    },
    restores_sql_server: false,
    engines: rds_v3::PROFILE.engines,
    newest_backups: Some(100),
    lists_automated: false,
    backup_job: "CreateManualBackup",
    restore_job: "RestoreInstance",
};
