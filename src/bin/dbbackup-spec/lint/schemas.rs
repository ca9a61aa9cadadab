//! Rules on schemas: words that OpenAPI knows, and constraints that make sense together.
//!
//! Whether a constraint is true is left to `sources`, unknown keys to `model`.

use std::collections::BTreeSet;

use dbbackup::contract::Schema;
use serde_json::json;

use super::Findings;
use super::contract::{Contract, Place, texts};
use super::kind::Kind;
use crate::document::{join, members};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

const FORMATS: [&str; 9] = [
    "binary",
    "byte",
    "date",
    "date-time",
    "double",
    "float",
    "int32",
    "int64",
    "password",
];

const BOUNDS: [(&str, &str); 4] = [
    ("minimum", "maximum"),
    ("minItems", "maxItems"),
    ("minLength", "maxLength"),
    ("minProperties", "maxProperties"),
];

pub(super) fn check(contract: &Contract<'_>, findings: &mut Findings) {
    for place in contract.all(Kind::Schema) {
        words(place, findings);
        constraints(place, findings);
        required(contract, place, findings);
    }
}

fn words(place: &Place<'_>, findings: &mut Findings) {
    let known: [(&str, &[&str]); 2] = [("type", &TYPES), ("format", &FORMATS)];
    for (key, known) in known {
        let word = place.value[key].as_str();
        if let Some(word) = word.filter(|word| !known.contains(word)) {
            findings.add(
                join(&place.pointer, key),
                format!("there is no {key} {word}"),
            );
        }
    }
    if place.value["type"] == "array" && place.value.get("items").is_none() {
        findings.add(&place.pointer, "this array has no items");
    }
}

fn constraints(place: &Place<'_>, findings: &mut Findings) {
    let value = place.value;
    let words = members(&value["enum"]);
    for (i, (index, word)) in words.iter().enumerate() {
        if words[..i].iter().any(|(_, earlier)| earlier == word) {
            let pointer = format!("{}/enum/{index}", place.pointer);
            findings.add(pointer, format!("the enum has {word} twice"));
        }
    }
    for (least, most) in BOUNDS {
        let [low, high] = [least, most].map(|key| value[key].as_f64());
        if low.zip(high).is_some_and(|(low, high)| low > high) {
            findings.add(
                join(&place.pointer, least),
                format!("{least} is above {most}"),
            );
        }
    }
    if let Some(pattern) = value["pattern"].as_str() {
        let alone = json!({ "schema": { "pattern": pattern } });
        if Schema::at(&alone, "/schema").is_none() {
            let pointer = join(&place.pointer, "pattern");
            findings.add(pointer, "the pattern is no regular expression");
        }
    }
}

fn required(contract: &Contract<'_>, place: &Place<'_>, findings: &mut Findings) {
    let mut required = texts(&place.value["required"]).peekable();
    if required.peek().is_none() {
        return;
    }
    let known = properties(contract, &place.pointer);
    let mut seen = BTreeSet::new();
    for (i, name) in required {
        let pointer = format!("{}/required/{i}", place.pointer);
        if !known.contains(name) {
            findings.add(&pointer, format!("{name} is required, but no property"));
        }
        if !seen.insert(name) {
            findings.add(pointer, format!("{name} is required twice"));
        }
    }
}

/// Names of the properties of a schema and of those it is made of.
fn properties<'a>(contract: &Contract<'a>, schema: &str) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    let mut waiting = vec![schema.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(pointer) = waiting.pop() {
        let pointer = contract.target(&pointer);
        let schema = contract.value(&pointer);
        let own = schema["properties"].as_object().into_iter().flatten();
        names.extend(own.map(|(name, _)| name.as_str()));
        // A schema may be made of itself.
        if seen.insert(pointer.clone()) {
            for key in ["allOf", "oneOf", "anyOf"] {
                let list = join(&pointer, key);
                waiting.extend(members(&schema[key]).iter().map(|(i, _)| join(&list, i)));
            }
        }
    }
    names
}
