//! Which backups go: never one that a rule might keep.

use dbbackup::model::{Backup, BackupStatus, BackupType, InstanceId};
use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// What to keep.
pub(super) struct Rules<'a> {
    /// How many of the newest ones.
    pub(super) keep: usize,
    /// Only what is older than this goes.
    pub(super) older_than: Option<SignedDuration>,
    /// How the names of those begin that are looked at.
    pub(super) prefix: &'a str,
    /// Only its backups go, whatever the service lists.
    pub(super) instance: &'a InstanceId,
}

/// By how much a clock without an offset can be set back between two backups.
const SET_BACK: SignedDuration = SignedDuration::from_hours(1);

/// The backups that go, as they are listed.
pub(super) fn select<'a>(
    backups: &'a [Backup],
    rules: &Rules<'_>,
    now: Timestamp,
) -> Vec<&'a Backup> {
    let is_candidate = |backup: &&Backup| {
        backup.kind == Some(BackupType::Manual)
            && backup.status == BackupStatus::Completed
            && backup.name.starts_with(rules.prefix)
            && backup.reference.instance == *rules.instance
    };
    let candidates = backups.iter().filter(is_candidate);
    // One without a time might be the newest of all.
    let dated = candidates.filter_map(|backup| Some((backup, Begin::of(backup)?)));
    let dated: Vec<(&Backup, Begin)> = dated.collect();
    let goes = |(backup, begin): &&(&Backup, Begin)| {
        let is_newer = |(other, of_other): &&(&Backup, Begin)| {
            replaces(other, backup) && of_other.is_after(begin)
        };
        let is_before = |age| now.checked_sub(age).is_ok_and(|limit| begin.latest < limit);
        let is_old = rules.older_than.is_none_or(is_before);
        is_old && dated.iter().filter(is_newer).count() >= rules.keep
    };
    let gone = dated.iter().filter(goes);
    gone.map(|(backup, _)| *backup).collect()
}

/// Whether a backup has all databases of another one; one that names none has all.
fn replaces(newer: &Backup, older: &Backup) -> bool {
    newer.databases.is_empty()
        || !older.databases.is_empty()
            && (older.databases.iter()).all(|name| newer.databases.contains(name))
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
        if let Some(instant) = begin.instant() {
            return Some(Self {
                earliest: instant,
                latest: instant,
                written: None,
            });
        }
        let written = begin.civil()?;
        // No place on earth is further from UTC.
        let at = |hours| Offset::constant(hours).to_timestamp(written).ok();
        Some(Self {
            earliest: at(14)?,
            latest: at(-12)?,
            written: Some(written),
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
mod tests {
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

    fn selected(backups: &[Backup], keep: usize, days: Option<i64>, prefix: &str) -> Vec<String> {
        let older_than = days.map(|days| SignedDuration::from_hours(24 * days));
        let rules = Rules {
            keep,
            older_than,
            prefix,
            instance: &"in01".parse().unwrap(),
        };
        let selected = select(backups, &rules, NOW.parse().unwrap());
        selected
            .into_iter()
            .map(|backup| backup.name.clone())
            .collect()
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
        assert_eq!(selected(&backups, 0, None, "").len(), 4);
    }

    #[test]
    fn a_backup_has_to_be_beyond_both_rules() {
        let backups = [
            backup("new1", Some("2026-11-28T01:00:00Z")),
            backup("old1", Some("2026-10-01T01:00:00Z")),
            backup("old2", Some("2026-09-01T01:00:00Z")),
        ];
        assert_eq!(selected(&backups, 2, Some(30), ""), ["old2"]);
        assert_eq!(selected(&backups, 0, Some(30), ""), ["old1", "old2"]);
        assert_eq!(selected(&backups, 1, Some(0), ""), ["old1", "old2"]);
    }

    #[test]
    fn only_completed_manual_backups_of_the_prefix_count_and_go() {
        let old = Some("2026-01-01T01:00:00Z");
        let mut backups = vec![backup("app-1", old), backup("other", old)];
        for (status, kind) in [
            (BackupStatus::Building, BackupType::Manual),
            (BackupStatus::Failed, BackupType::Manual),
            (BackupStatus::Completed, BackupType::Auto),
        ] {
            let mut other = backup("app-x", Some("2026-11-01T01:00:00Z"));
            (other.status, other.kind) = (status, Some(kind));
            backups.push(other);
        }
        let mut unknown = backup("app-y", old);
        unknown.kind = None;
        backups.push(unknown);
        assert_eq!(selected(&backups, 0, None, "app-"), ["app-1"]);
        // The newer ones are none that may be kept in its place.
        assert_eq!(selected(&backups, 1, None, "app-"), [""; 0]);
    }

    #[test]
    fn a_time_without_an_offset_counts_as_the_latest_that_it_can_be() {
        // 30 days ago in UTC, but not yet so in UTC-12.
        let unclear = [backup("late", Some("2026-10-29T06:00:00"))];
        assert_eq!(selected(&unclear, 0, Some(30), ""), [""; 0]);
        let clear = [backup("late", Some("2026-10-28T23:00:00"))];
        assert_eq!(selected(&clear, 0, Some(30), ""), ["late"]);
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
    fn a_backup_of_another_instance_stays() {
        let mut backups = [backup("other", Some("2026-11-01T01:00:00Z"))];
        backups[0].reference.instance = "in02".parse().unwrap();
        assert_eq!(selected(&backups, 0, None, ""), [""; 0]);
    }

    #[test]
    fn a_backup_without_a_time_stays() {
        let backups = [backup("none", None), backup("odd", Some("yesterday"))];
        assert_eq!(selected(&backups, 0, None, ""), [""; 0]);
    }
}
