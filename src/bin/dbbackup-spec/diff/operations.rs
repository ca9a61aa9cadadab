//! Paths and operations: which there are, and who may call them.

use std::collections::{BTreeMap, BTreeSet};

use super::keywords::compare_rest;
use super::{Comparison, Direction, Label, Scope, parts};
use dbbackup::contract::METHODS;

use crate::at::At;
use crate::document::anonymous;

/// A path with its operations.
struct Path<'a> {
    template: String,
    item: At<'a>,
}

/// Compares all operations.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (before, mut after) = (paths(&comparison.old), paths(&comparison.new));
    // Operations without ways of their own to prove who calls have those of all.
    let is_same = |old: &At<'_>, new: &At<'_>, key| old.member(key).is_unchanged(&new.member(key));
    let (root, new_root) = (&comparison.old, &comparison.new);
    let [components, new_components] = [root, new_root].map(|root| root.member("components"));
    let same_callers = is_same(root, new_root, "security")
        && is_same(&components, &new_components, "securitySchemes");
    for (key, old) in before {
        let Some(new) = after.remove(&key) else {
            let sentence = format!("The path {} was removed.", old.template);
            comparison
                .outside()
                .note(Label::Breaking, &old.item, sentence);
            continue;
        };
        if old.template != new.template {
            let sentence = format!(
                "Parameters are renamed: {} was {}.",
                new.template, old.template
            );
            let mut scope = comparison.outside();
            scope.note(Label::GeneratedCode, &new.item, sentence);
        }
        if !(same_callers && old.template == new.template && old.item.is_unchanged(&new.item)) {
            compare_methods(comparison, &old, &new);
        }
    }
    for path in after.values() {
        let sentence = format!("The path {} was added.", path.template);
        let mut scope = comparison.outside();
        scope.note(Label::Compatible, &path.item, sentence);
    }
}

/// Paths by their template without the names of its parameters, which are not on the wire.
fn paths<'a>(root: &At<'a>) -> BTreeMap<String, Path<'a>> {
    let paths = root.member("paths").members().into_iter();
    let keyed =
        |(template, item): (String, At<'a>)| (anonymous(&template), Path { template, item });
    paths.map(keyed).collect()
}

fn compare_methods(comparison: &mut Comparison<'_>, old: &Path<'_>, new: &Path<'_>) {
    for method in METHODS {
        let (before, after) = (old.item.member(method), new.item.member(method));
        let name = format!("{} {}", method.to_uppercase(), new.template);
        match (before.exists(), after.exists()) {
            (true, true) => compare_operation(comparison, (old, &before), (new, &after), &name),
            (true, false) => {
                let mut scope = comparison.outside();
                scope.note(Label::Breaking, &before, format!("{name} was removed."));
            }
            (false, true) => {
                let mut scope = comparison.outside();
                scope.note(Label::Compatible, &after, format!("{name} was added."));
            }
            (false, false) => {}
        }
    }
    let known = [&METHODS[..], &["parameters", "$ref"]].concat();
    compare_rest(&mut comparison.outside(), (&old.item, &new.item), &known);
}

fn compare_operation(
    comparison: &mut Comparison<'_>,
    (old_path, old): (&Path<'_>, &At<'_>),
    (new_path, new): (&Path<'_>, &At<'_>),
    name: &str,
) {
    let [old_id, id] = [old, new].map(|at| at.member("operationId"));
    let operation = if id.exists() { id.text() } else { name };
    if id.value != old_id.value {
        let at = if id.exists() { &id } else { &old_id };
        let sentence = format!("operationId is {} and was {}.", id.value, old_id.value);
        let mut scope = comparison.scope(Some(operation));
        scope.note(Label::GeneratedCode, at, sentence);
    }
    let mut request = comparison.message(operation, Direction::Request);
    let before = parts::parameters(&old_path.template, &old_path.item, old);
    let after = parts::parameters(&new_path.template, &new_path.item, new);
    parts::compare_parameters(&mut request, before, after);
    let [before, after] = [old, new].map(|at| at.member("requestBody"));
    parts::compare_body(&mut request, &before, &after);
    compare_security(&mut request, old, new);
    let mut response = comparison.message(operation, Direction::Response);
    let [before, after] = [old, new].map(|at| at.member("responses"));
    parts::compare_responses(&mut response, &before, &after);
    const KNOWN: [&str; 5] = [
        "operationId",
        "parameters",
        "requestBody",
        "responses",
        "security",
    ];
    compare_rest(&mut comparison.scope(Some(operation)), (old, new), &KNOWN);
}

/// Ways to prove one's identity, each a set of things to send.
type Alternatives = Vec<BTreeSet<String>>;

fn compare_security(scope: &mut Scope<'_, '_>, old: &At<'_>, new: &At<'_>) {
    let (_, before) = alternatives(&scope.comparison.old, old);
    let (at, after) = alternatives(&scope.comparison.new, new);
    let shown = |set: &BTreeSet<String>| match &*set.iter().cloned().collect::<Vec<_>>() {
        [] => "no credentials".to_owned(),
        all => all.join(" with "),
    };
    for known in &before {
        // Whoever sends more than what is asked for is let in.
        if !after.iter().any(|asked| asked.is_subset(known)) {
            let sentence = format!("Calls with {} are no longer let in.", shown(known));
            scope.note(Label::Breaking, &at, sentence);
        }
    }
    for asked in after.iter().filter(|asked| !before.contains(asked)) {
        if before.iter().any(|known| !known.is_subset(asked)) {
            let sentence = format!("Calls with {} are let in now.", shown(asked));
            scope.note(Label::Compatible, &at, sentence);
        }
    }
}

fn alternatives<'a>(root: &At<'a>, operation: &At<'a>) -> (At<'a>, Alternatives) {
    let own = operation.member("security");
    let at = if own.exists() {
        own
    } else {
        root.member("security")
    };
    let schemes = root.member("components").member("securitySchemes");
    let set = |(_, alternative): (String, At<'_>)| {
        let needed = alternative.members().into_iter();
        let scheme = |(name, scopes): (String, At<'_>)| {
            let scheme = schemes.member(&name);
            let [kind, location, header] =
                ["type", "in", "name"].map(|key| scheme.member(key).text());
            match kind {
                "apiKey" if location == "header" => format!("header {}", header.to_lowercase()),
                "apiKey" => format!("{location} {header}"),
                _ => {
                    let said = scheme.on_the_wire().into_iter();
                    let said = said.map(|(key, at)| format!("{key} {}", at.value));
                    said.collect::<Vec<_>>().join(" ") + &scopes.value.to_string()
                }
            }
        };
        needed.map(scheme).collect()
    };
    let mut alternatives: Alternatives = at.members().into_iter().map(set).collect();
    if alternatives.is_empty() {
        alternatives.push(BTreeSet::new());
    }
    (at, alternatives)
}
