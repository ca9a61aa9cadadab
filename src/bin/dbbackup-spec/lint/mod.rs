//! The house rules of a contract, each in the module of its topic.
//!
//! A rule looks at the [`Objects`] and adds findings; what they look like is decided here alone.
//! What a [`Document`] refuses (duplicate keys, references that lead nowhere) is no rule here, nor is
//! what Redocly and Spectral check: where a rule repeats them, its file says why.

mod codes;
mod errata;
mod examples;
mod head;
mod kind;
mod names;
mod objects;
mod operations;
mod scalars;
mod schemas;
mod sources;
mod words;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use serde::Serialize;

use crate::blessed::contract_files;
use crate::document::Document;
use objects::Objects;

/// Check contracts against the rules of this project; exit code 1 tells of findings.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Files, in YAML or JSON; without any, those that `openapi/` has.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Form of the findings.
    #[arg(long, value_enum, default_value_t)]
    output: FindingFormat,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum FindingFormat {
    /// A line for each finding.
    #[default]
    Text,
    /// An array with an object for each finding.
    Json,
}

/// A broken rule, and where.
#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Finding {
    file: String,
    line: u64,
    pointer: String,
    message: String,
}

/// What the rules find in one contract: pointers with messages, and the lines that no pointer leads to.
#[derive(Default)]
struct Findings(Vec<(Option<u64>, String, String)>);

impl Findings {
    fn add(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.0.push((None, pointer.into(), message.into()));
    }

    fn add_at(&mut self, line: u64, pointer: impl Into<String>, message: impl Into<String>) {
        self.0.push((Some(line), pointer.into(), message.into()));
    }
}

const RULES: [fn(&Objects<'_>, &mut Findings); 10] = [
    head::check,
    operations::check,
    codes::check,
    examples::check,
    words::check,
    errata::check,
    schemas::check,
    sources::check,
    names::check,
    scalars::check,
];

/// Prints the findings.
pub(crate) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut files = arguments.files.clone();
    if files.is_empty() {
        files = contract_files(Path::new("openapi"))?;
    }
    let mut all = Vec::new();
    for file in &files {
        all.extend(findings(&Document::read(file)?));
    }
    all.sort();
    // One place may be reached from several others.
    all.dedup();
    match arguments.output {
        FindingFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?,
        FindingFormat::Text => {
            for found in &all {
                let Finding {
                    file,
                    line,
                    pointer,
                    message,
                } = found;
                writeln!(out, "{file}:{line}: {pointer}: {message}")?;
            }
        }
    }
    Ok(ExitCode::from(u8::from(!all.is_empty())))
}

fn findings(document: &Document) -> Vec<Finding> {
    let mut findings = Findings::default();
    let objects = Objects::new(document, &mut findings);
    for rule in RULES {
        rule(&objects, &mut findings);
    }
    let finding = |(line, pointer, message): (Option<u64>, String, String)| Finding {
        file: document.file.clone(),
        line: line.unwrap_or_else(|| document.line(&pointer)),
        pointer,
        message,
    };
    findings.0.into_iter().map(finding).collect()
}
