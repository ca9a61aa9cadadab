//! What the description of a field states.

use serde_json::{Value, json};

use super::facts::{Facts, state};
use super::language::{Language, Rule, is_symbol};

/// Adds the facts that the lines of a description state.
pub(super) fn read(lines: &[String], language: &Language, facts: &mut Facts) {
    for (i, line) in lines.iter().enumerate() {
        for (rule, pattern) in &language.rules {
            for found in pattern.captures_iter(line) {
                let part = |i: usize| found.get(i).map_or("", |part| part.as_str());
                match rule {
                    Rule::Lengths => {
                        number(facts, "min_length", part(1));
                        number(facts, "max_length", part(2));
                    }
                    Rule::Shortest => number(facts, "min_length", part(1)),
                    Rule::Longest => number(facts, "max_length", part(1)),
                    Rule::First => list(facts, "first", language.characters(part(1))),
                    Rule::Characters => list(facts, "characters", language.characters(part(1))),
                    Rule::Forbidden => list(facts, "forbidden", symbols(part(1))),
                    Rule::Value => list(facts, "values", vec![part(1).to_owned()]),
                    Rule::Values => list(facts, "values", values(part(1), &lines[i + 1..])),
                    Rule::Default => state(facts, "default", part(1)),
                    Rule::Null => state(facts, "nullable", true),
                    Rule::Format => state(facts, "format", part(1)),
                    Rule::Uuid => state(facts, "format", "uuid"),
                }
            }
        }
    }
}

fn number(facts: &mut Facts, name: &str, digits: &str) {
    // A number that is none of this machine's is kept as the page writes it.
    let number = digits
        .parse::<u64>()
        .map_or_else(|_| json!(digits), Value::from);
    state(facts, name, number);
}

fn list(facts: &mut Facts, name: &str, mut values: Vec<String>) {
    values.sort();
    if !values.is_empty() {
        state(facts, name, values);
    }
}

/// The characters that a sentence quotes, in parentheses or at its end.
fn symbols(text: &str) -> Vec<String> {
    let text = text.trim();
    let in_parentheses = text
        .strip_prefix('(')
        .and_then(|rest| rest.rsplit_once(')'));
    let quoted = match in_parentheses {
        Some((quoted, _)) if !quoted.is_empty() => quoted,
        _ => text.split_whitespace().next().unwrap_or_default(),
    };
    let mut symbols: Vec<char> = quoted.chars().filter(|c| is_symbol(*c)).collect();
    symbols.sort_unstable();
    symbols.dedup();
    symbols.into_iter().map(String::from).collect()
}

/// The values on the rest of a line, or those with which the next lines begin.
fn values(rest: &str, next: &[String]) -> Vec<String> {
    if !rest.is_empty() {
        let rest = rest.replace(" or ", ",").replace('或', ",");
        let parts = rest.split([',', '，', '、', ';']);
        return parts.filter_map(word).map(str::to_owned).collect();
    }
    let item = |line: &String| {
        let line = line.trim_start_matches(['•', '-', '*', ' ']);
        let word = word(line)?;
        let rest = line[word.len()..].trim_start();
        (rest.is_empty() || rest.starts_with([':', '：'])).then(|| word.to_owned())
    };
    next.iter().map_while(item).collect()
}

/// The word with which a text begins.
fn word(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let word = &text[..end.unwrap_or(text.len())];
    (!word.is_empty()).then_some(word)
}
