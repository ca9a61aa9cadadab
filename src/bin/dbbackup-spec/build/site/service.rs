//! The page of a version of a contract: its operations and its files.

use maud::{Markup, html};

use super::html::{self, heading, prose};
use super::page::Page;
use super::{Site, Version};
use crate::folder::sha256;

pub(super) fn page(site: &Site<'_>, version: &Version<'_>) -> String {
    let page = Page {
        version: Some(version),
        ..Page::new(site, &version.name(), &version.file("index"))
    };
    let info = version.root().member("info");
    page.render(&html! {
        h1 { (version.title()) }
        p.of {
            "Version " (version.blessed.version) ", service " code { (version.service()) }
        }
        (prose(info.member("description").text()))
        (heading("Operations"))
        (operations(version, &page))
        (heading("Hosts"))
        (hosts(version))
        (heading("Files"))
        (downloads(version, &page))
    })
}

fn operations(version: &Version<'_>, page: &Page<'_>) -> Markup {
    let rows = html! {
        @for operation in version.operations() {
            tr {
                th scope="row" {
                    a href=(page.link(&version.file(operation.id()))) { (html::name(operation.id())) }
                }
                td { code { (operation.call()) } }
                td { (operation.at.member("summary").text()) }
            }
        }
    };
    html::framed("Operations", &["operation", "call", "what it does"], &rows)
}

fn hosts(version: &Version<'_>) -> Markup {
    let rows = html! {
        @for (_, server) in version.root().member("servers").members() {
            @let regions = server.member("variables").member("region").member("enum").members();
            @let regions: Vec<&str> = regions.iter().map(|(_, region)| region.text()).collect();
            tr {
                th scope="row" { code { (server.member("url").text()) } }
                td { (server.member("description").text()) }
                td { (regions.join(", ")) }
            }
        }
    };
    html::framed("Hosts", &["base URL", "where", "regions"], &rows)
}

/// The files of a version, with their checksums.
pub(super) fn downloads(version: &Version<'_>, page: &Page<'_>) -> Markup {
    // Those of single operations are many, and their pages show them.
    let files = version
        .files(page.site)
        .filter(|(name, ..)| !name.contains('/'));
    let rows = html! {
        @for (name, path, text) in files {
            tr {
                th scope="row" { a href=(page.link(path)) { (html::name(name)) } }
                td.number { (text.len()) }
                td { code.sum { (sha256(text.as_bytes())) } }
            }
        }
    };
    html::framed("Files", &["file", "bytes", "SHA-256"], &rows)
}
