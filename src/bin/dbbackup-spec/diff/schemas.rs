//! Schemas: their fields, and the names of those in `components`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Comparison, Direction, Label, Labels, keywords};
use crate::at::{At, is_prose};

/// What a schema says, with what it takes from others by `allOf`.
#[derive(Default)]
struct Shape<'a> {
    keywords: BTreeMap<String, At<'a>>,
    properties: BTreeMap<String, At<'a>>,
    required: BTreeMap<String, At<'a>>,
    /// Where it says all this.
    taken: BTreeSet<String>,
}

impl<'a> Shape<'a> {
    fn of(schema: &At<'a>) -> Self {
        let mut shape = Self::default();
        shape.take(schema);
        shape
    }

    fn take(&mut self, schema: &At<'a>) {
        if !self.taken.insert(schema.pointer.clone()) {
            return;
        }
        for (keyword, at) in schema.members() {
            match &*keyword {
                "properties" => self.properties.extend(at.members()),
                "required" => {
                    let names = at.members().into_iter();
                    self.required
                        .extend(names.map(|(_, name)| (name.text().to_owned(), name)));
                }
                "allOf" => {
                    let parts = at.members().into_iter();
                    parts.for_each(|(_, part)| self.take(&part));
                }
                _ if is_prose(&keyword) => {}
                _ => self.keep(keyword, at),
            }
        }
    }

    /// Keeps a keyword beside one of the same name, as both hold.
    fn keep(&mut self, mut keyword: String, at: At<'a>) {
        while self
            .keywords
            .get(&keyword)
            .is_some_and(|kept| kept.value != at.value)
        {
            keyword = format!("another {keyword}");
        }
        self.keywords.insert(keyword, at);
    }

    /// Whether fields that are not named are refused.
    fn is_closed(&self) -> bool {
        let additional = self.keywords.get("additionalProperties");
        additional.is_some_and(|at| *at.value == Value::Bool(false))
    }
}

/// Compares two schemas in the direction of the message.
pub(super) fn compare(comparison: &mut Comparison<'_>, old: &At<'_>, new: &At<'_>) {
    let pair = (old.pointer.clone(), new.pointer.clone());
    comparison.compared.insert(pair.clone());
    if !comparison.entered.insert(pair) {
        return;
    }
    if old.value == new.value && !new.refers() {
        return;
    }
    let (before, after) = (Shape::of(old), Shape::of(new));
    for old in &before.taken {
        let pairs = after.taken.iter().map(|new| (old.clone(), new.clone()));
        comparison.compared.extend(pairs);
    }
    compare_fields(comparison, &before, &after);
    compare_required(comparison, &before, &after);
    let keywords: BTreeSet<&String> = before
        .keywords
        .keys()
        .chain(after.keywords.keys())
        .collect();
    for keyword in keywords {
        let pair = (before.keywords.get(keyword), after.keywords.get(keyword));
        keywords::compare(comparison, keyword, pair);
    }
}

fn compare_fields(comparison: &mut Comparison<'_>, before: &Shape<'_>, after: &Shape<'_>) {
    let mut added = after.properties.clone();
    for (name, old) in &before.properties {
        if let Some(new) = added.remove(name) {
            compare(comparison, old, &new);
            continue;
        }
        let mut successors = added.iter().filter(|(_, new)| new.is_same(old));
        match successors.next().map(|(to, _)| to.clone()) {
            Some(to) => {
                let sentence = format!("The field `{name}` is called `{to}` now.");
                if let Some(new) = added.remove(&to) {
                    comparison.note(Label::Breaking, &new.referred(), sentence);
                }
            }
            None => note_removal(comparison, (name, old), before, after),
        }
    }
    for (name, new) in &added {
        let is_mandatory = after.required.contains_key(name);
        let labels = match (is_mandatory, before.is_closed()) {
            (true, false) => Labels::NARROWER,
            (true, true) => Labels::OTHER,
            (false, true) => Labels::WIDER,
            (false, false) => Labels::LOOSER,
        };
        let kind = if is_mandatory {
            "mandatory"
        } else {
            "optional"
        };
        let sentence = format!("The {kind} field `{name}` was added.");
        comparison.judge(labels, &new.referred(), sentence);
    }
}

fn note_removal(
    comparison: &mut Comparison<'_>,
    (name, old): (&str, &At<'_>),
    before: &Shape<'_>,
    after: &Shape<'_>,
) {
    let is_mandatory = before.required.contains_key(name);
    let is_request = comparison.direction == Some(Direction::Request);
    // Whoever still sends it is served all the same, unless fields without a name are refused.
    let label = match is_request && !is_mandatory && !after.is_closed() {
        true => Label::GeneratedCode,
        false => Label::Breaking,
    };
    let kind = if is_mandatory {
        "mandatory"
    } else {
        "optional"
    };
    let sentence = format!("The {kind} field `{name}` was removed.");
    comparison.note(label, &old.referred(), sentence);
}

fn compare_required(comparison: &mut Comparison<'_>, before: &Shape<'_>, after: &Shape<'_>) {
    // A field that came or went with its duty has been noted.
    let came = |name: &String| {
        after.properties.contains_key(name) && !before.properties.contains_key(name)
    };
    let went = |name: &String| {
        before.properties.contains_key(name) && !after.properties.contains_key(name)
    };
    for (name, at) in &after.required {
        if !(before.required.contains_key(name) || came(name)) {
            let sentence = format!("The field `{name}` became mandatory.");
            comparison.judge(Labels::NARROWER, at, sentence);
        }
    }
    for (name, at) in &before.required {
        if !(after.required.contains_key(name) || went(name)) {
            let sentence = format!("The field `{name}` became optional.");
            comparison.judge(Labels::WIDER, at, sentence);
        }
    }
}

/// Compares the names of schemas, which generated code has as types, and those that no message
/// uses.
pub(super) fn compare_names(comparison: &mut Comparison<'_>) {
    comparison.operation = None;
    comparison.direction = None;
    let (before, mut after) = (named(&comparison.old), named(&comparison.new));
    for (name, old) in before {
        let pair = |new: &At<'_>| (old.pointer.clone(), new.pointer.clone());
        if let Some(new) = after.remove(&name) {
            let is_used = comparison.compared.contains(&pair(&new));
            if !is_used && !old.is_same(&new) {
                let sentence =
                    format!("The schema {name} was changed, beyond the messages of both.");
                comparison.note(Label::GeneratedCode, &new, sentence);
            }
            continue;
        }
        let is_successor = |new: &At<'_>| comparison.compared.contains(&pair(new));
        let renamed = after.iter().find(|(_, new)| is_successor(new));
        let sentence = match renamed.map(|(to, _)| to.clone()) {
            Some(to) => {
                after.remove(&to);
                format!("The schema {name} is called {to} now.")
            }
            None => format!("The schema {name} was removed."),
        };
        comparison.note(Label::GeneratedCode, &old, sentence);
    }
    for (name, new) in &after {
        comparison.note(
            Label::Compatible,
            new,
            format!("The schema {name} was added."),
        );
    }
}

fn named<'a>(root: &At<'a>) -> BTreeMap<String, At<'a>> {
    let schemas = root.member("components").member("schemas");
    schemas.members().into_iter().collect()
}
