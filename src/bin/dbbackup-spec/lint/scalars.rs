//! Readers of YAML 1.1 and 1.2 read the same.
//!
//! Both are in use: what is a text for one of them may be a boolean, a number or a time for the other.
//! Quotes settle it. JSON has no such scalars.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::Findings;
use super::objects::Objects;
use crate::marks::marks;

const NUMBER_ONCE: &str =
    "is a number in YAML 1.1 and a text in YAML 1.2: quote it, or write it in decimal";
const NUMBER_NOW: &str =
    "is a text in YAML 1.1 and a number in YAML 1.2: write it in decimal, or quote it";

/// Plain scalars, and how the two versions of YAML take them.
const AMBIGUOUS: [(&str, &str); 10] = [
    (
        "[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF",
        "is a boolean in YAML 1.1 and a text in YAML 1.2: quote it, or write true or false",
    ),
    (
        "[-+]?0[0-7_]*[1-7_][0-7_]*",
        "is an octal number in YAML 1.1 and none in YAML 1.2: write it in decimal, or quote it",
    ),
    ("0o[0-7]+|[-+]?0[0-9]*[89][0-9]*", NUMBER_NOW),
    (
        "[-+]0o[0-7]+",
        "is a text in YAML 1.1 and 1.2, which some readers take for a number: write it in decimal, or quote it",
    ),
    (
        // Without a point, or without the sign of the exponent.
        r"[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?([0-9]+\.[0-9]*|\.[0-9]+)[eE][0-9]+",
        NUMBER_NOW,
    ),
    (
        "[-+]?0b[01_]+|[-+]0x[0-9a-fA-F_]+|0x[0-9a-fA-F]*_[0-9a-fA-F_]*",
        NUMBER_ONCE,
    ),
    (
        r"[-+]?[1-9][0-9]*_[0-9_]*|[-+]?([0-9][0-9_]*\.[0-9]*_|[0-9][0-9]*_[0-9_]*\.|\.[0-9]+_)[0-9_]*([eE][-+][0-9]+)?",
        NUMBER_ONCE,
    ),
    (
        r"[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*",
        NUMBER_ONCE,
    ),
    (
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?",
        "is a time in YAML 1.1 and a text in YAML 1.2: quote it",
    ),
    (
        "=",
        "has a type of its own in YAML 1.1 and is a text in YAML 1.2: quote it",
    ),
];

/// The same, ready to be compared.
static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let ready = |(pattern, words): &(&str, &'static str)| {
        let pattern = Regex::new(&format!("^(?:{pattern})$"));
        (pattern.expect("it is constant"), *words)
    };
    AMBIGUOUS.iter().map(ready).collect()
});

/// Key of a mapping whose members become those of the mapping around it, in YAML 1.1 alone.
const MERGE: &str = "<<";

pub(super) fn check(objects: &Objects<'_>, findings: &mut Findings) {
    let text = &objects.document.text;
    if serde_json::from_str::<Value>(text).is_ok() {
        return;
    }
    for mark in marks(text) {
        if let Some(fault) = mark.plain.and_then(|text| fault(&text, mark.is_key)) {
            findings.add_at(mark.line, mark.pointer, fault);
        }
    }
}

/// What is wrong with a plain scalar.
fn fault(text: &str, is_key: bool) -> Option<String> {
    if text == MERGE {
        return Some("<< merges in YAML 1.1 alone: write the members out, or quote it".to_owned());
    }
    let (_, words) = PATTERNS
        .iter()
        .find(|(pattern, _)| pattern.is_match(text))?;
    Some(match words.split_once(": ") {
        Some((words, _)) if is_key => format!("the key {text} {words}: quote it"),
        _ => format!("{text} {words}"),
    })
}
