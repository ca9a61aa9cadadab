//! Deletes old manual backups of an instance.

mod row;

use std::num::NonZeroU32;

use dbbackup::BackupClient;
use dbbackup::model::{Backup, BackupFilter, BackupType, InstanceId};
use dbbackup::retention::{Criteria, Decision, select};
use jiff::{SignedDuration, Timestamp};

use crate::common::is_closed_pipe;
use crate::confirm::{ConfirmArgs, Consent};
use crate::exit::{Exit, Failure, done_but_unseen};
use crate::options::ServiceOptions;
use crate::output::text;
use crate::progress::{Reporter, write_line};
use crate::rows::help;
use crate::session::{ServiceCommand, Session};
use crate::values;
use row::{Outcome, Pruned};

/// How far the clocks of the service and of this machine may be apart where age decides.
const APART: SignedDuration = SignedDuration::from_mins(2);
/// How far the clock of the service may be ahead of that of this machine before a time between them is
/// doubted.
const AHEAD: SignedDuration = SignedDuration::from_hours(365 * 24);

const PRUNED: &str = "\
With --output json each backup that goes or is set aside has these fields, null where nothing is
known:
  id, name, begin, size   as in a list
  outcome                 deleted, failed, unknown, dry run, or set aside
  detail                  why it failed or is set aside, or the request of a dry run";

/// Delete manual backups of an instance that are not needed any more; asks first.
///
/// Only those that are COMPLETED, and of one prefix if there is one. With both --keep and
/// --older-than, a backup has to be beyond both; --older-than alone keeps the newest one, however old
/// it is. A backup of some databases is never kept in the place of one that has more, and one whose
/// instance the service does not tell stays.
///
/// Age is measured by the time that the service tells with its list; --older-than is refused if it tells
/// none, or one that is more than 2 minutes from the clock of this machine. A backup that begins after
/// that time is set aside: it neither counts nor goes. One that begins more than a year after the time of
/// this machine counts only among others like it. A time without an offset counts as the latest
/// that it can be, and where the order of two is not clear, such as within the hour by which a clock is
/// set back, both are kept.
#[derive(clap::Args)]
#[command(after_long_help = help(PRUNED), group(clap::ArgGroup::new("rule").required(true).multiple(true)))]
pub(crate) struct Arguments {
    /// Instance, by its id or its exact name.
    #[arg(long, value_name = "ID|NAME", value_parser = values::some_text())]
    instance: String,
    /// Keep the newest of them; 1 with --older-than alone.
    #[arg(long, value_name = "NUMBER", group = "rule", value_parser = values::some)]
    keep: Option<NonZeroU32>,
    /// Delete what is older than this, such as 30d, 6w or 36h.
    #[arg(long, value_name = "AGE", group = "rule", value_parser = values::age)]
    older_than: Option<SignedDuration>,
    /// Delete also those that are FAILED and older than --older-than.
    #[arg(long, requires = "older_than")]
    failed: bool,
    /// Only backups whose name begins like this; no others are counted.
    #[arg(long, value_parser = values::some_text())]
    prefix: Option<String>,
    #[command(flatten)]
    confirm: ConfirmArgs,
}

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        let consent = self.confirm.consent()?;
        let client = session.options.connect_to(self.confirm.change).await?;
        let instance = client.find_instance(&self.instance).await?;
        let filter = BackupFilter::all()
            .with_instance(instance.clone())
            .with_kind(BackupType::Manual);
        let listing = client.list_dated(filter).await?;
        // Services tell whole seconds.
        let here = Timestamp::from_second(Timestamp::now().as_second())?;
        let now = self.time(listing.date, here)?;
        let reporter = &session.reporter;
        if listing.hides_older {
            let unseen = "rds-v1 shows only the newest 100 backups of the project: older ones stay";
            reporter.say(unseen);
        }
        if listing.unusable > 0 {
            let unusable = listing.unusable;
            reporter.say(&format!(
                "{unusable} are listed without a usable id, or in two ways: they stay"
            ));
        }
        let certain = now.min(here.saturating_add(AHEAD)?);
        let criteria = self.criteria(instance).with_certain_until(certain);
        let decisions = select(&listing.backups, &criteria, now);
        self.tell(reporter, &decisions);
        let decided = |is_wanted: fn(Decision) -> bool| -> Vec<&Backup> {
            let decided = listing.backups.iter().zip(&decisions);
            let wanted = decided.filter(|(_, decision)| is_wanted(**decision));
            wanted.map(|(backup, _)| backup).collect()
        };
        let set_aside: Vec<_> = decided(|decision| decision == Decision::BeginsLater)
            .into_iter()
            .map(|backup| Pruned::set_aside(backup, now))
            .collect();
        for row in &set_aside {
            let why = text(row.detail.as_ref());
            reporter.say(&format!("set aside: {} {}, {why}", row.id, row.name));
        }
        let gone = decided(Decision::goes);
        ask(consent, &gone).await?;
        let (pruned, is_interrupted) = delete(session, &client, &gone).await;
        self.show(session, pruned, set_aside, is_interrupted)
    }
}

impl Arguments {
    fn criteria(&self, instance: InstanceId) -> Criteria {
        // The newest one stays, whatever its age.
        let keep = self.keep.unwrap_or(NonZeroU32::MIN);
        let criteria = Criteria::new(instance, keep)
            .with_failed(self.failed)
            .with_prefix(self.prefix.as_deref().unwrap_or_default());
        match self.older_than {
            Some(age) => criteria.with_older_than(age),
            None => criteria,
        }
    }

    /// The time by which backups are measured: that of the service, which --older-than depends on. To
    /// tell which are the newest, that of this machine will do.
    fn time(&self, date: Option<Timestamp>, here: Timestamp) -> Result<Timestamp, Failure> {
        let of_service = match date {
            _ if self.older_than.is_none() => return Ok(date.unwrap_or(here)),
            Some(date) if date.duration_since(here).abs() <= APART => return Ok(date),
            Some(date) => format!("the list of the service is of {date}"),
            None => "the list of the service has no Date that can be read".to_owned(),
        };
        let what = format!(
            "--older-than needs clocks that agree to within 2 minutes, but {of_service}, and it is {here} \
             by the clock of this machine; nothing was deleted"
        );
        let next = "set the clock of this machine, or give --keep in place of --older-than";
        Err(Failure::usage(what).with_next(next))
    }

    /// Says what goes, and what stays that one might expect to go.
    fn tell(&self, reporter: &Reporter, decisions: &[Decision]) {
        let count = |is_wanted: fn(Decision) -> bool| {
            decisions
                .iter()
                .filter(|decision| is_wanted(**decision))
                .count()
        };
        let (gone, listed) = (count(Decision::goes), decisions.len());
        let go = if self.confirm.change.dry_run {
            "would go"
        } else {
            "go"
        };
        reporter.say(&format!(
            "{gone} of {listed} manual backups that are listed {go}"
        ));
        let failed = count(|decision| decision == Decision::Failed);
        if failed > 0 {
            let with = match self.older_than {
                Some(_) => "that are old enough stay: --failed deletes them, too",
                None => "stay: --failed with --older-than deletes old ones",
            };
            reporter.say(&format!("{failed} FAILED ones {with}"));
        }
        let unplaced = count(|decision| decision == Decision::UnknownInstance);
        if unplaced > 0 {
            reporter.say(&format!(
                "{unplaced} stay because the service does not tell of which instance they are"
            ));
        }
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

/// Deletes one after the other until a signal comes, and says whether one has.
async fn delete(
    session: &mut Session<'_>,
    client: &BackupClient,
    selected: &[&Backup],
) -> (Vec<Pruned>, bool) {
    let mut pruned = Vec::new();
    for backup in selected {
        session.reporter.doing(&format!("deleting {}", backup.name));
        let deleted = client.delete(backup);
        let result = session.signals.unless_stopped(deleted).await;
        let is_interrupted = result.is_none();
        pruned.push(Pruned::new(backup, result));
        if is_interrupted {
            return (pruned, true);
        }
    }
    (pruned, false)
}

impl Arguments {
    /// Shows what became of the backups; where that cannot be shown, it is told.
    fn show(
        &self,
        session: &mut Session<'_>,
        mut rows: Vec<Pruned>,
        set_aside: Vec<Pruned>,
        is_interrupted: bool,
    ) -> anyhow::Result<()> {
        let ended = self.end(session.options, &rows, is_interrupted);
        let done = row::done(&rows);
        rows.extend(set_aside);
        let mut show = || session.out().list(&rows);
        let seen = match done {
            Some(done) => done_but_unseen(done, show),
            None => Ok(show()?),
        };
        let Err(failure) = ended else {
            return seen;
        };
        // If nobody reads it, the failure counts all the same.
        if let Err(unseen) = seen
            && !is_closed_pipe(&unseen)
        {
            write_line(&unseen.to_string());
        }
        Err(failure)
    }

    /// A failure if any backup is not known to be gone.
    fn end(
        &self,
        options: &ServiceOptions,
        pruned: &[Pruned],
        is_interrupted: bool,
    ) -> anyhow::Result<()> {
        let count = |outcome| pruned.iter().filter(|one| one.outcome == outcome).count();
        let (failed, unknown) = (count(Outcome::Failed), count(Outcome::Unknown));
        let all = pruned.len();
        let list = options.command_line("list", &["--instance", &self.instance]);
        let look = format!("look with: {list}");
        if is_interrupted {
            let what = format!("interrupted after {} deletions", count(Outcome::Deleted));
            return Err(Failure::new(Exit::Interrupted, what).with_next(look).into());
        }
        if unknown > 0 {
            let what = format!("whether {unknown} of {all} backups are deleted is not known");
            return Err(Failure::new(Exit::Unknown, what).with_next(look).into());
        }
        if failed > 0 {
            let what = format!("{failed} of {all} backups were not deleted");
            let is_refused = |one: &Pruned| one.exit == Some(Exit::Unauthorized);
            let exit = if pruned.iter().any(is_refused) {
                Exit::Unauthorized
            } else {
                Exit::Failed
            };
            return Err(Failure::new(exit, what).into());
        }
        Ok(())
    }
}
