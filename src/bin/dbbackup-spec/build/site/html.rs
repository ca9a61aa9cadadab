//! Parts of pages: links, headings, tables, and Markdown as HTML.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};

use crate::build::tables::Table;

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

/// Whether a link leads to a page, and runs nothing.
fn is_page(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    ["https://", "http://", "#"]
        .iter()
        .any(|way| url.starts_with(way))
}

/// A link to a page of others.
pub(super) fn outside(url: &str, text: &str) -> String {
    match is_page(url) {
        true => format!("<a href=\"{}\">{}</a>", escape(url), escape(text)),
        false => escape(text),
    }
}

/// Markdown as HTML; what looks like HTML in it is text, of images only the text stays, and links lead
/// to pages alone.
pub(super) fn prose(markdown: &str) -> String {
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
    // Headers stand below the heading of their message.
    let (above, label) = match table.heading {
        "" => (String::new(), "Headers"),
        text => (heading(text), text),
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
    above + &framed(label, &columns, &rows)
}

pub(super) fn column(name: &str) -> String {
    format!("<th scope=\"col\">{}</th>", escape(name))
}

/// A name that may go on in the next line after each of its parts.
pub(super) fn name(text: &str) -> String {
    let mut breakable = escape(text);
    for end in ["_", ".", "/"] {
        breakable = breakable.replace(end, &format!("{end}<wbr>"));
    }
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
