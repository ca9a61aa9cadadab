//! Which backups go: never one that a rule might keep.

use std::num::NonZeroU32;

use dbbackup::model::{Backup, BackupStatus, BackupType, InstanceId};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

/// What to keep.
pub(super) struct Rules<'a> {
    /// How many of the newest ones.
    pub(super) keep: NonZeroU32,
    /// Only what is older than this goes.
    pub(super) older_than: Option<SignedDuration>,
    /// Whether FAILED ones go that are older than that.
    pub(super) failed: bool,
    /// How the names of those begin that are looked at.
    pub(super) prefix: &'a str,
    /// Only its backups go, whatever the service lists.
    pub(super) instance: &'a InstanceId,
    /// A begin after this may be wrong: it replaces only others like it.
    pub(super) sure: Timestamp,
}

/// What the rules make of a list.
pub(super) struct Selection<'a> {
    /// Those that go, as they are listed.
    pub(super) gone: Vec<&'a Backup>,
    /// Those that begin after the time by which they are measured, which cannot be.
    pub(super) set_aside: Vec<&'a Backup>,
    /// How many FAILED ones stay that are old enough to go.
    pub(super) failed: usize,
    /// How many stay because the service does not tell their instance.
    pub(super) unplaced: usize,
}

/// By how much a clock without an offset can be set back between two backups.
const SET_BACK: SignedDuration = SignedDuration::from_hours(1);

/// Applies the rules at a time of the service.
pub(super) fn select<'a>(
    backups: &'a [Backup],
    rules: &Rules<'_>,
    now: Timestamp,
) -> Selection<'a> {
    let is_failed = |backup: &Backup| backup.status == BackupStatus::Failed;
    let is_candidate = |backup: &&Backup| {
        backup.kind == Some(BackupType::Manual)
            && (backup.status == BackupStatus::Completed || is_failed(backup))
            && backup.name.starts_with(rules.prefix)
            && backup.reference.instance == *rules.instance
    };
    let candidates = backups.iter().filter(is_candidate);
    let (unplaced, placed): (Vec<_>, Vec<_>) =
        candidates.partition(|backup| backup.instance_assumed);
    // One without a time might be the newest of all.
    let dated = placed.into_iter();
    let dated = dated.filter_map(|backup| Some((backup, Begin::of(backup)?)));
    let (dated, early): (Vec<_>, Vec<_>) = dated.partition(|(_, begin)| begin.earliest <= now);
    let set_aside = early.into_iter().map(|(backup, _)| backup).collect();

    let is_old = |begin: &Begin| {
        let is_before = |age| now.checked_sub(age).is_ok_and(|limit| begin.latest < limit);
        rules.older_than.is_none_or(is_before)
    };
    let is_replaced = |backup: &Backup, begin: &Begin| {
        let is_newer = |(other, of_other): &&(&Backup, Begin)| {
            let is_doubtful = of_other.earliest > rules.sure && begin.earliest <= rules.sure;
            !is_failed(other) && !is_doubtful && replaces(other, backup) && of_other.is_after(begin)
        };
        dated.iter().filter(is_newer).count() >= rules.keep.get() as usize
    };
    let failed_go = rules.failed && rules.older_than.is_some();
    let (mut gone, mut failed) = (Vec::new(), 0);
    for (backup, begin) in dated.iter().filter(|(_, begin)| is_old(begin)) {
        match is_failed(backup) {
            true if !failed_go => failed += 1,
            false if !is_replaced(backup, begin) => {}
            _ => gone.push(*backup),
        }
    }
    Selection {
        gone,
        set_aside,
        failed,
        unplaced: unplaced.len(),
    }
}

/// Whether a backup has all databases of another one; one without a list has all. Nobody knows which one
/// it is that has no name.
fn replaces(newer: &Backup, older: &Backup) -> bool {
    let has = |name: &String| !name.is_empty() && newer.databases.contains(name);
    newer.databases.is_empty() || !older.databases.is_empty() && older.databases.iter().all(has)
}

/// When a backup has begun, as far as that is known.
struct Begin {
    earliest: Timestamp,
    latest: Timestamp,
    /// The time as it is written, if it has no offset.
    written: Option<DateTime>,
}

impl Begin {
    fn of(backup: &Backup) -> Option<Self> {
        let begin = backup.begin.as_ref()?;
        let (earliest, latest) = begin.bounds()?;
        let written = begin.civil().filter(|_| begin.offset().is_none());
        Some(Self {
            earliest,
            latest,
            written,
        })
    }

    /// Whether it is surely after another one; a service has one clock.
    fn is_after(&self, other: &Self) -> bool {
        match (self.written, other.written) {
            (Some(this), Some(other)) => this.duration_since(other) > SET_BACK,
            _ => self.earliest > other.latest,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is what it is for")]
mod tests;
