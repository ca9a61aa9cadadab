//! The next step for the codes that the vendor's tables list.

use crate::service::{Operation, Service};

/// What to do about a code that a service answers a call with, if the vendor's tables say what it
/// means.
///
/// # Examples
///
/// ```
/// use dbbackup::{Operation, Service, error::remedy};
///
/// let step = remedy(Service::RdsV3, Operation::CreateBackup, "DBS.200019");
/// assert_eq!(step.as_deref(), Some("the instance is busy: wait until it is idle"));
/// assert_eq!(remedy(Service::RdsV3, Operation::CreateBackup, "DBS.0"), None);
/// ```
pub fn remedy(service: Service, operation: Operation, code: &str) -> Option<String> {
    let step = match code {
        "DBS.200010" | "DBS.200044" | "DBS.200604" | "DBS.201003" | "DBS.280015" | "RDS.0010"
        | "RDS.0015" => return Some(permission(service, operation)),
        "RDS.0002" | "RDS.0022" | "RDS.1103" => {
            "rds-v1 wants the id of the primary node, not of the instance"
        }
        "DBS.280404" => "check the id: the service wants that of the instance, not of a node",
        "DBS.200002" | "DBS.200045" | "DBS.200602" | "DBS.201028" | "DBS.280022" | "DBS.290005"
        | "DBS.290011" => "check the id of the instance, the project and the region",
        "APIGW.0307" | "DBS.280056" => "the token is not valid, or no longer: get another one",
        "APIGW.0301" => "check the access key, its secret and the clock, or the token",
        "APIGW.0101" => "check that the endpoint is one of this service",
        "APIGW.0308" => "make fewer calls a minute",
        "DBS.201201" | "RDS.0031" => "the name exists: choose another one",
        "DBS.200011" | "DBS.200019" | "DBS.200047" | "DBS.201202" | "DBS.201205" | "RDS.0011"
        | "RDS.1002" | "RDS.3004" => "the instance is busy: wait until it is idle",
        "DBS.200086" | "DBS.201014" | "RDS.0056" => "check the status of the instance",
        "DBS.200316" => "the storage is full: free or add some",
        "DBS.280449" => "the instance is frozen: check the account's balance",
        "DBS.201203" | "DBS.201010" | "RDS.3026" => "check the id of the backup",
        "DBS.201208" | "DBS.301024" | "RDS.3016" => "check the status of the backup",
        "DBS.201218" => "only manual backups can be deleted",
        "DBS.280128" => "check the names of the databases",
        "RDS.3003" | "RDS.0030" => "delete backups that are not needed any more",
        _ => return None,
    };
    Some(step.to_owned())
}

/// The IAM action of an operation, as far as it is documented: for RDS only.
fn permission(service: Service, operation: Operation) -> String {
    let action = match operation {
        Operation::CreateBackup => "rds:backup:create",
        Operation::ListBackups => "rds:backup:list",
        Operation::DeleteBackup | Operation::DeleteBackups => "rds:backup:delete",
        Operation::ListBackupFiles => "rds:backup:download",
        Operation::SetBackupPolicy => "rds:instance:modifyBackupPolicy",
        Operation::GetBackupPolicy | Operation::ListInstances => "rds:instance:list",
        Operation::StopBackup | Operation::RestoreInstance | Operation::GetJob => "",
    };
    let has_table = matches!(service, Service::RdsV1 | Service::RdsV3);
    match action {
        action if has_table && !action.is_empty() => {
            format!("check that the credentials belong to the project and may do {action}")
        }
        _ => "check that the credentials belong to the project and have the permission".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_permission_is_named_where_it_is_documented() {
        let step =
            |service, operation| remedy(service, operation, "DBS.200010").unwrap_or_default();
        let create = step(Service::RdsV3, Operation::CreateBackup);
        assert!(create.contains("rds:backup:create"), "{create}");
        let other = step(Service::GaussdbV3, Operation::CreateBackup);
        assert!(other.contains("have the permission"), "{other}");
    }
}
