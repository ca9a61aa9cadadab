//! GaussDB, API v3.

use super::{
    BackupList, CatalogEntry, Engine, ErrorFields, JobNames, OtherPath, PolicyStart, Profile,
    RequestFields, RestoreFields,
};
use crate::service::Operation;

pub(super) static PROFILE: Profile = Profile {
    host: "gaussdb",
    catalog: CatalogEntry {
        kind: "opengauss",
        version: "v3",
    },
    catalog_alias: None,
    // Later versions of this list alone, which Terraform and the vendor's SDK know.
    other_paths: &[
        OtherPath {
            operation: Some(Operation::ListBackups),
            prefix: "/v3.1",
        },
        OtherPath {
            operation: Some(Operation::ListBackups),
            prefix: "/v3.2",
        },
    ],
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
    engines: &[Engine {
        digits: "14",
        name: "GaussDB",
        version: "1.4",
    }],
    backup_list: BackupList {
        newest: None,
        has_automated: true,
    },
    policy_start: PolicyStart::Hour { step: 60 },
    job_names: JobNames {
        backup: "BackupSnapshotGaussDBV5InInstance",
        restore: "RestoreGaussDBV5InInstance",
    },
    restores_sql_server: true,
};
