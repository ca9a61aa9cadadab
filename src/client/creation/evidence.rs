//! What a list says of the backup that is wanted.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::machine::Sight;
use super::names::Names;
use crate::client::look::Reading;
use crate::model::{Backup, BackupId, BackupStatus, BackupType, NewBackup};
use crate::service::Service;

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

    /// Whether a backup may be the wanted one, or one of its key.
    pub(super) fn concerns(&self, backup: &Backup) -> bool {
        let is_other = |kind: &BackupType| {
            use BackupType::{Auto, Fragment, Incremental};
            matches!(kind, Auto | Fragment | Incremental)
        };
        let has_name = match &self.mark {
            Mark::Before(_) => backup.name == self.new.name.as_str(),
            Mark::Key(names, _) => names.number(&backup.name).is_some(),
        };
        has_name
            && backup.reference.instance == self.new.instance
            && !backup.kind.as_ref().is_some_and(is_other)
    }

    /// Takes in what a list showed before the POST.
    pub(super) fn survey(
        &mut self,
        entries: Vec<Backup>,
        reading: &Reading,
    ) -> Result<Backup, Sight> {
        if let Mark::Before(before) = &mut self.mark {
            *before = Before {
                ids: entries.into_iter().map(|b| b.reference.id).collect(),
                is_whole: reading.failure.is_none() && !reading.hides_older,
                date: reading.date,
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
                    return Ok(live.clone());
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

fn is_live(backup: &Backup) -> bool {
    !matches!(backup.status, BackupStatus::Failed | BackupStatus::Deleting)
}

impl Before {
    /// Whether a backup of the instance and name may be the one that was asked for.
    fn may_be(&self, backup: &Backup, asked: &NewBackup) -> bool {
        let listed = backup.description.as_deref();
        let asked = asked.description.as_ref().map(AsRef::as_ref);
        // The list of rds-v1 has it for every backup; that of another service may leave it out.
        let is_unknown = listed.is_none() && backup.reference.service != Service::RdsV1;
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
            && !is_later
            && age != Some(Ordering::Greater)
            && (self.is_whole || age == Some(Ordering::Less))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ErrorKind};
    use crate::model::BackupRef;
    use crate::service::Operation;

    const DATE: &str = "2026-01-02T03:04:05Z";

    fn parsed<T: std::str::FromStr>(text: &str) -> T {
        text.parse().unwrap_or_else(|_| panic!("{text}"))
    }

    fn backup(id: &str, begin: &str) -> Backup {
        let reference = BackupRef {
            service: Service::GaussdbV3,
            instance: parsed("in14"),
            id: parsed(id),
        };
        let mut backup = Backup::new(reference);
        backup.name = "nightly".to_owned();
        backup.kind = Some(BackupType::Manual);
        backup.begin = Some(begin.into());
        backup
    }

    fn reading() -> Reading {
        Reading {
            date: DATE.parse().ok(),
            ..Reading::default()
        }
    }

    fn failing() -> Reading {
        let operation = Operation::ListBackups;
        let failure = Error::new(ErrorKind::Network, Service::GaussdbV3, operation, "lost");
        Reading {
            failure: Some(failure),
            ..reading()
        }
    }

    /// A create that has listed `before`.
    fn wanted(before: &[Backup], reading: &Reading) -> Wanted {
        let new = NewBackup::new(parsed("in14"), parsed("nightly"));
        let mut wanted = Wanted::new(new, Mark::Before(Before::default()));
        assert_eq!(wanted.survey(before.to_vec(), reading), Err(Sight::Nothing));
        wanted
    }

    #[test]
    fn time_is_evidence_only_with_an_offset() {
        // Whether the list before was whole, the begin, and whether that is enough.
        let rows = [
            (true, "2026-01-02T03:04:06Z", true),
            (true, "2026-01-02T03:04:05+0000", true),
            (true, "2026-01-02T03:04:04Z", false),
            (true, "2026-01-02T03:04:04", true),
            (true, "", true),
            (false, "2026-01-02T03:04:06Z", true),
            (false, "2026-01-02T04:04:06+0100", true),
            (false, "2026-01-02T03:04:05Z", false),
            (false, "2026-01-02T03:04:06", false),
            (false, "2026-01-02T03:04:06+0100", false),
            (false, "", false),
        ];
        for (is_whole, begin, is_enough) in rows {
            let before = if is_whole { reading() } else { failing() };
            let mut wanted = wanted(&[backup("old", DATE)], &before);
            let entries = vec![backup("old", DATE), backup("new", begin)];
            let found = wanted.search(entries, &reading()).map(|b| b.reference.id);
            let expected = is_enough.then(|| parsed("new")).ok_or(Sight::Nothing);
            assert_eq!(found, expected, "{is_whole} {begin}");
            let candidates = if is_enough { 0 } else { 1 };
            assert_eq!(wanted.candidates.len(), candidates, "{is_whole} {begin}");
        }
    }

    #[test]
    fn of_two_new_backups_none_is_ours() {
        let mut wanted = wanted(&[], &reading());
        let entries = vec![backup("one", DATE), backup("two", DATE)];
        assert_eq!(wanted.search(entries, &reading()), Err(Sight::Nothing));
        assert_eq!(wanted.candidates.len(), 2);
    }

    #[test]
    fn a_description_is_compared_where_it_is_listed() {
        let rows = [
            (None, None, true),
            (None, Some("release 42"), true),
            (Some("release 42"), Some("release 42"), true),
            (Some("release 41"), Some("release 42"), false),
            (Some("release 41"), None, false),
        ];
        for (listed, asked, is_ours) in rows {
            let mut wanted = wanted(&[], &reading());
            wanted.new.description = asked.map(parsed);
            let mut entry = backup("new", DATE);
            entry.description = listed.map(str::to_owned);
            let found = wanted.search(vec![entry], &reading());
            assert_eq!(found.is_ok(), is_ours, "{listed:?} {asked:?}");
        }
    }

    #[test]
    fn the_list_of_rds_v1_has_the_description_of_every_backup() {
        let mut wanted = wanted(&[], &reading());
        wanted.new.description = Some(parsed("release 42"));
        let mut entry = backup("new", DATE);
        entry.reference.service = Service::RdsV1;
        let found = wanted.search(vec![entry.clone()], &reading());
        assert_eq!(found, Err(Sight::Nothing));
        entry.description = Some("release 42".to_owned());
        assert!(wanted.search(vec![entry], &reading()).is_ok());
    }

    #[test]
    fn what_begins_after_the_window_is_only_a_candidate() {
        let mut wanted = wanted(&[], &reading());
        wanted.mark.close("2026-01-02T03:05:05Z".parse().ok());
        // Only the first window counts.
        wanted.mark.close("2026-01-02T09:00:00Z".parse().ok());
        for (begin, is_ours) in [
            ("2026-01-02T03:05:05Z", true),
            ("2026-01-02T03:05:06Z", false),
            ("2026-01-02T03:05:06", true),
        ] {
            let found = wanted.search(vec![backup("new", begin)], &reading());
            assert_eq!(found.is_ok(), is_ours, "{begin}");
            assert!(is_ours || wanted.candidates.len() == 1);
        }
    }

    #[test]
    fn a_list_that_breaks_off_takes_back_no_candidate() {
        let mut wanted = wanted(&[], &failing());
        let entry = backup("new", "");
        assert!(wanted.search(vec![entry], &reading()).is_err());
        assert!(wanted.search(Vec::new(), &failing()).is_err());
        assert_eq!(wanted.candidates.len(), 1);
        assert!(wanted.search(Vec::new(), &reading()).is_err());
        assert_eq!(wanted.candidates.len(), 0);
    }

    #[test]
    fn what_has_another_name_instance_or_kind_does_not_matter() {
        let wanted = wanted(&[], &reading());
        let change = |change: fn(&mut Backup)| {
            let mut backup = backup("new", DATE);
            change(&mut backup);
            wanted.concerns(&backup)
        };
        assert!(change(|_| {}));
        assert!(!change(|b| b.name = "Nightly".to_owned()));
        assert!(!change(|b| b.reference.instance = parsed("in15")));
        assert!(!change(|b| b.kind = Some(BackupType::Auto)));
        // It may be, but it is not surely manual.
        let mut unclear = backup("new", DATE);
        unclear.kind = None;
        assert!(wanted.concerns(&unclear));
        let Mark::Before(before) = &wanted.mark else {
            panic!("{wanted:?}")
        };
        assert!(!before.shows(&unclear));
    }

    #[test]
    fn a_list_that_does_not_show_all_is_no_evidence_of_absence() {
        let capped = Reading {
            hides_older: true,
            ..reading()
        };
        let mut wanted = wanted(&[], &capped);
        let no_offset = backup("new", "2026-01-02T03:04:06");
        let found = wanted.search(vec![no_offset], &capped);
        assert_eq!((found, wanted.is_hidden), (Err(Sight::Hidden), true));
        assert_eq!(wanted.candidates.len(), 1);
        let found = wanted.search(Vec::new(), &failing());
        assert_eq!(found, Err(Sight::Failed));
    }

    #[test]
    fn a_key_has_the_live_backup_or_the_next_name() {
        let new = NewBackup::new(parsed("in14"), parsed("nightly"));
        let names = Names::new(Service::GaussdbV3, &new, "key");
        let entry = |number: usize, status: BackupStatus| {
            let name = names.get(number).map(String::from);
            Backup {
                name: name.unwrap_or_default(),
                status,
                ..backup(&format!("b{number}"), "2001-01-01T00:00:00Z")
            }
        };
        use BackupStatus::{Building, Completed, Deleting, Failed};
        let rows = [
            (vec![], Err(Sight::Nothing), 1),
            (vec![(1, Failed)], Err(Sight::Dead), 2),
            (vec![(1, Failed), (2, Deleting)], Err(Sight::Leaving), 3),
            (vec![(3, Failed)], Err(Sight::Dead), 4),
            (vec![(1, Failed), (2, Completed)], Ok("b2"), 1),
            (vec![(1, Building)], Ok("b1"), 1),
            (
                vec![(2, Completed), (1, BackupStatus::Unknown("NEW".to_owned()))],
                Ok("b1"),
                1,
            ),
        ];
        for (listed, expected, next) in rows {
            let mark = Mark::Key(names.clone(), 1);
            let mut wanted = Wanted::new(new.clone(), mark);
            let entries: Vec<_> = listed.into_iter().map(|(n, s)| entry(n, s)).collect();
            assert!(entries.iter().all(|entry| wanted.concerns(entry)));
            let found = wanted.survey(entries.clone(), &reading());
            let found = found.map(|backup| backup.reference.id);
            assert_eq!(found, expected.map(parsed), "{entries:?}");
            // The next name does not move on without another failure.
            let again = wanted.search(entries.clone(), &reading()).err();
            assert!(again.is_none_or(|again| again == Sight::Nothing));
            assert!(matches!(wanted.mark, Mark::Key(_, number) if number == next));
            // Before a POST it moves back when they are gone.
            let gone = wanted.survey(Vec::new(), &reading());
            assert_eq!(gone, Err(Sight::Nothing));
            assert!(matches!(wanted.mark, Mark::Key(_, 1)));
        }
    }
}
