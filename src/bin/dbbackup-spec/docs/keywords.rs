//! What a schema states, in the words of pages.

use serde_json::Value;

use super::facts::{Fact, Statements, state};
use super::patterns;
use crate::at::At;

/// A schema and the ones it is composed of.
pub(super) fn parts<'a>(at: &At<'a>) -> Vec<At<'a>> {
    let mut all = vec![at.clone()];
    let mut i = 0;
    while i < all.len() {
        for (_, part) in all[i].member("allOf").members() {
            if all.iter().all(|known| known.pointer != part.pointer) {
                all.push(part);
            }
        }
        i += 1;
    }
    all
}

/// Adds the facts that the keywords of one schema state.
pub(super) fn read(at: &At<'_>, facts: &mut Statements) {
    if let Some(kind) = kind(at) {
        state(facts, Fact::Type, kind);
    }
    let same = [
        ("minLength", Fact::MinLength),
        ("maxLength", Fact::MaxLength),
        ("default", Fact::Default),
    ];
    for (keyword, fact) in same {
        if let Some(value) = at.value.get(keyword) {
            state(facts, fact, value.clone());
        }
    }
    let format = at.member("format").text();
    // These tell of the type.
    if !matches!(format, "" | "double" | "float" | "int32" | "int64") {
        state(facts, Fact::Format, format);
    }
    if at.member("nullable").is_true() {
        state(facts, Fact::Nullable, true);
    }
    if let Some(values) = at.value["enum"].as_array() {
        let text = |value: &Value| match value.as_str() {
            Some(text) => text.to_owned(),
            None => value.to_string(),
        };
        let mut values: Vec<String> = values.iter().map(text).collect();
        values.sort();
        state(facts, Fact::Values, values);
    }
    if let Some(pattern) = at.value["pattern"].as_str() {
        patterns::read(pattern, facts);
    }
}

fn kind(at: &At<'_>) -> Option<String> {
    Some(match at.member("type").text() {
        "" => return None,
        "array" => {
            let items = parts(&at.member("items")).into_iter();
            let mut kinds = items.map(|part| part.member("type").text());
            match kinds.find(|kind| !kind.is_empty()) {
                Some(kind) => format!("array of {kind}"),
                None => "array".to_owned(),
            }
        }
        "number" => "double".to_owned(),
        kind => kind.to_owned(),
    })
}
