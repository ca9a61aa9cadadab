//! Waits for a backup that was started before.

use crate::backup::Existing;
use crate::output::Output;
use crate::progress::Reporter;
use crate::rows::{BACKUP, help};
use crate::service::{Calls, Change, ServiceOptions};
use crate::signals::Signals;
use crate::waiting::Waiting;

/// Wait until a backup is done.
#[derive(clap::Args)]
#[command(after_long_help = help(BACKUP))]
pub(crate) struct Arguments {
    #[command(flatten)]
    backup: Existing,
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
        let found = self.backup.find(&self.options, &Change::default()).await?;
        let (client, backup) = found;
        // Until now a signal ends the process by itself.
        let mut signals = Signals::new()?;
        let wait = &self.waiting;
        let done = wait.wait(&client, &self.options, &backup, &mut reporter, &mut signals);
        let done = done.await?;
        drop(reporter);
        Ok(out.one(&done)?)
    }
}
