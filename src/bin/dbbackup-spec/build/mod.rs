//! A publication of the contracts: a folder that others can take whole, the same bytes from the same
//! contracts.
//!
//! Everything is made in memory first; [`target`] then puts it where it belongs.

mod bodies;
mod dereferenced;
mod fields;
mod index;
mod pages;
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
    Ok(files)
}

fn add_versions(files: &mut Files, contract: &Contract) -> anyhow::Result<()> {
    let service = &contract.service;
    for (place, blessed) in contract.versions.iter().enumerate() {
        let mut version = version_files(blessed)?;
        let history = &contract.versions[..=place];
        version.insert("CHANGELOG.md".to_owned(), changelog(service, history)?);
        let is_newest = place + 1 == contract.versions.len();
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
    let dereferenced = dereferenced::document(&root);
    let mut files = Files::from([
        ("openapi.yaml".to_owned(), blessed.yaml.clone()),
        ("openapi.json".to_owned(), canonical(&document.root)),
        (
            "openapi.dereferenced.json".to_owned(),
            canonical(&dereferenced),
        ),
    ]);
    let fault = |fault: &str| anyhow!("{}: {fault}: run dbbackup-spec lint", document.file);
    for operation in bodies::operations(&root) {
        let id = operation.id();
        if id.is_empty() {
            return Err(fault("an operation has no operationId"));
        }
        let page = format!("operations/{id}.md");
        files.insert(page, pages::operation(document, &operation));
        for body in operation.bodies() {
            let stem = format!("{id}.{}", body.name);
            let schema = json_schema(&document.root, &body.schema.pointer);
            let schema = schema.ok_or_else(|| fault("a body has no schema"))?;
            files.insert(format!("schemas/{stem}.json"), canonical(&schema));
            for (name, example) in body.examples {
                let path = format!("examples/{stem}.{name}.json");
                files.insert(path, canonical(example.value));
            }
        }
    }
    Ok(files)
}

/// What changed with each version, the newest first.
fn changelog(service: &str, history: &[Blessed]) -> anyhow::Result<String> {
    let mut text = Vec::new();
    writeln!(text, "# Changes of {service}")?;
    for (place, new) in history.iter().enumerate().rev() {
        writeln!(text, "\n## {}", new.version)?;
        match place.checked_sub(1).map(|before| &history[before]) {
            None => writeln!(text, "\nThe first version.")?,
            Some(old) => {
                let changes = diff::compare(&old.document.root, &new.document.root);
                diff::write_changes(&changes, "###", &mut text)?;
            }
        }
    }
    Ok(String::from_utf8(text)?)
}
