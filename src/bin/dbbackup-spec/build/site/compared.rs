//! The services side by side: what is alike, and where they differ.

use std::collections::BTreeMap;

use dbbackup::Operation;
use serde_json::Value;

use super::html::{self, code, escape, heading};
use super::page::Page;
use super::told::{meanings, told};
use super::{Site, Version, place};
use crate::docs::{Facts, Places, facts_of};

/// The file of the page that has all operations.
pub(super) const FILE: &str = "site/compared.html";

/// What of an operation has a table, in words, with the group of its facts.
const GROUPS: [(&str, &str); 5] = [
    ("parameters", "parameters"),
    ("headers", "headers"),
    ("takes", "request"),
    ("answers", "response"),
    ("answers to what it refuses", "errors.4XX"),
];

/// The page of all operations, side by side.
pub(super) fn page(site: &Site<'_>) -> anyhow::Result<String> {
    let newest: Vec<Version<'_>> = site.newest().collect();
    let mut page = Page {
        title: "All operations side by side".to_owned(),
        file: FILE.to_owned(),
        version: None,
        operation: None,
        body: "<h1>All operations side by side</h1>\n".to_owned(),
    };
    page.body += LEGEND;
    for operation in operation_names(&newest) {
        page.body += &heading(operation);
        page.body += &operations(&newest, &[operation], &page);
        let facts = facts(&newest, operation)?;
        for (what, group) in GROUPS {
            let table = fields(&newest, &facts, group);
            if !table.is_empty() {
                page.body += &format!("<h3>{operation}: {what}</h3>\n{table}");
            }
        }
    }
    Ok(page.render(site))
}

/// What the marks mean.
pub(super) const LEGEND: &str = "\
<p>Marked with \u{2260}: what most of the services have in another way; where no way is the most usual
one, all are marked. A dash stands for what a service does not have.</p>
";

/// The operations of all services, the most important ones first.
pub(super) fn operation_names<'a>(newest: &[Version<'a>]) -> Vec<&'a str> {
    let all = newest.iter().flat_map(Version::operations);
    let mut names: Vec<&str> = all.map(|operation| operation.id()).collect();
    names.sort_by_key(|name| (place(Operation::ALL, Operation::as_str, name), *name));
    names.dedup();
    names
}

/// A table of operations: path, statuses and availability on each service.
pub(super) fn operations(newest: &[Version<'_>], names: &[&str], page: &Page<'_>) -> String {
    let row = |name: &&str| {
        let cell = |version: &Version<'_>| {
            let operations = version.operations();
            let Some(operation) = operations.iter().find(|one| one.id() == *name) else {
                return missing();
            };
            let call = format!("{} {}", operation.method, operation.path);
            let statuses = operation.at.member("responses").members();
            let statuses: Vec<String> = statuses.into_iter().map(|(status, _)| status).collect();
            let availability = operation.at.member("x-availability").text();
            let more = format!("{} {availability}", statuses.join(", "));
            let href = page.link(&version.file(operation.id()));
            let shown = format!("<a href=\"{href}\">{}</a> {}", code(&call), escape(&more));
            (format!("{call} {more}"), shown)
        };
        line(&html::name(name), newest.iter().map(cell).collect())
    };
    let rows = names.iter().map(row).collect();
    framed(newest, "operation", rows)
}

/// What each service tells of an operation, by place; nothing of one that does not have it.
pub(super) fn facts(
    newest: &[Version<'_>],
    operation: &str,
) -> anyhow::Result<Vec<Option<Places>>> {
    let facts = |version: &Version<'_>| {
        if !version.has(operation) {
            return Ok(None);
        }
        let meanings = meanings(version, operation);
        let mut places = facts_of(&version.blessed.document, operation)?;
        for (place, facts) in &mut places {
            if let Some((kind, meaning)) = meanings.get(place) {
                facts.extend(told(kind, meaning));
                // A type that has several is none of the facts.
                let kind = Value::from(kind.as_str());
                facts.entry("type".to_owned()).or_insert(kind);
            }
        }
        Ok(Some(places))
    };
    newest.iter().map(facts).collect()
}

/// A table of the fields of a body of an operation, or of its parameters: type, duty, limits, values and
/// units on each service; empty if no service has any.
pub(super) fn fields(newest: &[Version<'_>], all: &[Option<Places>], group: &str) -> String {
    let mut rows: BTreeMap<&str, Vec<Option<Facts>>> = BTreeMap::new();
    for (i, places) in all.iter().enumerate() {
        for (place, facts) in places.iter().flatten() {
            let path = place.strip_prefix(group);
            let Some(path) = path.and_then(|path| path.strip_prefix('.')) else {
                continue;
            };
            let mut facts = facts.clone();
            // rds-v1 wraps the fields that the others have at the top.
            let inner = path.strip_prefix("backup.").filter(|_| group == "request");
            if inner.is_some() {
                facts.insert("within".to_owned(), Value::from("backup"));
            }
            let row = rows
                .entry(inner.unwrap_or(path))
                .or_insert_with(|| vec![None; newest.len()]);
            row[i] = Some(facts);
        }
    }
    let cell = |facts: &Option<Facts>| match facts {
        None => missing(),
        Some(facts) => {
            let text = said(facts);
            (text.clone(), escape(&text))
        }
    };
    let row = |(path, facts): (&&str, &Vec<Option<Facts>>)| {
        line(&html::name(path), facts.iter().map(cell).collect())
    };
    match rows.is_empty() {
        true => String::new(),
        false => framed(newest, "field", rows.iter().map(row).collect()),
    }
}

/// The facts of a field in a few words.
fn said(facts: &Facts) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items = items.iter().map(|item| item.as_str().unwrap_or_default());
            let mut items: Vec<&str> = items.collect();
            items.sort_by_key(|item| item.parse().unwrap_or(0_u64));
            items.join(", ")
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

/// What a service does not have, as it is compared and shown.
fn missing() -> (String, String) {
    ("-".to_owned(), "-".to_owned())
}

/// A row with what each service says; what is not the most usual is marked.
fn line(name: &str, cells: Vec<(String, String)>) -> String {
    let count = |plain: &str| cells.iter().filter(|(other, _)| other == plain).count();
    let most = cells.iter().map(|(plain, _)| count(plain)).max();
    let most = most.unwrap_or_default();
    let mut usual: Vec<&str> = cells.iter().map(|(plain, _)| plain.as_str()).collect();
    usual.retain(|plain| count(plain) == most);
    let is_usual = |plain: &str| usual.iter().all(|other| *other == plain);
    let cell = |(plain, shown): &(String, String)| match is_usual(plain) {
        true => format!("<td>{shown}</td>"),
        false => format!("<td class=\"differs\">\u{2260} {shown}</td>"),
    };
    let shown: String = cells.iter().map(cell).collect();
    format!("<tr><th scope=\"row\">{name}</th>{shown}</tr>\n")
}

fn framed(newest: &[Version<'_>], first: &str, rows: String) -> String {
    let services = newest
        .iter()
        .map(|version| html::column(&version.contract.service));
    let columns = html::column(first) + &services.collect::<String>();
    html::framed("services side by side", &columns, &rows)
}
