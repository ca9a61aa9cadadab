//! Examples of a page: JSON, which may follow the line with its call.

use regex::Regex;
use serde_json::{Value, json};

use super::facts::{Fact, Statements};

/// How an example is written that is no JSON as it stands.
pub(super) const ESCAPED: &str = "lines with Markdown escapes, not JSON";

/// The facts of an example; `note` is what is known to be wrong with its form.
pub(super) fn facts(text: &str, note: Option<&str>) -> Statements {
    let (call, body) = split(text);
    let (value, fault) = read(body);
    let call = call.map(|call| (Fact::Call, json!(call)));
    let note = note.map(str::to_owned).or(fault);
    let note = note.map(|note| (Fact::Note, json!(note)));
    let value = (Fact::Value, value);
    call.into_iter().chain([value]).chain(note).collect()
}

/// The line with the call, if there is one, and the body.
fn split(text: &str) -> (Option<&str>, &str) {
    let body = text.find(['{', '[']).unwrap_or(text.len());
    // The first brace of a call is that of a parameter in its path.
    let line = text.trim_start().lines().next().unwrap_or_default().trim();
    if is_call(line) {
        return (Some(line), text.trim_start()[line.len()..].trim_start());
    }
    (None, &text[body..])
}

/// Whether a line is a method with a URL or a path.
pub(super) fn is_call(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let method = words.next().unwrap_or_default();
    let url = words.next().unwrap_or_default();
    matches!(method, "GET" | "POST" | "PUT" | "PATCH" | "DELETE")
        && (url.starts_with('/') || url.starts_with("https://") || url.starts_with("http://"))
        && words.next().is_none_or(|word| word.starts_with("HTTP/"))
}

/// The value of a body, and what is wrong with its form.
fn read(body: &str) -> (Value, Option<String>) {
    let error = match serde_json::from_str(body) {
        Ok(value) => return (value, None),
        Err(error) => error,
    };
    // A value before the name of the next member.
    let missing = Regex::new(r#"(["\d\]}el])\s*\n(\s*")"#);
    let mended = missing.map(|missing| missing.replace_all(body, "$1,\n$2").into_owned());
    if let Ok(Ok(value)) = mended.map(|mended| serde_json::from_str(&mended)) {
        let note = format!("not JSON: a comma is missing before line {}", error.line());
        return (value, Some(note));
    }
    (Value::Null, Some(format!("not JSON: {error}")))
}
