//! The page of an operation: all that the contract says of it.

use dbbackup::error::remedy;
use dbbackup::{Operation as Known, Service};

use super::html::{self, code, escape, heading, inline, prose};
use super::page::Page;
use super::{Site, Version};
use crate::build::bodies::{Message, Operation};
use crate::build::fields::{self, Field};
use crate::build::tables;

pub(super) fn page(site: &Site<'_>, version: &Version<'_>, operation: &Operation<'_>) -> String {
    let root = version.root();
    let at = &operation.at;
    let mut body = head(version, operation);
    body += &html::table(&tables::parameters(operation));
    for message in operation.messages() {
        body += &self::message(&message);
    }
    body += &html::table(&tables::credentials(&root, at));
    body += &errors(version, operation);
    body += &html::table(&tables::errata(at));
    let mut page = Page {
        title: format!("{} - {}", at.member("summary").text(), version.title()),
        file: version.file(operation.id()),
        version: Some(version),
        operation: Some(operation.id()),
        body,
    };
    page.body += &files(site, version, operation, &page);
    page.render(site)
}

fn head(version: &Version<'_>, operation: &Operation<'_>) -> String {
    let at = &operation.at;
    let vendor = at.member("externalDocs");
    let availability = at.member("x-availability").text();
    let availability = match availability {
        "" => String::new(),
        text => format!("<p class=\"note\">{}</p>\n", inline(text)),
    };
    format!(
        "<h1>{}</h1>\n<p class=\"call\"><code><b>{}</b> {}</code></p>\n<p class=\"of\">{}, version {}, \
         operation {}</p>\n{}{availability}<p>The vendor's page: {}</p>\n",
        escape(at.member("summary").text()),
        escape(&operation.method),
        escape(&operation.path),
        escape(version.title()),
        version.blessed.version,
        code(operation.id()),
        prose(at.member("description").text()),
        html::outside(
            vendor.member("url").text(),
            vendor.member("description").text()
        ),
    )
}

/// The files of the operation: its page in Markdown, schemas and examples.
fn files(
    site: &Site<'_>,
    version: &Version<'_>,
    operation: &Operation<'_>,
    page: &Page<'_>,
) -> String {
    let folder = version.folder();
    let is_own = |path: &&String| {
        let inner = path
            .strip_prefix(&folder)
            .and_then(|path| path.split_once('/'));
        inner.is_some_and(|(_, name)| name.split('.').next() == Some(operation.id()))
    };
    let item = |path: &String| {
        let name = &path[folder.len()..];
        format!(
            "<li><a href=\"{}\">{}</a></li>\n",
            page.link(path),
            escape(name)
        )
    };
    let items: String = site.published.keys().filter(is_own).map(item).collect();
    format!("{}<ul>\n{items}</ul>\n", heading("Files"))
}

fn message(message: &Message<'_>) -> String {
    let mut text = heading(&message.title()) + &prose(&message.description());
    text += &html::table(&tables::headers(message));
    if let Some(schema) = &message.schema {
        let table = nested(message, &fields::fields(schema), "");
        text += &html::frame(&message.title(), &table);
    }
    for example in &message.examples {
        text += &format!(
            "<h3>Example {}</h3>\n<pre tabindex=\"0\"><code>{}</code></pre>\n",
            inline(&example.title()),
            escape(&format!("{:#}", example.value))
        );
    }
    text
}

/// A table of fields, with tables of the fields within them.
fn nested(message: &Message<'_>, fields: &[Field], outer: &str) -> String {
    let row = |field: &Field| {
        let name = field.path.strip_prefix(outer).unwrap_or(&field.path);
        let name = name.trim_start_matches(['[', ']', '.']);
        let id = escape(&message.anchor(&field.path));
        let own = format!(
            "<tr id=\"{id}\"><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            html::name(name),
            escape(&field.kind),
            fields::duty(field.is_mandatory),
            inline(&field.meaning),
        );
        if field.parts.is_empty() {
            return own;
        }
        let parts = nested(message, &field.parts, &field.path);
        format!("{own}<tr class=\"parts\"><td colspan=\"4\">{parts}</td></tr>\n")
    };
    let columns = ["field", "type", "mandatory", "meaning"].map(html::column);
    format!(
        "<table class=\"fields\">\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>",
        columns.concat(),
        fields.iter().map(row).collect::<String>(),
    )
}

/// The codes of errors, with what to do about them.
fn errors(version: &Version<'_>, operation: &Operation<'_>) -> String {
    let mut table = tables::errors(&version.root(), &operation.at);
    let service = Service::ALL
        .iter()
        .copied()
        .find(|one| one.as_str() == version.contract.service);
    let known = Known::ALL
        .iter()
        .copied()
        .find(|one| one.as_str() == operation.id());
    let call = service.zip(known);
    table.columns.push("remedy");
    for row in &mut table.rows {
        let step = call.and_then(|(service, operation)| remedy(service, operation, &row[0]));
        row.push(step.unwrap_or_default());
    }
    html::table(&table)
}
