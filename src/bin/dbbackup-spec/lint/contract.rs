//! A document as the rules see it: its objects by kind, and where its references lead.
//!
//! Here, too, are the small questions on pointers and texts that several rules ask.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::successors;

use serde_json::Value;

use super::Findings;
use super::kind::Kind;
use super::model::Child;
use crate::document::{Document, join, members};

pub(super) struct Contract<'a> {
    pub(super) document: &'a Document,
    pub(super) root: &'a Value,
    places: Vec<Place<'a>>,
    /// From the pointer of each reference to the pointer it names.
    references: BTreeMap<String, String>,
}

/// An object of the model.
pub(super) struct Place<'a> {
    pub(super) kind: Kind,
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

impl<'a> Contract<'a> {
    /// Walks through the document; what is not in the model is a finding.
    pub(super) fn new(document: &'a Document, findings: &mut Findings) -> Self {
        let mut contract = Self {
            document,
            root: &document.root,
            places: Vec::new(),
            references: BTreeMap::new(),
        };
        contract.walk(Kind::Document, String::new(), &document.root, findings);
        contract
    }

    fn walk(&mut self, kind: Kind, pointer: String, value: &'a Value, findings: &mut Findings) {
        let Value::Object(object) = value else {
            // The one place where the model allows something else.
            if !(value.is_boolean() && pointer.ends_with("/additionalProperties")) {
                findings.add(pointer, format!("this is no {kind} object"));
            }
            return;
        };
        let reference = value["$ref"]
            .as_str()
            .and_then(|text| text.strip_prefix('#'));
        let kind = match reference {
            Some(target) if kind.may_be_referred_to() => {
                self.references.insert(pointer.clone(), target.to_owned());
                Kind::Reference
            }
            _ => kind,
        };
        for (key, member) in object {
            let below = join(&pointer, key);
            match kind.child(key) {
                None => findings.add(below, format!("{key} is no key of {kind} objects")),
                Some(Child::Plain) => {}
                Some(Child::One(kind)) => self.walk(kind, below, member, findings),
                Some(Child::Many(kind)) => {
                    if !(member.is_object() || member.is_array()) {
                        findings.add(&below, format!("{key} holds no {kind} objects"));
                    }
                    for (name, item) in members(member) {
                        self.walk(kind, join(&below, &name), item, findings);
                    }
                }
            }
        }
        self.places.push(Place {
            kind,
            pointer,
            value,
        });
    }

    /// All objects of a kind; references to one are none.
    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = &Place<'a>> {
        self.places.iter().filter(move |place| place.kind == kind)
    }

    /// Every object of the model.
    pub(super) fn places(&self) -> &[Place<'a>] {
        &self.places
    }

    /// The pointer itself, or where the reference there leads in the end.
    pub(super) fn target(&self, pointer: &str) -> String {
        let mut pointer = pointer;
        // `Document` refuses longer chains.
        for _ in 0..100 {
            match self.references.get(pointer) {
                Some(target) => pointer = target,
                None => break,
            }
        }
        pointer.to_owned()
    }

    /// What stands at a pointer, or `null`.
    pub(super) fn value(&self, pointer: &str) -> &'a Value {
        let target = self.target(pointer);
        self.root.pointer(&target).unwrap_or(&Value::Null)
    }

    /// The pointers themselves, and those that references below them lead to, step by step.
    pub(super) fn reached(&self, from: impl IntoIterator<Item = String>) -> BTreeSet<String> {
        let mut waiting: Vec<String> = from.into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(pointer) = waiting.pop() {
            if reached.contains(&pointer) {
                continue;
            }
            let below = self.references.range(pointer.clone()..);
            let below = below.take_while(|(place, _)| place.starts_with(&pointer));
            let below = below.filter(|(place, _)| ancestors(place).any(|a| a == pointer));
            waiting.extend(below.map(|(_, target)| target.clone()));
            reached.insert(pointer);
        }
        reached
    }
}

impl Place<'_> {
    /// The last key, or the index.
    pub(super) fn key(&self) -> String {
        unescape(self.pointer.rsplit('/').next().unwrap_or_default())
    }

    /// Key of what it stands in, such as `properties`.
    pub(super) fn group(&self) -> &str {
        self.pointer.rsplit('/').nth(1).unwrap_or_default()
    }
}

/// A key as it was before it became part of a pointer.
pub(super) fn unescape(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

/// The pointer itself, then what it is in, up to the whole document.
pub(super) fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    successors(Some(pointer), |pointer| {
        pointer.rsplit_once('/').map(|(parent, _)| parent)
    })
}

/// A text that says something.
pub(super) fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

/// Items of a list that are texts, with their index.
pub(super) fn texts(list: &Value) -> impl Iterator<Item = (usize, &str)> {
    let items = list.as_array().into_iter().flatten().enumerate();
    items.filter_map(|(i, item)| Some((i, item.as_str()?)))
}

/// The names in braces, in a path or the URL of a server.
pub(super) fn names(template: &str) -> Vec<&str> {
    let parts = template.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect()
}
