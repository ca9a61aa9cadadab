//! Where the form of a document is not that of OpenAPI 3.0.
//!
//! The reader of OpenAPI tells what is wrong, but of most objects it has lost the place by then. So the
//! document is made smaller for as long as the same is wrong with it.

use openapiv3::OpenAPI;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::pointer::{join, members};

/// Members of an object that are left out one by one, which takes time by their square.
const MOST_MEMBERS: usize = 100;

/// The pointer of a fault, and the fault.
pub(crate) fn fault(root: &Value) -> Option<(String, String)> {
    let fault = fault_of(root)?;
    let mut rest = Rest {
        document: root.clone(),
        fault,
        at: String::new(),
    };
    let mut pointer = String::new();
    while let Some(key) = rest.step() {
        pointer = join(&pointer, &key);
    }
    // What is missing is missing in an object that may need others to be seen as one.
    while rest.lacks_elsewhere() {
        for pointer in [&mut pointer, &mut rest.at] {
            pointer.truncate(pointer.rfind('/').unwrap_or_default());
        }
    }
    Some((pointer, rest.fault))
}

fn fault_of(document: &Value) -> Option<String> {
    OpenAPI::deserialize(document)
        .err()
        .map(|error| error.to_string())
}

/// What is left of a document.
struct Rest {
    document: Value,
    fault: String,
    /// The pointer, in what is left, of something that holds the fault.
    at: String,
}

impl Rest {
    /// The key, in the whole document, of the member that holds the fault; none where it is not one
    /// member alone.
    fn step(&mut self) -> Option<String> {
        let value = self.document.pointer(&self.at)?.clone();
        let empty = match &value {
            Value::Object(_) => json!({}),
            Value::Array(_) => json!([]),
            _ => return None,
        };
        if self.has_fault_with(empty) {
            return None;
        }
        for (key, member) in members(&value) {
            let (alone, at) = match &value {
                Value::Array(_) => (json!([member]), "0"),
                _ => (json!({ key.as_str(): member }), key.as_str()),
            };
            if self.has_fault_with(alone) {
                self.at = join(&self.at, at);
                return Some(key);
            }
        }
        let Value::Object(object) = value else {
            return None;
        };
        let key = self.only_suspect(object)?;
        self.at = join(&self.at, &key);
        Some(key)
    }

    /// The member that holds the fault, where others are needed to have it: without `in`, nothing is
    /// said of the `name` of a parameter.
    fn only_suspect(&mut self, mut object: Map<String, Value>) -> Option<String> {
        if object.len() > MOST_MEMBERS {
            return None;
        }
        let keys: Vec<String> = object.keys().cloned().collect();
        for key in keys {
            let Some(member) = object.remove(&key) else {
                continue;
            };
            if !self.has_fault_with(Value::Object(object.clone())) {
                object.insert(key, member);
            }
        }
        self.has_fault_with(Value::Object(object.clone()));
        let is_named = |value: &Value| match value {
            Value::Object(_) | Value::Array(_) => true,
            Value::String(text) => {
                let fault = &self.fault;
                fault.contains(&format!("{text:?}")) || fault.contains(&format!("`{text}`"))
            }
            other => self.fault.contains(&format!("`{other}`")),
        };
        let mut suspects = object.iter().filter(|(_, value)| is_named(value));
        match (suspects.next(), suspects.next()) {
            (Some((key, _)), None) => Some(key.clone()),
            _ => None,
        }
    }

    /// Whether a field is missing, but not in what is thought to hold the fault.
    fn lacks_elsewhere(&self) -> bool {
        let field = self.fault.strip_prefix("missing field `");
        let Some((field, _)) = field.and_then(|rest| rest.split_once('`')) else {
            return false;
        };
        let mut document = self.document.clone();
        if let Some(Value::Object(object)) = document.pointer_mut(&self.at) {
            object.insert(field.to_owned(), Value::Null);
        }
        !self.at.is_empty() && fault_of(&document).as_ref() == Some(&self.fault)
    }

    /// Whether the same is wrong with this value in place of what holds the fault.
    fn has_fault_with(&mut self, value: Value) -> bool {
        if let Some(place) = self.document.pointer_mut(&self.at) {
            *place = value;
        }
        fault_of(&self.document).as_ref() == Some(&self.fault)
    }
}
