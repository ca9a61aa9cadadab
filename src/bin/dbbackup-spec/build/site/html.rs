//! Parts of pages: links, headings, tables, and Markdown as HTML.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};

use crate::build::tables::Table;

/// The relative way from one file to another.
pub(super) fn link(from: &str, to: &str) -> String {
    let way = "../".repeat(from.matches('/').count()) + to;
    if way.is_empty() { "./".to_owned() } else { way }
}

/// Whether a link leads to a page, and runs nothing.
fn is_page(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    ["https://", "http://", "#"]
        .iter()
        .any(|way| url.starts_with(way))
}

/// A link to a page of others.
pub(super) fn outside(url: &str, text: &str) -> Markup {
    html! {
        @if is_page(url) { a href=(url) { (text) } } @else { (text) }
    }
}

/// Markdown as HTML; what looks like HTML in it is text, of images only the text stays, and links lead
/// to pages alone.
pub(super) fn prose(markdown: &str) -> Markup {
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
    PreEscaped(html)
}

/// Markdown without paragraphs of its own.
pub(super) fn inline(markdown: &str) -> Markup {
    let PreEscaped(html) = prose(markdown);
    let html = html.trim();
    let inner = html
        .strip_prefix("<p>")
        .and_then(|html| html.strip_suffix("</p>"));
    PreEscaped(inner.unwrap_or(html).to_owned())
}

/// A heading that links can lead to.
pub(super) fn heading(text: &str) -> Markup {
    let id = text
        .to_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    html! { h2 id=(id) { (text) } }
}

/// A name that may go on in the next line after each of its parts.
pub(super) fn name(text: &str) -> Markup {
    const ENDS: [char; 3] = ['_', '.', '/'];
    html! {
        code {
            @for part in text.split_inclusive(ENDS) {
                (part)
                @if part.ends_with(ENDS) { wbr; }
            }
        }
    }
}

/// A text that scrolls by itself where the screen is narrow.
pub(super) fn listing(text: &str) -> Markup {
    html! { pre tabindex="0" { code { (text) } } }
}

/// A table below its heading, if it has rows; the first cell of a row is its name.
pub(super) fn table(table: &Table) -> Markup {
    // Headers stand below the heading of their message.
    let label = match table.heading {
        "" => "Headers",
        heading => heading,
    };
    let rows = html! {
        @for cells in &table.rows {
            tr {
                @for (i, cell) in cells.iter().enumerate() {
                    @if i == 0 { th scope="row" { (name(cell)) } } @else { td { (inline(cell)) } }
                }
            }
        }
    };
    html! {
        @if !table.rows.is_empty() {
            @if !table.heading.is_empty() { (heading(table.heading)) }
            (framed(label, &table.columns, &rows))
        }
    }
}

/// A table of these columns and rows, in a frame.
pub(super) fn framed(label: &str, columns: &[&str], rows: &Markup) -> Markup {
    frame(label, &html! { table { (filled(columns, rows)) } })
}

/// What is in a table.
pub(super) fn filled(columns: &[&str], rows: &Markup) -> Markup {
    html! {
        thead { tr { @for column in columns { th scope="col" { (column) } } } }
        tbody { (rows) }
    }
}

/// A frame that scrolls by itself where the screen is narrow.
pub(super) fn frame(label: &str, table: &Markup) -> Markup {
    html! { div.table tabindex="0" role="group" aria-label=(label) { (table) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_load_nothing_and_lead_to_pages_alone() {
        let html = prose("![shown](http://a/b.png) [run](javascript:a) [go](https://c) <b>");
        assert_eq!(
            html.0,
            "<p>shown run <a href=\"https://c\">go</a> &lt;b&gt;</p>\n"
        );
    }
}
