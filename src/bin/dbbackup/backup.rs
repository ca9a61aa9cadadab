//! A backup that exists, as an argument.

use dbbackup::model::{BackupId, BackupRef};
use dbbackup::{BackupClient, Lists};

use crate::exit::Failure;
use crate::options::{DryRunArgs, ServiceOptions};
use crate::values;

/// A backup that exists.
#[derive(clap::Args)]
pub(crate) struct BackupArgs {
    /// Id of the backup.
    #[arg(value_name = "BACKUP")]
    id: BackupId,
    /// Instance of the backup, by its id or its exact name; rds-v3 needs it.
    #[arg(long, value_name = "ID|NAME", value_parser = values::some_text())]
    instance: Option<String>,
}

impl BackupArgs {
    /// The arguments, for another command line.
    pub(crate) fn words(&self) -> Vec<&str> {
        let instance = self.instance.iter().flat_map(|name| ["--instance", name]);
        instance.chain([self.id.as_str()]).collect()
    }

    /// A client, and the reference of the backup, which is not looked for.
    pub(crate) async fn find(
        &self,
        options: &ServiceOptions,
        change: DryRunArgs,
    ) -> anyhow::Result<(BackupClient, BackupRef)> {
        let service = options.service();
        if self.instance.is_none() && service.capabilities().lists == Lists::OfInstance {
            let what = format!("{service} lists backups per instance: give --instance, too");
            return Err(Failure::usage(what).into());
        }
        let client = options.connect_to(change).await?;
        let instance = match &self.instance {
            Some(instance) => Some(client.find_instance(instance).await?),
            None => None,
        };
        let backup = client.reference(self.id.clone(), instance)?;
        Ok((client, backup))
    }
}
