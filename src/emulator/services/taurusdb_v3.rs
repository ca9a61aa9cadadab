//! TaurusDB, API v3.

use super::{
    BackupList, CatalogEntry, Engine, ErrorFields, JobNames, OtherPath, PolicyStart, Profile,
    RequestFields, RestoreFields,
};

pub(super) static PROFILE: Profile = Profile {
    host: "taurusdb",
    catalog: CatalogEntry {
        kind: "gaussdb",
        version: "v3",
    },
    // gophertelekomcloud has no other entry to make the URL of TaurusDB from: it puts `mysql/v3` in
    // the place of `v2`.
    catalog_alias: Some(CatalogEntry {
        kind: "volumev2",
        version: "v2",
    }),
    // The first name of TaurusDB; gophertelekomcloud still uses it.
    other_paths: &[OtherPath {
        operation: None,
        prefix: "/mysql/v3",
    }],
    error_fields: ErrorFields {
        code: "error_code",
        message: "error_msg",
    },
    request_fields: RequestFields {
        instance: "instance_id",
        backup: "backup_id",
        new_backup: "",
        new_backup_instance: "instance_id",
        policy: "/backup_policy",
        restore: RestoreFields {
            instances: Some(["/source_instance_id", "/target_instance_id"]),
            kind: Some("/type"),
            backup: "/backup_id",
            time: "/restore_time",
        },
    },
    engines: &[Engine {
        digits: "07",
        name: "gaussdb-mysql",
        version: "8.0",
    }],
    backup_list: BackupList {
        newest: None,
        has_automated: true,
    },
    policy_start: PolicyStart::Hour { step: 60 },
    job_names: JobNames {
        backup: "CreateGaussDBforMySQLBackup",
        restore: "RestoreGaussDBforMySQLInstance",
    },
    restores_sql_server: true,
};
