//! The examples of a page against those that the contract has of them.

use serde_json::{Value, json};

use super::compare::{Row, Verdict};
use super::contract::Contract;
use super::facts::Documented;
use crate::document::members;

/// Rows for the examples: their values, how they are written, and whether they fit.
pub(super) fn rows(page: &Documented, contract: &Contract) -> Vec<Row> {
    let mut rows = Vec::new();
    for (group, body) in &contract.bodies {
        let prefix = format!("examples.{group}.");
        let mut open: Vec<&Value> = body.examples.iter().collect();
        for (place, facts) in page
            .places
            .iter()
            .filter(|(place, _)| place.starts_with(&prefix))
        {
            let value = facts.get("value").unwrap_or(&Value::Null);
            let distances = open
                .iter()
                .map(|example| differences(value, example, place).len());
            let nearest = distances.enumerate().min_by_key(|(_, distance)| *distance);
            match nearest.map(|(i, _)| open.remove(i)) {
                Some(example) => rows.extend(compared(value, example, place)),
                None => rows.push(Row::new(place, Some("value"), Some(value.clone()), None)),
            }
            for violation in body
                .schemas
                .iter()
                .take(1)
                .flat_map(|schema| schema.violations(value))
            {
                let rule = Some(json!(violation.to_string()));
                rows.push(Row::new(place, Some("fits"), Some(json!(false)), rule));
            }
            if let Some(note) = facts.get("note") {
                rows.push(Row::new(place, Some("note"), Some(note.clone()), None));
            }
            if let Some(call) = facts.get("call") {
                rows.push(called(call, contract, place));
            }
        }
        for example in open {
            let place = format!("examples.{group}");
            rows.push(Row::new(&place, Some("value"), None, Some(example.clone())));
        }
    }
    rows
}

fn called(call: &Value, contract: &Contract, place: &str) -> Row {
    let text = call.as_str().unwrap_or_default();
    let mut calls = contract.calls.iter();
    let known = calls.find(|(pattern, _)| pattern.is_match(text));
    let texts: Vec<&str> = contract
        .calls
        .iter()
        .map(|(_, text)| text.as_str())
        .collect();
    let mut row = Row::new(place, Some("call"), Some(call.clone()), Some(json!(texts)));
    if let Some((_, text)) = known {
        row.contract = Some(json!(text));
        row.verdict = Verdict::Agree;
        row.finding = false;
    }
    row
}

fn compared(page: &Value, contract: &Value, place: &str) -> Vec<Row> {
    let found = differences(page, contract, place);
    if found.is_empty() {
        return vec![Row::new(
            place,
            Some("value"),
            Some(page.clone()),
            Some(contract.clone()),
        )];
    }
    let row = |(place, page, contract): (String, Option<Value>, Option<Value>)| {
        Row::new(&place, Some("value"), page, contract)
    };
    found.into_iter().map(row).collect()
}

type Difference = (String, Option<Value>, Option<Value>);

/// Where two values differ, with what stands there.
fn differences(page: &Value, contract: &Value, place: &str) -> Vec<Difference> {
    let both_have_parts =
        page.is_object() && contract.is_object() || page.is_array() && contract.is_array();
    if page == contract {
        return Vec::new();
    }
    if !both_have_parts {
        return vec![(place.to_owned(), Some(page.clone()), Some(contract.clone()))];
    }
    let (theirs, ours) = (members(page), members(contract));
    let find = |list: &[(String, &Value)], key: &str| {
        list.iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| (*value).clone())
    };
    let mut keys: Vec<&String> = theirs.iter().chain(&ours).map(|(key, _)| key).collect();
    keys.sort();
    keys.dedup();
    let differ = |key: &String| {
        let place = format!("{place}.{key}");
        match (find(&theirs, key), find(&ours, key)) {
            (Some(page), Some(contract)) => differences(&page, &contract, &place),
            (page, contract) => vec![(place, page, contract)],
        }
    };
    keys.into_iter().flat_map(differ).collect()
}
