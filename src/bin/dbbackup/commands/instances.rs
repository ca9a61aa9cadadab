//! Lists instances.

use crate::output::Output;
use crate::rows::{INSTANCE, help};
use crate::service::{Calls, ServiceOptions};

/// List the instances of the project; rds-v1 lists their nodes.
#[derive(clap::Args)]
#[command(after_long_help = help(INSTANCE))]
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
