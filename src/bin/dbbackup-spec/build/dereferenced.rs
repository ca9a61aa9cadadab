//! Contracts without references, for tools that cannot follow them.

use serde_json::{Map, Value, json};

use crate::at::At;

/// The contract with everything in the place of its references; of `components` only that remains
/// to which none leads.
pub(super) fn document(root: &At<'_>) -> Value {
    let mut document = Map::new();
    for (key, member) in root.members() {
        if key == "components" {
            let mut kept = member.members();
            kept.retain(|(key, _)| key == "securitySchemes" || key.starts_with("x-"));
            let kept = kept.into_iter().map(|(key, at)| (key, at.value.clone()));
            document.insert(key, Value::Object(kept.collect()));
        } else {
            document.insert(key, expanded(&member, &mut Vec::new()));
        }
    }
    Value::Object(document)
}

fn expanded(at: &At<'_>, above: &mut Vec<String>) -> Value {
    if above.contains(&at.pointer) {
        let name = at.pointer.rsplit('/').next().unwrap_or_default();
        return json!({ "description": format!("Once more {name}, which holds itself.") });
    }
    above.push(at.pointer.clone());
    let value = match at.value {
        Value::Object(_) => {
            let members = at.members().into_iter();
            let members = members.map(|(key, member)| (key, expanded(&member, above)));
            merged(members.collect())
        }
        Value::Array(_) => {
            let items = at.members().into_iter();
            items.map(|(_, item)| expanded(&item, above)).collect()
        }
        other => other.clone(),
    };
    above.pop();
    value
}

/// A schema in one piece, if it is another one with words of its own: some tools take whatever has
/// parts for an object.
fn merged(mut schema: Map<String, Value>) -> Value {
    let parts = schema.get("allOf").and_then(Value::as_array);
    if let Some([Value::Object(part)]) = parts.map(Vec::as_slice) {
        let mut whole = part.clone();
        schema.remove("allOf");
        whole.append(&mut schema);
        schema = whole;
    }
    Value::Object(schema)
}
