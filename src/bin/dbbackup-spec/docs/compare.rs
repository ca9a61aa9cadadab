//! A verdict on each fact, and what explains a difference.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use super::contract::Contract;
use super::explain::explain;
use super::facts::{Documented, Facts};
use super::pairs;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Agree,
    Mismatch,
    OnlyInPage,
    OnlyInContract,
    /// The page does not speak of such things at all.
    PageSilent,
    /// An erratum tells of something that is not so.
    Stale,
}

/// A fact, or a place that only one side has.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) place: String,
    pub(super) fact: Option<String>,
    pub(super) page: Option<Value>,
    pub(super) contract: Option<Value>,
    pub(super) verdict: Verdict,
    /// What explains the verdict, or why nothing does.
    pub(super) because: Option<String>,
    pub(super) finding: bool,
}

impl Row {
    pub(super) fn new(
        place: &str,
        fact: Option<&str>,
        page: Option<Value>,
        contract: Option<Value>,
    ) -> Self {
        let verdict = match (&page, &contract) {
            (page, contract) if page == contract => Verdict::Agree,
            (Some(_), Some(_)) => Verdict::Mismatch,
            (Some(_), None) => Verdict::OnlyInPage,
            (None, _) => Verdict::OnlyInContract,
        };
        Self {
            place: place.to_owned(),
            fact: fact.map(str::to_owned),
            page,
            contract,
            verdict,
            because: None,
            finding: verdict != Verdict::Agree,
        }
    }

    /// The key of a deviation that is about this alone.
    pub(super) fn key(&self) -> String {
        match &self.fact {
            Some(fact) => format!("{} {fact}", self.place),
            None => self.place.clone(),
        }
    }
}

/// Compares what a page documents with a contract.
pub(super) fn compare(page: &Documented, contract: &Contract) -> Vec<Row> {
    let mut rows = Vec::new();
    let is_example = |place: &&String| place.starts_with("examples.");
    let places: BTreeSet<&String> = page.places.keys().chain(contract.places.keys()).collect();
    let nothing = Facts::new();
    for place in places.into_iter().filter(|place| !is_example(place)) {
        let (ours, theirs) = (contract.places.get(place), page.places.get(place));
        // Groups are there even if nothing is said of them.
        if place.contains('.') && (ours.is_none() || theirs.is_none()) {
            let [page, ours] = [theirs, ours].map(|facts| facts.map(|facts| json!(facts)));
            rows.push(Row::new(place, None, page, ours));
            continue;
        }
        let (ours, theirs) = (ours.unwrap_or(&nothing), theirs.unwrap_or(&nothing));
        let facts: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        for fact in facts {
            let [page, ours] = [theirs, ours].map(|facts| facts.get(fact).cloned());
            rows.push(Row::new(place, Some(fact), page, ours));
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
    let is_silent = match row.fact.as_deref() {
        Some(fact) => matches!(fact, "mandatory" | "method" | "path" | "status" | "type"),
        None => {
            let group = row.place.split('.').next().unwrap_or_default();
            let speaks = |place: &String| {
                place
                    .strip_prefix(group)
                    .is_some_and(|rest| rest.starts_with('.'))
            };
            let is_cut = ancestors(&row.place).any(|place| {
                let facts = page.places.get(place);
                facts.is_some_and(|facts| facts.contains_key("missing_table"))
            });
            is_cut || !page.places.keys().any(speaks)
        }
    };
    if is_silent {
        row.verdict = Verdict::PageSilent;
        // A table without such a column leaves the type to be guessed.
        row.finding = row.fact.as_deref() != Some("type");
    }
}

/// The places around a place, from the inside out, and first itself.
fn ancestors(place: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(place), |place| Some(place.rsplit_once('.')?.0))
}

pub(super) fn is_within(place: &str, outer: &str) -> bool {
    ancestors(place).any(|place| place == outer)
}
