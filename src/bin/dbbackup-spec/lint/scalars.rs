//! Readers of YAML 1.1 and 1.2 read the same.
//!
//! Both are in use: what is a text for one of them may be a boolean, a number or a time for the other.
//! Quotes settle it. JSON has no such scalars.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle};

use super::Findings;
use super::contract::Contract;
use crate::document::join;

/// Plain scalars, and how the two versions of YAML take them.
const AMBIGUOUS: [(&str, &str); 9] = [
    (
        "[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF",
        "is a boolean in YAML 1.1 and a text in YAML 1.2: quote it, or write true or false",
    ),
    (
        "[-+]?0[0-7_]*[1-7_][0-7_]*",
        "is an octal number in YAML 1.1 and none in YAML 1.2: write it in decimal, or quote it",
    ),
    (
        "0o[0-7]+|[-+]?0[0-9]*[89][0-9]*",
        "is a text in YAML 1.1 and a number in YAML 1.2: write it in decimal, or quote it",
    ),
    (
        // Without a point, or without the sign of the exponent.
        r"[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?([0-9]+\.[0-9]*|\.[0-9]+)[eE][0-9]+",
        "is a text in YAML 1.1 and a number in YAML 1.2: write it in decimal, or quote it",
    ),
    (
        "[-+]?0b[01_]+|[-+]0x[0-9a-fA-F_]+|0x[0-9a-fA-F]*_[0-9a-fA-F_]*",
        "is a number in YAML 1.1 and a text in YAML 1.2: quote it, or write it in decimal",
    ),
    (
        r"[-+]?[1-9][0-9]*_[0-9_]*|[-+]?([0-9][0-9_]*\.[0-9]*_|[0-9][0-9]*_[0-9_]*\.|\.[0-9]+_)[0-9_]*([eE][-+][0-9]+)?",
        "is a number in YAML 1.1 and a text in YAML 1.2: quote it, or write it in decimal",
    ),
    (
        r"[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*",
        "is a number in YAML 1.1 and a text in YAML 1.2: quote it, or write it in decimal",
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

/// A list or a mapping that is being read.
enum Open {
    List(usize),
    /// With the key that waits for its value.
    Mapping(Option<String>),
}

pub(super) fn check(contract: &Contract<'_>, findings: &mut Findings) {
    let text = &contract.document.text;
    if serde_json::from_str::<Value>(text).is_ok() {
        return;
    }
    let mut way: Vec<Open> = Vec::new();
    // The document was read already, so its text has no faults.
    for (event, span) in Parser::new_from_str(text).map_while(Result::ok) {
        let is_key = matches!(way.last(), Some(Open::Mapping(None)));
        let line = span.start.line() as u64;
        match event {
            Event::Scalar(text, style, _, tag) => {
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                let pointer = match is_key {
                    true => join(&pointer(&way), &text),
                    false => pointer(&way),
                };
                if is_plain && let Some(fault) = fault(&text, is_key) {
                    findings.add_at(line, pointer, fault);
                }
                close(&mut way, &text);
            }
            Event::Alias(_) => close(&mut way, "*"),
            Event::SequenceStart(..) => way.push(Open::List(0)),
            Event::MappingStart(..) => way.push(Open::Mapping(None)),
            Event::SequenceEnd | Event::MappingEnd => {
                way.pop();
                close(&mut way, "?");
            }
            _ => {}
        }
    }
}

/// What is wrong with a plain scalar.
fn fault(text: &str, is_key: bool) -> Option<String> {
    if text == MERGE {
        return Some("<< merges in YAML 1.1 alone: write the members out, or quote it".to_owned());
    }
    let mut patterns = PATTERNS.iter();
    let (_, words) = patterns.find(|(pattern, _)| pattern.is_match(text))?;
    Some(match words.split_once(": ") {
        Some((words, _)) if is_key => format!("the key {text} {words}: quote it"),
        _ => format!("{text} {words}"),
    })
}

/// The pointer of what comes next.
fn pointer(way: &[Open]) -> String {
    way.iter().fold(String::new(), |pointer, open| match open {
        Open::List(place) => join(&pointer, &place.to_string()),
        Open::Mapping(Some(key)) => join(&pointer, key),
        Open::Mapping(None) => pointer,
    })
}

/// Notes that a key or a value is over.
fn close(way: &mut [Open], text: &str) {
    match way.last_mut() {
        Some(Open::List(place)) => *place += 1,
        Some(Open::Mapping(key)) => {
            *key = match key.take() {
                None => Some(text.to_owned()),
                Some(_) => None,
            };
        }
        None => {}
    }
}
