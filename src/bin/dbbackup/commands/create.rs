//! Creates a backup, or makes sure that there is one for a key.

use std::time::Duration;

use dbbackup::BackupClient;
use dbbackup::model::{Backup, BackupDescription, BackupName, NewBackup};

use crate::exit::{Exit, Failure, done_but_unseen, of_change, telling};
use crate::output::Output;
use crate::progress::Reporter;
use crate::rows::{BACKUP, help};
use crate::service::{Calls, Change, ServiceOptions};
use crate::signals::Signals;
use crate::values;
use crate::waiting::{Origin, Waiting};

/// Create a backup.
///
/// A request whose answer is lost is never repeated blindly: the lists are looked through until it is
/// clear whether there is a backup. With --key the same command can be repeated after any failure and
/// makes one backup.
#[derive(clap::Args)]
#[command(after_long_help = help(BACKUP))]
#[command(mut_arg("wait_timeout", |a| a.requires("wait")), mut_arg("interval", |a| a.requires("wait")))]
pub(crate) struct Arguments {
    /// Instance, by its id or its exact name.
    #[arg(long, value_name = "ID|NAME", value_parser = values::some_text())]
    instance: String,
    /// Name of the backup: 4 to 64 characters.
    #[arg(long)]
    name: BackupName,
    /// Description of the backup.
    #[arg(long)]
    description: Option<BackupDescription>,
    /// Database to back up in place of all, any number of times; rds-v1, rds-v3.
    #[arg(long = "database", value_name = "NAME", value_parser = values::some_text())]
    databases: Vec<String>,
    /// Make one backup for this text, such as the id of a deployment, however often it is asked for.
    #[arg(long, value_parser = values::some_text())]
    key: Option<String>,
    /// Wait for a busy instance, for 30m or as long as this.
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "30m", value_parser = values::duration)]
    when_idle: Option<Duration>,
    /// Wait until the backup is done.
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    waiting: Waiting,
    #[command(flatten)]
    change: Change,
    #[command(flatten)]
    options: ServiceOptions,
}

impl Calls for Arguments {
    fn options(&self) -> &ServiceOptions {
        &self.options
    }

    async fn run(&self, out: &mut Output<'_>) -> anyhow::Result<()> {
        let mut signals = Signals::new()?;
        let mut reporter = Reporter::new(&self.options);
        let doing = format!("creating backup {}", self.name);
        let work = reporter.during(&doing, self.prepare());
        let Some(ready) = signals.unless_stopped(work).await else {
            let what = "interrupted before a backup was asked for";
            return Err(Failure::new(Exit::Interrupted, what).into());
        };
        let (client, new) = ready?;
        let work = reporter.during(&doing, self.create(&client, &new));
        let Some(result) = signals.unless_stopped(work).await else {
            return Err(self.interrupted().into());
        };
        let backup = result?;
        let place = &backup.reference;
        let what = match self.key {
            Some(_) => "is that of the key",
            None => "is accepted",
        };
        reporter.say(&format!("backup {} of {} {what}", place.id, place.instance));
        let waited = match self.wait && !self.change.dry_run {
            true => {
                let (created, wait) = ((place, Origin::Created), self.waiting.begin());
                let (options, reporter) = (&self.options, &mut reporter);
                let done =
                    self.waiting
                        .backup(&client, options, created, wait, reporter, &mut signals);
                Some(done.await)
            }
            false => None,
        };
        // Nothing may move in the result.
        drop(reporter);
        match waited {
            None => self.show(&backup, out),
            Some(Ok(done)) => self.show(&done, out),
            Some(Err(failure)) => {
                // Whoever reads the result needs the id to go on; if nobody does, the failure counts.
                if failure.has_next() {
                    let _ = telling(&accepted(&backup), || out.one(&backup));
                }
                Err(failure.into())
            }
        }
    }
}

fn accepted(backup: &Backup) -> String {
    format!("backup {} was accepted", backup.reference.id)
}

impl Arguments {
    /// The result; if it cannot be written, nobody shall believe that there is no backup.
    fn show(&self, backup: &Backup, out: &mut Output<'_>) -> anyhow::Result<()> {
        let place = &backup.reference;
        let shown = done_but_unseen(accepted(backup), || out.one(backup));
        shown.map_err(|error| match error.downcast::<Failure>() {
            Ok(failure) => {
                let next = self.options.command_for("wait", place);
                let failure = failure.with_exit(Exit::WaitExpired);
                failure
                    .with_next(format!("wait for it with: {next}"))
                    .into()
            }
            Err(error) => error,
        })
    }

    /// What has to be known before a backup can be asked for.
    async fn prepare(&self) -> anyhow::Result<(BackupClient, NewBackup)> {
        let mut client = self.options.connect_to(&self.change).await?;
        if let Some(limit) = self.when_idle {
            client = client.waiting_until_idle(limit);
        }
        let instance = client.find_instance(&self.instance).await?;
        let mut new = NewBackup::new(instance, self.name.clone());
        if let Some(description) = &self.description {
            new = new.with_description(description.clone());
        }
        if !self.databases.is_empty() {
            new = new.with_databases(&self.databases);
        }
        Ok((client, new))
    }

    async fn create(&self, client: &BackupClient, new: &NewBackup) -> anyhow::Result<Backup> {
        let created = match &self.key {
            Some(key) => client.ensure(new, key).await,
            None => client.create(new).await,
        };
        created.map_err(|error| of_change(error, || self.look()))
    }

    fn interrupted(&self) -> Failure {
        let what = "interrupted before the service has answered; there may be a backup";
        Failure::new(Exit::Interrupted, what).with_next(self.look())
    }

    /// How to find out whether there is a backup.
    fn look(&self) -> String {
        let list = self
            .options
            .command_line("list", &["--instance", &self.instance]);
        match self.key {
            Some(_) => format!("repeat it with the same --key, or look with: {list}"),
            None => format!("look for {} with: {list}", self.name),
        }
    }
}
