//! A place in a document, reached by following references.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use dbbackup::contract::target;
use serde_json::{Number, Value};

use crate::pointer::{join, members};

/// A value and where it stands; null where there is nothing.
#[derive(Clone, Debug)]
pub(crate) struct At<'a> {
    root: &'a Value,
    /// Where it is referred to, if it is, and otherwise where it stands.
    place: String,
    pub(crate) pointer: String,
    pub(crate) value: &'a Value,
    /// Whether its keys are names of the contract, not keywords.
    has_names: bool,
}

impl<'a> At<'a> {
    pub(crate) fn root(root: &'a Value) -> Self {
        Self {
            root,
            place: String::new(),
            pointer: String::new(),
            value: root,
            has_names: false,
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
        let is_map = !self.has_names && value.is_object() && holds_names(key);
        let (pointer, value, has_names) = match target(self.root, value) {
            Some((pointer, value)) => (pointer.to_owned(), value, false),
            // No reference, or one in an example, where it is a value.
            None => (place.clone(), value, is_map),
        };
        Self {
            root: self.root,
            place,
            pointer,
            value,
            has_names,
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
        !references(self.value).is_empty()
    }

    /// Whether a member is a value of messages, which has no references.
    pub(crate) fn holds_value(&self, key: &str) -> bool {
        !self.has_names && is_value(key)
    }

    /// Whether both have the same text, and so has all that they refer to: then nothing differs.
    pub(crate) fn is_unchanged(&self, other: &At<'_>) -> bool {
        let [mine, others] = [(self.root, self.value), (other.root, other.value)];
        has_same_text(mine, others, &mut BTreeSet::new())
    }

    /// Whether both mean the same on the wire: references stand for what they lead to, and words for
    /// people do not count.
    pub(crate) fn is_same(&self, other: &At<'_>) -> bool {
        self.is_same_below(other, &mut BTreeSet::new())
    }

    fn is_same_below(&self, other: &At<'_>, seen: &mut BTreeSet<(String, String)>) -> bool {
        // A pair that is met again differs, if it does, where it was met first.
        if !seen.insert((self.pointer.clone(), other.pointer.clone())) {
            return true;
        }
        if !(self.value.is_object() && other.value.is_object()
            || self.value.is_array() && other.value.is_array())
        {
            return match (self.value, other.value) {
                (Value::Number(one), Value::Number(other)) => {
                    order(one, other).is_some_and(Ordering::is_eq)
                }
                (one, other) => one == other,
            };
        }
        let [mine, others] = [self, other].map(At::on_the_wire);
        let mut pairs = mine.iter().zip(&others);
        mine.len() == others.len()
            && pairs.all(|((key, at), (other_key, other))| {
                key == other_key && at.is_same_below(other, seen)
            })
    }

    /// The members that are not for people, in the order of their names.
    pub(crate) fn on_the_wire(&self) -> BTreeMap<String, Self> {
        let mut members = self.members();
        members.retain(|(key, _)| self.has_names || !is_prose(key));
        members.into_iter().collect()
    }
}

/// Whether two values, each with its document, have the same text, and so has what they refer to.
fn has_same_text<'a>(
    (root, value): (&'a Value, &'a Value),
    (other_root, other): (&Value, &Value),
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    value == other
        && references(value).into_iter().all(|reference| {
            let pointer = reference.strip_prefix('#').unwrap_or_default();
            let pair = (root.pointer(pointer), other_root.pointer(pointer));
            !seen.insert(reference)
                || match pair {
                    (Some(value), Some(other)) => {
                        has_same_text((root, value), (other_root, other), seen)
                    }
                    (value, other) => value.is_none() && other.is_none(),
                }
        })
}

/// All references of a value and of what is in it.
pub(crate) fn references(value: &Value) -> Vec<&str> {
    let own = value["$ref"].as_str();
    let below = members(value).into_iter();
    own.into_iter()
        .chain(below.flat_map(|(_, member)| references(member)))
        .collect()
}

/// How two numbers compare; whole ones exactly.
pub(crate) fn order(one: &Number, other: &Number) -> Option<Ordering> {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

/// Whether a keyword is for people and never on the wire.
pub(crate) fn is_prose(keyword: &str) -> bool {
    let is_word = matches!(
        keyword,
        "deprecated"
            | "description"
            | "example"
            | "examples"
            | "externalDocs"
            | "info"
            | "links"
            | "openapi"
            | "servers"
            | "summary"
            | "tags"
            | "title"
            | "xml"
    );
    is_word || keyword.starts_with("x-")
}

/// Whether something under this keyword is a value of messages, without references.
pub(crate) fn is_value(keyword: &str) -> bool {
    matches!(keyword, "default" | "enum" | "example" | "value")
}

/// Whether the keys of an object under this keyword are names of the contract, not keywords.
pub(crate) fn holds_names(keyword: &str) -> bool {
    matches!(
        keyword,
        "callbacks"
            | "content"
            | "encoding"
            | "examples"
            | "headers"
            | "links"
            | "mapping"
            | "parameters"
            | "paths"
            | "properties"
            | "requestBodies"
            | "responses"
            | "schemas"
            | "scopes"
            | "securitySchemes"
            | "variables"
    )
}
