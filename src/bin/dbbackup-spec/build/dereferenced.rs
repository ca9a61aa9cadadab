//! Contracts without references, for tools that cannot follow them.

use serde_json::{Map, Value, json};

use crate::at::{At, is_prose};

/// Values that a contract may have without references.
const MOST_VALUES: usize = 1_000_000;

/// The contract with everything in the place of its references, or `None` if that is too much; of
/// `components` only that remains to which none leads.
pub(super) fn document(root: &At<'_>) -> Option<Value> {
    let mut document = Map::new();
    let mut expansion = Expansion::default();
    for (key, member) in root.members() {
        if key == "components" {
            let mut kept = member.members();
            kept.retain(|(key, _)| key == "securitySchemes" || key.starts_with("x-"));
            let kept = kept.into_iter().map(|(key, at)| (key, at.value.clone()));
            document.insert(key, Value::Object(kept.collect()));
        } else {
            document.insert(key, expansion.of(&member)?);
        }
    }
    Some(Value::Object(document))
}

#[derive(Default)]
struct Expansion {
    above: Vec<String>,
    values: usize,
}

impl Expansion {
    fn of(&mut self, at: &At<'_>) -> Option<Value> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return None;
        }
        if self.above.contains(&at.pointer) {
            let name = at.pointer.rsplit('/').next().unwrap_or_default();
            return Some(
                json!({ "description": format!("Once more {name}, which holds itself.") }),
            );
        }
        self.above.push(at.pointer.clone());
        let value = match at.value {
            Value::Object(raw) => {
                let mut members = Map::new();
                for (key, member) in at.members() {
                    let value = if at.holds_value(&key) {
                        raw[&key].clone()
                    } else {
                        self.of(&member)?
                    };
                    members.insert(key, value);
                }
                Some(Value::Object(merged(members)))
            }
            Value::Array(_) => at.members().iter().map(|(_, item)| self.of(item)).collect(),
            other => Some(other.clone()),
        };
        self.above.pop();
        value
    }
}

/// A schema in one piece, if it is another one with words for people of its own: some tools take
/// whatever has parts for an object.
fn merged(schema: Map<String, Value>) -> Map<String, Value> {
    let parts = schema.get("allOf").and_then(Value::as_array);
    let has_words = schema.keys().all(|key| key == "allOf" || is_prose(key));
    match parts.map(Vec::as_slice) {
        Some([Value::Object(part)]) if has_words => {
            let words = schema.iter().filter(|(key, _)| *key != "allOf");
            let words = words.map(|(key, value)| (key.clone(), value.clone()));
            let mut whole = part.clone();
            whole.extend(words);
            whole
        }
        _ => schema,
    }
}
