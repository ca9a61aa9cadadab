//! Waits for a backup, or for jobs, that were started before.

use dbbackup::Operation;

use crate::backup::BackupArgs;
use crate::options::DryRunArgs;
use crate::rows::{BACKUP, JOB, help};
use crate::session::{ServiceCommand, Session};
use crate::values;
use crate::waiting::{Origin, Waiting, command_for_jobs, wait_for_backup, wait_for_jobs};

/// Wait until a backup is done, or the jobs of a restore.
///
/// The limit is for all of it, the login and the search for the instance included. Only after 60s, in
/// which a new backup or job may not be listed yet, is one said not to exist.
#[derive(clap::Args)]
#[command(after_long_help = help(&[BACKUP, JOB].join("\n\n")))]
#[command(mut_arg("id", |a| a.required(false).required_unless_present("jobs")))]
pub(crate) struct Arguments {
    #[command(flatten)]
    backup: Option<BackupArgs>,
    /// Job to wait for in place of a backup, any number of times; not on rds-v1.
    #[arg(long = "job", value_name = "ID", value_parser = values::some_text(), conflicts_with_all = ["id", "instance"])]
    jobs: Vec<String>,
    #[command(flatten)]
    waiting: Waiting,
}

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        // With the logins and lookups that come first.
        let (options, origin) = (session.options, Origin::Given);
        let wait = self.waiting.begin(origin);
        let Some(backup) = &self.backup else {
            options.demand(Operation::GetJob)?;
            let again = command_for_jobs(options, &self.jobs);
            let connected = self.waiting.prepared(&wait, options.connect(), &again);
            let client = connected.await?;
            let jobs = wait_for_jobs(session, &client, &self.jobs, origin, wait).await?;
            return Ok(session.out().list(&jobs)?);
        };
        let again = options.command_line("wait", &backup.words());
        let found = backup.find(options, DryRunArgs::default());
        let (client, backup) = self.waiting.prepared(&wait, found, &again).await?;
        let done = wait_for_backup(session, &client, &backup, origin, wait).await?;
        Ok(session.out().one(&done)?)
    }
}
