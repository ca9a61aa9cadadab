//! Stops the backup that is being made of an instance.

use dbbackup::Operation;
use dbbackup::model::InstanceId;
use serde::Serialize;

use crate::confirm::Destruction;
use crate::exit::CODES;
use crate::output::{Output, Row, text};
use crate::service::{Calls, ServiceOptions};
use crate::signals::changed;

/// Stop the backup that is being made of an instance; asks first. rds-v3 and gaussdb-v3 on Huawei Cloud.
#[derive(clap::Args)]
#[command(after_long_help = CODES)]
pub(crate) struct Arguments {
    /// Instance, by its id or its exact name.
    #[arg(long, value_name = "ID|NAME")]
    instance: String,
    #[command(flatten)]
    destruction: Destruction,
    #[command(flatten)]
    options: ServiceOptions,
}

/// What is printed.
#[derive(Serialize)]
struct Stopped {
    instance: InstanceId,
    job_id: Option<String>,
}

impl Row for Stopped {
    const HEADINGS: &'static [&'static str] = &["STOPPED ON", "JOB"];

    fn cells(&self) -> Vec<String> {
        vec![self.instance.to_string(), text(self.job_id.as_ref())]
    }
}

impl Calls for Arguments {
    fn options(&self) -> &ServiceOptions {
        &self.options
    }

    async fn run(&self, out: &mut Output<'_>) -> anyhow::Result<()> {
        self.options.demand(Operation::StopBackup)?;
        let consent = self.destruction.consent()?;
        let client = self.options.connect_to(&self.destruction.change).await?;
        let instance = client.find_instance(&self.instance).await?;
        consent.to(&format!("Stop the backup that is being made of {instance}"))?;
        let list = ["--instance", instance.as_str()];
        let look = || format!("look with: {}", self.options.command_line("list", &list));
        let job_id = changed(client.stop(&instance), look).await?;
        Ok(out.one(&Stopped { instance, job_id })?)
    }
}
