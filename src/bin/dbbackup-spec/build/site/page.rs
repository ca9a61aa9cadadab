//! The form of all pages: head, navigation, search.

use maud::{DOCTYPE, Markup, html};

use super::html::link;
use super::{Site, Version, side_by_side};
use crate::blessed::Blessed;

/// What a page is about, and where it is.
pub(super) struct Page<'a> {
    pub(super) site: &'a Site<'a>,
    pub(super) title: String,
    /// Its file in the publication.
    pub(super) file: String,
    /// The version that it belongs to, and the operation, if there is one.
    pub(super) version: Option<&'a Version<'a>>,
    pub(super) operation: Option<&'a str>,
}

impl<'a> Page<'a> {
    /// A page that belongs to no version.
    pub(super) fn new(site: &'a Site<'a>, title: &str, file: &str) -> Self {
        Self {
            site,
            title: title.to_owned(),
            file: file.to_owned(),
            version: None,
            operation: None,
        }
    }

    /// The whole page, around its content.
    pub(super) fn render(&self, content: &Markup) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href=(self.link("site/style.css"));
                    script src=(self.link("site/search-index.js")) defer {}
                    script src=(self.link("site/search.js")) defer {}
                }
                body data-root=(self.link("")) {
                    a.skip href="#main" { "Skip to the content" }
                    header {
                        a.brand href=(self.link("index.html")) { "dbbackup" }
                        nav aria-label="Services" { ul { (self.services()) } }
                        form role="search" hidden {
                            label for="search" { "Search" }
                            input id="search" type="search" autocomplete="off"
                                placeholder="operation or field";
                            div id="panel" tabindex="-1" hidden {
                                p id="count" role="status" {}
                                ul id="found" {}
                            }
                        }
                    }
                    div.page {
                        @if let Some(version) = self.version { (self.aside(version)) }
                        main id="main" {
                            @if let Some(version) = self.version { (self.newer(version)) }
                            (content)
                        }
                    }
                }
            }
        };
        page.into_string()
    }

    /// The way from this page to a file of the publication.
    pub(super) fn link(&self, file: &str) -> String {
        link(&self.file, file)
    }

    fn services(&self) -> Markup {
        let is_here = |service: &str| self.version.is_some_and(|here| here.service() == service);
        html! {
            @for version in self.site.newest() {
                li {
                    a href=(self.link(&version.file("index")))
                        aria-current=[is_here(version.service()).then_some("true")] {
                        (version.service())
                    }
                }
            }
            li { a href=(self.link(side_by_side::FILE)) { "side by side" } }
            li { a href=(self.link("site/reference.html")) { "try it" } }
        }
    }

    /// The operations of the version, and the versions of the service.
    fn aside(&self, here: &Version<'_>) -> Markup {
        let item = |name: &str, file: &str, is_here: bool| {
            html! {
                li {
                    a href=(self.link(file)) aria-current=[is_here.then_some("page")] { (name) }
                }
            }
        };
        html! {
            nav.aside aria-label=(here.service()) {
                h2 { "Operations" }
                ul {
                    @for operation in here.operations() {
                        @let id = operation.id();
                        (item(id, &here.file(id), self.operation == Some(id)))
                    }
                }
                h2 { "Versions" }
                ul {
                    @for blessed in here.contract.versions.iter().rev() {
                        @let is_here = blessed.version == here.blessed.version;
                        (item(&blessed.version.to_string(), &self.in_version(here, blessed), is_here))
                    }
                }
            }
        }
    }

    /// The page about the same in another version: of the same operation, if that has it.
    fn in_version(&self, here: &Version<'_>, blessed: &Blessed) -> String {
        let other = Version {
            contract: here.contract,
            blessed,
        };
        other.file(self.operation.filter(|id| other.has(id)).unwrap_or("index"))
    }

    /// A word on the newest version, unless this is it.
    fn newer(&self, here: &Version<'_>) -> Markup {
        let newest = here.contract.versions.last();
        let newer = newest.filter(|newest| newest.version != here.blessed.version);
        html! {
            @if let Some(newer) = newer {
                p.note {
                    "This is an older version; the newest is "
                    a href=(self.link(&self.in_version(here, newer))) { (newer.version) } "."
                }
            }
        }
    }
}
