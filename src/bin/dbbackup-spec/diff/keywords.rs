//! Keywords of schemas: what a change of each means.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::{Label, Labels, Scope, alternatives, schemas};
use crate::at::{At, is_prose, order};

const UPPER: [&str; 4] = ["maximum", "maxLength", "maxItems", "maxProperties"];
const LOWER: [&str; 4] = ["minimum", "minLength", "minItems", "minProperties"];

/// The keyword before and after, as far as it was there.
type Pair<'a, 'b> = (Option<&'b At<'a>>, Option<&'b At<'a>>);

/// Compares what the parts of two schemas say with a keyword.
pub(super) fn compare(scope: &mut Scope<'_, '_>, keyword: &str, old: &[At<'_>], new: &[At<'_>]) {
    let are_schemas =
        |parts: &[At<'_>]| !parts.is_empty() && parts.iter().all(|part| part.value.is_object());
    if matches!(keyword, "items" | "additionalProperties") && are_schemas(old) && are_schemas(new) {
        return schemas::compare(scope, old, new);
    }
    let (mut old, mut new) = (effective(keyword, old), effective(keyword, new));
    old.retain(|old| match new.iter().position(|new| new.is_same(old)) {
        Some(i) => {
            new.remove(i);
            false
        }
        None => true,
    });
    for i in 0..old.len().max(new.len()) {
        compare_one(scope, keyword, (old.get(i), new.get(i)));
    }
}

/// The parts that matter: of several bounds the tightest.
fn effective<'a>(keyword: &str, parts: &[At<'a>]) -> Vec<At<'a>> {
    let mut parts: Vec<At<'a>> = parts
        .iter()
        .filter(|at| !says_nothing(keyword, at))
        .cloned()
        .collect();
    let number = |at: &At<'a>| at.value.as_number().cloned();
    let compared = |one: &At<'a>, other: &At<'a>| match (number(one), number(other)) {
        (Some(one), Some(other)) => order(&one, &other).unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    };
    if UPPER.contains(&keyword) {
        return parts.into_iter().min_by(compared).into_iter().collect();
    }
    if LOWER.contains(&keyword) {
        return parts.into_iter().max_by(compared).into_iter().collect();
    }
    parts.dedup_by(|one, other| one.value == other.value);
    parts
}

/// Whether it is what holds without it, too.
fn says_nothing(keyword: &str, at: &At<'_>) -> bool {
    const OFF: [&str; 7] = [
        "allowEmptyValue",
        "allowReserved",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "readOnly",
        "uniqueItems",
        "writeOnly",
    ];
    match at.value {
        Value::Bool(false) => OFF.contains(&keyword),
        Value::Number(number) => {
            matches!(keyword, "minItems" | "minLength" | "minProperties")
                && number.as_u64() == Some(0)
        }
        _ => keyword == "additionalProperties" && is_open(at),
    }
}

fn compare_one(scope: &mut Scope<'_, '_>, keyword: &str, pair: Pair<'_, '_>) {
    match (keyword, pair) {
        ("oneOf" | "anyOf", (Some(old), Some(new))) => alternatives::compare(scope, old, new),
        ("enum", (Some(old), Some(new))) => compare_words(scope, old, new),
        ("nullable", (old, new)) => compare_nullable(scope, old, new),
        (_, (old, new)) => {
            let Some(at) = new.or(old) else { return };
            let values = (old.map(|at| at.value), new.map(|at| at.value));
            scope.judge(labels(keyword, values), at, sentence(keyword, values));
        }
    }
}

/// Whether fields without a name may be anything, as they may where nothing is said.
pub(super) fn is_open(additional: &At<'_>) -> bool {
    additional.is_true() || additional.value.as_object().is_some_and(Map::is_empty)
}

fn sentence(keyword: &str, values: (Option<&Value>, Option<&Value>)) -> String {
    let is_plain = |value: &Value| !(value.is_object() || value.is_array());
    match values {
        (Some(old), Some(new)) if is_plain(old) && is_plain(new) => {
            format!("`{keyword}` went from `{old}` to `{new}`.")
        }
        (None, Some(new)) if is_plain(new) => format!("`{keyword}` was added: `{new}`."),
        (Some(old), None) if is_plain(old) => {
            format!("`{keyword}` was removed; it was `{old}`.")
        }
        (None, _) => format!("`{keyword}` was added."),
        (_, None) => format!("`{keyword}` was removed."),
        _ => format!("`{keyword}` was changed."),
    }
}

/// What a change of a keyword means; those with values of their own are compared elsewhere.
fn labels(keyword: &str, (old, new): (Option<&Value>, Option<&Value>)) -> Labels {
    match (keyword, old, new) {
        ("enum", None, _) => Labels::NARROWER,
        ("enum", _, None) => Labels::WIDER,
        ("format", None, _) | ("format", _, None) => Labels::CODE,
        ("format" | "type", Some(Value::String(old)), Some(Value::String(new))) => {
            match (is_wider(old, new), is_wider(new, old)) {
                (true, _) => Labels::WIDER,
                (_, true) => Labels::NARROWER,
                _ => Labels::OTHER,
            }
        }
        ("type" | "not", _, None) => Labels::WIDER,
        ("type" | "not", None, _) => Labels::NARROWER,
        // Whoever sends it must not, and who reads it is not concerned; with `writeOnly` the reverse.
        ("readOnly", _, Some(Value::Bool(true))) => Labels::NARROWER,
        ("writeOnly", _, Some(Value::Bool(true))) => Labels::WIDER,
        ("readOnly" | "writeOnly", ..) => Labels::LOOSER,
        ("additionalProperties", _, Some(Value::Bool(false))) => Labels::NARROWER,
        ("additionalProperties", Some(Value::Bool(false)), _) => Labels::LOOSER,
        ("additionalProperties", _, None) => Labels::LOOSER,
        ("additionalProperties", ..) => Labels::NARROWER,
        // Only the service fills in a default, where a request has left the field out.
        ("default", None, _) => Labels::LOOSER,
        ("default", ..) => Labels::NARROWER,
        ("pattern", _, None) => Labels::LOOSER,
        ("pattern", ..) => Labels::NARROWER,
        _ => bound(keyword, old, new),
    }
}

/// Whether the second type or format has all values of the first, and more.
fn is_wider(old: &str, new: &str) -> bool {
    matches!(
        (old, new),
        ("integer", "number") | ("int32", "int64") | ("float", "double")
    )
}

fn bound(keyword: &str, old: Option<&Value>, new: Option<&Value>) -> Labels {
    let (is_upper, is_lower) = (UPPER.contains(&keyword), LOWER.contains(&keyword));
    let is_flag = matches!(
        keyword,
        "exclusiveMaximum" | "exclusiveMinimum" | "uniqueItems"
    );
    let is_tighter = match (old, new) {
        (_, None) if is_flag => false,
        (_, Some(new)) if is_flag => *new == Value::Bool(true),
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (Some(Value::Number(old)), Some(Value::Number(new))) => match order(old, new) {
            Some(Ordering::Less) => is_lower,
            Some(Ordering::Greater) => is_upper,
            Some(Ordering::Equal) | None => true,
        },
        _ => true,
    };
    match (
        is_upper || is_lower || is_flag || keyword == "multipleOf",
        is_tighter,
    ) {
        (false, _) => Labels::OTHER,
        (true, _) if keyword == "multipleOf" && old.is_some() && new.is_some() => {
            match [old, new].map(|value| value.and_then(Value::as_u64)) {
                [Some(old), Some(new)] if new > 0 && old % new == 0 => Labels::LOOSER,
                _ => Labels::NARROWER,
            }
        }
        (true, true) => Labels::NARROWER,
        (true, false) => Labels::LOOSER,
    }
}

fn compare_nullable(scope: &mut Scope<'_, '_>, old: Option<&At<'_>>, new: Option<&At<'_>>) {
    let was = old.is_some_and(At::is_true);
    let is = new.is_some_and(At::is_true);
    match (was, is, old, new) {
        (false, true, _, Some(at)) => scope.judge(Labels::WIDER, at, "It may be null now."),
        (true, false, Some(at), _) => {
            let at = new.unwrap_or(at);
            scope.judge(Labels::NARROWER, at, "It must not be null any more.");
        }
        // Written out or not, it means the same.
        (..) => {}
    }
}

fn compare_words(scope: &mut Scope<'_, '_>, old: &At<'_>, new: &At<'_>) {
    let missing = |from: &At<'_>, of: &At<'_>| -> Vec<String> {
        let others: Vec<_> = from.members().iter().map(|(_, word)| word.value).collect();
        let words = of.members().into_iter();
        let missing = words.filter(|(_, word)| !others.contains(&word.value));
        missing
            .map(|(_, word)| format!("`{}`", word.value))
            .collect()
    };
    let (removed, added) = (missing(new, old), missing(old, new));
    if !removed.is_empty() {
        let sentence = format!("`enum` lost {}.", removed.join(", "));
        scope.judge(Labels::NARROWER, new, sentence);
    }
    if !added.is_empty() {
        let sentence = format!("`enum` gained {}.", added.join(", "));
        scope.judge(Labels::WIDER, new, sentence);
    }
}

/// Notes everything else that two objects of the contract say differently.
pub(super) fn compare_rest(
    scope: &mut Scope<'_, '_>,
    (old, new): (&At<'_>, &At<'_>),
    known: &[&str],
) {
    let keys = old.members().into_iter().chain(new.members());
    let mut keys: Vec<String> = keys.map(|(key, _)| key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.retain(|key| !(known.contains(&&**key) || is_prose(key)));
    for key in keys {
        let (before, after) = (old.member(&key), new.member(&key));
        if !before.is_same(&after) {
            let values = [&before, &after].map(|at| at.exists().then_some(at.value));
            let at = if after.exists() { &after } else { &before };
            scope.note(Label::Breaking, at, sentence(&key, values.into()));
        }
    }
}
