//! What a contract tells of fields in words, as facts: bounds, units, forms, availability.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Version;
use crate::build::{fields, tables};
use crate::docs::Facts;

/// Type and meaning of the parameters and fields of an operation, by the places of their facts.
pub(super) fn meanings(
    version: &Version<'_>,
    operation: &str,
) -> BTreeMap<String, (String, String)> {
    let mut meanings = BTreeMap::new();
    let operations = version.operations();
    for operation in operations.iter().filter(|one| one.id() == operation) {
        for row in tables::parameters(operation).rows {
            if let [name, place, kind, _, meaning] = &row[..] {
                let group = if place == "header" {
                    "headers"
                } else {
                    "parameters"
                };
                let place = format!("{group}.{name}");
                meanings.insert(place, (kind.clone(), meaning.clone()));
            }
        }
        for message in operation.messages() {
            let group = match &*message.name {
                "request" => "request".to_owned(),
                status if status.starts_with('2') => "response".to_owned(),
                status => format!("errors.{status}"),
            };
            let all: Vec<_> = message.schema.iter().flat_map(fields::fields).collect();
            for [path, kind, _, meaning] in fields::rows(&all) {
                let place = format!("{group}.{}", path.replace("[]", ""));
                meanings.insert(place, (kind, meaning));
            }
        }
    }
    meanings
}

/// Bounds that pages of the vendor tell in words, so that they are no facts.
const BOUNDS: [(&str, &str); 5] = [
    ("minimum", "from"),
    ("maximum", "to"),
    ("minItems", "items from"),
    ("maxItems", "items to"),
    ("multipleOf", "multiple of"),
];

/// What a contract tells of a field besides: bounds, unit, form of a time, and where there is one.
pub(super) fn told(kind: &str, meaning: &str) -> Facts {
    const UNITS: [&str; 11] = [
        "bytes",
        "KB",
        "MB/s",
        "MB",
        "GB",
        "milliseconds",
        "seconds",
        "minutes",
        "hours",
        "days",
        "percent",
    ];
    let mut told = Facts::new();
    let words: Vec<&str> = meaning
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '/')
        .collect();
    let is_said = |unit: &&str| words.iter().any(|word| word.eq_ignore_ascii_case(unit));
    let unit = UNITS.into_iter().find(is_said);
    let is_number = kind.contains("integer") || kind.contains("number");
    // Texts that are numbers have one of these; others tell of days or hours.
    let is_text_of = |unit: &str| matches!(unit, "milliseconds" | "minutes" | "percent");
    let is_unit = |unit: &&str| is_number || is_text_of(unit) && !meaning.contains("hh:mm");
    if let Some(unit) = unit.filter(is_unit) {
        told.insert("unit".to_owned(), Value::from(unit));
    }
    for (keyword, name) in BOUNDS {
        let bound = meaning.split_once(&format!("`{keyword}`: `"));
        if let Some((bound, _)) = bound.and_then(|(_, rest)| rest.split_once('`')) {
            told.insert(name.to_owned(), Value::from(bound));
        }
    }
    let sentences = || meaning.split_inclusive(". ").map(str::trim);
    // From the form of a value on, all that is said of it.
    let is_form = |sentence: &&str| {
        ["yyyy", "hh:mm", "as text"]
            .iter()
            .any(|mark| sentence.contains(mark))
    };
    let is_words =
        |sentence: &&str| !sentence.starts_with('`') && !sentence.starts_with("For example");
    let form = sentences().skip_while(|sentence| !is_form(sentence));
    let form: Vec<&str> = form.take_while(is_words).collect();
    if !form.is_empty() {
        let form = form.join(" ").trim_end_matches('.').replace('`', "");
        told.insert("form".to_owned(), Value::from(form));
    }
    for sentence in sentences() {
        // What is said of a value, in a longer sentence, is not true of the field.
        if let "Huawei Cloud only." | "Open Telekom Cloud only." = sentence {
            let cloud = sentence.trim_end_matches(" only.");
            told.insert("only on".to_owned(), Value::from(cloud));
        }
    }
    told
}
