//! Waits for a backup, or for jobs, that were started before.

use dbbackup::Operation;

use crate::backup::Existing;
use crate::output::Output;
use crate::progress::Reporter;
use crate::rows::{BACKUP, JOB, help};
use crate::service::{Calls, Change, ServiceOptions};
use crate::signals::Signals;
use crate::values;
use crate::waiting::{Origin, Waiting, command_for_jobs};

/// Wait until a backup is done, or the jobs of a restore.
///
/// The limit is for all of it, the login and the search for the instance included. Only after 60s, in
/// which a new backup or job may not be listed yet, is one said not to exist.
#[derive(clap::Args)]
#[command(after_long_help = help(&[BACKUP, JOB].join("\n\n")))]
#[command(mut_arg("id", |a| a.required(false).required_unless_present("jobs")))]
pub(crate) struct Arguments {
    #[command(flatten)]
    backup: Option<Existing>,
    /// Job to wait for in place of a backup, any number of times; not on rds-v1.
    #[arg(long = "job", value_name = "ID", value_parser = values::some_text(), conflicts_with_all = ["id", "instance"])]
    jobs: Vec<String>,
    #[command(flatten)]
    waiting: Waiting,
    #[command(flatten)]
    options: ServiceOptions,
}

impl Calls for Arguments {
    fn options(&self) -> &ServiceOptions {
        &self.options
    }

    async fn run(&self, out: &mut Output<'_>) -> anyhow::Result<()> {
        // With the logins and lookups that come first.
        let time = self.waiting.begin();
        let mut reporter = Reporter::new(&self.options);
        let (waiting, options) = (&self.waiting, &self.options);
        let Some(backup) = &self.backup else {
            options.demand(Operation::GetJob)?;
            let again = command_for_jobs(options, &self.jobs);
            let client = waiting.prepared(&time, options.connect(), &again).await?;
            let mut signals = Signals::new()?;
            let given = (&self.jobs[..], Origin::Given);
            let done = waiting.jobs(&client, options, given, &time, &mut reporter, &mut signals);
            let done = done.await?;
            drop(reporter);
            return Ok(out.list(&done)?);
        };
        let again = options.command_line("wait", &backup.words());
        let change = Change::default();
        let found = waiting.prepared(&time, backup.find(options, &change), &again);
        let (client, backup) = found.await?;
        let mut signals = Signals::new()?;
        let given = (&backup, Origin::Given);
        let done = waiting.backup(&client, options, given, time, &mut reporter, &mut signals);
        let done = done.await?;
        drop(reporter);
        Ok(out.one(&done)?)
    }
}
