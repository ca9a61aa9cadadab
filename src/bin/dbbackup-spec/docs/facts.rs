//! What is documented: facts, each at a place and under a name of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::page::Layout;

/// The facts of one place, by their names.
pub(crate) type Facts = BTreeMap<String, Value>;

/// Places such as `request.backup.name`, with their facts.
pub(crate) type Places = BTreeMap<String, Facts>;

/// What a page documents.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Documented {
    pub(super) layout: Layout,
    pub(super) language: String,
    pub(super) places: Places,
}

/// The key of what a page says in two ways at once.
const CONTRADICTORY: &str = "contradictory";

/// Adds a fact; two that differ become one which nothing agrees with.
pub(super) fn state(facts: &mut Facts, name: &str, value: impl Into<Value>) {
    let value = value.into();
    let Some(known) = facts.get_mut(name) else {
        facts.insert(name.to_owned(), value);
        return;
    };
    if *known == value {
        return;
    }
    match known.get_mut(CONTRADICTORY).and_then(Value::as_array_mut) {
        Some(all) if all.contains(&value) => {}
        Some(all) => all.push(value),
        None => *known = json!({ CONTRADICTORY: [known.take(), value] }),
    }
}
