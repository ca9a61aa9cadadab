//! Uses the clients of the published package with its default features.
//!
//! The base URLs lead nowhere: each call must fail to connect, which shows that it was sent.

use dbbackup::api::{gaussdb_v3, rds_v1, rds_v3, taurusdb_v3};
use dbbackup::auth::Credentials;
use dbbackup::model::NewBackup;
use dbbackup::transport::{Options, Transport};
use dbbackup::{BackupClient, ErrorKind, Service};

const PROJECT: &str = "0483b6b16e954cb88930a360d2c4e663";
const NOWHERE: &str = "https://127.0.0.1:1";

fn failed_to_connect<T, E>(result: Result<T, rds_v1::Error<E>>) -> bool {
    matches!(result, Err(rds_v1::Error::CommunicationError(error)) if error.is_connect())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::default().with_attempts(1).with_proxy(false);
    let transport = Transport::with(Credentials::token("token"), options)?;

    let backup = rds_v1::types::NewBackup::builder()
        .instance("44b277eb-39be-4921-be31-3d61b43651d7")
        .name("backup");
    let body = rds_v1::types::CreateBackupRequest::builder().backup(backup);
    let client = rds_v1::Client::new(NOWHERE, transport.clone());
    assert!(failed_to_connect(
        client
            .create_backup()
            .project_id(PROJECT)
            .body(body)
            .send()
            .await
    ));

    let body = rds_v3::types::CreateBackupRequest::builder()
        .instance_id("d8e6ca5a624745bcb546a227aa3ae1cfin01")
        .name("backup");
    let client = rds_v3::Client::new(NOWHERE, transport.clone());
    assert!(failed_to_connect(
        client
            .create_backup()
            .project_id(PROJECT)
            .body(body)
            .send()
            .await
    ));

    let body = taurusdb_v3::types::CreateBackupRequest::builder()
        .instance_id("07033b125fd94a8a96896f8bcfee6ddain07")
        .name("backup");
    let client = taurusdb_v3::Client::new(NOWHERE, transport.clone());
    assert!(failed_to_connect(
        client
            .create_backup()
            .project_id(PROJECT)
            .body(body)
            .send()
            .await
    ));

    let body = gaussdb_v3::types::CreateBackupRequest::builder()
        .instance_id("7e01ac5ac5274957ba506f3851d11d51in14")
        .name("backup");
    let client = gaussdb_v3::Client::new(NOWHERE, transport.clone());
    assert!(failed_to_connect(
        client
            .create_backup()
            .project_id(PROJECT)
            .body(body)
            .send()
            .await
    ));

    let client = BackupClient::new(Service::RdsV3, NOWHERE, PROJECT.parse()?, transport);
    let instance = "d8e6ca5a624745bcb546a227aa3ae1cfin01".parse()?;
    let result = client
        .create(&NewBackup::new(instance, "backup".parse()?))
        .await;
    assert!(matches!(result, Err(error) if error.kind() == ErrorKind::Unreachable));

    println!("all clients sent their calls");
    Ok(())
}
