//! A place in a document, reached by following references.

use serde_json::Value;

use crate::document::{join, members, target};

/// A value and where it stands; null where there is nothing.
#[derive(Clone, Debug)]
pub(crate) struct At<'a> {
    root: &'a Value,
    /// Where it is referred to, if it is, and otherwise where it stands.
    place: String,
    pub(crate) pointer: String,
    pub(crate) value: &'a Value,
}

impl<'a> At<'a> {
    pub(crate) fn root(root: &'a Value) -> Self {
        Self {
            root,
            place: String::new(),
            pointer: String::new(),
            value: root,
        }
    }

    /// The member of an object, or what it refers to.
    pub(crate) fn member(&self, key: &str) -> Self {
        self.child(key, &self.value[key])
    }

    /// Members of an object or items of an array, or what they refer to.
    pub(crate) fn members(&self) -> Vec<(String, Self)> {
        let members = members(self.value).into_iter();
        let child = |(key, value): (String, &'a Value)| {
            let child = self.child(&key, value);
            (key, child)
        };
        members.map(child).collect()
    }

    fn child(&self, key: &str, value: &'a Value) -> Self {
        let place = join(&self.pointer, key);
        let (pointer, value) = match target(self.root, value) {
            Some((pointer, value)) => (pointer.to_owned(), value),
            // No reference, or one in an example, where it is a value.
            None => (place.clone(), value),
        };
        Self {
            root: self.root,
            place,
            pointer,
            value,
        }
    }

    /// The same at the place where it is referred to.
    pub(crate) fn referred(&self) -> Self {
        self.called(&self.place)
    }

    /// The same with another pointer.
    pub(crate) fn called(&self, pointer: &str) -> Self {
        Self {
            pointer: pointer.to_owned(),
            ..self.clone()
        }
    }

    pub(crate) fn exists(&self) -> bool {
        !self.value.is_null()
    }

    pub(crate) fn text(&self) -> &'a str {
        self.value.as_str().unwrap_or_default()
    }

    pub(crate) fn is_true(&self) -> bool {
        *self.value == Value::Bool(true)
    }

    /// Whether it says something by a reference, so that it may change without its own text.
    pub(crate) fn refers(&self) -> bool {
        refers(self.value)
    }

    /// What matters on the wire: references replaced by what they mean, words for people left out.
    pub(crate) fn wire(&self) -> Value {
        self.wire_below(&mut Vec::new())
    }

    fn wire_below(&self, above: &mut Vec<String>) -> Value {
        if above.contains(&self.pointer) {
            return Value::String(format!("as above at {}", self.pointer));
        }
        above.push(self.pointer.clone());
        let is_named = self.pointer.ends_with("/properties");
        let mut below = self.members();
        below.retain(|(key, _)| is_named || !is_prose(key));
        let value = match self.value {
            Value::Object(_) => {
                let below = below.into_iter();
                let wire = |(key, member): (_, At<'_>)| (key, member.wire_below(above));
                Value::Object(below.map(wire).collect())
            }
            Value::Array(_) => {
                let below = below.into_iter();
                below.map(|(_, item)| item.wire_below(above)).collect()
            }
            other => other.clone(),
        };
        above.pop();
        value
    }
}

fn refers(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.contains_key("$ref") || members.values().any(refers),
        Value::Array(items) => items.iter().any(refers),
        _ => false,
    }
}

/// Whether a keyword is for people and never on the wire.
pub(crate) fn is_prose(keyword: &str) -> bool {
    const PROSE: [&str; 12] = [
        "deprecated",
        "description",
        "example",
        "examples",
        "externalDocs",
        "info",
        "openapi",
        "servers",
        "summary",
        "tags",
        "title",
        "xml",
    ];
    PROSE.contains(&keyword) || keyword.starts_with("x-")
}
