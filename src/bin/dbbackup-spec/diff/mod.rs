//! What differs between two contracts, and whom it breaks.
//!
//! Operations are compared in pairs, each from its own side: what a request may no longer be breaks
//! who sends it, what a response may newly be breaks who reads it. References are followed, so
//! a change in a shared schema is found for each direction in which it is used. What nobody knows
//! how to judge counts as breaking.

mod alternatives;
mod keywords;
mod operations;
mod parts;
mod prose;
mod report;
mod schemas;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

use crate::at::At;
use crate::document::Document;

pub(crate) use report::write_changes;

/// Tell how two contracts differ, and whom each change breaks.
///
/// Exit code 1 tells of changes that break what is sent or read; those that only generated code
/// notices do not count.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The contract as it was, in YAML or JSON.
    old: PathBuf,
    /// The contract as it is now.
    new: PathBuf,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t)]
    output: report::Format,
}

/// Whom a change breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Label {
    /// Who sends the request or reads the response.
    Breaking,
    /// Nobody on the wire, but code that is generated from the contract.
    GeneratedCode,
    /// Nobody.
    Compatible,
    /// Nobody: only words for people changed.
    Documentation,
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Breaking => "breaking",
            Self::GeneratedCode => "breaking for generated code",
            Self::Compatible => "not breaking",
            Self::Documentation => "documentation",
        })
    }
}

/// Which way the changed thing travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Direction {
    Request,
    Response,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Change {
    pub(crate) label: Label,
    /// None where it is no part of a message.
    direction: Option<Direction>,
    /// JSON pointer into the new contract, or into the old one for what was removed.
    pub(crate) pointer: String,
    pub(crate) sentence: String,
    /// Operations that it reaches; none for what belongs to no operation.
    operations: BTreeSet<String>,
}

/// Prints the changes.
pub(crate) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let old = Document::read(&arguments.old)?.comparable()?;
    let new = Document::read(&arguments.new)?.comparable()?;
    let changes = compare(&old.root, &new.root);
    report::write(arguments.output, &old, &new, &changes, out)?;
    let breaks = changes.iter().any(|change| change.label == Label::Breaking);
    Ok(ExitCode::from(u8::from(breaks)))
}

/// All differences but that of the version, the worst first.
pub(crate) fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let mut comparison = Comparison {
        old: At::root(old),
        new: At::root(new),
        operation: None,
        direction: None,
        entered: BTreeSet::new(),
        compared: BTreeSet::new(),
        found: BTreeMap::new(),
    };
    operations::compare(&mut comparison);
    schemas::compare_names(&mut comparison);
    prose::compare(&mut comparison);
    comparison.changes()
}

/// A comparison under way: where it is, and what it has found.
struct Comparison<'a> {
    old: At<'a>,
    new: At<'a>,
    operation: Option<String>,
    direction: Option<Direction>,
    /// Pairs of schemas of the message that is compared; ends the walk in a recursive one.
    entered: BTreeSet<(Vec<String>, Vec<String>)>,
    /// Pairs of schemas of all messages.
    compared: BTreeSet<(String, String)>,
    found: BTreeMap<(Label, Option<Direction>, String, String), BTreeSet<String>>,
}

impl Comparison<'_> {
    /// Notes a change of what is compared now.
    fn note(&mut self, label: Label, at: &At<'_>, sentence: impl Into<String>) {
        let key = (label, self.direction, at.pointer.clone(), sentence.into());
        let operations = self.found.entry(key).or_default();
        operations.extend(self.operation.clone());
    }

    /// Notes a change whose label depends on the direction.
    fn judge(&mut self, labels: Labels, at: &At<'_>, sentence: impl Into<String>) {
        let label = match self.direction {
            Some(Direction::Response) => labels.response,
            _ => labels.request,
        };
        self.note(label, at, sentence);
    }

    /// Whether messages of this direction have no such field, mandatory or not.
    fn leaves_out(&self, field: &[At<'_>]) -> bool {
        let keyword = match self.direction {
            Some(Direction::Request) => "readOnly",
            _ => "writeOnly",
        };
        field.iter().any(|part| part.member(keyword).is_true())
    }

    fn changes(self) -> Vec<Change> {
        let found = self.found.into_iter();
        let change = |((label, direction, pointer, sentence), operations)| Change {
            label,
            direction,
            pointer,
            sentence,
            operations,
        };
        found.map(change).collect()
    }
}

/// What a change means in a request and in a response.
#[derive(Clone, Copy)]
struct Labels {
    request: Label,
    response: Label,
}

impl Labels {
    /// Fewer values than before: who sends one of the others is refused.
    const NARROWER: Self = Self {
        request: Label::Breaking,
        response: Label::Compatible,
    };
    /// More values than before: who reads one of the new ones does not know it.
    const WIDER: Self = Self {
        request: Label::Compatible,
        response: Label::Breaking,
    };
    /// More values of a kind that readers know already.
    const LOOSER: Self = Self {
        request: Label::Compatible,
        response: Label::Compatible,
    };
    /// Other values than before, or something that nobody knows how to judge.
    const OTHER: Self = Self {
        request: Label::Breaking,
        response: Label::Breaking,
    };
    /// Nothing on the wire.
    const CODE: Self = Self {
        request: Label::GeneratedCode,
        response: Label::GeneratedCode,
    };
}
