//! Which characters a pattern allows: found out by trying them, as a pattern can be written in many ways.

use regex::Regex;

use super::facts::{Fact, Statements, state};

/// Characters that are written as one, if a pattern allows all of them.
const CLASSES: [(&str, char, char); 3] = [("A-Z", 'A', 'Z'), ("a-z", 'a', 'z'), ("0-9", '0', '9')];

/// Characters that no rule names: where they are allowed, a rule tells what is not.
const OTHERS: [char; 3] = ['\n', 'ä', '中'];

/// Adds the facts that a pattern states, or the pattern itself if it is about more than characters.
pub(super) fn read(pattern: &str, facts: &mut Statements) {
    let Some((first, all)) = Regex::new(pattern).ok().and_then(|regex| allowed(&regex)) else {
        return state(facts, Fact::Pattern, pattern);
    };
    if OTHERS.iter().all(|other| all.contains(other)) {
        let forbidden = printable().filter(|c| !all.contains(c)).map(String::from);
        state(facts, Fact::Forbidden, forbidden.collect::<Vec<_>>());
    } else {
        state(facts, Fact::Characters, classes(&all));
        if first != all {
            state(facts, Fact::First, classes(&first));
        }
    }
}

fn printable() -> impl Iterator<Item = char> {
    ' '..='~'
}

/// The characters with which a text may begin, and those it may have; `None` if there is no telling.
fn allowed(regex: &Regex) -> Option<(Vec<char>, Vec<char>)> {
    let any = printable().find(|c| regex.is_match(&String::from(*c).repeat(4)))?;
    let candidates = || printable().chain(OTHERS);
    let first = candidates().filter(|c| regex.is_match(&format!("{c}{any}{any}{any}")));
    let later = candidates().filter(|c| regex.is_match(&format!("{any}{c}{any}{any}")));
    Some((first.collect(), later.collect()))
}

fn classes(characters: &[char]) -> Vec<String> {
    let of_class =
        |(_, from, to): &(&str, char, char)| (*from..=*to).all(|c| characters.contains(&c));
    let whole: Vec<_> = CLASSES.into_iter().filter(of_class).collect();
    let single = characters.iter().filter(|c| {
        let in_class = |(_, from, to): &(&str, char, char)| (*from..=*to).contains(*c);
        !whole.iter().any(in_class)
    });
    let names = whole.iter().map(|(name, _, _)| (*name).to_owned());
    let mut all: Vec<String> = names
        .chain(single.map(std::string::ToString::to_string))
        .collect();
    all.sort();
    all
}
