//! Pages for people and language models: one for each operation, and a list of them.

use super::bodies::{self, Operation};
use super::tables::{self, Table};
use crate::at::At;
use crate::blessed::Contract;
use crate::document::Document;

/// The list of all pages, in the form of <https://llmstxt.org/>.
pub(super) fn list(contracts: &[Contract]) -> String {
    const HEAD: &str = "\
# dbbackup

> OpenAPI contracts for backups of managed databases on Huawei Cloud and Open Telekom Cloud: one for
> each service, with the vendor's examples, error codes and errata.

A page of an operation holds all of it: parameters, fields, examples, errors.
";
    let mut text = HEAD.to_owned();
    for contract in contracts {
        let root = At::root(&contract.document.root);
        let service = &contract.service;
        text += &format!("\n## {}\n\n", root.member("info").member("title").text());
        for (file, what) in [
            ("openapi.yaml", "the contract"),
            (
                "openapi.dereferenced.json",
                "the contract without references",
            ),
            ("CHANGELOG.md", "what changed"),
        ] {
            text += &format!("- [{service} {file}](latest/{service}/{file}): {what}\n");
        }
        for operation in bodies::operations(&root) {
            let (id, summary) = (operation.id(), operation.at.member("summary").text());
            let page = format!("latest/{service}/operations/{id}.md");
            text += &format!("- [{service} {id}]({page}): {summary}\n");
        }
    }
    text
}

/// The page of an operation.
pub(super) fn operation(document: &Document, operation: &Operation<'_>) -> String {
    let root = At::root(&document.root);
    let at = &operation.at;
    let page = at.member("externalDocs");
    let mut text = format!(
        "# {}\n\n`{} {}`\n\n{}, version {}, operation `{}`.\n\n{}\n\nThe vendor's page: [{}]({})\n",
        at.member("summary").text(),
        operation.method,
        operation.path,
        root.member("info").member("title").text(),
        document.version(),
        operation.id(),
        at.member("description").text().trim_end(),
        page.member("description").text(),
        page.member("url").text(),
    );
    let availability = at.member("x-availability").text();
    if !availability.is_empty() {
        text += &format!("\n{availability}\n");
    }
    text += &table(&tables::credentials(&root, at));
    text += &table(&tables::parameters(operation));
    text += &messages(operation);
    text += &table(&tables::errors(&root, at));
    text += &table(&tables::errata(at));
    text
}

fn messages(operation: &Operation<'_>) -> String {
    let mut text = String::new();
    for message in operation.messages() {
        let description = message.description();
        text += &format!("\n## {}\n\n{description}\n", message.title());
        text += &table(&tables::headers(&message));
        text += &table(&tables::of_fields(&message.fields()));
        for example in &message.examples {
            let (title, value) = (example.title(), example.value);
            text += &format!("\nExample {title}:\n\n```json\n{value:#}\n```\n");
        }
    }
    text
}

/// A table below its heading, if it has rows.
fn table(table: &Table) -> String {
    if table.rows.is_empty() {
        return String::new();
    }
    let mut text = match table.heading {
        "" => String::new(),
        heading => format!("\n## {heading}\n"),
    };
    let line = " --- |".repeat(table.columns.len());
    text += &format!("\n| {} |\n|{line}\n", table.columns.join(" | "));
    for row in &table.rows {
        let cells = row.iter().map(|cell| {
            let words: Vec<&str> = cell.split_whitespace().collect();
            words.join(" ").replace("\\|", "|").replace('|', "\\|")
        });
        text += &format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "));
    }
    text
}
