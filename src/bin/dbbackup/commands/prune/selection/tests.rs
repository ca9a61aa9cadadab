//! Which backups stay, case by case and for random lists.

use jiff::tz::Offset;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select as one_of;

use super::*;

const NOW: &str = "2026-11-28T12:00:00Z";

/// A backup from its form in JSON.
fn backup(name: &str, begin: Option<&str>) -> Backup {
    let backup = serde_json::json!({
        "service": "rds-v3", "instance": "in01", "id": format!("{name}br01"), "name": name,
        "description": null, "engine": null, "status": "COMPLETED", "kind": "manual",
        "begin": begin, "end": null, "size": null, "databases": [], "job_id": null,
    });
    serde_json::from_value(backup).unwrap()
}

/// Rules that keep so many, for these names, with the ages in days.
fn rules(keep: u32, days: Option<i64>, prefix: &str) -> Rules<'_> {
    static INSTANCE: std::sync::LazyLock<InstanceId> =
        std::sync::LazyLock::new(|| "in01".parse().unwrap());
    Rules {
        keep: NonZeroU32::new(keep).unwrap(),
        older_than: days.map(|days| SignedDuration::from_hours(24 * days)),
        failed: false,
        prefix,
        instance: &INSTANCE,
        sure: NOW.parse().unwrap(),
    }
}

fn names(backups: &[&Backup]) -> Vec<String> {
    backups.iter().map(|backup| backup.name.clone()).collect()
}

fn selected(backups: &[Backup], keep: u32, days: Option<i64>, prefix: &str) -> Vec<String> {
    names(&select(backups, &rules(keep, days, prefix), NOW.parse().unwrap()).gone)
}

#[test]
fn the_newest_stay() {
    let days = ["27", "25", "26", "24"];
    let backups = days.map(|day| {
        backup(
            &format!("day-{day}"),
            Some(&format!("2026-11-{day}T01:00:00+0000")),
        )
    });
    assert_eq!(selected(&backups, 2, None, ""), ["day-25", "day-24"]);
    assert_eq!(selected(&backups, 4, None, ""), [""; 0]);
}

#[test]
fn a_backup_has_to_be_beyond_both_rules() {
    let backups = [
        backup("new1", Some("2026-11-28T01:00:00Z")),
        backup("old1", Some("2026-10-01T01:00:00Z")),
        backup("old2", Some("2026-09-01T01:00:00Z")),
    ];
    assert_eq!(selected(&backups, 2, Some(30), ""), ["old2"]);
    assert_eq!(selected(&backups, 1, Some(30), ""), ["old1", "old2"]);
    assert_eq!(selected(&backups, 1, Some(70), ""), ["old2"]);
    assert_eq!(selected(&backups[1..], 1, Some(0), ""), ["old2"]);
}

#[test]
fn only_completed_manual_backups_of_the_prefix_count_and_go() {
    let old = Some("2026-01-01T01:00:00Z");
    let older = Some("2025-01-01T01:00:00Z");
    let mut backups = vec![
        backup("app-1", old),
        backup("app-2", older),
        backup("other", older),
    ];
    for (status, kind) in [
        (BackupStatus::Building, BackupType::Manual),
        (BackupStatus::Failed, BackupType::Manual),
        (BackupStatus::Completed, BackupType::Auto),
    ] {
        for begin in ["2026-11-01T01:00:00Z", "2024-01-01T01:00:00Z"] {
            let mut other = backup("app-x", Some(begin));
            (other.status, other.kind) = (status.clone(), Some(kind.clone()));
            backups.push(other);
        }
    }
    let mut unknown = backup("app-y", Some("2024-01-01T01:00:00Z"));
    unknown.kind = None;
    backups.push(unknown);
    assert_eq!(selected(&backups, 1, None, "app-"), ["app-2"]);
    // The newer ones are none that may be kept in its place.
    assert_eq!(selected(&backups, 2, None, "app-"), [""; 0]);
}

#[test]
fn a_time_that_one_clock_denies_replaces_only_others_of_its_kind() {
    let backups = [
        backup("odd2", Some("2099-02-01T01:00:00Z")),
        backup("odd1", Some("2099-01-01T01:00:00Z")),
        backup("new1", Some("2026-11-28T01:00:00Z")),
        backup("old1", Some("2026-10-01T01:00:00Z")),
    ];
    let by_other_clock = "2100-01-01T00:00:00Z".parse().unwrap();
    let gone = |keep| names(&select(&backups, &rules(keep, None, ""), by_other_clock).gone);
    assert_eq!(gone(1), ["odd1", "old1"]);
    assert_eq!(gone(2), [""; 0]);
}

#[test]
fn failed_ones_go_by_their_age_alone_and_are_counted_where_they_stay() {
    let begins = [
        "2026-11-27T01:00:00Z",
        "2026-10-01T01:00:00Z",
        "2026-09-01T01:00:00Z",
    ];
    let mut backups: Vec<Backup> = begins
        .map(|begin| backup(&begin[5..10], Some(begin)))
        .into();
    for failed in &mut backups {
        failed.status = BackupStatus::Failed;
    }
    backups.push(backup("good", Some("2025-01-01T01:00:00Z")));
    backups.push(backup("none", None));
    let now = NOW.parse().unwrap();
    let with = Rules {
        failed: true,
        ..rules(3, Some(30), "")
    };
    let selected = select(&backups, &with, now);
    assert_eq!(
        (names(&selected.gone), selected.failed),
        (vec!["10-01".to_owned(), "09-01".to_owned()], 0)
    );
    // Without an age none of them goes.
    for (rules, count) in [
        (rules(3, Some(30), ""), 2),
        (rules(3, None, ""), 3),
        (
            Rules {
                failed: true,
                ..rules(3, None, "")
            },
            3,
        ),
    ] {
        let selected = select(&backups, &rules, now);
        assert_eq!((selected.gone.len(), selected.failed), (0, count));
    }
}

#[test]
fn what_surely_begins_later_is_set_aside() {
    let backups = [
        backup("real", Some("2026-11-27T12:00:00Z")),
        backup("old1", Some("2026-11-20T12:00:00Z")),
        backup("same", Some("2026-11-28T12:00:00Z")),
        backup("late", Some("2026-11-28T12:00:01Z")),
        // At UTC+14 the first of them has begun by now, the second one has not.
        backup("far1", Some("2026-11-29T02:00:00")),
        backup("far2", Some("2026-11-29T02:00:01")),
        backup("last", Some("9999-12-31T23:59:59")),
        backup("zone", Some("9999-12-31T23:59:59-12:00")),
    ];
    let selected = select(&backups, &rules(1, None, ""), NOW.parse().unwrap());
    assert_eq!(names(&selected.set_aside), ["late", "far2", "last", "zone"]);
    assert_eq!(names(&selected.gone), ["real", "old1"]);
    let real = select(&backups[..2], &rules(1, None, ""), NOW.parse().unwrap());
    assert_eq!(names(&real.gone), ["old1"]);
}

#[test]
fn a_time_without_an_offset_counts_as_the_latest_that_it_can_be() {
    let newer = backup("newer", Some("2026-11-20T06:00:00"));
    // 30 days ago in UTC, but not yet so in UTC-12.
    let unclear = [newer.clone(), backup("late", Some("2026-10-29T06:00:00"))];
    assert_eq!(selected(&unclear, 1, Some(30), ""), [""; 0]);
    let clear = [newer, backup("late", Some("2026-10-28T23:00:00"))];
    assert_eq!(selected(&clear, 1, Some(30), ""), ["late"]);
}

#[test]
fn where_the_order_is_unclear_both_stay() {
    let backups = [
        backup("one", Some("2026-11-01T01:00:00")),
        backup("two", Some("2026-11-01T12:59:00Z")),
    ];
    assert_eq!(selected(&backups, 1, None, ""), [""; 0]);
    // The clock may have been set back in between.
    let close = [
        backup("one", Some("2026-11-01T01:30:00")),
        backup("two", Some("2026-11-01T02:30:00")),
    ];
    assert_eq!(selected(&close, 1, None, ""), [""; 0]);
    let apart = [
        backup("one", Some("2026-11-01T01:00:00")),
        backup("two", Some("2026-11-01T02:00:01")),
    ];
    assert_eq!(selected(&apart, 1, None, ""), ["one"]);
    let same = [
        backup("one", Some("2026-11-01T01:00:00Z")),
        backup("two", Some("2026-11-01T01:00:00Z")),
    ];
    assert_eq!(selected(&same, 1, None, ""), [""; 0]);
}

#[test]
fn a_database_without_a_name_is_no_reason_to_delete_another_backup() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    for (newer, older) in [
        (&[""][..], &[][..]),
        (&[""], &["db1"]),
        (&["db1"], &["db1", ""]),
        (&["db1", ""], &["db1", ""]),
    ] {
        let mut backups = [
            backup("newer", Some("2026-11-20T01:00:00Z")),
            backup("older", Some("2026-11-10T01:00:00Z")),
        ];
        backups[0].databases = names(newer);
        backups[1].databases = names(older);
        assert_eq!(
            selected(&backups, 1, None, ""),
            [""; 0],
            "{newer:?} {older:?}"
        );
    }
}

#[test]
fn a_backup_of_some_databases_is_not_kept_in_the_place_of_a_full_one() {
    let mut backups = [
        backup("full", Some("2026-11-01T01:00:00Z")),
        backup("part", Some("2026-11-02T01:00:00Z")),
        backup("more", Some("2026-11-03T01:00:00Z")),
    ];
    backups[1].databases = vec!["db1".to_owned()];
    backups[2].databases = vec!["db1".to_owned(), "db2".to_owned()];
    assert_eq!(selected(&backups, 1, None, ""), ["part"]);
    backups[2].databases.clear();
    assert_eq!(selected(&backups, 1, None, ""), ["full", "part"]);
}

#[test]
fn a_backup_of_another_or_an_unknown_instance_neither_goes_nor_counts() {
    let mut backups = [
        backup("mine", Some("2026-11-01T01:00:00Z")),
        backup("oldr", Some("2026-10-01T01:00:00Z")),
        backup("newr", Some("2026-11-02T01:00:00Z")),
    ];
    for other in &mut backups[1..] {
        other.reference.instance = "in02".parse().unwrap();
    }
    assert_eq!(selected(&backups, 1, None, ""), [""; 0]);
    for other in &mut backups[1..] {
        other.reference.instance = "in01".parse().unwrap();
        other.instance_assumed = true;
    }
    let selected = select(&backups, &rules(1, None, ""), NOW.parse().unwrap());
    assert_eq!((selected.gone.len(), selected.unplaced), (0, 2));
}

#[test]
fn a_backup_without_a_time_stays() {
    let backups = [
        backup("none", None),
        backup("odd", Some("yesterday")),
        backup("real", Some("2026-11-02T01:00:00Z")),
    ];
    assert_eq!(selected(&backups, 1, None, ""), [""; 0]);
}

/// A backup of a random list, with what is true of it.
#[derive(Clone, Debug)]
struct Entry {
    backup: Backup,
    /// When it has begun, whatever is written.
    begun: Timestamp,
    /// Whether it is one of the instance, which the list says.
    is_ours: bool,
}

/// An entry that has begun so many seconds before now. A time without an offset is by the clock of the
/// service, which may be in summer time; one with an offset is right.
fn entry(zone: i8) -> impl Strategy<Value = Entry> {
    let begun = prop_oneof![
        -200_000..400_000_i64,
        (0..40_i64).prop_map(|half| half * 1800),
        Just(-2_000_000_000)
    ];
    let form = 0..8_u8;
    use BackupStatus::{Building, Completed, Deleting, Failed};
    use BackupType::{Auto, Manual};
    let status = one_of(vec![
        Completed, Completed, Completed, Failed, Building, Deleting,
    ]);
    let kind = one_of(vec![Manual, Manual, Manual, Auto]);
    let databases = one_of(vec![vec![], vec![], vec!["db1"], vec!["db1", "db2"]]);
    let place = 0..6_u8;
    let written = (begun, form, any::<bool>(), -12..=14_i8);
    (
        written,
        status,
        kind,
        databases,
        place,
        one_of(vec!["app-", "dev-"]),
    )
        .prop_map(
            move |((age, form, summer, elsewhere), status, kind, databases, place, name)| {
                let begun = NOW.parse::<Timestamp>().unwrap() - SignedDuration::from_secs(age);
                let at = |hours| Offset::constant(hours).to_datetime(begun);
                let begin = match form {
                    0 => None,
                    1 => Some("yesterday".to_owned()),
                    2..=4 => Some(at(zone + i8::from(summer && zone < 14)).to_string()),
                    5 => Some(begun.to_string()),
                    _ => {
                        let sign = if elsewhere < 0 { '-' } else { '+' };
                        Some(format!("{}{sign}{:02}:00", at(elsewhere), elsewhere.abs()))
                    }
                };
                let mut backup = backup(name, begin.as_deref());
                (backup.status, backup.kind) = (status, Some(kind));
                backup.databases = databases.into_iter().map(str::to_owned).collect();
                backup.instance_assumed = place == 0;
                if place == 1 {
                    backup.reference.instance = "in02".parse().unwrap();
                }
                let is_ours = place > 1;
                Entry {
                    backup,
                    begun,
                    is_ours,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever is written in a list, nothing goes that a look at what is true would keep.
    #[test]
    fn no_rule_takes_what_it_must_keep(
        entries in (-12..=14_i8).prop_flat_map(|zone| vec(entry(zone), 0..10)),
        keep in 1..4_u32,
        hours in option::of(0..100_i64),
        failed: bool,
        prefix in one_of(vec!["", "app-"]),
    ) {
        let mut entries = entries;
        for (place, entry) in entries.iter_mut().enumerate() {
            entry.backup.name += &place.to_string();
        }
        let now: Timestamp = NOW.parse().unwrap();
        let backups: Vec<Backup> = entries.iter().map(|entry| entry.backup.clone()).collect();
        let age = hours.map(SignedDuration::from_hours);
        let rules = Rules { older_than: age, failed, ..rules(keep, None, prefix) };
        let selected = select(&backups, &rules, now);
        let is_in = |chosen: &[&Backup], entry: &Entry| chosen.contains(&&entry.backup);
        let is_good = |entry: &&Entry| {
            entry.is_ours
                && entry.backup.status == BackupStatus::Completed
                && entry.backup.kind == Some(BackupType::Manual)
                && entry.backup.name.starts_with(prefix)
                && !is_in(&selected.set_aside, entry)
        };
        let newest = entries.iter().filter(is_good).filter(|entry| entry.backup.databases.is_empty());
        if let Some(newest) = newest.max_by_key(|entry| entry.begun) {
            prop_assert!(!is_in(&selected.gone, newest), "the newest full one goes: {newest:?}");
        }
        for entry in entries.iter().filter(|entry| is_in(&selected.gone, entry)) {
            prop_assert!(entry.is_ours, "one of another instance goes: {entry:?}");
            prop_assert!(entry.backup.kind == Some(BackupType::Manual));
            prop_assert!(entry.backup.name.starts_with(prefix));
            prop_assert!(!is_in(&selected.set_aside, entry));
            prop_assert!(age.is_none_or(|age| entry.begun < now - age), "too young: {entry:?}");
            if entry.backup.status == BackupStatus::Failed {
                prop_assert!(failed && age.is_some());
                continue;
            }
            prop_assert!(is_good(&entry));
            let is_kept_for_it = |other: &&Entry| {
                replaces(&other.backup, &entry.backup) && other.begun > entry.begun
            };
            let newer = entries.iter().filter(is_good).filter(is_kept_for_it).count();
            prop_assert!(newer >= keep as usize, "only {newer} are surely newer: {entry:?}");
        }
        for entry in entries.iter().filter(|entry| is_in(&selected.set_aside, entry)) {
            prop_assert!(entry.begun > now, "a real one is set aside: {entry:?}");
        }
    }
}
