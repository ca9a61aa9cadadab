//! The page of an operation: all that the contract says of it.

use dbbackup::error::remedy;
use dbbackup::{Operation as Known, Service};
use maud::{Markup, html};

use super::html::{self, heading, inline, prose};
use super::page::Page;
use super::{Site, Version};
use crate::build::bodies::{Message, Operation};
use crate::build::fields::{self, Field};
use crate::build::tables;

pub(super) fn page(site: &Site<'_>, version: &Version<'_>, operation: &Operation<'_>) -> String {
    let root = version.root();
    let at = &operation.at;
    let page = Page {
        site,
        title: format!("{} - {}", at.member("summary").text(), version.title()),
        file: version.file(operation.id()),
        version: Some(version),
        operation: Some(operation.id()),
    };
    page.render(&html! {
        (head(version, operation))
        (html::table(&tables::parameters(operation)))
        @for message in operation.messages() { (self::message(&message)) }
        (html::table(&tables::credentials(&root, at)))
        (errors(version, operation))
        (html::table(&tables::errata(at)))
        (files(version, operation, &page))
    })
}

fn head(version: &Version<'_>, operation: &Operation<'_>) -> Markup {
    let at = &operation.at;
    let availability = at.member("x-availability").text();
    let [url, name] =
        ["url", "description"].map(|key| at.member("externalDocs").member(key).text());
    html! {
        h1 { (at.member("summary").text()) }
        p.call { code { b { (operation.method) } " " (operation.path) } }
        p.of {
            (version.title()) ", version " (version.blessed.version) ", operation "
            code { (operation.id()) }
        }
        (prose(at.member("description").text()))
        @if !availability.is_empty() { p.note { (inline(availability)) } }
        p { "The vendor's page: " (html::outside(url, name)) }
    }
}

/// The files of the operation: its page in Markdown, schemas and examples.
fn files(version: &Version<'_>, operation: &Operation<'_>, page: &Page<'_>) -> Markup {
    let is_own = |name: &str| {
        let file = name.split_once('/').map(|(_, file)| file);
        file.is_some_and(|file| file.split('.').next() == Some(operation.id()))
    };
    html! {
        (heading("Files"))
        ul {
            @for (name, path, _) in version.files(page.site).filter(|(name, ..)| is_own(name)) {
                li { a href=(page.link(path)) { (name) } }
            }
        }
    }
}

fn message(message: &Message<'_>) -> Markup {
    let title = message.title();
    html! {
        (heading(&title))
        (prose(&message.description()))
        (html::table(&tables::headers(message)))
        @if let Some(schema) = &message.schema {
            (html::frame(&title, &nested(message, &fields::fields(schema), "")))
        }
        @for example in &message.examples {
            h3 { "Example " (inline(&example.title())) }
            (html::listing(&format!("{:#}", example.value)))
        }
    }
}

/// A table of fields, with tables of the fields within them.
fn nested(message: &Message<'_>, fields: &[Field<'_>], outer: &str) -> Markup {
    let rows = html! {
        @for field in fields {
            @let name = field.path.strip_prefix(outer).unwrap_or(&field.path);
            tr id=(message.anchor(&field.path)) {
                th scope="row" { (html::name(name.trim_start_matches(['[', ']', '.']))) }
                td { (field.kind) }
                td { (fields::duty(field.is_mandatory)) }
                td { (inline(&field.meaning.to_string())) }
            }
            @if !field.parts.is_empty() {
                tr.parts { td colspan="4" { (nested(message, &field.parts, &field.path)) } }
            }
        }
    };
    html! { table.fields { (html::filled(&tables::FIELD_COLUMNS, &rows)) } }
}

/// The codes of errors, with what to do about them.
fn errors(version: &Version<'_>, operation: &Operation<'_>) -> Markup {
    let mut table = tables::errors(&version.root(), &operation.at);
    let service = Service::ALL
        .iter()
        .find(|one| one.as_str() == version.service());
    let known = Known::ALL.iter().find(|one| one.as_str() == operation.id());
    table.columns.push("remedy");
    for row in &mut table.rows {
        let call = service.zip(known);
        let step = call.and_then(|(service, operation)| remedy(*service, *operation, &row[0]));
        row.push(step.unwrap_or_default());
    }
    html::table(&table)
}
