//! A page of the vendor, in whichever form and language it is.

use anyhow::bail;

use super::blocks::{Block, Layout, PageTable};
use super::language::Language;
use super::{markup, text};

pub(super) struct VendorPage {
    pub(super) layout: Layout,
    pub(super) language: &'static Language,
    pub(super) blocks: Vec<Block>,
}

impl VendorPage {
    /// Reads a page in any of its forms and languages.
    ///
    /// # Errors
    ///
    /// The page has no table, or none whose headings are those of a known language.
    pub(super) fn read(text: &str) -> anyhow::Result<Self> {
        let layout = layout(text);
        let mut title = None;
        for language in Language::all()? {
            let blocks = match layout {
                Layout::Html => markup::html(text),
                Layout::Markdown => markup::markdown(text),
                Layout::Pipes => text::pipes(text),
                Layout::Lines => text::lines(text, language),
            };
            let tables = || {
                blocks.iter().filter_map(|block| match block {
                    Block::Table(table) => Some(table),
                    _ => None,
                })
            };
            if tables().any(|table| table.columns(language).is_some()) {
                return Ok(Self {
                    layout,
                    language,
                    blocks,
                });
            }
            title = tables().next().map(PageTable::title);
        }
        match title {
            Some(title) => bail!("{title} has headings in neither English nor Chinese"),
            None => bail!("there is no table: a page has some, in HTML, Markdown or plain text"),
        }
    }
}

fn layout(text: &str) -> Layout {
    let is_heading = |line: &str| {
        let rest = line.trim_start_matches('#');
        rest.len() < line.len() && rest.starts_with(' ')
    };
    let has_tables = text.contains("<table") || text.contains("<TABLE");
    let has_pipes = text.lines().any(text::is_separator);
    let is_html = text.trim_start().starts_with('<');
    if !is_html && (has_tables || has_pipes) && text.lines().any(is_heading) {
        Layout::Markdown
    } else if has_tables {
        Layout::Html
    } else if has_pipes {
        Layout::Pipes
    } else {
        Layout::Lines
    }
}
