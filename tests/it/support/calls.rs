//! Every operation of every generated client, called with all parameters and the fullest body.

use std::fmt::Debug;

use dbbackup::Service;
use dbbackup::api::{gaussdb_v3, rds_v1, rds_v3, taurusdb_v3};
use progenitor_client::{Error, ResponseValue};
use serde::de::DeserializeOwned;

use super::{bodies, transport};

const PROJECT: &str = "0483b6b16e954cb88930a360d2c4e663";
const BEGIN: &str = "2018-08-06T10:41:14+0800";
const END: &str = "2018-08-16T10:41:14+0800";

/// Whether a call was accepted, and what else came of it.
type Sent = Result<(), String>;

/// Calls an operation.
pub(crate) async fn call(service: Service, operation: &str, url: &str) -> Sent {
    match service {
        Service::RdsV1 => rds_v1(operation, url).await,
        Service::RdsV3 => rds_v3(operation, url).await,
        Service::TaurusdbV3 => taurusdb_v3(operation, url).await,
        Service::GaussdbV3 => gaussdb_v3(operation, url).await,
        other => panic!("no case for {other:?}"),
    }
}

/// Sends a call of a client with these parameters.
macro_rules! send {
    ($client:ident, $operation:ident $(, $setter:ident = $value:expr)*) => {
        outcome($client.$operation().project_id(PROJECT)$(.$setter($value))*.send().await)
    };
}

fn outcome<T, E: Debug>(result: Result<ResponseValue<T>, Error<E>>) -> Sent {
    result.map(drop).map_err(|error| format!("{error:?}"))
}

/// The fullest request of the contract.
fn body<T: DeserializeOwned>(service: Service, operation: &str) -> T {
    let mut bodies = bodies(service).into_iter();
    let body = bodies.find(|body| body.operation == operation && body.is_request);
    let values = body.unwrap().examples.into_iter().map(|(_, value)| value);
    let fullest = values.max_by_key(|value| value.to_string().len());
    serde_json::from_value(fullest.unwrap()).unwrap()
}

async fn rds_v1(operation: &str, url: &str) -> Sent {
    const SERVICE: Service = Service::RdsV1;
    const NODE: &str = "0bc7300c-dc63-45d4-aa3b-d85bf577baac";
    let client = rds_v1::Client::new(url, transport());
    match operation {
        "create_backup" => send!(
            client,
            create_backup,
            body = body::<rds_v1::types::CreateBackupRequest>(SERVICE, operation)
        ),
        "list_backups" => send!(client, list_backups),
        "delete_backup" => send!(
            client,
            delete_backup,
            backup_id = "2f4ddb93-b901-4b08-93d8-1d2e472f30fe"
        ),
        "get_backup_policy" => send!(client, get_backup_policy, instance_id = NODE),
        "set_backup_policy" => send!(
            client,
            set_backup_policy,
            body = body::<rds_v1::types::SetBackupPolicyRequest>(SERVICE, operation),
            instance_id = NODE
        ),
        "list_instances" => send!(client, list_instances),
        "restore_instance" => send!(
            client,
            restore_instance,
            body = body::<rds_v1::types::RestoreInstanceRequest>(SERVICE, operation),
            instance_id = NODE
        ),
        _ => panic!("nothing calls {operation}"),
    }
}

async fn rds_v3(operation: &str, url: &str) -> Sent {
    const SERVICE: Service = Service::RdsV3;
    const INSTANCE: &str = "d8e6ca5a624745bcb546a227aa3ae1cfin01";
    const BACKUP: &str = "43e4feaab48f11e89039fa163ebaa7e4br01";
    let client = rds_v3::Client::new(url, transport());
    match operation {
        "create_backup" => send!(
            client,
            create_backup,
            body = body::<rds_v3::types::CreateBackupRequest>(SERVICE, operation)
        ),
        "list_backups" => send!(
            client,
            list_backups,
            instance_id = INSTANCE,
            backup_id = BACKUP,
            backup_type = "manual",
            status = "COMPLETED",
            offset = 100u64,
            limit = 10u64,
            begin_time = BEGIN,
            end_time = END,
            x_language = "zh-cn"
        ),
        "delete_backup" => send!(
            client,
            delete_backup,
            backup_id = BACKUP,
            x_language = "zh-cn"
        ),
        "delete_backups" => send!(
            client,
            delete_backups,
            body = body::<rds_v3::types::DeleteBackupsRequest>(SERVICE, operation),
            x_language = "zh-cn"
        ),
        "list_backup_files" => send!(
            client,
            list_backup_files,
            backup_id = BACKUP,
            x_language = "zh-cn"
        ),
        "get_backup_policy" => send!(
            client,
            get_backup_policy,
            instance_id = INSTANCE,
            x_language = "zh-cn"
        ),
        "set_backup_policy" => send!(
            client,
            set_backup_policy,
            body = body::<rds_v3::types::SetBackupPolicyRequest>(SERVICE, operation),
            instance_id = INSTANCE,
            x_language = "zh-cn"
        ),
        "get_job" => send!(
            client,
            get_job,
            id = "31b8ae23-c687-4d80-b7b4-42a66c9bb886",
            x_language = "zh-cn"
        ),
        "list_instances" => send!(
            client,
            list_instances,
            id = INSTANCE,
            name = "*mysql",
            type_ = "Ha",
            datastore_type = "MySQL",
            vpc_id = "490a4a08-ef4b-44c5-94be-3051ef9e4fce",
            subnet_id = "0e2eda62-1d42-4d64-a9d1-4e9aa9cd994f",
            tags = "Key1=Value1",
            offset = 0u64,
            limit = 100u64,
            x_language = "zh-cn"
        ),
        "restore_instance" => send!(
            client,
            restore_instance,
            body = body::<rds_v3::types::RestoreInstanceRequest>(SERVICE, operation),
            x_language = "zh-cn"
        ),
        "stop_backup" => send!(
            client,
            stop_backup,
            instance_id = INSTANCE,
            x_language = "zh-cn"
        ),
        _ => panic!("nothing calls {operation}"),
    }
}

async fn taurusdb_v3(operation: &str, url: &str) -> Sent {
    const SERVICE: Service = Service::TaurusdbV3;
    const INSTANCE: &str = "07033b125fd94a8a96896f8bcfee6ddain07";
    const BACKUP: &str = "2f4ddb93-b901-4b08-93d8-1d2e472f30fe";
    let client = taurusdb_v3::Client::new(url, transport());
    match operation {
        "create_backup" => send!(
            client,
            create_backup,
            body = body::<taurusdb_v3::types::CreateBackupRequest>(SERVICE, operation)
        ),
        "list_backups" => send!(
            client,
            list_backups,
            instance_id = INSTANCE,
            backup_id = BACKUP,
            backup_type = "auto",
            offset = "100",
            limit = "10",
            begin_time = BEGIN,
            end_time = END,
            name = "backup-1",
            instance_name = "taurusdb-instance01",
            x_language = "zh-cn"
        ),
        "delete_backup" => send!(
            client,
            delete_backup,
            backup_id = BACKUP,
            x_language = "zh-cn"
        ),
        "get_backup_policy" => send!(
            client,
            get_backup_policy,
            instance_id = INSTANCE,
            x_language = "zh-cn"
        ),
        "set_backup_policy" => send!(
            client,
            set_backup_policy,
            body = body::<taurusdb_v3::types::SetBackupPolicyRequest>(SERVICE, operation),
            instance_id = INSTANCE,
            x_language = "zh-cn"
        ),
        "get_job" => send!(
            client,
            get_job,
            id = "a9767ede-fe0f-4888-9003-e843a4c90514",
            x_language = "zh-cn"
        ),
        "list_instances" => send!(
            client,
            list_instances,
            id = INSTANCE,
            name = "taurusdb-instance01",
            type_ = "Cluster",
            datastore_type = "gaussdb-mysql",
            vpc_id = "3cedfc54-b105-4652-a4e0-847b11576b58",
            subnet_id = "c1cfa53c-65d3-431e-8552-326bf310c7ad",
            private_ip = "192.168.0.142",
            readonly_private_ip = "192.168.0.143",
            proxy_ip = "192.168.0.144",
            tags = "Key1=Value1",
            offset = 0u64,
            limit = 100u64,
            x_language = "zh-cn"
        ),
        "restore_instance" => send!(
            client,
            restore_instance,
            body = body::<taurusdb_v3::types::RestoreInstanceRequest>(SERVICE, operation),
            x_language = "zh-cn"
        ),
        _ => panic!("nothing calls {operation}"),
    }
}

async fn gaussdb_v3(operation: &str, url: &str) -> Sent {
    const SERVICE: Service = Service::GaussdbV3;
    const INSTANCE: &str = "7e01ac5ac5274957ba506f3851d11d51in14";
    const BACKUP: &str = "e76112bfb2074871bf54cb8df5af7f64br14";
    let client = gaussdb_v3::Client::new(url, transport());
    match operation {
        "create_backup" => send!(
            client,
            create_backup,
            body = body::<gaussdb_v3::types::CreateBackupRequest>(SERVICE, operation)
        ),
        "list_backups" => send!(
            client,
            list_backups,
            instance_id = INSTANCE,
            backup_id = BACKUP,
            backup_type = "manual",
            offset = 100u64,
            limit = 10u64,
            begin_time = BEGIN,
            end_time = END,
            x_language = "zh-cn"
        ),
        "delete_backup" => send!(
            client,
            delete_backup,
            backup_id = BACKUP,
            x_language = "zh-cn"
        ),
        "list_backup_files" => send!(
            client,
            list_backup_files,
            backup_id = BACKUP,
            x_language = "zh-cn"
        ),
        "get_backup_policy" => send!(
            client,
            get_backup_policy,
            instance_id = INSTANCE,
            x_language = "zh-cn"
        ),
        "set_backup_policy" => send!(
            client,
            set_backup_policy,
            body = body::<gaussdb_v3::types::SetBackupPolicyRequest>(SERVICE, operation),
            instance_id = INSTANCE,
            x_language = "zh-cn"
        ),
        "get_job" => send!(
            client,
            get_job,
            id = "5cbb8a90-2253-4cff-8a13-49aa8f31dfb5",
            x_language = "zh-cn"
        ),
        "list_instances" => send!(
            client,
            list_instances,
            id = INSTANCE,
            name = "gauss-c1a3",
            type_ = "Enterprise",
            datastore_type = "GaussDB",
            vpc_id = "490a4a08-ef4b-44c5-94be-3051ef9e4fce",
            subnet_id = "0e2eda62-1d42-4d64-a9d1-4e9aa9cd994f",
            offset = 0u64,
            limit = 100u64,
            tags = "Key1=Value1",
            charge_mode = "postPaid",
            x_language = "zh-cn"
        ),
        "restore_instance" => send!(
            client,
            restore_instance,
            body = body::<gaussdb_v3::types::RestoreInstanceRequest>(SERVICE, operation),
            x_language = "zh-cn"
        ),
        "stop_backup" => send!(
            client,
            stop_backup,
            instance_id = INSTANCE,
            x_language = "zh-cn"
        ),
        _ => panic!("nothing calls {operation}"),
    }
}
