//! A backup on each service of an embedded emulator, from create to COMPLETED.

use std::time::Duration;

use anyhow::{Context, bail};
use dbbackup::emulator::{Emulator, Options};
use dbbackup::model::{Backup, BackupStatus, NewBackup, Timestamp};
use dbbackup::{Service, Wait, contract};
use futures_util::future::join_all;
use serde::Serialize;
use serde_json::Value;

use crate::output::{Output, Row, text};

/// Long enough to be seen in the state BUILDING, and no longer than a demonstration needs.
const BUILD_TIME: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(60);

/// A line of the result.
#[derive(Serialize)]
struct Made {
    service: Service,
    id: String,
    name: String,
    status: BackupStatus,
    job_id: Option<String>,
    begin_time: Option<Timestamp>,
}

/// Creates the documented backup of each service, waits until all are done and prints them.
pub(crate) async fn run(out: &mut Output<'_>) -> anyhow::Result<()> {
    let options = Options {
        build_time: BUILD_TIME,
        ..Options::default()
    };
    let emulator = Emulator::with(options)
        .await
        .context("cannot start the emulator")?;
    let results = join_all(
        Service::ALL
            .iter()
            .map(|&service| create(&emulator, service)),
    )
    .await;
    let mut rows = Vec::new();
    let mut failed = Vec::new();
    for (service, result) in Service::ALL.iter().zip(results) {
        match result {
            Ok(row) => rows.push(row),
            Err(error) => failed.push(format!("{service}: {error:#}")),
        }
    }
    let shown = out.list(&rows);
    if !failed.is_empty() {
        bail!("not completed: {}", failed.join("; "));
    }
    Ok(shown?)
}

async fn create(emulator: &Emulator, service: Service) -> anyhow::Result<Made> {
    let client = emulator.client(service)?;
    let accepted = client.create(&documented(service)?).await?;
    let wait = Wait::up_to(LIMIT)
        .with_poll_intervals(Duration::from_millis(100), Duration::from_millis(200));
    let Backup {
        reference,
        name,
        status,
        begin,
        ..
    } = client.wait(&accepted, wait).await?;
    Ok(Made {
        service,
        id: reference.id.to_string(),
        name,
        status,
        job_id: accepted.job_id,
        begin_time: begin,
    })
}

/// The first backup that the vendor's page creates.
fn documented(service: Service) -> anyhow::Result<NewBackup> {
    let document = contract::document(service);
    let request = document["components"]["examples"]
        .as_object()
        .and_then(|examples| {
            examples
                .iter()
                .find(|(name, _)| name.starts_with("DocumentedRequest"))
        })
        .map(|(_, example)| &example["value"])
        .context("the contract shows no request")?;
    let asked = request.get("backup").unwrap_or(request);
    let text = |field: &str| asked[field].as_str().unwrap_or_default();
    let instance = asked
        .get("instance")
        .and_then(Value::as_str)
        .unwrap_or_else(|| text("instance_id"));
    let new = NewBackup::new(instance.parse()?, text("name").parse()?);
    Ok(new.with_description(text("description").parse()?))
}

impl Row for Made {
    const HEADINGS: &'static [&'static str] = &[
        "SERVICE",
        "BACKUP ID",
        "NAME",
        "STATUS",
        "JOB ID",
        "START TIME",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.service.to_string(),
            self.id.clone(),
            self.name.clone(),
            self.status.to_string(),
            text(self.job_id.as_ref()),
            text(self.begin_time.as_ref()),
        ]
    }
}
