//! The form of all pages: head, navigation, search.

use super::html::{escape, link};
use super::{Site, Version, compared};
use crate::blessed::Blessed;

/// A page that is being made.
pub(super) struct Page<'a> {
    pub(super) title: String,
    /// Its file in the publication.
    pub(super) file: String,
    /// The version that it belongs to, and the operation, if there is one.
    pub(super) version: Option<&'a Version<'a>>,
    pub(super) operation: Option<&'a str>,
    pub(super) body: String,
}

impl Page<'_> {
    pub(super) fn render(&self, site: &Site<'_>) -> String {
        let title = escape(&self.title);
        let link = |file: &str| self.link(file);
        let (style, index, search) = (
            link("site/style.css"),
            link("site/search-index.js"),
            link("site/search.js"),
        );
        let (start, compared) = (link("index.html"), link(compared::FILE));
        let reference = link("site/reference.html");
        let (services, aside) = (self.services(site), self.aside());
        let newer = self.newer();
        let body = &self.body;
        format!(
            r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{style}">
<script src="{index}" defer></script>
<script src="{search}" defer></script>
</head>
<body data-root="{root}">
<a class="skip" href="#main">Skip to the content</a>
<header>
<a class="brand" href="{start}">dbbackup</a>
<nav aria-label="Services">
<ul>{services}<li><a href="{compared}">side by side</a></li><li><a href="{reference}">try it</a></li></ul>
</nav>
<form role="search" hidden>
<label for="search">Search</label>
<input id="search" type="search" autocomplete="off" placeholder="operation or field">
<div id="panel" tabindex="-1" hidden>
<p id="count" role="status"></p>
<ul id="found"></ul>
</div>
</form>
</header>
<div class="page">
{aside}<main id="main">
{newer}{body}</main>
</div>
</body>
</html>
"##,
            root = link(""),
        )
    }

    /// The way from this page to a file of the publication.
    pub(super) fn link(&self, file: &str) -> String {
        link(&self.file, file)
    }

    fn services(&self, site: &Site<'_>) -> String {
        let newest = site.newest();
        let item = |version: Version<'_>| {
            let service = &version.contract.service;
            let is_here = self
                .version
                .is_some_and(|here| here.contract.service == *service);
            let current = if is_here {
                " aria-current=\"true\""
            } else {
                ""
            };
            let href = self.link(&version.file("index"));
            format!(
                "<li><a href=\"{href}\"{current}>{}</a></li>",
                escape(service)
            )
        };
        newest.map(item).collect()
    }

    /// The operations of the version, and the versions of the service.
    fn aside(&self) -> String {
        let Some(version) = self.version else {
            return String::new();
        };
        let item = |name: &str, file: String, is_here: bool| {
            let current = if is_here {
                " aria-current=\"page\""
            } else {
                ""
            };
            format!(
                "<li><a href=\"{}\"{current}>{name}</a></li>\n",
                self.link(&file)
            )
        };
        let operations = version.operations();
        let operations: String = operations
            .iter()
            .map(|one| {
                item(
                    one.id(),
                    version.file(one.id()),
                    self.operation == Some(one.id()),
                )
            })
            .collect();
        let versions = version.contract.versions.iter().rev().map(|blessed| {
            let is_here = blessed.version == version.blessed.version;
            let file = self.in_version(version, blessed);
            item(&blessed.version.to_string(), file, is_here)
        });
        let (service, versions) = (
            escape(&version.contract.service),
            versions.collect::<String>(),
        );
        format!(
            "<nav class=\"aside\" aria-label=\"{service}\">\n\
             <h2>Operations</h2>\n<ul>\n{operations}</ul>\n\
             <h2>Versions</h2>\n<ul>\n{versions}</ul>\n</nav>\n"
        )
    }

    /// The page about the same in another version: of the same operation, if that has it.
    fn in_version(&self, here: &Version<'_>, blessed: &Blessed) -> String {
        let other = Version {
            contract: here.contract,
            blessed,
        };
        let name = self.operation.filter(|id| other.has(id)).unwrap_or("index");
        other.file(name)
    }

    /// A word on the newest version, unless this is it.
    fn newer(&self) -> String {
        let Some(here) = self.version else {
            return String::new();
        };
        match here.contract.versions.last() {
            Some(newest) if newest.version != here.blessed.version => format!(
                "<p class=\"note\">This is an older version; the newest is \
                 <a href=\"{}\">{}</a>.</p>\n",
                self.link(&self.in_version(here, newest)),
                newest.version,
            ),
            _ => String::new(),
        }
    }
}
