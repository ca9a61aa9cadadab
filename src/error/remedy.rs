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
/// assert_eq!(step.as_deref(), Some("wait until the instance is idle; if it stays so, check its status"));
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
        "DBS.200011" | "DBS.200019" | "DBS.200047" | "DBS.201202" | "RDS.0011"
            if operation == Operation::StopBackup =>
        {
            "check the status of the instance, and whether a backup is being made"
        }
        "DBS.200011" | "DBS.200019" | "DBS.200047" | "DBS.201202" | "RDS.0011" => {
            "wait until the instance is idle; if it stays so, check its status"
        }
        "DBS.201205" | "RDS.1002" | "RDS.3004" => "the instance is busy: wait until it is idle",
        "DBS.200086" | "DBS.201014" | "RDS.0056" => "check the status of the instance",
        "DBS.200316" => "the storage is full: free or add some",
        "DBS.280449" => "the instance is frozen: check the account's balance",
        "DBS.201203" | "DBS.201010" | "RDS.3026" => "check the id of the backup",
        "DBS.201208" | "DBS.301024" | "RDS.3016" => "check the status of the backup",
        "DBS.201218" => "only manual backups can be deleted",
        "DBS.280128" if service == Service::RdsV3 => "check the names of the databases",
        "DBS.280128" => "check the id of the instance and the request",
        "DBS.200001" | "DBS.200004" | "DBS.280001" | "RDS.0001" | "RDS.0040" | "RDS.0042" => {
            "compare the request with the contract: each field's name, type and limits"
        }
        "DBS.200006" | "RDS.0006" => "send a body, with Content-Type: application/json",
        "DBS.200408" if service == Service::GaussdbV3 => {
            "check the status of the instance and of its nodes"
        }
        "DBS.200408" | "RDS.0016" => "check the ids, the project and the region",
        "DBS.200543" => "check the id of the job: jobs are shown for a month",
        "DBS.200751" => "there is nothing left to do: the backup is gone",
        "DBS.280124" => "check the id of the backup",
        "DBS.201004" => {
            "compare the request with the contract, and check the version of the instance"
        }
        "DBS.201101" | "DBS.201103" | "DBS.201106" | "DBS.280250" | "DBS.280253" => {
            "check the days of the week, the start (an hour in UTC) and the retention days (1 to 732, \
             for some engines to 3660)"
        }
        "DBS.280214" if operation == Operation::SetBackupPolicy => {
            "check the retention days (1 to 732)"
        }
        "DBS.280214" => "check the id of the backup",
        "RDS.3011" | "RDS.5017" => "check the retention days (0 to 732)",
        "RDS.3013" | "RDS.5020" => "check the start: a time of day in UTC",
        "DBS.280618" => {
            "check the period of differential backups: 15, 30, 60, 180, 360, 720 or 1440 minutes"
        }
        "DBS.201210" | "DBS.280277" | "RDS.5044" => {
            "choose a name of 4 to 64 characters: a letter, then letters, digits, - and _"
        }
        "DBS.280127" => "choose a description of at most 256 characters without > ! < \" & ' =",
        "DBS.280406" => "check the type and the status of the instance",
        "DBS.280439" => "check the limit: 1 to 100",
        "DBS.280440" => "check the offset: 0 or more",
        "RDS.1100" => "the instance is being deleted: check its id",
        "DBS.108000" | "DBS.200005" | "DBS.213004" | "DBS.290006" | "RDS.0005" | "RDS.3005"
        | "RDS.9999" => {
            if operation.changes() {
                "look whether it was done before you repeat it"
            } else {
                "repeat it a little later"
            }
        }
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
            format!(
                "check the ids, and that the credentials belong to the project and may do {action}"
            )
        }
        _ => {
            "check the ids, and that the credentials belong to the project and have the permission"
                .to_owned()
        }
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
