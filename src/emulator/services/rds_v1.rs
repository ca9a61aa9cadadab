//! RDS, API v1: nodes in place of instances, one list without pages, camel case in parameters.

use super::{
    BackupList, CatalogEntry, ErrorFields, JobNames, PolicyStart, Profile, RequestFields,
    RestoreFields, rds_v3,
};

pub(super) static PROFILE: Profile = Profile {
    host: "rds",
    catalog: CatalogEntry {
        kind: "rdsv1",
        version: "rds/v1",
    },
    catalog_alias: None,
    other_paths: &[],
    error_fields: ErrorFields {
        code: "errCode",
        message: "externalMessage",
    },
    request_fields: RequestFields {
        instance: "instanceId",
        backup: "backupId",
        new_backup: "/backup",
        new_backup_instance: "instance",
        policy: "/policy",
        restore: RestoreFields {
            instances: None,
            kind: None,
            backup: "/restore/backupRef",
            time: "/restore/restoreTime",
        },
    },
    engines: rds_v3::ENGINES,
    backup_list: BackupList {
        newest: Some(100),
        has_automated: false,
    },
    policy_start: PolicyStart::TimeOfDay,
    job_names: JobNames {
        backup: "CreateManualBackup",
        restore: "RestoreInstance",
    },
    restores_sql_server: false,
};
