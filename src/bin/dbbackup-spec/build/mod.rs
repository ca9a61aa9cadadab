//! A publication of the contracts: a folder that others can take whole, the same bytes from the same
//! contracts.
//!
//! Everything is made in memory first; [`target`] then puts it where it belongs.

mod bodies;
mod dereferenced;
mod fields;
mod index;
mod meaning;
mod pages;
mod site;
mod tables;
mod target;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use dbbackup::contract::json_schema;

use crate::at::At;
use crate::blessed::{self, Blessed, Contract, Standing, canonical};
use crate::diff;
use crate::document::Document;
use bodies::Operation;

/// Publish all blessed versions of the contracts into a folder.
///
/// It gets, for each service and version, the source, canonical and dereferenced JSON, JSON Schema
/// and examples of each body, a page for each operation and a changelog; and over all an index,
/// checksums, the newest versions below latest/ and llms.txt. A folder that holds anything else is
/// refused, and a version that is there never changes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder; it is made if there is none.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Folder of the contracts.
    #[arg(long, default_value = "openapi")]
    contracts: PathBuf,
}

/// Files by their path in the publication.
type Files = BTreeMap<String, String>;

/// Writes the publication and tells how large it is.
pub(crate) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let contracts = blessed::read(&arguments.contracts)?;
    let files = publication(&contracts)?;
    target::write(&arguments.out, &files)?;
    let bytes: usize = files.values().map(String::len).sum();
    let shown = arguments.out.display();
    writeln!(out, "{shown}: {} files, {bytes} bytes", files.len())?;
    Ok(ExitCode::SUCCESS)
}

fn publication(contracts: &[Contract]) -> anyhow::Result<Files> {
    let mut files = Files::new();
    let mut services = Vec::new();
    for contract in contracts {
        match contract.standing() {
            Standing::Blessed => {}
            Standing::Misnamed(fault) => bail!(fault),
            Standing::Ahead => bail!(
                "{}: version {} is not blessed: run dbbackup-spec bless",
                contract.document.file,
                contract.document.version()
            ),
        }
        add_versions(&mut files, contract)?;
        services.push(index::service(contract, &files));
    }
    files.insert("llms.txt".to_owned(), pages::list(contracts));
    files.insert(index::INDEX.to_owned(), index::index(&services));
    let pages = site::files(contracts, &files)?;
    files.extend(pages);
    Ok(files)
}

fn add_versions(files: &mut Files, contract: &Contract) -> anyhow::Result<()> {
    let service = &contract.service;
    for (index, blessed) in contract.versions.iter().enumerate() {
        let mut version = version_files(blessed)?;
        let history = &contract.versions[..=index];
        version.insert("CHANGELOG.md".to_owned(), changelog(service, history)?);
        let is_newest = index + 1 == contract.versions.len();
        for (path, text) in version {
            if is_newest {
                files.insert(format!("latest/{service}/{path}"), text.clone());
            }
            files.insert(format!("{service}/{}/{path}", blessed.version), text);
        }
    }
    Ok(())
}

/// The files of a version, but for its changelog.
fn version_files(blessed: &Blessed) -> anyhow::Result<Files> {
    let document = &blessed.document;
    let root = At::root(&document.root);
    let fault = |fault: String| anyhow!("{}: {fault}", document.file);
    let too_large = || fault("too large without references".to_owned());
    let dereferenced = dereferenced::document(&root).ok_or_else(too_large)?;
    let mut files = Files::from([
        ("openapi.yaml".to_owned(), blessed.yaml.clone()),
        ("openapi.json".to_owned(), canonical(&document.root)),
        (
            "openapi.dereferenced.json".to_owned(),
            canonical(&dereferenced),
        ),
    ]);
    for operation in bodies::operations(&root) {
        for (path, text) in operation_files(document, &operation).map_err(&fault)? {
            if files.insert(path.clone(), text).is_some() {
                return Err(fault(format!(
                    "{path} would be there twice: names are unique"
                )));
            }
        }
    }
    Ok(files)
}

/// The files of an operation: its page, and schema and examples of what is sent and answered.
fn operation_files(
    document: &Document,
    operation: &Operation<'_>,
) -> Result<Vec<(String, String)>, String> {
    let id = operation.id();
    let page = path("operations", &[id], "md")?;
    let mut files = vec![(page, pages::operation(document, operation))];
    for parameter in operation.parameters() {
        let of = parameter.member("name").text();
        for example in bodies::examples(&parameter) {
            let path = path("examples", &[id, "parameter", of, &example.name], "json")?;
            files.push((path, canonical(example.value)));
        }
    }
    for message in operation.messages() {
        if let Some(schema) = &message.schema {
            let path = path("schemas", &[id, &message.name], "json")?;
            let schema = json_schema(&document.root, &schema.pointer).unwrap_or_default();
            files.push((path, canonical(&schema)));
        }
        for example in &message.examples {
            let path = path("examples", &[id, &message.name, &example.name], "json")?;
            files.push((path, canonical(example.value)));
        }
    }
    Ok(files)
}

/// A path in a version; names of a contract must not lead elsewhere.
fn path(folder: &str, names: &[&str], kind: &str) -> Result<String, String> {
    let is_plain = |name: &&&str| {
        let mut all = name.chars();
        !name.is_empty() && all.all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    match names.iter().find(|name| !is_plain(name)) {
        None => Ok(format!("{folder}/{}.{kind}", names.join("."))),
        Some(name) => Err(format!(
            "{name:?} cannot be part of the name of a file: only letters, digits, - and _ can"
        )),
    }
}

/// What changed with each version, the newest first.
fn changelog(service: &str, history: &[Blessed]) -> anyhow::Result<String> {
    let mut text = Vec::new();
    writeln!(text, "# Changes of {service}")?;
    for (index, new) in history.iter().enumerate().rev() {
        writeln!(text, "\n## {}", new.version)?;
        match index.checked_sub(1).map(|before| &history[before]) {
            None => writeln!(text, "\nThe first version.")?,
            Some(old) => {
                let changes = diff::compare(&old.document.root, &new.document.root);
                diff::write_changes(&changes, "###", &mut text)?;
            }
        }
    }
    Ok(String::from_utf8(text)?)
}
