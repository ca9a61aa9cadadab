//! What differs from run to run, replaced after its format was checked; widths stay.

use std::collections::BTreeMap;

use dbbackup::Service;
use dbbackup::emulator::Emulator;
use dbbackup::model::Timestamp;
use jiff::SignedDuration;

/// A text without the ids, times and ports of this run.
pub(super) fn redacted(
    emulator: &Emulator,
    backups: &BTreeMap<String, String>,
    text: &str,
) -> String {
    let mut text = text.to_owned();
    for &service in Service::ALL {
        text = text.replace(emulator.url(service), &format!("http://{service}"));
    }
    for held in emulator.state().services.into_values() {
        for job in held.jobs {
            let zeros = job.id.replace(|c: char| c.is_ascii_hexdigit(), "0");
            text = text.replace(&job.id, &zeros);
        }
    }
    for (id, name) in backups {
        text = text.replace(id, &zeros_of_id(id));
        text = text.replace(name, &zeros_of_name(name));
    }
    for mark in ["\nJOB ", "\nJOBS ", "\"job_id\": \""] {
        text = without_job(&text, mark);
    }
    text.replace("http://rds-v1", "http://rds")
        .split_inclusive([' ', '\n', '"', ',', ')'])
        .map(without_time)
        .collect()
}

/// An id of a backup, `…br01` or a UUID, with zeros in place of its digits.
fn zeros_of_id(id: &str) -> String {
    let is_hex = |c: char| c.is_ascii_hexdigit();
    let groups: Vec<usize> = id.split('-').map(str::len).collect();
    if groups == [8, 4, 4, 4, 12] {
        assert!(id.chars().all(|c| is_hex(c) || c == '-'), "{id}");
        return id.replace(is_hex, "0");
    }
    let (digits, kind) = id.split_at(32);
    assert!(digits.chars().all(is_hex) && kind.starts_with("br"), "{id}");
    format!("{}{kind}", "0".repeat(32))
}

/// The text with zeros in place of the digits of the job that stands after a mark, if one does.
fn without_job(text: &str, mark: &str) -> String {
    let Some((before, after)) = text.split_once(mark) else {
        return text.to_owned();
    };
    let start = after.find(|c| c != ' ').unwrap();
    let (gap, after) = after.split_at(start);
    let end = after.find(['\n', '"']).unwrap();
    let (job, rest) = after.split_at(end);
    let is_hex = |c: char| c.is_ascii_hexdigit();
    let is_job = job == "-" || job.chars().filter(|c| is_hex(*c)).count() == 32;
    assert!(
        is_job && job.chars().all(|c| is_hex(c) || c == '-'),
        "{job}"
    );
    format!("{before}{mark}{gap}{}{rest}", job.replace(is_hex, "0"))
}

/// A name; one that the emulator has made up ends with eight digits.
fn zeros_of_name(name: &str) -> String {
    let is_made_up =
        |digits: &str| digits.len() == 8 && digits.chars().all(|c| c.is_ascii_hexdigit());
    match name.strip_prefix("backup-") {
        Some(digits) if is_made_up(digits) => "backup-00000000".to_owned(),
        _ => name.to_owned(),
    }
}

/// A word with zeros in place of the digits of a time, or of a duration in seconds.
fn without_time(word: &str) -> String {
    let bare = word.trim_end_matches([' ', '\n', '"', ',', ')']);
    let is_time = bare.len() > 18 && Timestamp::from(bare).civil().is_some();
    let is_duration = bare.ends_with('s') && bare.parse::<SignedDuration>().is_ok();
    if is_time || is_duration {
        word.replace(|c: char| c.is_ascii_digit(), "0")
    } else {
        word.to_owned()
    }
}

#[test]
fn times_are_replaced_and_nothing_else() {
    let text = "2026-11-28T07:42:10+0000 after 2s, 2026 \"2016-08-23T03:59:24\" 5 s";
    let shown: String = text
        .split_inclusive([' ', '"', ','])
        .map(without_time)
        .collect();
    assert_eq!(
        shown,
        "0000-00-00T00:00:00+0000 after 0s, 2026 \"0000-00-00T00:00:00\" 5 s"
    );
    assert_eq!(
        zeros_of_id("c84431459e51280168aca4ce064e353cbr01"),
        "00000000000000000000000000000000br01"
    );
}
