//! What a list says of the backup that is wanted.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::machine::Sight;
use super::names::Names;
use crate::client::look::Reading;
use crate::error::Error;
use crate::model::{Backup, BackupId, BackupStatus, BackupType, NewBackup};
use crate::variants::Odd;

/// A backup that is wanted, and what is known of it.
#[derive(Debug)]
pub(super) struct Wanted {
    /// With the name that is sent.
    pub(super) new: NewBackup,
    pub(super) mark: Mark,
    /// What the last list showed that is, or may be, the backup.
    pub(super) candidates: Vec<Backup>,
    /// Whether the last list did not show all.
    pub(super) is_hidden: bool,
}

/// How the backup is told from others.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mark {
    /// By what was there before the POST.
    Before(Before),
    /// By the names of a key, of which it has this one.
    Key(Names, usize),
}

/// What was there before the POST.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Before {
    /// Backups of the same instance and name.
    ids: BTreeSet<BackupId>,
    /// Whether there were no others for sure.
    is_whole: bool,
    /// Time of the service, from the last answer before the POST.
    pub(super) date: Option<Timestamp>,
    /// Whether that is surely no earlier than what was listed, so that what begins after it is new.
    #[serde(default)]
    is_sound: bool,
    /// Its time when the window closed, once the backup has had its time to show up.
    #[serde(default)]
    until: Option<Timestamp>,
}

impl Wanted {
    pub(super) fn new(new: NewBackup, mark: Mark) -> Self {
        Self {
            new,
            mark,
            candidates: Vec::new(),
            is_hidden: false,
        }
    }

    /// Whether a backup of the instance has no name, so that it may be of any key.
    pub(super) fn is_nameless(&self, backup: &Backup) -> bool {
        backup.name.trim().is_empty()
            && self.may_be_of_instance(backup)
            && !backup.kind.as_ref().is_some_and(is_other)
    }

    /// Whether a backup may be the wanted one, or one of its key.
    pub(super) fn concerns(&self, backup: &Backup) -> bool {
        let has_name = match &self.mark {
            Mark::Before(_) => backup.name == self.new.name.as_str(),
            Mark::Key(names, _) => names.number(&backup.name).is_some(),
        };
        has_name && self.may_be_of_instance(backup) && !backup.kind.as_ref().is_some_and(is_other)
    }

    fn may_be_of_instance(&self, backup: &Backup) -> bool {
        let instance = backup.reference.instance.as_ref();
        instance.is_none_or(|instance| *instance == self.new.instance)
    }

    /// Why a list does not tell: because it broke off, or because one that may be of the key has no
    /// usable id. One without a name may be of any key, which counts where the service does not guard
    /// names.
    pub(super) fn failure_of(&self, reading: &Reading, is_guarded: bool) -> Option<Error> {
        let is_of_key = |odd: &&Odd| match (&self.mark, &odd.name) {
            (Mark::Before(_), _) => false,
            (Mark::Key(..), None) => !is_guarded,
            (Mark::Key(names, _), Some(name)) => names.number(name).is_some(),
        };
        let odd = || reading.odd.iter().find(is_of_key);
        let failure = reading.failure.clone();
        failure.or_else(|| odd().map(|odd| odd.error.clone()))
    }

    /// Takes in what a list showed before the POST, with the latest begin of all its entries.
    pub(super) fn survey(
        &mut self,
        entries: Vec<Backup>,
        newest: Option<Timestamp>,
        reading: &Reading,
    ) -> Result<Backup, Sight> {
        if let Mark::Before(before) = &mut self.mark {
            *before = Before {
                ids: entries.into_iter().map(|b| b.reference.id).collect(),
                is_whole: reading.failure.is_none()
                    && reading.odd.is_empty()
                    && !reading.hides_older,
                date: reading.date,
                is_sound: newest.is_some_and(|newest| Some(newest) <= reading.date),
                until: None,
            };
            return Err(Sight::Nothing);
        }
        // The name of one that has vanished by now is free again.
        if let Mark::Key(_, number) = &mut self.mark {
            *number = 1;
        }
        self.search(entries, reading)
    }

    /// Takes in what a list showed: the backup, or why it is not known.
    pub(super) fn search(
        &mut self,
        mut entries: Vec<Backup>,
        reading: &Reading,
    ) -> Result<Backup, Sight> {
        let sight = match &mut self.mark {
            Mark::Before(before) => {
                entries.retain(|backup| before.may_be(backup, &self.new));
                let mut sure = entries.iter().filter(|backup| before.shows(backup));
                // Of two of them nobody can tell which is ours.
                if let (Some(backup), None) = (sure.next(), sure.next()) {
                    return Ok(backup.clone());
                }
                Sight::Nothing
            }
            Mark::Key(names, number) => {
                let live = entries.iter().filter(|backup| is_live(backup));
                if let Some(live) = live.min_by_key(|backup| names.number(&backup.name)) {
                    let mut live = live.clone();
                    // The names are those of the instance alone.
                    live.reference.instance = Some(self.new.instance.clone());
                    return Ok(live);
                }
                let numbers = entries.iter().map(|backup| names.number(&backup.name));
                let is_leaving = |backup: &Backup| backup.status == BackupStatus::Deleting;
                match numbers.flatten().max() {
                    Some(last) if last >= *number => {
                        *number = last + 1;
                        let leaving = entries.iter().any(is_leaving);
                        if leaving { Sight::Leaving } else { Sight::Dead }
                    }
                    _ => Sight::Nothing,
                }
            }
        };
        // A list that broke off does not take back what an earlier one has shown.
        if reading.failure.is_none() || entries.len() > self.candidates.len() {
            (self.candidates, self.is_hidden) = (entries, reading.hides_older);
        }
        Err(match sight {
            _ if reading.failure.is_some() => Sight::Failed,
            _ if reading.hides_older => Sight::Hidden,
            sight => sight,
        })
    }
}

impl Mark {
    /// Notes that the window has closed by this time of the service.
    pub(super) fn close(&mut self, date: Option<Timestamp>) {
        if let Self::Before(before) = self {
            before.until = before.until.or(date);
        }
    }
}

/// The latest time at which a backup can have begun.
pub(super) fn latest_begin(backup: &Backup) -> Option<Timestamp> {
    let (_, latest) = backup.begin.as_ref()?.bounds()?;
    Some(latest)
}

/// Whether a kind is one that nobody creates by hand.
fn is_other(kind: &BackupType) -> bool {
    use BackupType::{Auto, Fragment, Incremental};
    matches!(kind, Auto | Fragment | Incremental)
}

fn is_live(backup: &Backup) -> bool {
    !matches!(backup.status, BackupStatus::Failed | BackupStatus::Deleting)
}

impl Before {
    /// Whether a backup of the instance and name may be the one that was asked for.
    fn may_be(&self, backup: &Backup, asked: &NewBackup) -> bool {
        let listed = backup.description.as_deref();
        let asked = asked.description.as_ref().map(AsRef::as_ref);
        let capabilities = backup.reference.service.capabilities();
        let is_unknown = listed.is_none() && !capabilities.lists_descriptions;
        !self.ids.contains(&backup.reference.id) && (is_unknown || listed == asked)
    }

    /// Whether it surely is, as far as a list can tell.
    fn shows(&self, backup: &Backup) -> bool {
        // A time without an offset says nothing: its zone is not known.
        let begin = backup.begin.as_ref().and_then(|begin| begin.instant());
        let age = begin.zip(self.date).map(|(begin, date)| date.cmp(&begin));
        let is_later = begin
            .zip(self.until)
            .is_some_and(|(begin, until)| begin > until);
        backup.kind == Some(BackupType::Manual)
            && backup.reference.instance.is_some()
            && !is_later
            && age != Some(Ordering::Greater)
            && (self.is_whole || self.is_sound && age == Some(Ordering::Less))
    }
}

#[cfg(test)]
mod tests;
