//! What explains that a page and its contract differ: errata and sources.
//!
//! An erratum records what the page says. As soon as the page says anything else, or agrees with the
//! contract, the erratum explains nothing and is a finding itself.

use std::collections::BTreeMap;

use serde_json::Value;

use super::compare::{Row, Verdict, is_within};
use super::contract::{Contract, Erratum};
use super::page::Layout;

/// Says of each difference what explains it, if anything does.
pub(super) fn explain(rows: &mut Vec<Row>, layout: Layout, contract: &Contract) {
    // Some errata are about one edition of a page alone: these come first, and those about all
    // editions tell of what is left.
    let of_layout = |erratum: &&Erratum| erratum.layout == Some(layout);
    let of_all = |erratum: &&Erratum| erratum.layout.is_none();
    let first = contract.errata.iter().filter(of_layout);
    let second = contract.errata.iter().filter(of_all);
    let mut told: BTreeMap<&str, &str> = BTreeMap::new();
    for erratum in first.chain(second) {
        for (key, recorded) in &erratum.deviations {
            let place = key.split(' ').next().unwrap_or(key);
            let mut outer = told.iter();
            if outer.any(|(outer, id)| is_within(place, outer) && *id != erratum.id) {
                continue;
            }
            if !applies(rows, key, recorded, &erratum.id) {
                rows.push(stale(key, recorded, &erratum.id));
            }
            if erratum.layout.is_some() {
                told.insert(key, &erratum.id);
            }
        }
    }
    for row in rows.iter_mut().filter(|row| row.finding) {
        if row.because.is_none() && row.page.is_none() {
            row.because = source(row, contract);
            row.finding = row.because.is_none();
        }
    }
}

/// Explains the differences that a deviation is about; tells whether it still holds.
fn applies(rows: &mut [Row], key: &str, recorded: &Value, id: &str) -> bool {
    let speaks = |row: &Row| row.page.is_some() && is_within(&row.place, key);
    if recorded.is_null() && rows.iter().any(speaks) {
        return false;
    }
    let mut is_met = false;
    for row in rows.iter_mut() {
        let is_below = recorded.is_null() && is_within(&row.place, key);
        if row.verdict == Verdict::Agree || !(is_below || row.key() == key) {
            continue;
        }
        is_met = true;
        row.finding = row.page.as_ref().unwrap_or(&Value::Null) != recorded;
        row.because = Some(match row.finding {
            true => format!("{id} tells of {recorded}"),
            false => id.to_owned(),
        });
    }
    is_met
}

fn stale(key: &str, recorded: &Value, id: &str) -> Row {
    let (place, fact) = match key.split_once(' ') {
        Some((place, fact)) => (place, Some(fact)),
        None => (key, None),
    };
    Row {
        verdict: Verdict::Stale,
        because: Some(id.to_owned()),
        finding: true,
        ..Row::new(place, fact, Some(recorded.clone()), None)
    }
}

/// The source of something that a page does not have.
fn source(row: &Row, contract: &Contract) -> Option<String> {
    let source = contract.sources.get(&row.key());
    source.cloned()
}
