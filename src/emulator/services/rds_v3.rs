//! RDS, API v3.

use super::{
    BackupList, CatalogEntry, Engine, ErrorFields, JobNames, PolicyStart, Profile, RequestFields,
    RestoreFields,
};

pub(super) const ENGINES: &[Engine] = &[
    Engine {
        digits: "01",
        name: "MySQL",
        version: "5.7",
    },
    Engine {
        digits: "03",
        name: "PostgreSQL",
        version: "16",
    },
    Engine {
        digits: "04",
        name: "SQLServer",
        version: "2014_WEB",
    },
];

pub(super) static PROFILE: Profile = Profile {
    host: "rds",
    catalog: CatalogEntry {
        kind: "rdsv3",
        version: "v3",
    },
    catalog_alias: None,
    other_paths: &[],
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
            instances: Some(["/source/instance_id", "/target/instance_id"]),
            kind: Some("/source/type"),
            backup: "/source/backup_id",
            time: "/source/restore_time",
        },
    },
    engines: ENGINES,
    backup_list: BackupList {
        newest: None,
        has_automated: true,
    },
    policy_start: PolicyStart::Hour { step: 15 },
    job_names: JobNames {
        backup: "CreateManualBackup",
        restore: "RestoreInstance",
    },
    restores_sql_server: true,
};
