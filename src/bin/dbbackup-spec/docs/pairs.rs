//! The examples of a page against those that the contract has of them.

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::{Value, json};

use super::facts::{Documented, Fact, Locus, Part};
use super::operation::OperationFacts;
use super::verdict::{Row, Verdict};
use crate::pointer::members;

/// Rows for the examples: their values, how they are written, and whether they fit.
pub(super) fn rows(page: &Documented, contract: &OperationFacts) -> Vec<Row> {
    let mut rows = Vec::new();
    for (group, body) in &contract.bodies {
        let group = Locus::from(Part::Examples).below(group);
        let mut open: Vec<&Value> = body.examples.iter().collect();
        let is_of_group = |(place, _): &(&Locus, _)| place.is_within(&group);
        for (place, facts) in page.places.iter().filter(is_of_group) {
            let row = |fact, page, contract| Row::new((place.clone(), Some(fact)), page, contract);
            let value = facts.get(&Fact::Value).unwrap_or(&Value::Null);
            let distance = |example: &&Value| differences(value, example, place).len();
            let distances = open.iter().map(distance).enumerate();
            match distances.min_by_key(|(_, distance)| *distance) {
                Some((nearest, _)) => rows.extend(compared(value, open.remove(nearest), place)),
                None => rows.push(row(Fact::Value, Some(value.clone()), None)),
            }
            let schema = body.schemas.first();
            for violation in schema.iter().flat_map(|schema| schema.violations(value)) {
                let rule = Some(json!(violation.to_string()));
                rows.push(row(Fact::Fits, Some(json!(false)), rule));
            }
            if let Some(note) = facts.get(&Fact::Note) {
                rows.push(row(Fact::Note, Some(note.clone()), None));
            }
            if let Some(call) = facts.get(&Fact::Call) {
                rows.push(called(call, contract, place));
            }
        }
        let unseen = |example: &Value| {
            let subject = (group.clone(), Some(Fact::Value));
            Row::new(subject, None, Some(example.clone()))
        };
        rows.extend(open.into_iter().map(unseen));
    }
    rows
}

fn called(call: &Value, contract: &OperationFacts, place: &Locus) -> Row {
    let text = call.as_str().unwrap_or_default();
    let is_known = |(pattern, _): &&(Regex, String)| pattern.is_match(text);
    let known = contract.calls.iter().find(is_known);
    let ours = match known {
        Some((_, text)) => json!(text),
        None => contract.calls.iter().map(|(_, text)| json!(text)).collect(),
    };
    let mut row = Row::new(
        (place.clone(), Some(Fact::Call)),
        Some(call.clone()),
        Some(ours),
    );
    if known.is_some() {
        row.verdict = Verdict::Agree;
        row.finding = false;
    }
    row
}

fn compared(page: &Value, contract: &Value, place: &Locus) -> Vec<Row> {
    let mut found = differences(page, contract, place);
    if found.is_empty() {
        found.push((place.clone(), Some(page), Some(contract)));
    }
    let row = |(place, page, contract): Difference<'_>| {
        Row::new((place, Some(Fact::Value)), page.cloned(), contract.cloned())
    };
    found.into_iter().map(row).collect()
}

type Difference<'a> = (Locus, Option<&'a Value>, Option<&'a Value>);

/// Where two values differ, with what stands there.
fn differences<'a>(page: &'a Value, contract: &'a Value, place: &Locus) -> Vec<Difference<'a>> {
    let both_have_parts =
        page.is_object() && contract.is_object() || page.is_array() && contract.is_array();
    if page == contract {
        return Vec::new();
    }
    if !both_have_parts {
        return vec![(place.clone(), Some(page), Some(contract))];
    }
    let mut sides: BTreeMap<String, [Option<&Value>; 2]> = BTreeMap::new();
    for (side, value) in [page, contract].into_iter().enumerate() {
        for (key, member) in members(value) {
            sides.entry(key).or_default()[side] = Some(member);
        }
    }
    let differ = |(key, sides): (String, [Option<&'a Value>; 2])| {
        let place = place.below(&key);
        match sides {
            [Some(page), Some(contract)] => differences(page, contract, &place),
            [page, contract] => vec![(place, page, contract)],
        }
    };
    sides.into_iter().flat_map(differ).collect()
}
