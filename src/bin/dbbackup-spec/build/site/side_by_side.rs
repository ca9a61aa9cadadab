//! The services side by side: what is alike, and where they differ.

use std::collections::BTreeMap;

use dbbackup::Operation;
use maud::{Markup, html};
use serde_json::Value;

use super::facts::facts;
use super::html::{self, heading};
use super::page::Page;
use super::{Site, Version, place};
use crate::docs::{Facts, Places};

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
    let page = Page::new(site, "All operations side by side", FILE);
    let mut sections = Vec::new();
    for operation in operation_names(&newest) {
        let facts = facts(&newest, operation)?;
        let tables = GROUPS.map(|(what, group)| (what, fields(&newest, &facts, group)));
        sections.push(html! {
            (heading(operation))
            (operations(&newest, &[operation], &page))
            @for (what, table) in &tables {
                @if let Some(table) = table {
                    h3 { (operation) ": " (what) }
                    (table)
                }
            }
        });
    }
    Ok(page.render(&html! {
        h1 { (page.title) }
        (legend())
        @for section in &sections { (section) }
    }))
}

/// What the marks mean.
pub(super) fn legend() -> Markup {
    html! {
        p {
            "Marked with \u{2260}: what most of the services have in another way; where no way is the "
            "most usual one, all are marked. A dash stands for what a service does not have."
        }
    }
}

/// The operations of all services, the most important ones first.
pub(super) fn operation_names<'a>(newest: &[Version<'a>]) -> Vec<&'a str> {
    let all = newest.iter().flat_map(Version::operations);
    let mut names: Vec<&str> = all.map(|operation| operation.id()).collect();
    names.sort_by_key(|name| (place(Operation::ALL, Operation::as_str, name), *name));
    names.dedup();
    names
}

/// What a service says in a row: as it is compared, and as it is shown.
type Cell = (String, Markup);

/// A table of operations: path, statuses and availability on each service.
pub(super) fn operations(newest: &[Version<'_>], names: &[&str], page: &Page<'_>) -> Markup {
    let cell = |version: &Version<'_>, name: &str| {
        let operations = version.operations();
        let operation = operations.iter().find(|one| one.id() == name)?;
        let statuses = operation.at.member("responses").members();
        let statuses: Vec<String> = statuses.into_iter().map(|(status, _)| status).collect();
        let availability = operation.at.member("x-availability").text();
        let more = format!(" {} {availability}", statuses.join(", "));
        let shown = html! {
            a href=(page.link(&version.file(name))) { code { (operation.call()) } }
            (more)
        };
        Some((operation.call() + &more, shown))
    };
    let row = |name: &&str| {
        let cells = newest.iter().map(|version| cell(version, name));
        line(name, cells.collect())
    };
    framed(newest, "operation", names.iter().map(row))
}

/// A table of the fields of a body of an operation, or of its parameters: type, duty, limits, values and
/// units on each service; none if no service has any.
pub(super) fn fields(
    newest: &[Version<'_>],
    all: &[Option<Places>],
    group: &str,
) -> Option<Markup> {
    let mut rows: BTreeMap<&str, Vec<Option<Cell>>> = BTreeMap::new();
    for (i, places) in all.iter().enumerate() {
        let Some(places) = places else { continue };
        let envelope = envelope(all, places, group);
        for (path, facts) in within(places, group) {
            let mut said = said(facts);
            let inner = envelope.and_then(|outer| Some((outer, inner(path, outer)?)));
            said.extend(inner.map(|(outer, _)| format!("within: {outer}")));
            let row = rows
                .entry(inner.map_or(path, |(_, path)| path))
                .or_insert_with(|| vec![None; newest.len()]);
            let said = said.join("; ");
            row[i] = Some((said.clone(), html! { (said) }));
        }
    }
    let is_empty = rows.is_empty();
    let rows = rows.into_iter().map(|(path, cells)| line(path, cells));
    (!is_empty).then(|| framed(newest, "field", rows))
}

/// The fields of a group, by their paths in it.
fn within<'a>(places: &'a Places, group: &str) -> impl Iterator<Item = (&'a str, &'a Facts)> {
    places
        .iter()
        .filter_map(move |(place, facts)| Some((inner(place, group)?, facts)))
}

/// The path of a field within another one.
fn inner<'a>(path: &'a str, outer: &str) -> Option<&'a str> {
    path.strip_prefix(outer)?.strip_prefix('.')
}

/// The field around all others of a body, if another service has some of these without it.
fn envelope<'a>(all: &[Option<Places>], own: &'a Places, group: &str) -> Option<&'a str> {
    let mut paths = within(own, group).map(|(path, _)| path);
    let outer = paths.next()?;
    let inner: Option<Vec<&str>> = paths.map(|path| inner(path, outer)).collect();
    let is_elsewhere = |path: &&str| {
        let place = format!("{group}.{path}");
        all.iter()
            .flatten()
            .any(|places| places.contains_key(&place))
    };
    inner?.iter().any(is_elsewhere).then_some(outer)
}

/// The facts of a field, each in a few words.
fn said(facts: &Facts) -> Vec<String> {
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
    let said = |(name, value): (&String, &Value)| match (&**name, value) {
        ("type", value) => text(value),
        ("mandatory", Value::Bool(true)) => "mandatory".to_owned(),
        ("mandatory", _) => "optional".to_owned(),
        ("nullable", _) => "or null".to_owned(),
        (name, value) => format!("{}: {}", name.replace('_', " "), text(value)),
    };
    facts.iter().map(said).collect()
}

/// A row with what each service says; what is not the most usual is marked.
fn line(name: &str, cells: Vec<Option<Cell>>) -> Markup {
    let missing = || ("-".to_owned(), html! { "-" });
    let cells: Vec<Cell> = cells
        .into_iter()
        .map(|cell| cell.unwrap_or_else(missing))
        .collect();
    let count = |plain: &str| cells.iter().filter(|(other, _)| other == plain).count();
    let most = cells.iter().map(|(plain, _)| count(plain)).max();
    let is_usual = |plain: &str| {
        let mut usual = cells.iter().filter(|(other, _)| Some(count(other)) == most);
        usual.all(|(other, _)| other == plain)
    };
    html! {
        tr {
            th scope="row" { (html::name(name)) }
            @for (plain, shown) in &cells {
                @if is_usual(plain) { td { (shown) } } @else { td.differs { "\u{2260} " (shown) } }
            }
        }
    }
}

fn framed(newest: &[Version<'_>], first: &str, rows: impl Iterator<Item = Markup>) -> Markup {
    let columns = std::iter::once(first).chain(newest.iter().map(Version::service));
    let columns: Vec<&str> = columns.collect();
    html::framed(
        "services side by side",
        &columns,
        &html! { @for row in rows { (row) } },
    )
}
