//! Words for people: descriptions, examples, servers and the extensions of this project.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Label, Scope};
use crate::at::{holds_names, is_prose};
use crate::pointer::join;

/// Compares everything that is never on the wire, where it stands.
pub(super) fn compare(scope: &mut Scope<'_, '_>) {
    let (old, new) = (scope.comparison.old.value, scope.comparison.new.value);
    walk(scope, (old, new), "", false);
    if scope.comparison.found.is_empty() && without_version(old) != without_version(new) {
        let sentence = "Only the arrangement changed, or what no operation uses.";
        note(scope, "", sentence.to_owned());
    }
}

fn without_version(document: &Value) -> Value {
    let mut document = document.clone();
    if let Some(info) = document["info"].as_object_mut() {
        info.remove("version");
    }
    document
}

fn note(scope: &mut Scope<'_, '_>, pointer: &str, sentence: String) {
    let at = scope.comparison.new.called(pointer);
    scope.note(Label::Documentation, &at, sentence);
}

fn walk(scope: &mut Scope<'_, '_>, (old, new): (&Value, &Value), pointer: &str, is_named: bool) {
    if let (Value::Array(old), Value::Array(new)) = (old, new) {
        for (i, item) in new.iter().enumerate() {
            let is_same = |other: &&Value| identity(other) == identity(item);
            if let Some(other) = old.iter().find(is_same) {
                let pointer = join(pointer, &i.to_string());
                walk(scope, (other, item), &pointer, false);
            }
        }
        return;
    }
    let keys = |value: &Value| -> BTreeSet<String> {
        let members = value.as_object().into_iter();
        members
            .flat_map(|members| members.keys().cloned())
            .collect()
    };
    for key in &keys(old) | &keys(new) {
        let pointer = join(pointer, &key);
        let pair = (&old[&key], &new[&key]);
        if !is_named && is_prose(&key) {
            compare_words(scope, pair, &pointer, &key);
        } else if pair.0 != pair.1 && !pair.0.is_null() && !pair.1.is_null() {
            // What came or went with all that it says has been noted.
            let has_names = !is_named && pair.1.is_object() && holds_names(&key);
            walk(scope, pair, &pointer, has_names);
        }
    }
}

/// What makes an item of a list the same as in the other contract.
fn identity(item: &Value) -> Option<[&Value; 3]> {
    item.is_object()
        .then(|| [&item["$ref"], &item["in"], &item["name"]])
}

/// Notes what differs in something for people, the members of a collection one by one.
fn compare_words(
    scope: &mut Scope<'_, '_>,
    (old, new): (&Value, &Value),
    pointer: &str,
    key: &str,
) {
    if old == new {
        return;
    }
    if let ("examples" | "info", Value::Object(before), Value::Object(after)) = (key, old, new) {
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let pair = (&old[name], &new[name]);
            if pair.0 != pair.1 && (key, &**name) != ("info", "version") {
                let sentence = format!("`{name}` of `{key}` {}.", what_happened(pair));
                note(scope, &join(pointer, name), sentence);
            }
        }
        return;
    }
    let sentence = format!("`{key}` {}.", what_happened((old, new)));
    note(scope, pointer, sentence);
}

fn what_happened((old, new): (&Value, &Value)) -> &'static str {
    match (old, new) {
        (Value::Null, _) => "was added",
        (_, Value::Null) => "was removed",
        _ => "was changed",
    }
}
