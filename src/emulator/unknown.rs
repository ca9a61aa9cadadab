//! Fields of a body that the contract does not know.

use std::ptr;

use serde_json::Value;

use crate::contract;

/// Names of fields that the schema does not know, with the way to each, such as `source.nmae`; no more than `most`.
pub(crate) fn fields(document: &Value, schema: &Value, body: &Value, most: usize) -> Vec<String> {
    let mut search = Search {
        document,
        most,
        found: Vec::new(),
    };
    search.look(&[schema], body, "");
    search.found
}

struct Search<'a> {
    document: &'a Value,
    most: usize,
    found: Vec<String>,
}

impl<'a> Search<'a> {
    /// Looks for fields that none of the schemas knows; each of them may hold for the value.
    fn look(&mut self, schemas: &[&'a Value], value: &Value, way: &str) {
        let parts = self.parts(schemas);
        let below = |key: &str| match way {
            "" => key.to_owned(),
            way => format!("{way}.{key}"),
        };
        if let Value::Array(items) = value {
            let schemas: Vec<&Value> = parts.iter().filter_map(|part| part.get("items")).collect();
            for (place, item) in items.iter().enumerate() {
                self.look(&schemas, item, &below(&place.to_string()));
            }
        }
        let other: Vec<&Value> = parts
            .iter()
            .filter_map(|part| part.get("additionalProperties"))
            .filter(|other| **other != Value::Bool(false))
            .collect();
        let names_none = parts.iter().all(|part| part.get("properties").is_none());
        for (name, value) in value.as_object().into_iter().flatten() {
            if self.found.len() >= self.most {
                return;
            }
            let known: Vec<&Value> = parts
                .iter()
                .filter_map(|part| part["properties"].get(name))
                .collect();
            if !known.is_empty() {
                self.look(&known, value, &below(name));
            } else if names_none || !other.is_empty() {
                self.look(&other, value, &below(name));
            } else {
                self.found.push(below(name));
            }
        }
    }

    /// The schemas, and those that they are made of.
    fn parts(&self, schemas: &[&'a Value]) -> Vec<&'a Value> {
        let mut waiting = schemas.to_vec();
        let mut parts: Vec<&Value> = Vec::new();
        while let Some(schema) = waiting.pop() {
            let schema = contract::resolve(self.document, schema);
            // A schema may be made of itself.
            if parts.iter().any(|part| ptr::eq(*part, schema)) {
                continue;
            }
            parts.push(schema);
            for key in ["allOf", "anyOf", "oneOf"] {
                waiting.extend(schema[key].as_array().into_iter().flatten());
            }
        }
        parts
    }
}
