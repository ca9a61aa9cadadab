//! What the contracts say of an operation as facts that can be compared: those that pages of the
//! vendor have, and bounds, units, forms and availability, which they only tell in words.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Version;
use crate::build::bodies::Operation;
use crate::build::fields;
use crate::build::meaning::Meaning;
use crate::docs::{Facts, Places, facts_of};

/// Bounds, with their names as facts.
const BOUNDS: [(&str, &str); 5] = [
    ("minimum", "from"),
    ("maximum", "to"),
    ("minItems", "items from"),
    ("maxItems", "items to"),
    ("multipleOf", "multiple of"),
];

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

/// Units of texts that are numbers; texts with others tell of days or hours.
const UNITS_OF_TEXTS: [&str; 3] = ["milliseconds", "minutes", "percent"];

/// What each service says of an operation, by place; nothing of one that does not have it.
pub(super) fn facts(
    newest: &[Version<'_>],
    operation: &str,
) -> anyhow::Result<Vec<Option<Places>>> {
    let facts = |version: &Version<'_>| {
        let operations = version.operations();
        let Some(found) = operations.iter().find(|one| one.id() == operation) else {
            return Ok(None);
        };
        let mut places = facts_of(&version.blessed.document, operation)?;
        for (place, told) in told(found) {
            if let Some(facts) = places.get_mut(&place) {
                told.into_iter().for_each(|(name, value)| {
                    facts.entry(name).or_insert(value);
                });
            }
        }
        Ok(Some(places))
    };
    newest.iter().map(facts).collect()
}

/// What the meanings of parameters and fields tell, by the places of their facts.
fn told(operation: &Operation<'_>) -> BTreeMap<String, Facts> {
    let mut told = BTreeMap::new();
    for parameter in operation.parameters() {
        let is_header = parameter.member("in").text() == "header";
        let group = if is_header { "headers" } else { "parameters" };
        let place = format!("{group}.{}", parameter.member("name").text());
        let kind = fields::kind(&parameter.member("schema"));
        told.insert(place, told_by(&kind, &Meaning::of(&parameter)));
    }
    for message in operation.messages() {
        let group = match &*message.name {
            "request" => "request".to_owned(),
            status if status.starts_with('2') => "response".to_owned(),
            status => format!("errors.{status}"),
        };
        for field in fields::flat(&message.fields()) {
            let place = format!("{group}.{}", field.path.replace("[]", ""));
            told.insert(place, told_by(&field.kind, &field.meaning));
        }
    }
    told
}

/// Type, bounds, unit and form of a value, and on which cloud there is one.
fn told_by(kind: &str, meaning: &Meaning<'_>) -> Facts {
    let keywords = meaning.keywords.iter().chain(&meaning.each.1);
    let bound = |(keyword, value): &(String, &Value)| {
        let (_, name) = BOUNDS.iter().find(|(bound, _)| bound == keyword)?;
        Some((*name, value.to_string()))
    };
    let mut told: Vec<(&str, String)> = keywords.filter_map(bound).collect();
    told.extend(unit(kind, &meaning.text).map(|unit| ("unit", unit.to_owned())));
    told.extend(form(&meaning.text).map(|form| ("form", form)));
    // What is said of a value, within a longer text, is not true of the field.
    let cloud = meaning.availability.strip_suffix(" only.");
    told.extend(cloud.map(|cloud| ("only on", cloud.to_owned())));
    told.push(("type", kind.to_owned()));
    let fact = |(name, value): (&str, String)| (name.to_owned(), Value::from(value));
    told.into_iter().map(fact).collect()
}

/// The unit of a number, which contracts tell in words.
fn unit(kind: &str, text: &str) -> Option<&'static str> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '/')
        .collect();
    let is_said = |unit: &&str| words.iter().any(|word| word.eq_ignore_ascii_case(unit));
    let unit = UNITS.into_iter().find(is_said)?;
    let is_number = kind.contains("integer") || kind.contains("number");
    let is_of_text = UNITS_OF_TEXTS.contains(&unit) && !text.contains("hh:mm");
    (is_number || is_of_text).then_some(unit)
}

/// The form of a time: from the sentence that shows it on, all that is said.
fn form(text: &str) -> Option<String> {
    let is_form = |sentence: &&str| {
        ["yyyy", "hh:mm", "as text"]
            .iter()
            .any(|mark| sentence.contains(mark))
    };
    let sentences = text.split_inclusive(". ").map(str::trim);
    let form: Vec<&str> = sentences
        .skip_while(|sentence| !is_form(sentence))
        .collect();
    let form = form.join(" ").trim_end_matches('.').replace('`', "");
    (!form.is_empty()).then_some(form)
}
