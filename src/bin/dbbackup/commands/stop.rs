//! Stops the backup that is being made of an instance.

use dbbackup::model::{BackupFilter, BackupId, BackupStatus, InstanceId};
use dbbackup::{BackupClient, Error, Operation};
use futures_util::TryStreamExt;
use serde::Serialize;

use crate::confirm::ConfirmArgs;
use crate::exit::done_but_unseen;
use crate::output::{Row, text};
use crate::rows::help;
use crate::session::{ServiceCommand, Session};
use crate::values;

const STOPPED: &str = "\
With --output json the result has these fields, null where nothing is known:
  instance                the instance
  backups                 ids of the backups that were listed as BUILDING before
  job_id                  job that stops it";

/// Stop the backup that is being made of an instance; asks first. rds-v3 and gaussdb-v3 on Huawei Cloud.
#[derive(clap::Args)]
#[command(after_long_help = help(STOPPED))]
pub(crate) struct Arguments {
    /// Instance, by its id or its exact name.
    #[arg(long, value_name = "ID|NAME", value_parser = values::some_text())]
    instance: String,
    #[command(flatten)]
    confirm: ConfirmArgs,
}

/// What is printed.
#[derive(Serialize)]
struct Stopped {
    instance: InstanceId,
    backups: Vec<BackupId>,
    job_id: Option<String>,
}

impl Row for Stopped {
    const HEADINGS: &'static [&'static str] = &["STOPPED ON", "BACKUP", "JOB"];

    fn cells(&self) -> Vec<String> {
        let backups = self.backups.iter().map(BackupId::to_string);
        vec![
            self.instance.to_string(),
            backups.collect::<Vec<_>>().join(", "),
            text(self.job_id.as_ref()),
        ]
    }
}

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        session.options.demand(Operation::StopBackup)?;
        let consent = self.confirm.consent()?;
        let client = session.options.connect_to(self.confirm.change).await?;
        let instance = client.find_instance(&self.instance).await?;
        let building = building(&client, &instance).await?;
        let names: Vec<&str> = building.iter().map(|(_, name)| name.as_str()).collect();
        let what = if names.is_empty() {
            "none is listed".to_owned()
        } else {
            names.join(", ")
        };
        consent
            .to(&format!(
                "Stop the backup that is being made of {instance} ({what})"
            ))
            .await?;
        let list = ["--instance", instance.as_str()];
        let look = || format!("look with: {}", session.options.command_line("list", &list));
        let job_id = session
            .signals
            .changed(client.stop(&instance), look)
            .await?;
        let backups = building.into_iter().map(|(id, _)| id).collect();
        let stopped = Stopped {
            instance,
            backups,
            job_id,
        };
        let done = format!("the backup of {} is being stopped", stopped.instance);
        done_but_unseen(done, || session.out().one(&stopped))
    }
}

/// The backups that are being made of an instance, with their names; of any kind.
async fn building(
    client: &BackupClient,
    instance: &InstanceId,
) -> Result<Vec<(BackupId, String)>, Error> {
    let listed = client.list(BackupFilter::all().with_instance(instance.clone()));
    let building = listed.try_filter_map(async |backup| {
        // A service may list more than it was asked for.
        let is_building = backup.status == BackupStatus::Building
            && backup.reference.instance.as_ref() == Some(instance);
        Ok(is_building.then_some((backup.reference.id, backup.name)))
    });
    building.try_collect().await
}
