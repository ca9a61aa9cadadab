//! Overwrites an instance with a backup or with what it held at a time.

use dbbackup::model::{BackupId, BackupRef, Instance, InstanceId, Restore};
use dbbackup::{BackupClient, Operation, Service};
use futures_util::TryStreamExt;
use serde::Serialize;

use crate::confirm::{Consent, Destruction};
use crate::exit::{CODES, Failure};
use crate::output::{Output, Row};
use crate::progress::Reporter;
use crate::service::{Calls, ServiceOptions};
use crate::signals::changed;

/// Overwrite an instance with a backup, or with what it held at a time; asks first.
///
/// All data of the overwritten instance is lost. rds-v1 restores an instance only from itself.
#[derive(clap::Args)]
#[command(after_long_help = CODES, group(clap::ArgGroup::new("point").required(true)))]
pub(crate) struct Arguments {
    /// Instance that the data is of, by its id or its exact name.
    #[arg(long, value_name = "ID|NAME")]
    instance: String,
    /// Backup to restore.
    #[arg(long, value_name = "ID", group = "point")]
    backup: Option<BackupId>,
    /// Time whose data to restore, with its offset, such as 2026-11-28T03:00:00Z.
    #[arg(long, value_name = "TIME", group = "point", value_parser = time)]
    time: Option<jiff::Timestamp>,
    /// Instance that is overwritten, if it is another one.
    #[arg(long, value_name = "ID|NAME")]
    to: Option<String>,
    #[command(flatten)]
    destruction: Destruction,
    #[command(flatten)]
    options: ServiceOptions,
}

/// What is printed.
#[derive(Serialize)]
struct Started {
    service: Service,
    overwritten: InstanceId,
    job_ids: Vec<String>,
}

impl Row for Started {
    const HEADINGS: &'static [&'static str] = &["OVERWRITES", "SERVICE", "JOBS"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.overwritten.to_string(),
            self.service.to_string(),
            self.job_ids.join(", "),
        ]
    }
}

impl Calls for Arguments {
    fn options(&self) -> &ServiceOptions {
        &self.options
    }

    async fn run(&self, out: &mut Output<'_>) -> anyhow::Result<()> {
        self.options.demand(Operation::RestoreInstance)?;
        let consent = self.destruction.consent()?;
        let client = self.options.connect_to(&self.destruction.change).await?;
        let source = client.find_instance(&self.instance).await?;
        let target = match &self.to {
            Some(other) => client.find_instance(other).await?,
            None => source.clone(),
        };
        let shown = overwritten(&client, &target).await?;
        if consent == Consent::Ask {
            consent.to(&format!("Overwrite all data of {shown}"))?;
        }
        let reporter = Reporter::new(&self.options);
        reporter.say(&format!("what is overwritten: {shown}"));
        let look = || format!("look with: {}", self.options.command_line("instances", &[]));
        let job_ids = changed(client.restore(&self.restore(source, &target)), look).await?;
        drop(reporter);
        let service = self.options.service();
        let overwritten = target;
        Ok(out.one(&Started {
            service,
            overwritten,
            job_ids,
        })?)
    }
}

impl Arguments {
    fn restore(&self, source: InstanceId, target: &InstanceId) -> Restore {
        let restore = match (&self.backup, self.time) {
            (Some(id), _) => Restore::backup(BackupRef {
                service: self.options.service(),
                instance: source,
                id: id.clone(),
            }),
            (None, time) => Restore::time(source, time.unwrap_or_default()),
        };
        restore.over(target.clone())
    }
}

/// What people know an instance by; one that is not listed is an error.
async fn overwritten(client: &BackupClient, id: &InstanceId) -> anyhow::Result<String> {
    let mut instances = client.instances();
    while let Some(instance) = instances.try_next().await? {
        if instance.id == *id {
            return Ok(described(&instance));
        }
    }
    Err(Failure::usage(format!("there is no instance {id} to overwrite")).into())
}

fn described(instance: &Instance) -> String {
    let engine = instance.engine.as_ref().map(ToString::to_string);
    let known = [
        Some(instance.name.clone()),
        engine,
        Some(instance.status.to_string()),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    format!("instance {} ({})", instance.id, known.join(", "))
}

/// A time that is the same everywhere.
fn time(text: &str) -> anyhow::Result<jiff::Timestamp> {
    text.parse().map_err(|_| {
        anyhow::anyhow!("must be a time with its offset, such as 2026-11-28T03:00:00Z or 2026-11-28T04:00:00+01:00")
    })
}
