//! Pages for people and language models: one for each operation, and a list of them.

use super::bodies::{self, Operation};
use super::fields;
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
    text += &credentials(&root, at);
    text += &parameters(operation);
    text += &messages(operation);
    text += &errors(&root, at);
    text += &errata(at);
    text
}

fn parameters(operation: &Operation<'_>) -> String {
    let row = |parameter: At<'_>| {
        [
            parameter.member("name").text().to_owned(),
            parameter.member("in").text().to_owned(),
            fields::kind(&parameter.member("schema")),
            fields::duty(parameter.member("required").is_true()),
            fields::meaning(&parameter),
        ]
    };
    let rows = operation.parameters().into_iter().map(row).collect();
    table(
        "Parameters",
        ["name", "in", "type", "mandatory", "meaning"],
        rows,
    )
}

fn messages(operation: &Operation<'_>) -> String {
    let mut text = String::new();
    for message in operation.messages() {
        let heading = match &*message.name {
            "request" => "Request".to_owned(),
            status => format!("Response {status}"),
        };
        let description = message.at.member("description").text().trim_end();
        text += &format!("\n## {heading}\n\n{description}\n");
        let row = |(name, header): (String, At<'_>)| {
            let kind = fields::kind(&header.member("schema"));
            [name, kind, fields::meaning(&header)]
        };
        let headers = message.at.member("headers").members().into_iter().map(row);
        text += &table("", ["header", "type", "meaning"], headers.collect());
        if let Some(schema) = &message.schema {
            let headings = ["field", "type", "mandatory", "meaning"];
            text += &table("", headings, fields::rows(schema));
        }
        for (name, value) in &message.examples {
            text += &format!("\nExample `{name}`:\n\n```json\n{value:#}\n```\n");
        }
    }
    text
}

/// Ways to prove one's identity: each row is enough.
fn credentials(root: &At<'_>, operation: &At<'_>) -> String {
    let own = operation.member("security");
    let security = if own.exists() {
        own
    } else {
        root.member("security")
    };
    let schemes = root.member("components").member("securitySchemes");
    let row = |(_, needed): (String, At<'_>)| {
        let needed = needed.members().into_iter();
        let schemes: Vec<At<'_>> = needed.map(|(name, _)| schemes.member(&name)).collect();
        let said = |key: &str| {
            let texts = schemes.iter().map(|scheme| scheme.member(key).text());
            texts.collect::<Vec<_>>().join(" and ")
        };
        [said("name"), said("description")]
    };
    let rows = security.members().into_iter().map(row).collect();
    table("Credentials", ["header", "meaning"], rows)
}

fn errors(root: &At<'_>, operation: &At<'_>) -> String {
    let codes = root
        .member("components")
        .member("x-error-codes")
        .member("codes");
    let row = |(_, code): (String, At<'_>)| {
        let row = codes.member(code.text());
        let status = row.member("status").value.to_string();
        let meaning = row.member("meaning").text().to_owned();
        [code.text().to_owned(), status, meaning]
    };
    let rows = operation
        .member("x-error-codes")
        .members()
        .into_iter()
        .map(row);
    table("Errors", ["code", "status", "meaning"], rows.collect())
}

fn errata(operation: &At<'_>) -> String {
    let row = |(_, erratum): (String, At<'_>)| {
        ["id", "page", "contract", "reason"].map(|part| erratum.member(part).text().to_owned())
    };
    let rows = operation.member("x-errata").members().into_iter().map(row);
    let headings = ["id", "the page", "this contract", "why"];
    table("Errata of the vendor's page", headings, rows.collect())
}

/// A table below a heading, if it has rows.
fn table<const N: usize>(heading: &str, headings: [&str; N], rows: Vec<[String; N]>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = match heading {
        "" => String::new(),
        heading => format!("\n## {heading}\n"),
    };
    text += &format!("\n| {} |\n|{}\n", headings.join(" | "), " --- |".repeat(N));
    for row in rows {
        let cells = row.map(|cell| {
            let words: Vec<&str> = cell.split_whitespace().collect();
            words.join(" ").replace("\\|", "|").replace('|', "\\|")
        });
        text += &format!("| {} |\n", cells.join(" | "));
    }
    text
}
