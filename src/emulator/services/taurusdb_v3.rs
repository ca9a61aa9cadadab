//! TaurusDB, API v3.

use super::profile::{PolicyStart, Profile, RestoreFields, V3_ERROR};

pub(crate) static PROFILE: Profile = Profile {
    host: "taurusdb",
    catalog: ["gaussdb", "v3"],
    // gophertelekomcloud has no other entry to make the URL of TaurusDB from: it puts `mysql/v3` in
    // the place of `v2`.
    catalog_alias: Some(["volumev2", "v2"]),
    // The first name of TaurusDB; gophertelekomcloud still uses it.
    other_paths: &[(None, "/mysql/v3")],
    error_fields: V3_ERROR,
    instance_parameter: "instance_id",
    backup_parameter: "backup_id",
    new_backup: ["", "/instance_id"],
    policy: "/backup_policy",
    policy_start: PolicyStart::Hour { step: 60 },
    restore: RestoreFields {
        instances: Some(["/source_instance_id", "/target_instance_id"]),
        kind: Some("/type"),
        backup: "/backup_id",
        time: "/restore_time",
    },
    restores_sql_server: true,
    engines: &[("07", "gaussdb-mysql", "8.0")],
    newest_backups: None,
    lists_automated: true,
    backup_job: "CreateGaussDBforMySQLBackup",
    restore_job: "RestoreGaussDBforMySQLInstance",
};
