//! Shows a backup.

use crate::backup::BackupArgs;
use crate::options::DryRunArgs;
use crate::rows::{BACKUP, help};
use crate::session::{ServiceCommand, Session};

/// Show a backup.
#[derive(clap::Args)]
#[command(after_long_help = help(BACKUP))]
pub(crate) struct Arguments {
    #[command(flatten)]
    backup: BackupArgs,
}

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        let found = self.backup.find(session.options, DryRunArgs::default());
        let (client, backup) = found.await?;
        Ok(session.out().one(&client.get(backup).await?)?)
    }
}
