//! A backup through each generated client, against an embedded emulator.

use std::io::Write;

use anyhow::{Context, bail};
use dbbackup::api::{gaussdb_v3, rds_v1, rds_v3, shared, taurusdb_v3};
use dbbackup::emulator::Emulator;
use dbbackup::model::{BackupStatus, Timestamp};
use dbbackup::transport::Transport;
use dbbackup::{Service, contract};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::output::{self, Format};

/// A line of the result.
#[derive(Serialize)]
struct Row {
    service: &'static str,
    #[serde(flatten)]
    accepted: Accepted,
}

/// An accepted backup, whatever the service calls its fields.
#[derive(Serialize)]
struct Accepted {
    id: Option<String>,
    name: Option<String>,
    status: Option<BackupStatus>,
    job_id: Option<String>,
    begin_time: Option<Timestamp>,
}

/// Creates the documented backup of each service and prints what was accepted.
pub(crate) async fn run(format: Format, out: &mut impl Write) -> anyhow::Result<()> {
    let emulator = Emulator::start()
        .await
        .context("cannot start the emulator")?;
    let transport = Transport::local()?;
    let mut rows = Vec::new();
    let mut refused = Vec::new();
    for service in Service::ALL {
        match create(service, emulator.url(service), transport.clone()).await {
            Ok(accepted) => rows.push(Row {
                service: service.as_str(),
                accepted,
            }),
            Err(error) => refused.push(format!("{service}: {error:#}")),
        }
    }
    match format {
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?,
        Format::Table => {
            let headings = [
                "SERVICE",
                "BACKUP ID",
                "NAME",
                "STATUS",
                "JOB ID",
                "START TIME",
            ];
            output::table(
                headings,
                &rows.iter().map(Row::cells).collect::<Vec<_>>(),
                out,
            )?;
        }
    }
    if !refused.is_empty() {
        bail!("not accepted: {}", refused.join("; "));
    }
    Ok(())
}

/// Sends the documented request of a service through its generated client.
async fn create(service: Service, url: &str, transport: Transport) -> anyhow::Result<Accepted> {
    let document = contract::document(service);
    let project = document["components"]["parameters"]["ProjectId"]["example"].as_str();
    let project = project.context("the contract shows no project id")?;
    Ok(match service {
        Service::RdsV1 => {
            let client = rds_v1::Client::new(url, transport);
            let body: rds_v1::types::CreateBackupRequest = documented_request(&document)?;
            client
                .create_backup()
                .project_id(project)
                .body(body)
                .send()
                .await?
                .into_inner()
                .into()
        }
        Service::RdsV3 => {
            let client = rds_v3::Client::new(url, transport);
            let body: rds_v3::types::CreateBackupRequest = documented_request(&document)?;
            client
                .create_backup()
                .project_id(project)
                .body(body)
                .send()
                .await?
                .into_inner()
                .into()
        }
        Service::TaurusdbV3 => {
            let client = taurusdb_v3::Client::new(url, transport);
            let body: taurusdb_v3::types::CreateBackupRequest = documented_request(&document)?;
            client
                .create_backup()
                .project_id(project)
                .body(body)
                .send()
                .await?
                .into_inner()
                .into()
        }
        Service::GaussdbV3 => {
            let client = gaussdb_v3::Client::new(url, transport);
            let body: gaussdb_v3::types::CreateBackupRequest = documented_request(&document)?;
            client
                .create_backup()
                .project_id(project)
                .body(body)
                .send()
                .await?
                .into_inner()
                .into()
        }
    })
}

/// The first request that the vendor's page shows.
fn documented_request<T: DeserializeOwned>(document: &Value) -> anyhow::Result<T> {
    let examples = document["components"]["examples"]
        .as_object()
        .into_iter()
        .flatten();
    let (_, request) = examples
        .into_iter()
        .find(|(name, _)| name.starts_with("DocumentedRequest"))
        .context("the contract shows no request")?;
    Ok(serde_json::from_value(request["value"].clone())?)
}

impl Row {
    fn cells(&self) -> [String; 6] {
        let Accepted {
            id,
            name,
            status,
            job_id,
            begin_time,
        } = &self.accepted;
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        [
            self.service.to_owned(),
            text(id),
            text(name),
            text(&status.as_ref().map(ToString::to_string)),
            text(job_id),
            text(&begin_time.as_ref().map(ToString::to_string)),
        ]
    }
}

impl From<rds_v1::types::CreateBackupResponse> for Accepted {
    fn from(reply: rds_v1::types::CreateBackupResponse) -> Self {
        let backup = reply.backup;
        let jobs = reply.extendparam.and_then(|extend| extend.jobs);
        Self {
            id: backup.as_ref().and_then(|backup| backup.id.clone()),
            name: backup.as_ref().and_then(|backup| backup.name.clone()),
            status: backup.as_ref().and_then(|backup| backup.status.clone()),
            job_id: jobs.and_then(|jobs| jobs.first().cloned()),
            begin_time: backup.and_then(|backup| backup.created),
        }
    }
}

impl From<rds_v3::types::CreateBackupResponse> for Accepted {
    fn from(reply: rds_v3::types::CreateBackupResponse) -> Self {
        let rds_v3::types::Backup {
            id,
            name,
            status,
            begin_time,
            ..
        } = reply.backup.unwrap_or_default();
        Self {
            id,
            name,
            status,
            job_id: reply.job_id,
            begin_time,
        }
    }
}

/// TaurusDB and GaussDB answer alike.
impl From<shared::types::CreateBackupResponse> for Accepted {
    fn from(reply: shared::types::CreateBackupResponse) -> Self {
        let shared::types::Backup {
            id,
            name,
            status,
            begin_time,
            ..
        } = reply.backup.unwrap_or_default();
        Self {
            id,
            name,
            status,
            job_id: reply.job_id,
            begin_time,
        }
    }
}
