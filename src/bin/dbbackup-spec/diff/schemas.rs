//! Schemas: their fields, and the names of those in `components`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Direction, Label, Labels, Scope, alternatives, keywords};
use crate::at::{At, is_prose};

/// Places that together say what a value may be: what each of them says holds.
pub(super) type Parts<'a> = Vec<At<'a>>;

/// What the parts of a schema say, with what they take from others by `allOf`.
#[derive(Default)]
pub(super) struct Shape<'a> {
    keywords: BTreeMap<String, Parts<'a>>,
    properties: BTreeMap<String, Parts<'a>>,
    required: BTreeMap<String, At<'a>>,
    /// Where they say all this.
    taken: BTreeSet<String>,
}

impl<'a> Shape<'a> {
    fn of(parts: &[At<'a>]) -> Self {
        let mut shape = Self::default();
        parts.iter().for_each(|part| shape.take(part));
        shape
    }

    fn take(&mut self, schema: &At<'a>) {
        if !self.taken.insert(schema.pointer.clone()) {
            return;
        }
        for (keyword, at) in schema.members() {
            match &*keyword {
                "properties" => {
                    for (name, field) in at.members() {
                        self.properties.entry(name).or_default().push(field);
                    }
                }
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
                _ => self.keywords.entry(keyword).or_default().push(at),
            }
        }
    }

    /// The keyword that says all that the schema says.
    pub(super) fn only_keyword(&self) -> Option<(&str, &[At<'a>])> {
        let mut keywords = self.keywords.iter();
        let only = keywords.next().filter(|_| self.keywords.len() == 1)?;
        let is_all = self.properties.is_empty() && self.required.is_empty();
        is_all.then_some((only.0.as_str(), only.1.as_slice()))
    }

    /// Whether fields that are not named are refused, or some of them.
    fn is_closed(&self) -> bool {
        let additional = self.keywords.get("additionalProperties");
        additional.is_some_and(|parts| !parts.iter().all(keywords::is_open))
    }

    /// Whether messages of this direction have the field.
    fn sends(&self, name: &str, direction: Option<Direction>) -> bool {
        let keyword = match direction {
            Some(Direction::Request) => "readOnly",
            _ => "writeOnly",
        };
        let mut parts = self.properties.get(name).into_iter().flatten();
        !parts.any(|part| says(part, keyword, &mut BTreeSet::new()))
    }

    /// Whether messages of this direction must have the field.
    fn demands(&self, name: &str, direction: Option<Direction>) -> bool {
        self.required.contains_key(name) && self.sends(name, direction)
    }
}

/// Whether a schema, or one that it is made of, has a keyword that is true.
fn says(schema: &At<'_>, keyword: &str, seen: &mut BTreeSet<String>) -> bool {
    let value = schema.value;
    value[keyword] == true
        || value["allOf"].is_array()
            && seen.insert(schema.pointer.clone())
            && schema
                .member("allOf")
                .members()
                .iter()
                .any(|(_, part)| says(part, keyword, seen))
}

/// Compares two schemas in the direction of the message.
pub(super) fn compare(scope: &mut Scope<'_, '_>, old: &[At<'_>], new: &[At<'_>]) {
    let pointers = |parts: &[At<'_>]| -> Vec<String> {
        parts.iter().map(|part| part.pointer.clone()).collect()
    };
    if let ([old], [new]) = (old, new) {
        let pair = (old.pointer.clone(), new.pointer.clone());
        scope.comparison.compared.insert(pair);
        compare_types(scope, old, new);
    }
    if !scope
        .entered
        .insert((scope.is_unsent, pointers(old), pointers(new)))
    {
        return;
    }
    let is_equal = |(old, new): (&At<'_>, &At<'_>)| old.value == new.value && !new.refers();
    if old.len() == new.len() && old.iter().zip(new).all(is_equal) {
        return;
    }
    let (before, after) = (Shape::of(old), Shape::of(new));
    for old in &before.taken {
        let pairs = after.taken.iter().map(|new| (old.clone(), new.clone()));
        scope.comparison.compared.extend(pairs);
    }
    if alternatives::compare_all(scope, (old, &before), (new, &after)) {
        return;
    }
    compare_fields(scope, &before, &after);
    compare_required(scope, &before, &after);
    let keywords: BTreeSet<&String> = before
        .keywords
        .keys()
        .chain(after.keywords.keys())
        .collect();
    for keyword in keywords {
        let [old, new] = [&before, &after].map(|shape| shape.keywords.get(keyword));
        let [old, new] = [old, new].map(|parts| parts.map(Vec::as_slice).unwrap_or_default());
        keywords::compare(scope, keyword, old, new);
    }
}

/// Notes a type that generated code knows by another name, where both names are there.
fn compare_types(scope: &mut Scope<'_, '_>, old: &At<'_>, new: &At<'_>) {
    let name = |at: &At<'_>| {
        let name = at.pointer.strip_prefix("/components/schemas/")?;
        (!name.contains('/')).then(|| name.to_owned())
    };
    if let (Some(was), Some(is)) = (name(old), name(new))
        && was != is
        && named(&scope.comparison.new).contains_key(&was)
    {
        let sentence = format!("The schema is {is} and was {was}.");
        scope.note(Label::GeneratedCode, &new.referred(), sentence);
    }
}

fn compare_fields(scope: &mut Scope<'_, '_>, before: &Shape<'_>, after: &Shape<'_>) {
    let mut added = after.properties.clone();
    added.retain(|name, _| !before.properties.contains_key(name));
    for (name, old) in &before.properties {
        let was_unsent = scope.is_unsent;
        scope.is_unsent |= !before.sends(name, scope.direction);
        if let Some(new) = after.properties.get(name) {
            compare(scope, old, new);
        } else {
            note_missing(scope, (name, old), (before, after), &mut added);
        }
        scope.is_unsent = was_unsent;
    }
    for (name, new) in &added {
        let is_mandatory = after.demands(name, scope.direction);
        let is_refused = before.is_closed() && after.sends(name, scope.direction);
        let labels = match (is_mandatory, is_refused) {
            (true, false) => Labels::NARROWER,
            (true, true) => Labels::OTHER,
            (false, true) => Labels::WIDER,
            (false, false) => Labels::LOOSER,
        };
        if let [new, ..] = &new[..] {
            let sentence = format!("The {} field `{name}` was added.", duty(is_mandatory));
            scope.judge(labels, &new.referred(), sentence);
        }
    }
}

/// Notes a field that has another name, which is then no added one, or is gone.
fn note_missing<'a>(
    scope: &mut Scope<'_, '_>,
    (name, old): (&str, &[At<'_>]),
    (before, after): (&Shape<'_>, &Shape<'_>),
    added: &mut BTreeMap<String, Parts<'a>>,
) {
    let is_same = |new: &[At<'_>]| {
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.is_same(new))
    };
    let successor = added.iter().find(|(_, new)| is_same(new));
    match successor.map(|(to, _)| to.clone()) {
        Some(to) => {
            if let Some([new, ..]) = added.remove(&to).as_deref() {
                let sentence = format!("The field `{name}` is called `{to}` now.");
                scope.note(Label::Breaking, &new.referred(), sentence);
            }
        }
        None => {
            if let [old, ..] = old {
                note_removal(scope, (name, old), before, after);
            }
        }
    }
}

/// Whether something is mandatory, in a word.
pub(super) fn duty(is_mandatory: bool) -> &'static str {
    if is_mandatory {
        "mandatory"
    } else {
        "optional"
    }
}

fn note_removal(
    scope: &mut Scope<'_, '_>,
    (name, old): (&str, &At<'_>),
    before: &Shape<'_>,
    after: &Shape<'_>,
) {
    let is_mandatory = before.demands(name, scope.direction);
    let is_request = scope.direction == Some(Direction::Request);
    // Whoever still sends it is served all the same, unless fields without a name are refused.
    let label = if is_request && !is_mandatory && !after.is_closed() {
        Label::GeneratedCode
    } else {
        Label::Breaking
    };
    let sentence = format!("The {} field `{name}` was removed.", duty(is_mandatory));
    scope.note(label, &old.referred(), sentence);
}

fn compare_required(scope: &mut Scope<'_, '_>, before: &Shape<'_>, after: &Shape<'_>) {
    // A field that came or went with its duty has been noted.
    let is_new = |name: &str, before: &Shape<'_>, after: &Shape<'_>| {
        after.properties.contains_key(name) && !before.properties.contains_key(name)
    };
    let direction = scope.direction;
    for (name, at) in &after.required {
        let is_demanded = after.demands(name, direction);
        let is_old =
            before.required.contains_key(name) && (before.demands(name, direction) || !is_demanded);
        if !(is_old || is_new(name, before, after)) {
            let sentence = format!("The field `{name}` became mandatory.");
            let labels = if is_demanded {
                Labels::NARROWER
            } else {
                Labels::LOOSER
            };
            scope.judge(labels, at, sentence);
        }
    }
    for (name, at) in &before.required {
        if !(after.required.contains_key(name) || is_new(name, after, before)) {
            let sentence = format!("The field `{name}` became optional.");
            let labels = if before.sends(name, direction) {
                Labels::WIDER
            } else {
                Labels::LOOSER
            };
            scope.judge(labels, at, sentence);
        }
    }
}

/// Compares the names of schemas, which generated code has as types, and those that no message
/// uses.
pub(super) fn compare_names(scope: &mut Scope<'_, '_>) {
    let (before, mut after) = (named(&scope.comparison.old), named(&scope.comparison.new));
    let were_there: BTreeSet<String> = before.keys().cloned().collect();
    let text = scope.comparison.old.value.to_string();
    let has_discriminator = text.contains("\"discriminator\":");
    for (name, old) in before {
        let pair = |new: &At<'_>| (old.pointer.clone(), new.pointer.clone());
        if let Some(new) = after.remove(&name) {
            let is_used = scope.comparison.compared.contains(&pair(&new));
            if !(is_used || old.is_unchanged(&new) || old.is_same(&new)) {
                let sentence =
                    format!("The schema {name} was changed, beyond the messages of both.");
                scope.note(Label::GeneratedCode, &new, sentence);
            }
            continue;
        }
        let is_successor = |new: &At<'_>| scope.comparison.compared.contains(&pair(new));
        let renamed = after
            .iter()
            .find(|(to, new)| !were_there.contains(*to) && is_successor(new));
        // Without a mapping the words of a discriminator are the names of the schemas.
        let label = if has_discriminator {
            Label::Breaking
        } else {
            Label::GeneratedCode
        };
        let sentence = match renamed.map(|(to, _)| to.clone()) {
            Some(to) => {
                after.remove(&to);
                format!("The schema {name} is called {to} now.")
            }
            None => format!("The schema {name} was removed."),
        };
        scope.note(label, &old, sentence);
    }
    for (name, new) in &after {
        let sentence = format!("The schema {name} was added.");
        scope.note(Label::Compatible, new, sentence);
    }
}

fn named<'a>(root: &At<'a>) -> BTreeMap<String, At<'a>> {
    let schemas = root.member("components").member("schemas");
    schemas.members().into_iter().collect()
}
