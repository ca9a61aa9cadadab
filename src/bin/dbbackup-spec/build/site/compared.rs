//! The services side by side: what is alike, and where they differ.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Version;
use super::html::{self, code, escape};
use crate::build::bodies::Operation;
use crate::build::fields as of_bodies;
use crate::docs::{Facts, facts_of};

/// A table of operations: path and success statuses of each service.
pub(super) fn operations(newest: &[Version<'_>], link: impl Fn(&str) -> String) -> String {
    let mut names: Vec<&str> = Vec::new();
    for operation in newest.iter().flat_map(Version::operations) {
        if !names.contains(&operation.id()) {
            names.push(operation.id());
        }
    }
    let row = |name: &&str| {
        let cell = |version: &Version<'_>| {
            let operations = version.operations();
            let Some(operation) = operations.iter().find(|one| one.id() == *name) else {
                return ("-".to_owned(), "-".to_owned());
            };
            let call = format!("{} {}", operation.method, operation.path);
            let statuses = operation.at.member("responses").members();
            let statuses: Vec<String> = statuses
                .into_iter()
                .map(|(status, _)| status)
                .filter(|status| status.starts_with('2'))
                .collect();
            let statuses = statuses.join(", ");
            let href = link(&version.file(operation.id()));
            let shown = format!("<a href=\"{href}\">{}</a> {statuses}", code(&call));
            (format!("{call} {statuses}"), shown)
        };
        line(&code(name), newest.iter().map(cell).collect())
    };
    framed(newest, "operation", names.iter().map(row).collect())
}

/// Tables of the fields of a body of an operation: type, duty, limits and values of each service.
pub(super) fn fields(
    newest: &[Version<'_>],
    operation: &str,
    group: &str,
) -> anyhow::Result<String> {
    let mut rows: BTreeMap<String, Vec<Option<Facts>>> = BTreeMap::new();
    let has_it = newest
        .iter()
        .enumerate()
        .filter(|(_, version)| version.has(operation));
    for (i, version) in has_it {
        let units = units(version, operation);
        for (place, mut facts) in facts_of(&version.blessed.document, operation)? {
            if let Some(unit) = units.get(&place) {
                facts.insert("unit".to_owned(), Value::from(*unit));
            }
            let Some(path) = place
                .strip_prefix(group)
                .and_then(|path| path.strip_prefix('.'))
            else {
                continue;
            };
            // rds-v1 wraps the fields that the others have at the top.
            let path = match path.strip_prefix("backup.") {
                Some(inner) if group == "request" => inner,
                _ => path,
            };
            let row = rows
                .entry(path.to_owned())
                .or_insert_with(|| vec![None; newest.len()]);
            row[i] = Some(facts);
        }
    }
    let cell = |facts: &Option<Facts>| match facts {
        None => ("-".to_owned(), "-".to_owned()),
        Some(facts) => {
            let text = said(facts);
            (text.clone(), escape(&text))
        }
    };
    let row = |(path, facts): (&String, &Vec<Option<Facts>>)| {
        line(&code(path), facts.iter().map(cell).collect())
    };
    Ok(framed(newest, "field", rows.iter().map(row).collect()))
}

/// The units of sizes, which a contract tells in words.
fn units(version: &Version<'_>, operation: &str) -> BTreeMap<String, &'static str> {
    const UNITS: [&str; 4] = ["bytes", "KB", "MB", "GB"];
    let operations = version.operations();
    let messages = operations
        .iter()
        .filter(|one| one.id() == operation)
        .flat_map(Operation::messages);
    let mut units = BTreeMap::new();
    for message in messages {
        let fields = message
            .schema
            .iter()
            .flat_map(of_bodies::fields)
            .collect::<Vec<_>>();
        for [path, _, _, meaning] in of_bodies::rows(&fields) {
            let words: Vec<&str> = meaning
                .split(|c: char| !c.is_ascii_alphanumeric())
                .collect();
            let unit = UNITS.into_iter().find(|unit| words.contains(unit));
            let group = if message.name == "request" {
                "request"
            } else {
                "response"
            };
            units.extend(unit.map(|unit| (format!("{group}.{}", path.replace("[]", "")), unit)));
        }
    }
    units
}

/// The facts of a field in a few words.
fn said(facts: &Facts) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items = items.iter().map(|item| item.as_str().unwrap_or_default());
            items.collect::<Vec<_>>().join(" ")
        }
        value => value.to_string(),
    };
    let mut said = Vec::new();
    for (name, value) in facts {
        said.push(match (&**name, value) {
            ("type", value) => text(value),
            ("mandatory", Value::Bool(true)) => "mandatory".to_owned(),
            ("mandatory", _) => "optional".to_owned(),
            ("nullable", _) => "or null".to_owned(),
            (name, value) => format!("{}: {}", name.replace('_', " "), text(value)),
        });
    }
    said.join("; ")
}

/// A row with what each service says; what differs from the first of them is marked.
fn line(name: &str, cells: Vec<(String, String)>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (plain, _) in &cells {
        *counts.entry(plain).or_default() += 1;
    }
    let usual = cells
        .iter()
        .map(|(plain, _)| plain)
        .max_by_key(|plain| counts[plain.as_str()]);
    let cell = |(plain, shown): &(String, String)| {
        let is_other = counts.len() > 1 && Some(plain) != usual;
        match is_other {
            true => format!("<td class=\"differs\">{shown}</td>"),
            false => format!("<td>{shown}</td>"),
        }
    };
    let shown: String = cells.iter().map(cell).collect();
    format!("<tr><th scope=\"row\">{name}</th>{shown}</tr>\n")
}

fn framed(newest: &[Version<'_>], first: &str, rows: String) -> String {
    let services = newest
        .iter()
        .map(|version| html::column(&version.contract.service));
    let columns = html::column(first) + &services.collect::<String>();
    html::framed(&format!(
        "<thead><tr>{columns}</tr></thead>\n<tbody>\n{rows}</tbody>"
    ))
}
