//! The bytes of every other call of every client, with all parameters and all fields of the body.

use dbbackup::Service;
use dbbackup::api::{gaussdb_v3, rds_v1, rds_v3, taurusdb_v3};
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{FixedAnswer, bodies, document, http, operations, transport};
use crate::wire::normalised;

const PROJECT: &str = "0483b6b16e954cb88930a360d2c4e663";
const BEGIN: &str = "2018-08-06T10:41:14+0800";
const END: &str = "2018-08-16T10:41:14+0800";

/// An answer of the contract.
fn answer(service: Service, operation: &str) -> Vec<u8> {
    let known = operations(document(service))
        .into_iter()
        .any(|(id, _)| id == operation);
    assert!(known, "{service} has no {operation}");
    let mut bodies = bodies(service).into_iter();
    let body = bodies.find(|body| body.operation == operation && !body.is_request);
    let body = body.map(|body| body.examples[0].1.to_string());
    http("200 OK", &[], &body.unwrap_or_default())
}

/// The fullest request of the contract.
fn request(service: Service, operation: &str) -> Value {
    let mut bodies = bodies(service).into_iter();
    let body = bodies
        .find(|body| body.operation == operation && body.is_request)
        .unwrap();
    let values = body.examples.into_iter().map(|(_, value)| value);
    values.max_by_key(|value| value.to_string().len()).unwrap()
}

/// Sends a call of a generated client and compares what arrives.
macro_rules! sent {
    ($service:ident, $module:ident, $operation:ident $(, $setter:ident = $value:expr)*) => {{
        sent!(@send $service, $module, $operation, |call| call $(.$setter($value))*)
    }};
    ($service:ident, $module:ident, $operation:ident, body $body:ident $(, $setter:ident = $value:expr)*) => {{
        let body = request(Service::$service, stringify!($operation));
        let body: $module::types::$body = serde_json::from_value(body).unwrap();
        sent!(@send $service, $module, $operation, |call| call.body(body) $(.$setter($value))*)
    }};
    (@send $service:ident, $module:ident, $operation:ident, |$call:ident| $filled:expr) => {{
        let operation = stringify!($operation);
        let server = FixedAnswer::start(answer(Service::$service, operation)).await;
        let url = server.url.clone();
        let client = $module::Client::new(&url, transport());
        let $call = client.$operation().project_id(PROJECT);
        let sent = $filled.send().await;
        assert!(sent.is_ok(), "{operation}: {:?}", sent.err());
        let name = format!("{operation}__{}", Service::$service);
        assert_snapshot!(name, normalised(&server.request().await, &url));
    }};
}

#[tokio::test]
async fn rds_v1_calls_are_sent_as_documented() {
    const NODE: &str = "0bc7300c-dc63-45d4-aa3b-d85bf577baac";
    sent!(RdsV1, rds_v1, list_backups);
    sent!(
        RdsV1,
        rds_v1,
        delete_backup,
        backup_id = "2f4ddb93-b901-4b08-93d8-1d2e472f30fe"
    );
    sent!(RdsV1, rds_v1, get_backup_policy, instance_id = NODE);
    sent!(RdsV1, rds_v1, set_backup_policy, body SetBackupPolicyRequest, instance_id = NODE);
    sent!(RdsV1, rds_v1, list_instances);
    sent!(RdsV1, rds_v1, restore_instance, body RestoreInstanceRequest, instance_id = NODE);
}

#[tokio::test]
async fn rds_v3_calls_are_sent_as_documented() {
    const INSTANCE: &str = "d8e6ca5a624745bcb546a227aa3ae1cfin01";
    const BACKUP: &str = "43e4feaab48f11e89039fa163ebaa7e4br01";
    sent!(
        RdsV3,
        rds_v3,
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
    );
    sent!(
        RdsV3,
        rds_v3,
        delete_backup,
        backup_id = BACKUP,
        x_language = "zh-cn"
    );
    sent!(RdsV3, rds_v3, delete_backups, body DeleteBackupsRequest, x_language = "zh-cn");
    sent!(
        RdsV3,
        rds_v3,
        list_backup_files,
        backup_id = BACKUP,
        x_language = "zh-cn"
    );
    sent!(
        RdsV3,
        rds_v3,
        get_backup_policy,
        instance_id = INSTANCE,
        x_language = "zh-cn"
    );
    sent!(RdsV3, rds_v3, set_backup_policy, body SetBackupPolicyRequest, instance_id = INSTANCE, x_language = "zh-cn");
    sent!(
        RdsV3,
        rds_v3,
        get_job,
        id = "31b8ae23-c687-4d80-b7b4-42a66c9bb886",
        x_language = "zh-cn"
    );
    sent!(
        RdsV3,
        rds_v3,
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
    );
    sent!(RdsV3, rds_v3, restore_instance, body RestoreInstanceRequest, x_language = "zh-cn");
    sent!(
        RdsV3,
        rds_v3,
        stop_backup,
        instance_id = INSTANCE,
        x_language = "zh-cn"
    );
}

#[tokio::test]
async fn taurusdb_v3_calls_are_sent_as_documented() {
    const INSTANCE: &str = "07033b125fd94a8a96896f8bcfee6ddain07";
    const BACKUP: &str = "2f4ddb93-b901-4b08-93d8-1d2e472f30fe";
    sent!(
        TaurusdbV3,
        taurusdb_v3,
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
    );
    sent!(
        TaurusdbV3,
        taurusdb_v3,
        delete_backup,
        backup_id = BACKUP,
        x_language = "zh-cn"
    );
    sent!(
        TaurusdbV3,
        taurusdb_v3,
        get_backup_policy,
        instance_id = INSTANCE,
        x_language = "zh-cn"
    );
    sent!(TaurusdbV3, taurusdb_v3, set_backup_policy, body SetBackupPolicyRequest, instance_id = INSTANCE, x_language = "zh-cn");
    sent!(
        TaurusdbV3,
        taurusdb_v3,
        get_job,
        id = "a9767ede-fe0f-4888-9003-e843a4c90514",
        x_language = "zh-cn"
    );
    sent!(
        TaurusdbV3,
        taurusdb_v3,
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
    );
    sent!(TaurusdbV3, taurusdb_v3, restore_instance, body RestoreInstanceRequest, x_language = "zh-cn");
}

#[tokio::test]
async fn gaussdb_v3_calls_are_sent_as_documented() {
    const INSTANCE: &str = "7e01ac5ac5274957ba506f3851d11d51in14";
    const BACKUP: &str = "e76112bfb2074871bf54cb8df5af7f64br14";
    sent!(
        GaussdbV3,
        gaussdb_v3,
        list_backups,
        instance_id = INSTANCE,
        backup_id = BACKUP,
        backup_type = "manual",
        offset = 100u64,
        limit = 10u64,
        begin_time = BEGIN,
        end_time = END,
        x_language = "zh-cn"
    );
    sent!(
        GaussdbV3,
        gaussdb_v3,
        delete_backup,
        backup_id = BACKUP,
        x_language = "zh-cn"
    );
    sent!(
        GaussdbV3,
        gaussdb_v3,
        list_backup_files,
        backup_id = BACKUP,
        x_language = "zh-cn"
    );
    sent!(
        GaussdbV3,
        gaussdb_v3,
        get_backup_policy,
        instance_id = INSTANCE,
        x_language = "zh-cn"
    );
    sent!(GaussdbV3, gaussdb_v3, set_backup_policy, body SetBackupPolicyRequest, instance_id = INSTANCE, x_language = "zh-cn");
    sent!(
        GaussdbV3,
        gaussdb_v3,
        get_job,
        id = "5cbb8a90-2253-4cff-8a13-49aa8f31dfb5",
        x_language = "zh-cn"
    );
    sent!(
        GaussdbV3,
        gaussdb_v3,
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
    );
    sent!(GaussdbV3, gaussdb_v3, restore_instance, body RestoreInstanceRequest, x_language = "zh-cn");
    sent!(
        GaussdbV3,
        gaussdb_v3,
        stop_backup,
        instance_id = INSTANCE,
        x_language = "zh-cn"
    );
}
