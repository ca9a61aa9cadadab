//! What the description of a field states.

use serde_json::{Value, json};

use super::facts::{Fact, Statements, state};
use super::language::{Language, Rule};

/// Adds the facts that the lines of a description state.
pub(super) fn read(lines: &[String], language: &Language, facts: &mut Statements) {
    for (i, line) in lines.iter().enumerate() {
        for (rule, pattern) in &language.rules {
            for found in pattern.captures_iter(line) {
                let part = |i: usize| found.get(i).map_or("", |part| part.as_str());
                match rule {
                    Rule::Lengths => {
                        number(facts, Fact::MinLength, part(1));
                        number(facts, Fact::MaxLength, part(2));
                    }
                    Rule::Shortest => number(facts, Fact::MinLength, part(1)),
                    Rule::Longest => number(facts, Fact::MaxLength, part(1)),
                    Rule::First if found.name("not").is_some() => {}
                    Rule::First => {
                        let last = found.len() - 1;
                        state(facts, Fact::First, language.characters(part(last)));
                    }
                    Rule::Characters => {
                        state(facts, Fact::Characters, language.characters(part(1)))
                    }
                    Rule::Forbidden => forbidden(facts, part(1)),
                    Rule::Values => {
                        state(
                            facts,
                            Fact::Values,
                            values(part(1), &lines[i + 1..], language),
                        );
                    }
                    Rule::Default => state(facts, Fact::Default, part(1)),
                    Rule::Null => state(facts, Fact::Nullable, true),
                    Rule::Format => state(facts, Fact::Format, part(1)),
                    Rule::Uuid => state(facts, Fact::Format, "uuid"),
                }
            }
        }
    }
}

fn number(facts: &mut Statements, fact: Fact, digits: &str) {
    // A number that is none of this machine's is kept as the page writes it.
    let number = digits
        .parse::<u64>()
        .map_or_else(|_| json!(digits), Value::from);
    state(facts, fact, number);
}

/// The characters that a sentence quotes, in parentheses or at its end, and what it names in words.
fn forbidden(facts: &mut Statements, text: &str) {
    let text = text.trim();
    let in_parentheses = text.strip_prefix('(').and_then(|rest| {
        let end = rest.char_indices().find(|(i, c)| {
            *c == ')' && !rest[i + 1..].starts_with(|c: char| !c.is_whitespace() && c != '.')
        });
        end.map(|(end, _)| &rest[..end])
    });
    let quoted = in_parentheses.unwrap_or_else(|| text.strip_suffix('.').unwrap_or(text));
    let is_symbol =
        |c: &char| !c.is_alphanumeric() && (in_parentheses.is_some() || !c.is_whitespace());
    let mut all: Vec<String> = quoted.chars().filter(is_symbol).map(String::from).collect();
    // Where a page only says that no others are allowed, it quotes none.
    if all.is_empty() {
        return;
    }
    let words = quoted.split(|c: char| !c.is_alphanumeric());
    all.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
    all.sort();
    all.dedup();
    state(facts, Fact::Forbidden, all);
}

/// The values on the rest of a line, or those with which the next lines begin.
fn values(rest: &str, next: &[String], language: &Language) -> Vec<String> {
    let mut all: Vec<String> = match rest.trim() {
        "" => next
            .iter()
            .map_while(|line| item(line, language))
            .flatten()
            .collect(),
        rest => {
            let rest = without_asides(rest);
            let parts = language.parts(&rest).into_iter();
            parts.filter_map(alone).collect()
        }
    };
    all.sort();
    all.dedup();
    all
}

/// The values of a line of a list, before what it says of them.
fn item(line: &str, language: &Language) -> Option<Vec<String>> {
    let line = line.trim_start_matches(['•', '-', '*', ' ']);
    let names = line
        .split([':', '：', '(', '（'])
        .next()
        .unwrap_or_default();
    let names = names.split(" - ").next().unwrap_or_default();
    let parts = language.parts(names);
    parts.into_iter().map(alone).collect()
}

/// A value that stands alone, perhaps in quotation marks.
fn alone(part: &str) -> Option<String> {
    let part = part.trim().trim_end_matches(['.', '。', ' ']);
    let part = part.trim_matches(['"', '“', '”', '`', '\'']);
    let is_value = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (!part.is_empty() && part.chars().all(is_value)).then(|| part.to_owned())
}

/// A text without what stands in parentheses.
fn without_asides(text: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = |c: &char| {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    text.chars().filter(|c| outside(c)).collect()
}
