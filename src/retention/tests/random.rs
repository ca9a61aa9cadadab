//! Which backups stay in random lists.

use jiff::tz::Offset;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select as one_of;

use super::*;

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
                    backup.reference.instance = Some("in02".parse().unwrap());
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
        let mut criteria = criteria(keep, None, prefix).with_failed(failed);
        if let Some(age) = age {
            criteria = criteria.with_older_than(age);
        }
        let selected = Selection::new(&backups, &criteria, NOW);
        let (gone, set_aside) = (selected.gone(), selected.set_aside());
        let is_in = |chosen: &[&Backup], entry: &Entry| chosen.contains(&&entry.backup);
        let is_good = |entry: &&Entry| {
            entry.is_ours
                && entry.backup.status == BackupStatus::Completed
                && entry.backup.kind == Some(BackupType::Manual)
                && entry.backup.name.starts_with(prefix)
                && !is_in(&set_aside, entry)
        };
        let newest = entries.iter().filter(is_good).filter(|entry| entry.backup.databases.is_empty());
        if let Some(newest) = newest.max_by_key(|entry| entry.begun) {
            prop_assert!(!is_in(&gone, newest), "the newest full one goes: {newest:?}");
        }
        for entry in entries.iter().filter(|entry| is_in(&gone, entry)) {
            prop_assert!(entry.is_ours, "one of another instance goes: {entry:?}");
            prop_assert!(entry.backup.kind == Some(BackupType::Manual));
            prop_assert!(entry.backup.name.starts_with(prefix));
            prop_assert!(!is_in(&set_aside, entry));
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
        for entry in entries.iter().filter(|entry| is_in(&set_aside, entry)) {
            prop_assert!(entry.begun > now, "a real one is set aside: {entry:?}");
        }
    }
}
