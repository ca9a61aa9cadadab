//! Lists instances.

use crate::rows::{INSTANCE, help};
use crate::session::{ServiceCommand, Session};

/// List the instances of the project; rds-v1 lists their nodes.
#[derive(clap::Args)]
#[command(after_long_help = help(INSTANCE))]
pub(crate) struct Arguments {}

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        let client = session.options.connect().await?;
        session.out().stream(client.instances()).await
    }
}
