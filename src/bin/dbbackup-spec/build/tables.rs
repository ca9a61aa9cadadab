//! What the pages of an operation say in tables, in Markdown.

use super::bodies::{self, Message, Operation};
use super::fields::{self, Field};
use super::meaning::Meaning;
use crate::at::At;

/// A table below a heading, or below that of the text before it.
pub(super) struct Table {
    pub(super) heading: &'static str,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

/// The columns of a table of fields.
pub(super) const FIELD_COLUMNS: [&str; 4] = ["field", "type", "mandatory", "meaning"];

impl Table {
    fn new<const N: usize>(
        heading: &'static str,
        columns: [&'static str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Self {
        Self {
            heading,
            columns: columns.to_vec(),
            rows: rows.into_iter().map(Vec::from).collect(),
        }
    }
}

pub(super) fn parameters(operation: &Operation<'_>) -> Table {
    let row = |parameter: At<'_>| {
        [
            parameter.member("name").text().to_owned(),
            parameter.member("in").text().to_owned(),
            fields::kind(&parameter.member("schema")),
            fields::duty(parameter.member("required").is_true()).to_owned(),
            format!("{}{}", Meaning::of(&parameter), examples(&parameter)),
        ]
    };
    let columns = ["name", "in", "type", "mandatory", "meaning"];
    Table::new(
        "Parameters",
        columns,
        operation.parameters().into_iter().map(row),
    )
}

/// Values that a parameter has had, in words.
fn examples(parameter: &At<'_>) -> String {
    let values: Vec<String> = bodies::examples(parameter)
        .iter()
        .map(|example| match example.value.as_str() {
            Some(text) => format!("`{text}`"),
            None => format!("`{}`", example.value),
        })
        .collect();
    if values.is_empty() {
        return String::new();
    }
    format!(" For example: {}.", values.join(", "))
}

pub(super) fn headers(message: &Message<'_>) -> Table {
    let row = |(name, header): (String, At<'_>)| {
        let kind = fields::kind(&header.member("schema"));
        [name, kind, Meaning::of(&header).to_string()]
    };
    let headers = message.at.member("headers").members();
    Table::new(
        "",
        ["header", "type", "meaning"],
        headers.into_iter().map(row),
    )
}

pub(super) fn of_fields(fields: &[Field<'_>]) -> Table {
    let row = |field: &Field<'_>| {
        [
            field.path.clone(),
            field.kind.clone(),
            fields::duty(field.is_mandatory).to_owned(),
            field.meaning.to_string(),
        ]
    };
    Table::new("", FIELD_COLUMNS, fields::flat(fields).into_iter().map(row))
}

/// Ways to prove one's identity: each row is enough.
pub(super) fn credentials(root: &At<'_>, operation: &At<'_>) -> Table {
    let own = operation.member("security");
    let security = if own.exists() {
        own
    } else {
        root.member("security")
    };
    let schemes = root.member("components").member("securitySchemes");
    let row = |(_, needed): (String, At<'_>)| {
        ["name", "description"].map(|key| {
            let needed = needed.members().into_iter();
            let texts = needed.map(|(name, _)| schemes.member(&name).member(key).text());
            texts.collect::<Vec<_>>().join(" and ")
        })
    };
    let rows = security.members().into_iter().map(row);
    Table::new("Credentials", ["header", "meaning"], rows)
}

pub(super) fn errors(root: &At<'_>, operation: &At<'_>) -> Table {
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
    Table::new("Errors", ["code", "status", "meaning"], rows)
}

pub(super) fn errata(operation: &At<'_>) -> Table {
    let row = |(_, erratum): (String, At<'_>)| {
        ["id", "page", "contract", "reason"].map(|part| erratum.member(part).text().to_owned())
    };
    let columns = ["id", "the page", "this contract", "why"];
    let rows = operation.member("x-errata").members().into_iter().map(row);
    Table::new("Errata of the vendor's page", columns, rows)
}
