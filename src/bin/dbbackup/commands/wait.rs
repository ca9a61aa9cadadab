//! Waits for a backup, or for jobs, that were started before.

use dbbackup::Operation;

use crate::backup::Existing;
use crate::output::Output;
use crate::progress::Reporter;
use crate::rows::{BACKUP, JOB, help};
use crate::service::{Calls, Change, ServiceOptions};
use crate::signals::Signals;
use crate::values;
use crate::waiting::{Origin, Waiting};

/// Wait until a backup is done, or the jobs of a restore.
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
        let mut reporter = Reporter::new(&self.options);
        let (wait, options) = (&self.waiting, &self.options);
        let Some(backup) = &self.backup else {
            options.demand(Operation::GetJob)?;
            let client = options.connect().await?;
            let mut signals = Signals::new()?;
            let done = wait.jobs(&client, options, &self.jobs, &mut reporter, &mut signals);
            let done = done.await?;
            drop(reporter);
            return Ok(out.list(&done)?);
        };
        let (client, backup) = backup.find(options, &Change::default()).await?;
        let mut signals = Signals::new()?;
        let given = (&backup, Origin::Given);
        let done = wait.backup(&client, options, given, &mut reporter, &mut signals);
        let done = done.await?;
        drop(reporter);
        Ok(out.one(&done)?)
    }
}
