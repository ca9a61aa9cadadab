//! Every operation of every service by way of the one client, and a server that is told its answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dbbackup::model::{BackupFilter, BackupRef, NewBackup, Policy, Restore};
use dbbackup::{BackupClient, Error, Operation, Service};
use futures_util::TryStreamExt;
use jiff::civil::{Weekday, time};
use serde_json::{Value, json};

use super::{http, project_id, serve, transport};

/// A server that answers what changes something as it is told, and before that every list, which is
/// empty, so that there is something to be refused.
#[derive(Clone, Default)]
pub(crate) struct Told(pub(crate) Arc<Mutex<(bool, Vec<u8>)>>);

impl Told {
    pub(crate) async fn serve(&self) -> String {
        let told = self.clone();
        serve(move |request| {
            let (is_change, answer) = &*told.0.lock().unwrap();
            if *is_change && request.starts_with("GET ") {
                http("200 OK", &[], r#"{"backups":[],"total_count":0}"#)
            } else {
                answer.clone()
            }
        })
        .await
    }

    /// What comes of an operation with this answer.
    pub(crate) async fn call(
        &self,
        client: &BackupClient,
        operation: Operation,
        answer: Vec<u8>,
    ) -> Result<Value, Error> {
        *self.0.lock().unwrap() = (operation.changes(), answer);
        call(client, operation).await
    }
}

/// Calls an operation, and gives its result as JSON.
pub(crate) async fn call(client: &BackupClient, operation: Operation) -> Result<Value, Error> {
    let service = client.service();
    let backup = backup(service);
    let instance = backup.instance.as_ref().unwrap();
    Ok(match operation {
        Operation::CreateBackup => {
            let new = NewBackup::new(instance.clone(), "nightly".parse().unwrap());
            json!(client.create(&new).await?)
        }
        Operation::ListBackups => {
            let list = client.list(all(service));
            json!(list.try_collect::<Vec<_>>().await?)
        }
        Operation::DeleteBackup => json!(client.delete(&backup).await?),
        Operation::DeleteBackups => {
            let deletions = client.delete_many(&[backup]).await?.into_iter();
            json!(
                deletions
                    .map(|deletion| deletion.refused.map(|refused| refused.error_code))
                    .collect::<Vec<_>>()
            )
        }
        Operation::StopBackup => json!(client.stop(instance).await?),
        Operation::ListBackupFiles => json!(client.files(&backup).await?),
        Operation::GetBackupPolicy => json!(client.policy(instance).await?),
        Operation::SetBackupPolicy => {
            let days = [Weekday::Monday].into_iter();
            let days = days.filter(|_| service != Service::RdsV1);
            let mut policy = Policy::new(7, time(1, 0, 0, 0), days);
            policy.differential_minutes = (service == Service::GaussdbV3).then_some(30);
            json!(client.set_policy(instance, &policy).await?)
        }
        Operation::ListInstances => {
            json!(client.instances().try_collect::<Vec<_>>().await?)
        }
        Operation::RestoreInstance => json!(client.restore(&Restore::backup(&backup)).await?),
        Operation::GetJob => json!(client.job(JOB).await?),
        other => panic!("no case for {other:?}"),
    })
}

/// All backups, as far as a service lists them together.
pub(crate) fn all(service: Service) -> BackupFilter {
    match service {
        Service::RdsV3 => BackupFilter::all().with_instance(backup(service).instance.unwrap()),
        _ => BackupFilter::all(),
    }
}

/// The job that is asked for.
pub(crate) const JOB: &str = "dff1d289-4d03-4942-8b9f-463ea07c000d";

/// The backup of the documented examples.
pub(crate) fn backup(service: Service) -> BackupRef {
    let (instance, id) = match service {
        Service::RdsV1 => (
            "0bc7300c-dc63-45d4-aa3b-d85bf577baac",
            "2f4ddb93-b901-4b08-93d8-1d2e472f30fe",
        ),
        Service::RdsV3 => (
            "d8e6ca5a624745bcb546a227aa3ae1cfin01",
            "43e4feaab48f11e89039fa163ebaa7e4br01",
        ),
        Service::TaurusdbV3 => (
            "07033b125fd94a8a96896f8bcfee6ddain07",
            "2f4ddb93-b901-4b08-93d8-1d2e472f30fe",
        ),
        Service::GaussdbV3 => (
            "7e01ac5ac5274957ba506f3851d11d51in14",
            "e76112bfb2074871bf54cb8df5af7f64br14",
        ),
        other => panic!("no case for {other:?}"),
    };
    BackupRef {
        service,
        instance: Some(instance.parse().unwrap()),
        id: id.parse().unwrap(),
    }
}

/// Clients of all services that make one attempt, and look once for what may have been made.
pub(crate) fn clients(url: &str) -> Vec<BackupClient> {
    let transport = transport();
    let all = Service::ALL.iter().map(|&service| {
        let project = project_id(service).parse().unwrap();
        let client = BackupClient::new(service, url, project, transport.clone());
        client.with_visibility_window(Duration::ZERO)
    });
    all.collect()
}

/// Every operation of every service.
pub(crate) fn operations(clients: &[BackupClient]) -> Vec<(&BackupClient, Operation)> {
    let all = clients.iter().flat_map(|client| {
        Operation::ALL
            .iter()
            .map(move |&operation| (client, operation))
    });
    all.filter(|(client, operation)| client.service().supports(*operation))
        .collect()
}
