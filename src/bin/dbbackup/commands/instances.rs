//! Lists instances.

use crate::exit::CODES;
use crate::output::Output;
use crate::service::{Calls, ServiceOptions};

/// List the instances of the project; rds-v1 lists their nodes.
#[derive(clap::Args)]
#[command(after_help = CODES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    options: ServiceOptions,
}

impl Calls for Arguments {
    fn options(&self) -> &ServiceOptions {
        &self.options
    }

    async fn run(&self, out: &mut Output<'_>) -> anyhow::Result<()> {
        let client = self.options.connect().await?;
        out.stream(client.instances()).await
    }
}
