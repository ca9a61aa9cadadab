//! What explains that a page and its contract differ: errata and sources.
//!
//! An erratum records what the page says. As soon as the page says anything else, or agrees with the
//! contract, the erratum explains nothing and is a finding itself.

use serde_json::Value;

use super::blocks::Layout;
use super::facts::{Locus, Subject};
use super::operation::{Erratum, OperationFacts};
use super::verdict::{Row, Verdict};

/// Says of each difference what explains it, if anything does.
pub(super) fn explain(rows: &mut Vec<Row>, layout: Layout, contract: &OperationFacts) {
    // Some errata are about one edition of a page alone: these come first, and those about all
    // editions tell of what is left.
    let of = |layout: Option<Layout>| {
        let errata = contract.errata.iter();
        errata.filter(move |erratum| erratum.layout == layout)
    };
    let mut told: Vec<(&Locus, &str)> = Vec::new();
    for erratum in of(Some(layout)).chain(of(None)) {
        for (subject, recorded) in &erratum.deviations {
            let is_told =
                |(outer, id): &(&Locus, &str)| subject.0.is_within(outer) && *id != erratum.id;
            if told.iter().any(is_told) {
                continue;
            }
            if !applies(rows, subject, recorded, erratum) {
                rows.push(Row {
                    verdict: Verdict::Stale,
                    because: Some(erratum.id.clone()),
                    finding: true,
                    ..Row::new(subject.clone(), Some(recorded.clone()), None)
                });
            }
            if erratum.layout.is_some() && subject.1.is_none() {
                told.push((&subject.0, &erratum.id));
            }
        }
    }
    for row in rows.iter_mut().filter(|row| row.finding) {
        if row.because.is_none() && row.page.is_none() {
            row.because = contract.sources.get(&row.subject()).cloned();
            row.finding = row.because.is_none();
        }
    }
}

/// Explains the differences that a deviation is about; tells whether it still holds.
fn applies(rows: &mut [Row], subject: &Subject, recorded: &Value, erratum: &Erratum) -> bool {
    // That there is nothing is true of all that would be in it.
    let is_whole = recorded.is_null() && subject.1.is_none();
    let is_below = |row: &Row| is_whole && row.place.is_within(&subject.0);
    if rows.iter().any(|row| is_below(row) && row.page.is_some()) {
        return false;
    }
    let mut is_met = false;
    for row in rows.iter_mut() {
        if row.verdict == Verdict::Agree || !(is_below(row) || row.subject() == *subject) {
            continue;
        }
        is_met = true;
        row.finding = row.page.as_ref().unwrap_or(&Value::Null) != recorded;
        row.because = Some(if row.finding {
            format!("{} tells of {recorded}", erratum.id)
        } else {
            erratum.id.clone()
        });
    }
    is_met
}
