//! Which backups stay, case by case.

mod random;

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

/// Criteria that keep so many, for these names, with the ages in days.
fn criteria(keep: u32, days: Option<i64>, prefix: &str) -> Criteria {
    let instance = "in01".parse().unwrap();
    let criteria = Criteria::new(instance, NonZeroU32::new(keep).unwrap())
        .with_prefix(prefix)
        .with_certain_until(NOW.parse().unwrap());
    match days {
        Some(days) => criteria.with_older_than(SignedDuration::from_hours(24 * days)),
        None => criteria,
    }
}

/// What is decided over a list.
struct Selection<'a>(Vec<(&'a Backup, Decision)>);

impl<'a> Selection<'a> {
    fn new(backups: &'a [Backup], criteria: &Criteria, now: &str) -> Self {
        let decisions = select(backups, criteria, now.parse().unwrap());
        assert_eq!(decisions.len(), backups.len());
        Self(backups.iter().zip(decisions).collect())
    }

    fn of(&self, is_chosen: impl Fn(Decision) -> bool) -> Vec<&'a Backup> {
        let chosen = self.0.iter().filter(|(_, decision)| is_chosen(*decision));
        chosen.map(|(backup, _)| *backup).collect()
    }

    fn gone(&self) -> Vec<&'a Backup> {
        self.of(Decision::goes)
    }

    fn set_aside(&self) -> Vec<&'a Backup> {
        self.of(|decision| decision == Decision::BeginsLater)
    }

    fn count(&self, decision: Decision) -> usize {
        self.of(|other| other == decision).len()
    }
}

fn names(backups: &[&Backup]) -> Vec<String> {
    backups.iter().map(|backup| backup.name.clone()).collect()
}

fn selected(backups: &[Backup], keep: u32, days: Option<i64>, prefix: &str) -> Vec<String> {
    names(&Selection::new(backups, &criteria(keep, days, prefix), NOW).gone())
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
    let by_other_clock = "2100-01-01T00:00:00Z";
    let gone =
        |keep| names(&Selection::new(&backups, &criteria(keep, None, ""), by_other_clock).gone());
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
    let with = criteria(3, Some(30), "").with_failed(true);
    let selected = Selection::new(&backups, &with, NOW);
    assert_eq!(
        (names(&selected.gone()), selected.count(Decision::Failed)),
        (vec!["10-01".to_owned(), "09-01".to_owned()], 0)
    );
    // Without an age none of them goes.
    for (criteria, count) in [
        (criteria(3, Some(30), ""), 2),
        (criteria(3, None, ""), 3),
        (criteria(3, None, "").with_failed(true), 3),
    ] {
        let selected = Selection::new(&backups, &criteria, NOW);
        assert_eq!(
            (selected.gone().len(), selected.count(Decision::Failed)),
            (0, count)
        );
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
    let all = Selection::new(&backups, &criteria(1, None, ""), NOW);
    assert_eq!(names(&all.set_aside()), ["late", "far2", "last", "zone"]);
    assert_eq!(names(&all.gone()), ["real", "old1"]);
    assert_eq!(selected(&backups[..2], 1, None, ""), ["old1"]);
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
        other.reference.instance = Some("in02".parse().unwrap());
    }
    assert_eq!(selected(&backups, 1, None, ""), [""; 0]);
    for other in &mut backups[1..] {
        other.reference.instance = Some("in01".parse().unwrap());
        other.instance_assumed = true;
    }
    let selected = Selection::new(&backups, &criteria(1, None, ""), NOW);
    assert_eq!(
        (
            selected.gone().len(),
            selected.count(Decision::UnknownInstance)
        ),
        (0, 2)
    );
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

#[test]
fn a_decision_is_one_word() {
    let word = |decision: Decision| serde_json::to_value(decision).unwrap();
    assert_eq!(word(Decision::FailedAndOld), "failed_and_old");
    assert_eq!(word(Decision::AmongNewest), "among_newest");
}
