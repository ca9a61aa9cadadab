//! Shows a backup.

use crate::backup::Existing;
use crate::output::Output;
use crate::rows::{BACKUP, help};
use crate::service::{Calls, Change, ServiceOptions};

/// Show a backup.
#[derive(clap::Args)]
#[command(after_long_help = help(BACKUP))]
pub(crate) struct Arguments {
    #[command(flatten)]
    backup: Existing,
    #[command(flatten)]
    options: ServiceOptions,
}

impl Calls for Arguments {
    fn options(&self) -> &ServiceOptions {
        &self.options
    }

    async fn run(&self, out: &mut Output<'_>) -> anyhow::Result<()> {
        let found = self.backup.find(&self.options, &Change::default()).await?;
        let (client, backup) = found;
        Ok(out.one(&client.get(backup).await?)?)
    }
}
