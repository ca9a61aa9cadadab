//! Deletes a backup.

use dbbackup::Service;
use dbbackup::model::BackupId;
use serde::Serialize;

use crate::backup::Existing;
use crate::confirm::{Consent, Destruction};
use crate::exit::done_but_unseen;
use crate::output::{Output, Row};
use crate::rows::help;
use crate::service::{Calls, ServiceOptions};
use crate::signals::changed;

const DELETED: &str = "\
With --output json the result has these fields:
  service, id             the backup that is gone, or will soon be";

/// Delete a manual backup; asks first.
#[derive(clap::Args)]
#[command(after_long_help = help(DELETED))]
pub(crate) struct Arguments {
    #[command(flatten)]
    backup: Existing,
    #[command(flatten)]
    destruction: Destruction,
    #[command(flatten)]
    options: ServiceOptions,
}

/// What is printed.
#[derive(Serialize)]
struct Deleted {
    service: Service,
    id: BackupId,
}

impl Row for Deleted {
    const HEADINGS: &'static [&'static str] = &["DELETED", "SERVICE"];

    fn cells(&self) -> Vec<String> {
        vec![self.id.to_string(), self.service.to_string()]
    }
}

impl Calls for Arguments {
    fn options(&self) -> &ServiceOptions {
        &self.options
    }

    async fn run(&self, out: &mut Output<'_>) -> anyhow::Result<()> {
        let consent = self.destruction.consent()?;
        let found = self.backup.find(&self.options, &self.destruction.change);
        let (client, backup) = found.await?;
        if consent == Consent::Ask {
            let shown = client.get(&backup).await?;
            let what = format!("Delete {} ({}, {})", backup.id, shown.name, shown.status);
            consent.to(&what).await?;
        }
        let look = || format!("look with: {}", self.options.command_for("show", &backup));
        changed(client.delete(&backup), look).await?;
        let (service, id) = (backup.service, backup.id);
        let deleted = Deleted { service, id };
        let done = format!("backup {} is deleted", deleted.id);
        done_but_unseen(done, || out.one(&deleted))
    }
}
