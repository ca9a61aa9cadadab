//! A page of the vendor against the contract that was written from it.
//!
//! `page` reads all forms of pages (`markup`, `text`) into `blocks`; `extract` turns these into `facts`
//! by the words of `language`; `operation` states those of an operation in the same way; `compare` gives
//! a `verdict` on each.

mod blocks;
mod brackets;
mod compare;
mod examples;
mod explain;
mod extract;
mod facts;
mod keywords;
mod language;
mod markup;
mod operation;
mod page;
mod pairs;
mod patterns;
mod report;
mod sentences;
mod tables;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is what it is for")]
mod tests;
mod text;
mod verdict;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use serde_json::Value;

use crate::blessed::contract_files;
use crate::document::Document;
use facts::Documented;
use operation::OperationFacts;

/// Facts of one place by their names, such as `max_length`.
pub(crate) type Facts = BTreeMap<String, Value>;
/// Facts by their places, such as `request.backup.name`.
pub(crate) type Places = BTreeMap<String, Facts>;

/// Compare a page of the vendor with the contract; exit code 1 tells of findings.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The page as downloaded (HTML, Markdown, plain text; English, Chinese), or its facts in JSON.
    #[arg(value_name = "PAGE")]
    page: PathBuf,
    /// The service that the page is about, such as `rds-v3`.
    #[arg(long, value_name = "SERVICE", required_unless_present = "facts")]
    service: Option<String>,
    /// The operation that the page is about.
    #[arg(long, value_name = "ID", default_value = "create_backup")]
    operation: String,
    /// Folder of the contracts.
    #[arg(long, value_name = "FOLDER", default_value = "openapi")]
    contracts: PathBuf,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t)]
    output: report::VerdictFormat,
    /// Print the facts of the page in JSON, and compare nothing.
    #[arg(long, conflicts_with = "service")]
    facts: bool,
}

/// Prints a verdict on each fact.
pub(crate) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let page = read(&arguments.page)?;
    if arguments.facts {
        writeln!(out, "{}", serde_json::to_string_pretty(&page)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let service = arguments.service.as_deref().unwrap_or_default();
    let document = Document::read(&contract_of(&arguments.contracts, service)?)?;
    let contract = OperationFacts::of(&document, &arguments.operation)?;
    let rows = compare::compare(&page, &contract);
    report::write(arguments, &page, &rows, out)?;
    let has_findings = rows.iter().any(|row| row.finding);
    Ok(ExitCode::from(u8::from(has_findings)))
}

/// The facts of an operation of a contract.
pub(crate) fn facts_of(document: &Document, operation: &str) -> anyhow::Result<Places> {
    let facts = serde_json::to_value(OperationFacts::of(document, operation)?.places)?;
    Ok(serde_json::from_value(facts)?)
}

/// The contract of a service, in a folder of contracts.
fn contract_of(folder: &Path, service: &str) -> anyhow::Result<PathBuf> {
    let mut files = contract_files(folder)?;
    let is_named = |file: &PathBuf| file.file_stem().is_some_and(|stem| stem == service);
    if let Some(i) = files.iter().position(is_named) {
        return Ok(files.swap_remove(i));
    }
    let names = files.iter().filter_map(|file| file.file_stem()?.to_str());
    let (folder, names) = (folder.display(), names.collect::<Vec<_>>().join(", "));
    bail!("--service {service}: {folder} has contracts of {names} alone")
}

fn read(path: &Path) -> anyhow::Result<Documented> {
    let file = path.display().to_string();
    let bytes = fs::read(path).with_context(|| file.clone())?;
    let text = String::from_utf8(bytes).map_err(|_| anyhow!("{file}: save it in UTF-8"))?;
    let documented = if path.extension().is_some_and(|kind| kind == "json") {
        serde_json::from_str(&text).map_err(Into::into)
    } else {
        extract::facts(text.trim_start_matches('\u{feff}'))
    };
    documented.context(file)
}
