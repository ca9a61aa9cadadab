//! Which manual backups of an instance may be deleted, and why each of the others stays: never one goes
//! that a rule might keep.
//!
//! [`select`] decides over a list by [`Criteria`], without a call and without a clock; `dbbackup prune`
//! deletes by it. The rules:
//!
//! - Only manual backups of the instance count and go, those with the prefix if there is one, and no
//!   backup whose instance the service does not tell.
//! - A backup goes if it is COMPLETED, older than the age if there is one, and surely older than as many
//!   others as are to be kept. A FAILED one goes by its age alone, and only where that is asked for.
//! - A backup of some databases is never kept in the place of one that has more.
//! - A time without an offset counts as the latest that it can be. Where the order of two backups is not
//!   clear, such as within the hour by which a clock is set back, both stay; so does one without a time.
//! - A backup that begins after the time of the list neither counts nor goes. One that begins after a
//!   time that the caller is [certain](Criteria::with_certain_until) of counts only among others like it.

use std::num::NonZeroU32;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::model::{Backup, BackupStatus, BackupType, InstanceId};

/// By how much a clock without an offset can be set back between two backups.
const SET_BACK: SignedDuration = SignedDuration::from_hours(1);

/// What to keep of the manual backups of an instance.
#[derive(Clone, Debug)]
pub struct Criteria {
    instance: InstanceId,
    keep: NonZeroU32,
    older_than: Option<SignedDuration>,
    includes_failed: bool,
    prefix: String,
    certain_until: Option<Timestamp>,
}

impl Criteria {
    /// Keeps so many of the newest backups of an instance.
    pub fn new(instance: InstanceId, keep: NonZeroU32) -> Self {
        Self {
            instance,
            keep,
            older_than: None,
            includes_failed: false,
            prefix: String::new(),
            certain_until: None,
        }
    }

    /// Keeps also what is not older than this.
    #[must_use]
    pub fn with_older_than(mut self, age: SignedDuration) -> Self {
        self.older_than = Some(age);
        self
    }

    /// Lets backups go that are FAILED and [older](Self::with_older_than) than the age; without an age
    /// they stay.
    #[must_use]
    pub fn with_failed(mut self, includes_failed: bool) -> Self {
        self.includes_failed = includes_failed;
        self
    }

    /// Looks only at backups whose name begins like this; no others count or go.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Doubts a begin after this time, such as one by another clock than that of the list: a backup with
    /// such a begin is never kept in the place of one without.
    #[must_use]
    pub fn with_certain_until(mut self, time: Timestamp) -> Self {
        self.certain_until = Some(time);
        self
    }
}

/// Why a backup goes or stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decision {
    /// It goes: there are enough newer ones, and it is old enough.
    Superseded,
    /// It goes: it is FAILED and old enough.
    FailedAndOld,
    /// It stays, for it is not a manual backup.
    NotManual,
    /// It stays, for it is neither COMPLETED nor FAILED.
    NotEnded,
    /// It stays, for its name has another beginning.
    OtherName,
    /// It stays, for it is one of another instance.
    OtherInstance,
    /// It stays, for the service does not tell of which instance it is.
    UnknownInstance,
    /// It stays, for nobody knows when it began: it might be the newest of all.
    UnknownBegin,
    /// It stays, for it begins after the time of the list, which cannot be.
    BeginsLater,
    /// It stays, for it is not old enough, or might not be.
    TooYoung,
    /// It stays, for it is FAILED, and such are not to go.
    Failed,
    /// It stays, for it is one of the newest, or might be.
    AmongNewest,
}

impl Decision {
    /// Whether the backup goes.
    pub fn goes(self) -> bool {
        matches!(self, Self::Superseded | Self::FailedAndOld)
    }
}

/// Decides which backups go at a time of the service that has listed them, with a decision for each, in
/// the same order.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::num::NonZeroU32;
///
/// use dbbackup::{Service, emulator::Emulator, model::{BackupFilter, InstanceId}};
/// use dbbackup::retention::{Criteria, Decision, select};
///
/// let emulator = Emulator::start().await?;
/// let client = emulator.client(Service::GaussdbV3)?;
/// let instance: InstanceId = "7e01ac5ac5274957ba506f3851d11d51in14".parse()?;
/// # for _ in 0..3 {
/// #     emulator.add_backups(Service::GaussdbV3, instance.as_str(), 1);
/// #     emulator.advance(std::time::Duration::from_secs(24 * 3600));
/// # }
/// let filter = BackupFilter::all().with_instance(instance.clone());
/// let listing = client.list_dated(filter).await?;
///
/// let two = NonZeroU32::new(2).ok_or("zero")?;
/// let now = listing.date.ok_or("the service tells no time")?;
/// let decisions = select(&listing.backups, &Criteria::new(instance, two), now);
/// assert_eq!(decisions.iter().filter(|decision| decision.goes()).count(), 1);
/// assert!(decisions.contains(&Decision::AmongNewest));
/// for (backup, decision) in listing.backups.iter().zip(decisions) {
///     if decision.goes() {
///         client.delete(backup).await?;
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub fn select(backups: &[Backup], criteria: &Criteria, now: Timestamp) -> Vec<Decision> {
    let begins: Vec<Result<Begin, Decision>> = backups
        .iter()
        .map(|backup| criteria.begin(backup, now))
        .collect();
    let all = || backups.iter().zip(&begins);
    let dated: Vec<(&Backup, &Begin)> = all()
        .filter_map(|(backup, begin)| Some((backup, begin.as_ref().ok()?)))
        .collect();
    all()
        .map(|(backup, begin)| match begin {
            Ok(begin) => criteria.decide(backup, begin, &dated, now),
            Err(stays) => *stays,
        })
        .collect()
}

impl Criteria {
    /// The begin of a backup that counts, or why it stays whatever else is listed.
    fn begin(&self, backup: &Backup, now: Timestamp) -> Result<Begin, Decision> {
        if backup.kind != Some(BackupType::Manual) {
            return Err(Decision::NotManual);
        }
        if backup.status != BackupStatus::Completed && !is_failed(backup) {
            return Err(Decision::NotEnded);
        }
        if !backup.name.starts_with(&self.prefix) {
            return Err(Decision::OtherName);
        }
        match &backup.reference.instance {
            Some(other) if *other != self.instance => return Err(Decision::OtherInstance),
            Some(_) if !backup.instance_assumed => {}
            _ => return Err(Decision::UnknownInstance),
        }
        let begin = Begin::of(backup).ok_or(Decision::UnknownBegin)?;
        if begin.earliest > now {
            return Err(Decision::BeginsLater);
        }
        Ok(begin)
    }

    /// What becomes of a backup among all that count.
    fn decide(
        &self,
        backup: &Backup,
        begin: &Begin,
        dated: &[(&Backup, &Begin)],
        now: Timestamp,
    ) -> Decision {
        let is_before = |age| now.checked_sub(age).is_ok_and(|limit| begin.latest < limit);
        if !self.older_than.is_none_or(is_before) {
            return Decision::TooYoung;
        }
        if is_failed(backup) {
            return if self.includes_failed && self.older_than.is_some() {
                Decision::FailedAndOld
            } else {
                Decision::Failed
            };
        }
        let is_doubtful = |begin: &Begin| self.certain_until.is_some_and(|t| begin.earliest > t);
        let is_newer = |(other, of_other): &&(&Backup, &Begin)| {
            !is_failed(other)
                && (is_doubtful(begin) || !is_doubtful(of_other))
                && replaces(other, backup)
                && of_other.is_after(begin)
        };
        if dated.iter().filter(is_newer).count() >= self.keep.get() as usize {
            Decision::Superseded
        } else {
            Decision::AmongNewest
        }
    }
}

fn is_failed(backup: &Backup) -> bool {
    backup.status == BackupStatus::Failed
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
