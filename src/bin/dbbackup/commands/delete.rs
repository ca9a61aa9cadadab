//! Deletes a backup.

use dbbackup::Service;
use dbbackup::model::BackupId;
use serde::Serialize;

use crate::backup::BackupArgs;
use crate::confirm::{ConfirmArgs, Consent};
use crate::exit::done_but_unseen;
use crate::output::Row;
use crate::rows::help;
use crate::session::{ServiceCommand, Session};

const DELETED: &str = "\
With --output json the result has these fields:
  service, id             the backup that is gone, or will soon be";

/// Delete a manual backup; asks first.
#[derive(clap::Args)]
#[command(after_long_help = help(DELETED))]
pub(crate) struct Arguments {
    #[command(flatten)]
    backup: BackupArgs,
    #[command(flatten)]
    confirm: ConfirmArgs,
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

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        let consent = self.confirm.consent()?;
        let found = self.backup.find(session.options, self.confirm.change);
        let (client, backup) = found.await?;
        if consent == Consent::Ask {
            let shown = client.get(&backup).await?;
            let what = format!("Delete {} ({}, {})", backup.id, shown.name, shown.status);
            consent.to(&what).await?;
        }
        let look = || {
            format!(
                "look with: {}",
                session.options.command_for("show", &backup)
            )
        };
        session
            .signals
            .changed(client.delete(&backup), look)
            .await?;
        let deleted = Deleted {
            service: backup.service,
            id: backup.id,
        };
        let done = format!("backup {} is deleted", deleted.id);
        done_but_unseen(done, || session.out().one(&deleted))
    }
}
