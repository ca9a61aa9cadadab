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
    let mut comparison = Comparison::new(At::root(old), At::root(new));
    operations::compare(&mut comparison);
    schemas::compare_names(&mut comparison.outside());
    prose::compare(&mut comparison.outside());
    let found = comparison.found.into_iter();
    let change = |((label, direction, pointer, sentence), operations)| Change {
        label,
        direction,
        pointer,
        sentence,
        operations,
    };
    found.map(change).collect()
}

/// A comparison under way: what it has seen and found.
struct Comparison<'a> {
    old: At<'a>,
    new: At<'a>,
    /// Pairs of schemas of all messages.
    compared: BTreeSet<(String, String)>,
    found: BTreeMap<(Label, Option<Direction>, String, String), BTreeSet<String>>,
}

impl<'a> Comparison<'a> {
    fn new(old: At<'a>, new: At<'a>) -> Self {
        Self {
            old,
            new,
            compared: BTreeSet::new(),
            found: BTreeMap::new(),
        }
    }

    /// What belongs to no message, and to an operation if one is named.
    fn scope<'s>(&'s mut self, operation: Option<&'s str>) -> Scope<'s, 'a> {
        Scope {
            comparison: self,
            operation,
            direction: None,
            is_unsent: false,
            entered: BTreeSet::new(),
        }
    }

    /// What belongs to no operation.
    fn outside(&mut self) -> Scope<'_, 'a> {
        self.scope(None)
    }

    /// What an operation sends or answers.
    fn message<'s>(&'s mut self, operation: &'s str, direction: Direction) -> Scope<'s, 'a> {
        Scope {
            direction: Some(direction),
            ..self.scope(Some(operation))
        }
    }
}

/// The part of a comparison that is about one message of an operation, or about none.
struct Scope<'s, 'a> {
    comparison: &'s mut Comparison<'a>,
    operation: Option<&'s str>,
    direction: Option<Direction>,
    /// Whether it is in no message of this direction so far, so that a change breaks nobody on the wire.
    is_unsent: bool,
    /// Pairs of schemas, each with `is_unsent`; ends the walk in a recursive one.
    entered: BTreeSet<(bool, Vec<String>, Vec<String>)>,
}

impl Scope<'_, '_> {
    /// Notes a change of what is compared here.
    fn note(&mut self, label: Label, at: &At<'_>, sentence: impl Into<String>) {
        let label = match label {
            Label::Breaking if self.is_unsent => Label::GeneratedCode,
            label => label,
        };
        let key = (label, self.direction, at.pointer.clone(), sentence.into());
        let operations = self.comparison.found.entry(key).or_default();
        operations.extend(self.operation.map(str::to_owned));
    }

    /// Notes a change whose label depends on the direction.
    fn judge(&mut self, labels: Labels, at: &At<'_>, sentence: impl Into<String>) {
        let label = match self.direction {
            Some(Direction::Response) => labels.response,
            _ => labels.request,
        };
        self.note(label, at, sentence);
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
    const NARROWER: Self = Self::new(Label::Breaking, Label::Compatible);
    /// More values than before: who reads one of the new ones does not know it.
    const WIDER: Self = Self::new(Label::Compatible, Label::Breaking);
    /// More values of a kind that readers know already.
    const LOOSER: Self = Self::new(Label::Compatible, Label::Compatible);
    /// Other values than before, or something that nobody knows how to judge.
    const OTHER: Self = Self::new(Label::Breaking, Label::Breaking);
    /// Nothing on the wire.
    const CODE: Self = Self::new(Label::GeneratedCode, Label::GeneratedCode);

    const fn new(request: Label, response: Label) -> Self {
        Self { request, response }
    }
}
