//! A document as the rules see it: its objects by kind, and where its references lead.
//!
//! Here, too, are the small questions on pointers and texts that several rules ask.

use std::collections::BTreeSet;
use std::iter::successors;

use dbbackup::contract;
use serde_json::Value;

use super::Findings;
use super::kind::{Child, Kind};
use crate::at::references;
use crate::document::Document;
use crate::pointer::{join, last_key, members};

pub(super) struct Objects<'a> {
    pub(super) document: &'a Document,
    pub(super) root: &'a Value,
    all: Vec<Object<'a>>,
}

/// An object of a document.
pub(super) struct Object<'a> {
    pub(super) kind: Kind,
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

impl<'a> Objects<'a> {
    /// Walks through the document; what cannot stand there is a finding.
    pub(super) fn new(document: &'a Document, findings: &mut Findings) -> Self {
        let mut objects = Self {
            document,
            root: &document.root,
            all: Vec::new(),
        };
        objects.walk(Kind::Document, String::new(), &document.root, findings);
        objects
    }

    fn walk(&mut self, kind: Kind, pointer: String, value: &'a Value, findings: &mut Findings) {
        let Value::Object(object) = value else {
            // The one place where something else may stand.
            if !(value.is_boolean() && pointer.ends_with("/additionalProperties")) {
                findings.add(pointer, format!("this is no {kind} object"));
            }
            return;
        };
        if value["$ref"].is_string() {
            return;
        }
        for (key, member) in object {
            let below = join(&pointer, key);
            if !kind.may_have(key) {
                findings.add(&below, format!("{key} is no key of {kind} objects"));
            }
            match kind.child(key) {
                None => {}
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
        self.all.push(Object {
            kind,
            pointer,
            value,
        });
    }

    /// All objects of a kind; references to one are none.
    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = &Object<'a>> {
        self.all.iter().filter(move |object| object.kind == kind)
    }

    /// All objects of any kind.
    pub(super) fn objects(&self) -> &[Object<'a>] {
        &self.all
    }

    /// The pointer itself, or where the reference there leads in the end.
    pub(super) fn target(&self, pointer: &str) -> String {
        let target = self.root.pointer(pointer);
        let target = target.and_then(|value| contract::target(self.root, value));
        target.map_or(pointer, |(pointer, _)| pointer).to_owned()
    }

    /// What stands at a pointer, or `null`.
    pub(super) fn value(&self, pointer: &str) -> &'a Value {
        let value = self.root.pointer(pointer).unwrap_or(&Value::Null);
        contract::resolve(self.root, value)
    }

    /// The pointers themselves, and those that references below them lead to, step by step.
    pub(super) fn reached(&self, from: impl IntoIterator<Item = String>) -> BTreeSet<String> {
        let mut waiting: Vec<String> = from.into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(pointer) = waiting.pop() {
            if let Some(value) = self.root.pointer(&pointer)
                && reached.insert(pointer)
            {
                let targets = references(value).into_iter();
                waiting.extend(targets.map(|target| target.trim_start_matches('#').to_owned()));
            }
        }
        reached
    }
}

impl Object<'_> {
    /// The last key, or the index.
    pub(super) fn key(&self) -> String {
        last_key(&self.pointer)
    }

    /// Key of what it stands in, such as `properties`.
    pub(super) fn group(&self) -> &str {
        self.pointer.rsplit('/').nth(1).unwrap_or_default()
    }

    /// The name of an operation in messages.
    pub(super) fn name(&self) -> String {
        match text(&self.value["operationId"]) {
            Some(id) => id.to_owned(),
            None => format!("the operation {}", self.key()),
        }
    }
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
