//! The form of all pages: head, navigation, and Markdown as HTML.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};

use super::{Site, Version, compared};
use crate::blessed::Blessed;
use crate::build::tables::Table;

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
<div id="panel" hidden>
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

/// The relative way from one file to another.
pub(super) fn link(from: &str, to: &str) -> String {
    let up = "../".repeat(from.matches('/').count());
    match (up + to, to) {
        (way, "") if way.is_empty() => "./".to_owned(),
        (way, _) => way,
    }
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Markdown as HTML; what looks like HTML in it is text, of images only the text stays, and links lead
/// to pages alone.
pub(super) fn prose(markdown: &str) -> String {
    let is_page = |url: &str| {
        ["https://", "http://", "#"]
            .iter()
            .any(|way| url.starts_with(way))
    };
    let mut has_link = false;
    let safe = |event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            has_link = is_page(dest_url);
            has_link.then_some(event)
        }
        Event::End(TagEnd::Link) => has_link.then_some(event),
        event => Some(event),
    };
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    let mut html = String::new();
    push_html(&mut html, events.filter_map(safe));
    html
}

/// Markdown without paragraphs of its own.
pub(super) fn inline(markdown: &str) -> String {
    let html = prose(markdown);
    let html = html.trim();
    let inner = html
        .strip_prefix("<p>")
        .and_then(|html| html.strip_suffix("</p>"));
    inner.unwrap_or(html).to_owned()
}

/// A heading that links can lead to.
pub(super) fn heading(text: &str) -> String {
    let id = text
        .to_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    format!("<h2 id=\"{id}\">{}</h2>\n", escape(text))
}

/// A table below its heading, if it has rows; the first cell of a row is its name.
pub(super) fn table(table: &Table) -> String {
    if table.rows.is_empty() {
        return String::new();
    }
    let above = match table.heading {
        "" => String::new(),
        text => heading(text),
    };
    let columns: String = table.columns.iter().map(|name| column(name)).collect();
    let row = |cells: &Vec<String>| {
        let cell = |(i, cell): (usize, &String)| match i {
            0 => format!("<th scope=\"row\">{}</th>", name(cell)),
            _ => format!("<td>{}</td>", inline(cell)),
        };
        let cells: String = cells.iter().enumerate().map(cell).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = table.rows.iter().map(row).collect();
    above + &framed(table.heading, &columns, &rows)
}

pub(super) fn column(name: &str) -> String {
    format!("<th scope=\"col\">{}</th>", escape(name))
}

/// A name that may go on in the next line after each of its parts.
pub(super) fn name(text: &str) -> String {
    let breakable = escape(text).replace('_', "_<wbr>").replace('.', ".<wbr>");
    format!("<code>{breakable}</code>")
}

pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// A table of these columns and rows, in a frame.
pub(super) fn framed(label: &str, columns: &str, rows: &str) -> String {
    let head = format!("<thead><tr>{columns}</tr></thead>");
    frame(
        label,
        &format!("<table>\n{head}\n<tbody>\n{rows}</tbody>\n</table>"),
    )
}

/// A frame that scrolls by itself where the screen is narrow.
pub(super) fn frame(label: &str, table: &str) -> String {
    let label = match label {
        "" => "Headers",
        label => label,
    };
    let label = escape(label);
    format!(
        "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\">{table}</div>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_load_nothing_and_lead_to_pages_alone() {
        let html = prose("![shown](http://a/b.png) [run](javascript:a) [go](https://c) <b>");
        assert_eq!(
            html,
            "<p>shown run <a href=\"https://c\">go</a> &lt;b&gt;</p>\n"
        );
    }
}
