//! What a page documents against a contract, fact by fact.

use std::collections::BTreeSet;

use serde_json::json;

use super::explain::explain;
use super::facts::{Documented, Fact, Part, Statements};
use super::operation::OperationFacts;
use super::pairs;
use super::verdict::{Row, Verdict};

/// Compares what a page documents with a contract.
pub(super) fn compare(page: &Documented, contract: &OperationFacts) -> Vec<Row> {
    let mut rows = Vec::new();
    let places: BTreeSet<_> = page.places.keys().chain(contract.places.keys()).collect();
    let nothing = Statements::new();
    for place in places {
        // Each of them has a counterpart of its own.
        if place.part == Part::Examples {
            continue;
        }
        let sides = [page.places.get(place), contract.places.get(place)];
        // Parts are there even if nothing is said of them.
        if !place.is_part() && sides.contains(&None) {
            let [page, ours] = sides.map(|facts| facts.map(|facts| json!(facts)));
            rows.push(Row::new((place.clone(), None), page, ours));
            continue;
        }
        let [theirs, ours] = sides.map(|facts| facts.unwrap_or(&nothing));
        let facts: BTreeSet<&Fact> = ours.keys().chain(theirs.keys()).collect();
        for fact in facts {
            let [page, ours] = [theirs, ours].map(|facts| facts.get(fact).cloned());
            rows.push(Row::new((place.clone(), Some(*fact)), page, ours));
        }
    }
    rows.extend(pairs::rows(page, contract));
    for row in &mut rows {
        silence(row, page);
    }
    explain(&mut rows, page.layout, contract);
    rows
}

/// Tells what a page omits from what it does not speak of.
fn silence(row: &mut Row, page: &Documented) {
    if row.verdict != Verdict::OnlyInContract {
        return;
    }
    use Fact::{Mandatory, Method, MissingTable, Path, Status, Type};
    let is_silent = match row.fact {
        Some(fact) => matches!(fact, Mandatory | Method | Path | Status | Type),
        None => {
            let is_cut = page.places.iter().any(|(place, facts)| {
                row.place.is_within(place) && facts.contains_key(&MissingTable)
            });
            let mut places = page.places.keys();
            is_cut || !places.any(|place| place.part == row.place.part && !place.is_part())
        }
    };
    if is_silent {
        row.verdict = Verdict::PageSilent;
        // A table without such a column leaves the type to be guessed.
        row.finding = row.fact != Some(Type);
    }
}
