//! What counts as evidence, case by case.

use super::*;
use crate::error::{Error, ErrorKind};
use crate::model::BackupRef;
use crate::service::{Operation, Service};

const DATE: &str = "2026-01-02T03:04:05Z";

fn parsed<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn backup(id: &str, begin: &str) -> Backup {
    let reference = BackupRef {
        service: Service::GaussdbV3,
        instance: Some(parsed("in14")),
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
    let failure = Error::new(ErrorKind::NoAnswer, Service::GaussdbV3, operation, "lost");
    Reading {
        failure: Some(failure),
        ..reading()
    }
}

fn newest(listed: &[Backup]) -> Option<Timestamp> {
    listed.iter().filter_map(latest_begin).max()
}

/// A create that has listed `before`.
fn wanted(before: &[Backup], reading: &Reading) -> Wanted {
    let new = NewBackup::new(parsed("in14"), parsed("nightly"));
    let mut wanted = Wanted::new(new, Mark::Before(Before::default()));
    let surveyed = wanted.survey(before.to_vec(), newest(before), reading);
    assert_eq!(surveyed, Err(Sight::Nothing));
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
    assert!(!change(|b| b.reference.instance = Some(parsed("in15"))));
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
        let found = wanted.survey(entries.clone(), None, &reading());
        let found = found.map(|backup| backup.reference.id);
        assert_eq!(found, expected.map(parsed), "{entries:?}");
        // The next name does not move on without another failure.
        let again = wanted.search(entries.clone(), &reading()).err();
        assert!(again.is_none_or(|again| again == Sight::Nothing));
        assert!(matches!(wanted.mark, Mark::Key(_, number) if number == next));
        // Before a POST it moves back when they are gone.
        let gone = wanted.survey(Vec::new(), None, &reading());
        assert_eq!(gone, Err(Sight::Nothing));
        assert!(matches!(wanted.mark, Mark::Key(_, 1)));
    }
}

#[test]
fn a_clock_that_is_behind_what_it_lists_is_no_evidence() {
    // What was listed before, whether that was all, when another one has begun, and whether that is
    // enough.
    let rows = [
        ("2026-01-02T03:04:05Z", false, "2026-01-02T03:04:06Z", true),
        ("2026-01-02T03:04:06Z", false, "2026-01-02T03:04:06Z", false),
        ("2026-01-02T10:04:06Z", false, "2026-01-02T10:00:00Z", false),
        // The latest that it can be, at UTC-12.
        ("2026-01-01T15:04:05", false, "2026-01-02T03:04:06Z", true),
        ("2026-01-01T15:04:06", false, "2026-01-02T03:04:06Z", false),
        ("soon", false, "2026-01-02T03:04:06Z", false),
        // Where all were listed, the list is enough.
        ("2026-01-02T10:04:06Z", true, "2026-01-02T10:05:00Z", true),
        ("2026-01-02T10:04:06Z", true, "2026-01-02T03:00:00Z", false),
    ];
    for (listed, is_whole, begin, is_enough) in rows {
        let before = if is_whole { reading() } else { failing() };
        let mut wanted = wanted(&[backup("old", listed)], &before);
        let entries = vec![backup("old", listed), backup("new", begin)];
        let found = wanted.search(entries, &reading());
        assert_eq!(found.is_ok(), is_enough, "{listed} {is_whole} {begin}");
    }
}

proptest::proptest! {
    /// A list, the newest first, breaks off after some entries, and the POST never arrives: whatever
    /// the clock of its answer says, and in whatever zone times are written, no older backup of the
    /// name is taken for the new one.
    #[test]
    fn an_older_backup_is_never_taken_for_the_new_one(
        ages in proptest::collection::btree_set(0..40_000_i64, 1..12),
        read in 1..6_usize,
        ours in proptest::collection::vec(proptest::bool::ANY, 12),
        forms in proptest::collection::vec(0..4_usize, 12),
        hours in -12..=14_i8,
        skew in proptest::option::of(-80_000..80_000_i64),
    ) {
        let now = parsed::<Timestamp>(DATE);
        let entry = |(place, age): (usize, &i64)| {
            let begun = now - jiff::SignedDuration::from_secs(*age);
            let clock = begun.to_zoned_datetime(jiff::tz::Offset::constant(hours).to_time_zone());
            let begin = match forms.get(place) {
                Some(1) => begun.to_string(),
                Some(2) => clock.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
                Some(3) => "lately".to_owned(),
                _ => clock.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            };
            let mut entry = backup(&format!("b{place}"), &begin);
            let is_ours = ours.get(place).is_some_and(|is_ours| *is_ours);
            entry.name = if is_ours { "nightly" } else { "other" }.to_owned();
            entry
        };
        let all: Vec<Backup> = ages.iter().enumerate().map(entry).collect();
        let (first, _) = all.split_at(read.min(all.len()));
        let date = skew.map(|skew| now + jiff::SignedDuration::from_secs(skew));
        let broken = Reading { date, ..failing() };
        let new = NewBackup::new(parsed("in14"), parsed("nightly"));
        let mut wanted = Wanted::new(new, Mark::Before(Before::default()));
        let concerned = |listed: &[Backup], wanted: &Wanted| {
            let concerned = listed.iter().filter(|entry| wanted.concerns(entry));
            concerned.cloned().collect::<Vec<_>>()
        };
        let surveyed = wanted.survey(concerned(first, &wanted), newest(first), &broken);
        proptest::prop_assert_eq!(surveyed, Err(Sight::Nothing));
        let entries = concerned(&all, &wanted);
        proptest::prop_assert_eq!(wanted.search(entries, &reading()).err(), Some(Sight::Nothing));
    }
}
