//! Lists backups.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use dbbackup::model::{BackupFilter, BackupType};

use crate::rows::{BACKUP, help};
use crate::session::{ServiceCommand, Session};
use crate::values;

/// List backups, also automated ones.
///
/// rds-v1 shows only the newest 100 manual backups of the project. On rds-v3 a list without an
/// instance costs a call or more for each instance. A list with more than 100,000 entries, 2,000 pages
/// or 128 MiB, or that takes more than 10m, is an error.
#[derive(clap::Args)]
#[command(after_long_help = help(BACKUP))]
pub(crate) struct Arguments {
    /// Only those of an instance, by its id or its exact name.
    #[arg(long, value_name = "ID|NAME", value_parser = values::some_text())]
    instance: Option<String>,
    /// Only those of a kind; fragment and incremental on rds-v3 alone.
    #[arg(long, value_parser = kinds())]
    kind: Option<BackupType>,
}

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        let client = session.options.connect().await?;
        let mut filter = BackupFilter::all();
        if let Some(instance) = &self.instance {
            filter = filter.with_instance(client.find_instance(instance).await?);
        }
        if let Some(kind) = &self.kind {
            filter = filter.with_kind(kind.clone());
        }
        let lists_incompletely = client.lists_incompletely().await?;
        session.out().stream(client.list(filter)).await?;
        if lists_incompletely {
            let note = "rds-v1 shows only the newest 100 backups of the project; there may be more";
            session.reporter.say(note);
        }
        Ok(())
    }
}

fn kinds() -> impl TypedValueParser<Value = BackupType> {
    PossibleValuesParser::new(["auto", "manual", "fragment", "incremental"]).map(|name| match name
        .as_str()
    {
        "auto" => BackupType::Auto,
        "manual" => BackupType::Manual,
        "fragment" => BackupType::Fragment,
        "incremental" => BackupType::Incremental,
        _ => BackupType::Unknown(name),
    })
}
