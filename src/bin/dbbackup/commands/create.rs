//! Creates a backup, or makes sure that there is one for a key.

use std::time::Duration;

use dbbackup::BackupClient;
use dbbackup::model::{Backup, BackupDescription, BackupName, NewBackup};

use crate::exit::{Exit, Failure, done_but_unseen, of_change, telling};
use crate::options::{DryRunArgs, ServiceOptions};
use crate::rows::{BACKUP, help};
use crate::session::{ServiceCommand, Session};
use crate::values;
use crate::waiting::{Origin, Waiting, wait_for_backup};

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
    change: DryRunArgs,
}

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        let options = session.options;
        let doing = format!("creating backup {}", self.name);
        let work = session.reporter.during(&doing, self.prepare(options));
        let Some(ready) = session.signals.unless_stopped(work).await else {
            let what = "interrupted before a backup was asked for";
            return Err(Failure::new(Exit::Interrupted, what).into());
        };
        let (client, new) = ready?;
        let create = self.create(&client, &new, options);
        let work = session.reporter.during(&doing, create);
        let Some(result) = session.signals.unless_stopped(work).await else {
            let what = "interrupted before the service has answered; there may be a backup";
            let failure = Failure::new(Exit::Interrupted, what);
            return Err(failure.with_next(self.look(options)).into());
        };
        let backup = result?;
        let (id, instance) = (&backup.reference.id, new.instance());
        let what = match self.key {
            Some(_) => "is that of the key",
            None => "is accepted",
        };
        session
            .reporter
            .say(&format!("backup {id} of {instance} {what}"));
        if !self.wait || self.change.dry_run {
            return show(&backup, session);
        }
        let (origin, created) = (Origin::Created, &backup.reference);
        let wait = self.waiting.begin(origin);
        match wait_for_backup(session, &client, created, origin, wait).await {
            Ok(done) => show(&done, session),
            Err(failure) => {
                // Whoever reads the result needs the id to go on; if nobody does, the failure counts.
                if failure.has_next() {
                    let _ = telling(&accepted(&backup), || session.out().one(&backup));
                }
                Err(failure.into())
            }
        }
    }
}

fn accepted(backup: &Backup) -> String {
    format!("backup {} was accepted", backup.reference.id)
}

/// Shows the result; if it cannot be written, nobody shall believe that there is no backup.
fn show(backup: &Backup, session: &mut Session<'_>) -> anyhow::Result<()> {
    let next = session.options.command_for("wait", &backup.reference);
    let shown = done_but_unseen(accepted(backup), || session.out().one(backup));
    shown.map_err(|error| match error.downcast::<Failure>() {
        Ok(failure) => failure
            .with_exit(Exit::WaitExpired)
            .with_next(format!("wait for it with: {next}"))
            .into(),
        Err(error) => error,
    })
}

impl Arguments {
    /// What has to be known before a backup can be asked for.
    async fn prepare(&self, options: &ServiceOptions) -> anyhow::Result<(BackupClient, NewBackup)> {
        let mut client = options.connect_to(self.change).await?;
        if let Some(limit) = self.when_idle {
            client = client.with_idle_timeout(limit);
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

    async fn create(
        &self,
        client: &BackupClient,
        new: &NewBackup,
        options: &ServiceOptions,
    ) -> anyhow::Result<Backup> {
        let created = match &self.key {
            Some(key) => client.ensure(new, key).await,
            None => client.create(new).await,
        };
        created.map_err(|error| of_change(error, || self.look(options)))
    }

    /// How to find out whether there is a backup.
    fn look(&self, options: &ServiceOptions) -> String {
        let list = options.command_line("list", &["--instance", &self.instance]);
        match self.key {
            Some(_) => format!("repeat it with the same --key, or look with: {list}"),
            None => format!("look for {} with: {list}", self.name),
        }
    }
}
