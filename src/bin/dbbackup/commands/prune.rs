//! Deletes old manual backups of an instance.

mod selection;

use dbbackup::model::{Backup, BackupFilter, BackupId, BackupType, Timestamp};
use dbbackup::transport::DryRun;
use dbbackup::{BackupClient, Error};
use futures_util::TryStreamExt;
use indicatif::BinaryBytes;
use serde::Serialize;

use crate::confirm::{Consent, Destruction};
use crate::exit::{Exit, Failure};
use crate::output::{Output, Row, text};
use crate::progress::Reporter;
use crate::rows::help;
use crate::service::{Calls, ServiceOptions};
use crate::signals::Signals;
use crate::values;
use selection::Rules;

const PRUNED: &str = "\
With --output json each backup that goes has these fields, null where nothing is known:
  id, name, begin, size   as in a list
  outcome                 deleted, failed, unknown, or dry run
  detail                  why it failed, or the request of a dry run";

/// Delete manual backups of an instance that are not needed any more; asks first.
///
/// Only those that are COMPLETED, and of one prefix if there is one. With both --keep and
/// --older-than, a backup has to be beyond both. A time without an offset counts as the latest that it
/// can be, and where the order of two is not clear, such as within the hour by which a clock is set
/// back, both are kept. A backup of some databases is never kept in the place of one that has more.
#[derive(clap::Args)]
#[command(after_long_help = help(PRUNED), group(clap::ArgGroup::new("rule").required(true).multiple(true)))]
pub(crate) struct Arguments {
    /// Instance, by its id or its exact name.
    #[arg(long, value_name = "ID|NAME", value_parser = values::some_text())]
    instance: String,
    /// Keep the newest of them.
    #[arg(long, value_name = "NUMBER", group = "rule", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
    /// Delete what is older than this, such as 30d, 6w or 36h.
    #[arg(long, value_name = "AGE", group = "rule", value_parser = values::age)]
    older_than: Option<jiff::SignedDuration>,
    /// Only backups whose name begins like this; no others are counted.
    #[arg(long, value_parser = values::some_text())]
    prefix: Option<String>,
    #[command(flatten)]
    destruction: Destruction,
    #[command(flatten)]
    options: ServiceOptions,
}

/// What became of a backup.
#[derive(Serialize)]
struct Pruned {
    id: BackupId,
    name: String,
    begin: Option<Timestamp>,
    size: Option<u64>,
    outcome: &'static str,
    detail: Option<String>,
    #[serde(skip)]
    exit: Option<Exit>,
}

impl Row for Pruned {
    const HEADINGS: &'static [&'static str] = &["ID", "NAME", "BEGIN", "SIZE", "OUTCOME", "DETAIL"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name.clone(),
            text(self.begin.as_ref()),
            text(self.size.map(BinaryBytes)),
            self.outcome.to_owned(),
            text(self.detail.as_ref()),
        ]
    }
}

impl Calls for Arguments {
    fn options(&self) -> &ServiceOptions {
        &self.options
    }

    async fn run(&self, out: &mut Output<'_>) -> anyhow::Result<()> {
        let consent = self.destruction.consent()?;
        let client = self.options.connect_to(&self.destruction.change).await?;
        let instance = client.find_instance(&self.instance).await?;
        let reporter = Reporter::new(&self.options);
        let filter = BackupFilter::all()
            .of_instance(instance.clone())
            .of_kind(BackupType::Manual);
        let all: Vec<Backup> = client.list(filter).try_collect().await?;
        if client.hides_backups().await? {
            let unseen = "rds-v1 shows only the newest 100 backups of the project: older ones stay";
            reporter.say(unseen);
        }
        let rules = Rules {
            keep: self.keep.unwrap_or_default() as usize,
            older_than: self.older_than,
            prefix: self.prefix.as_deref().unwrap_or_default(),
            instance: &instance,
        };
        let selected = selection::select(&all, &rules, jiff::Timestamp::now());
        let (gone, seen) = (selected.len(), all.len());
        reporter.say(&format!(
            "{gone} of {seen} manual backups that are listed go"
        ));
        // A spinner would wipe the question.
        drop(reporter);
        ask(consent, &selected).await?;
        let (pruned, is_interrupted) = self.delete(&client, selected).await?;
        let shown = out.list(&pruned);
        // If nobody reads it, the failure counts all the same.
        self.end(&pruned, is_interrupted)?;
        Ok(shown?)
    }
}

/// Asks whether these may go, if there are any.
async fn ask(consent: Consent, selected: &[&Backup]) -> anyhow::Result<()> {
    if selected.is_empty() {
        return Ok(());
    }
    for backup in selected {
        let (id, begin) = (&backup.reference.id, text(backup.begin.as_ref()));
        consent.about(&format!("  {id} {} {begin}", backup.name));
    }
    consent
        .to(&format!("Delete these {} backups", selected.len()))
        .await
}

impl Arguments {
    /// Deletes one after the other until a signal comes, and says whether one has.
    async fn delete(
        &self,
        client: &BackupClient,
        selected: Vec<&Backup>,
    ) -> anyhow::Result<(Vec<Pruned>, bool)> {
        let reporter = Reporter::new(&self.options);
        let mut signals = Signals::new()?;
        let mut pruned = Vec::new();
        for backup in selected {
            reporter.doing(format!("deleting {}", backup.name));
            let result = signals.unless_stopped(client.delete(backup)).await;
            let is_interrupted = result.is_none();
            pruned.push(Pruned::new(backup, result));
            if is_interrupted {
                return Ok((pruned, true));
            }
        }
        Ok((pruned, false))
    }

    /// A failure if any backup is not known to be gone.
    fn end(&self, pruned: &[Pruned], is_interrupted: bool) -> anyhow::Result<()> {
        let count = |outcome| pruned.iter().filter(|one| one.outcome == outcome).count();
        let (failed, unknown, all) = (count(FAILED), count(UNKNOWN), pruned.len());
        let look = ["--instance", &self.instance];
        let look = format!("look with: {}", self.options.command_line("list", &look));
        match (failed, unknown) {
            _ if is_interrupted => {
                let what = format!("interrupted after {} deletions", count(DELETED));
                Err(Failure::new(Exit::Interrupted, what).with_next(look).into())
            }
            (0, 0) => Ok(()),
            (_, 0) => {
                let what = format!("{failed} of {all} backups were not deleted");
                let is_refused = |one: &Pruned| one.exit == Some(Exit::Unauthorized);
                let exit = match pruned.iter().any(is_refused) {
                    true => Exit::Unauthorized,
                    false => Exit::Failed,
                };
                Err(Failure::new(exit, what).into())
            }
            _ => {
                let what = format!("whether {unknown} of {all} backups are deleted is not known");
                Err(Failure::new(Exit::Unknown, what).with_next(look).into())
            }
        }
    }
}

const DELETED: &str = "deleted";
const FAILED: &str = "failed";
const UNKNOWN: &str = "unknown";

impl Pruned {
    /// What became of a backup; without a result, nobody has waited for it.
    fn new(backup: &Backup, result: Option<Result<(), Error>>) -> Self {
        let exit = result.as_ref().and_then(|result| result.as_ref().err());
        let exit = exit.map(Exit::of_client);
        let (outcome, detail) = match result {
            Some(Ok(())) => (DELETED, None),
            Some(Err(error)) => outcome(&error),
            None => (UNKNOWN, None),
        };
        Self {
            id: backup.reference.id.clone(),
            name: backup.name.clone(),
            begin: backup.begin.clone(),
            size: backup.size,
            outcome,
            detail,
            exit,
        }
    }
}

fn outcome(error: &Error) -> (&'static str, Option<String>) {
    if let Some(request) = DryRun::of(error) {
        return (
            "dry run",
            Some(format!("{} {}", request.method, request.url)),
        );
    }
    let outcome = match Exit::of_client(error) {
        Exit::Unknown => UNKNOWN,
        _ => FAILED,
    };
    (outcome, Some(error.to_string()))
}
