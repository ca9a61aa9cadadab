//! Parts of messages: parameters, bodies, responses, headers.

use std::collections::BTreeMap;

use super::keywords::compare_rest;
use super::{Label, Labels, Scope, schemas};
use crate::at::At;

/// Parameters by their location and name; those of the path by their position in it.
pub(super) type Parameters<'a> = BTreeMap<(String, String), At<'a>>;

/// The parameters of an operation, with those that its path has for all operations.
pub(super) fn parameters<'a>(template: &str, path: &At<'a>, operation: &At<'a>) -> Parameters<'a> {
    let shared = path.member("parameters").members().into_iter();
    let own = operation.member("parameters").members();
    let keyed = |(_, parameter): (String, At<'a>)| {
        let location = parameter.member("in").text();
        let name = parameter.member("name").text();
        let name = match location {
            "path" => template.find(&format!("{{{name}}}")).map(|at| {
                let before = &template[..at];
                before.matches('{').count().to_string()
            }),
            "header" => Some(name.to_lowercase()),
            _ => None,
        }
        .unwrap_or_else(|| name.to_owned());
        ((location.to_owned(), name), parameter)
    };
    shared.chain(own).map(keyed).collect()
}

pub(super) fn compare_parameters(
    scope: &mut Scope<'_, '_>,
    before: Parameters<'_>,
    mut after: Parameters<'_>,
) {
    for (key, old) in before {
        let name = format!("{} parameter `{}`", key.0, old.member("name").text());
        let Some(new) = after.remove(&key) else {
            let sentence = format!("The {name} was removed.");
            scope.note(Label::Breaking, &old.referred(), sentence);
            continue;
        };
        compare_duty(scope, &old, &new, &format!("The {name}"));
        let schemas = [old.member("schema"), new.member("schema")];
        schemas::compare(scope, &schemas[..1], &schemas[1..]);
        compare_content(scope, &old, &new);
        let known = ["name", "in", "required", "schema", "content"];
        compare_rest(scope, (&old, &new), &known);
    }
    for ((location, _), new) in after {
        let name = new.member("name").text();
        let is_mandatory = new.member("required").is_true();
        let labels = if is_mandatory {
            Labels::NARROWER
        } else {
            Labels::LOOSER
        };
        let duty = schemas::duty(is_mandatory);
        let sentence = format!("The {duty} {location} parameter `{name}` was added.");
        scope.judge(labels, &new.referred(), sentence);
    }
}

fn compare_duty(scope: &mut Scope<'_, '_>, old: &At<'_>, new: &At<'_>, what: &str) {
    let [was, is] = [old, new].map(|at| at.member("required").is_true());
    match (was, is) {
        (false, true) => {
            scope.judge(Labels::NARROWER, new, format!("{what} became mandatory."));
        }
        (true, false) => scope.judge(Labels::WIDER, new, format!("{what} became optional.")),
        _ => {}
    }
}

/// Compares the bodies of two requests.
pub(super) fn compare_body(scope: &mut Scope<'_, '_>, old: &At<'_>, new: &At<'_>) {
    match (old.exists(), new.exists()) {
        (true, true) => {
            compare_duty(scope, old, new, "The body");
            compare_content(scope, old, new);
            compare_rest(scope, (old, new), &["required", "content"]);
        }
        (true, false) => scope.note(Label::Breaking, old, "The body was removed."),
        (false, true) if new.member("required").is_true() => {
            scope.note(Label::Breaking, new, "A mandatory body was added.");
        }
        (false, true) => scope.note(Label::Compatible, new, "An optional body was added."),
        (false, false) => {}
    }
}

/// Compares what two bodies, parameters or headers hold, by media type.
fn compare_content(scope: &mut Scope<'_, '_>, old: &At<'_>, new: &At<'_>) {
    let mut after: BTreeMap<String, At<'_>> = new.member("content").members().into_iter().collect();
    for (media, old) in old.member("content").members() {
        let Some(new) = after.remove(&media) else {
            let sentence = format!("The media type {media} was removed.");
            scope.note(Label::Breaking, &old, sentence);
            continue;
        };
        let schemas = [old.member("schema"), new.member("schema")];
        schemas::compare(scope, &schemas[..1], &schemas[1..]);
        compare_rest(scope, (&old, &new), &["schema"]);
    }
    for (media, new) in after {
        let sentence = format!("The media type {media} was added.");
        scope.note(Label::Compatible, &new, sentence);
    }
}

pub(super) fn compare_responses(scope: &mut Scope<'_, '_>, old: &At<'_>, new: &At<'_>) {
    let keyed = |responses: &At<'_>| -> Vec<String> {
        let statuses = responses.members().into_iter().map(|(status, _)| status);
        statuses
            .filter(|status| !status.starts_with("x-"))
            .collect()
    };
    let (before, after) = (keyed(old), keyed(new));
    for status in before.iter().filter(|status| after.contains(status)) {
        compare_response(scope, &old.member(status), &new.member(status));
    }
    for (had, has, what) in [(&before, &after, "removed"), (&after, &before, "added")] {
        let side = if what == "removed" { old } else { new };
        for status in had.iter().filter(|status| !has.contains(status)) {
            let response = side.member(status);
            let sentence = format!("The status {status} was {what}.");
            scope.note(label(status, had), &response.referred(), sentence);
            // Until then, or from now on, another entry has told of it.
            let Some(other) = cover(status, has) else {
                continue;
            };
            match what {
                "removed" => compare_response(scope, &response, &new.member(other)),
                _ => compare_response(scope, &old.member(other), &response),
            }
        }
    }
}

/// What it means that a status comes or goes: a success is looked for, an error that is documented or
/// not is handled all the same.
fn label(status: &str, all: &[String]) -> Label {
    let has_success = all.iter().any(|status| status.starts_with('2'));
    if status.starts_with(['2', '3']) || status == "default" && !has_success {
        Label::Breaking
    } else {
        Label::Compatible
    }
}

/// The entry that tells of a status without an entry of its own.
fn cover<'a>(status: &str, all: &'a [String]) -> Option<&'a String> {
    let class = format!("{}XX", status.get(..1).unwrap_or_default());
    let covers = |name: &str| all.iter().find(|status| *status == name);
    covers(&class).or_else(|| covers("default"))
}

fn compare_response(scope: &mut Scope<'_, '_>, old: &At<'_>, new: &At<'_>) {
    compare_content(scope, old, new);
    compare_rest(scope, (old, new), &["content", "headers"]);
    let keyed = |response: &At<'_>| -> BTreeMap<String, String> {
        let headers = response.member("headers").members().into_iter();
        let keyed = headers.map(|(name, _)| (name.to_lowercase(), name));
        keyed.collect()
    };
    let mut after = keyed(new);
    for (key, name) in keyed(old) {
        let header = old.member("headers").member(&name);
        let Some(new_name) = after.remove(&key) else {
            let sentence = format!("The header {name} was removed.");
            scope.note(Label::Breaking, &header, sentence);
            continue;
        };
        let other = new.member("headers").member(&new_name);
        compare_duty(scope, &header, &other, &format!("The header {name}"));
        let schemas = [header.member("schema"), other.member("schema")];
        schemas::compare(scope, &schemas[..1], &schemas[1..]);
        compare_content(scope, &header, &other);
        compare_rest(scope, (&header, &other), &["required", "schema", "content"]);
    }
    for name in after.values() {
        let header = new.member("headers").member(name);
        let sentence = format!("The header {name} was added.");
        scope.note(Label::Compatible, &header, sentence);
    }
}
