//! Schemas of OpenAPI 3.0 as JSON Schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Keywords that JSON Schema does not have.
const FOREIGN: [&str; 5] = [
    "discriminator",
    "example",
    "externalDocs",
    "nullable",
    "xml",
];

/// The schema at `pointer` with all that it refers to, as JSON Schema of draft 2020-12, or `None` if
/// nothing is there.
///
/// # Examples
///
/// ```
/// use dbbackup::{Service, contract};
///
/// let document = contract::document(Service::RdsV1);
/// let schema = contract::json_schema(&document, "/components/schemas/Backup");
/// let size = &schema.ok_or("no schema")?["properties"]["size"];
/// assert_eq!(size["type"], serde_json::json!(["number", "null"]));
/// # Ok::<(), &str>(())
/// ```
pub fn json_schema(document: &Value, pointer: &str) -> Option<Value> {
    let mut named = BTreeSet::new();
    let mut schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema" });
    let root = translated(document.pointer(pointer)?, &mut named);
    let members = schema.as_object_mut()?;
    members.append(&mut root.as_object().cloned().unwrap_or_default());
    let mut definitions = Map::new();
    while let Some(pointer) = named.pop_first() {
        let name = definition(&pointer);
        if !definitions.contains_key(&name) {
            let target = document.pointer(&pointer).unwrap_or(&Value::Null);
            definitions.insert(name, translated(target, &mut named));
        }
    }
    if !definitions.is_empty() {
        members.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Some(schema)
}

/// The name of what a pointer leads to among the definitions.
fn definition(pointer: &str) -> String {
    let name = pointer.trim_start_matches("/components/schemas/");
    // Whatever means something in a pointer or in a URL.
    name.trim_start_matches('/').replace(
        |c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c)),
        ".",
    )
}

/// A schema without its references; notes where they lead.
fn translated(schema: &Value, named: &mut BTreeSet<String>) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        let pointer = reference.trim_start_matches('#');
        named.insert(pointer.to_owned());
        return json!({ "$ref": format!("#/$defs/{}", definition(pointer)) });
    }
    let mut translation = Map::new();
    for (keyword, value) in members {
        let value = match &**keyword {
            _ if FOREIGN.contains(&&**keyword) || keyword.starts_with("x-") => continue,
            "properties" => each(value, named),
            "allOf" | "anyOf" | "oneOf" => each(value, named),
            "items" | "not" | "additionalProperties" => translated(value, named),
            _ => value.clone(),
        };
        translation.insert(keyword.clone(), value);
    }
    if let Some(example) = members.get("example") {
        translation.insert("examples".to_owned(), json!([example]));
    }
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        // A flag without a bound says nothing.
        if translation.remove(flag) == Some(Value::Bool(true))
            && let Some(bound) = translation.remove(bound)
        {
            translation.insert(flag.to_owned(), bound);
        }
    }
    match members.get("nullable") {
        Some(Value::Bool(true)) => nullable(translation),
        _ => Value::Object(translation),
    }
}

/// The schemas of a list or of an object.
fn each(value: &Value, named: &mut BTreeSet<String>) -> Value {
    match value {
        Value::Object(members) => {
            let translate =
                |(name, schema): (&String, _)| (name.clone(), translated(schema, named));
            Value::Object(members.iter().map(translate).collect())
        }
        Value::Array(items) => items
            .iter()
            .map(|schema| translated(schema, named))
            .collect(),
        other => other.clone(),
    }
}

/// The schema, and null.
fn nullable(mut schema: Map<String, Value>) -> Value {
    if let Some(Value::Array(words)) = schema.get_mut("enum")
        && !words.contains(&Value::Null)
    {
        words.push(Value::Null);
    }
    match schema.get_mut("type") {
        Some(kind) => {
            *kind = json!([kind.take(), "null"]);
            Value::Object(schema)
        }
        None => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}
