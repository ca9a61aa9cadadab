//! The first line in which two canonical requests differ.

use std::fmt;

use serde::Serialize;

/// A line that differs.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Difference<'a> {
    /// Its number, from 1.
    line: usize,
    /// What stands there in our request.
    part: &'static str,
    ours: Option<&'a str>,
    theirs: Option<&'a str>,
}

impl<'a> Difference<'a> {
    /// The first of them, if there is one; line ends after the last line do not count.
    pub(crate) fn first(ours: &'a str, theirs: &'a str) -> Option<Self> {
        let ours: Vec<&str> = ours.split('\n').collect();
        let theirs: Vec<&str> = theirs.trim_end_matches('\n').split('\n').collect();
        let lines = 0..ours.len().max(theirs.len());
        let line = lines.into_iter().find(|&n| ours.get(n) != theirs.get(n))?;
        Some(Self {
            line: line + 1,
            part: part(line, ours.len()),
            ours: ours.get(line).copied(),
            theirs: theirs.get(line).copied(),
        })
    }
}

/// What stands in a line of a canonical request with so many of them.
fn part(line: usize, lines: usize) -> &'static str {
    match (line, lines.saturating_sub(line)) {
        (0, _) => "method",
        (1, _) => "path",
        (2, _) => "query",
        (_, 0) => "behind the end",
        (_, 1) => "hash of the body",
        (_, 2) => "names of the signed headers",
        (_, 3) => "end of the headers",
        _ => "header",
    }
}

impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |line: Option<&str>| line.map_or("nothing".to_owned(), |l| format!("{l:?}"));
        let (ours, theirs) = (text(self.ours), text(self.theirs));
        let Self { line, part, .. } = self;
        write!(
            f,
            "line {line} differs, {part}:\n  ours:   {ours}\n  theirs: {theirs}"
        )
    }
}
