//! A page of the vendor as what all its forms have in common: headings, lines, tables and code.

use anyhow::bail;
use serde::{Deserialize, Serialize};

use super::language::{Column, Language};
use super::{markup, text};

/// Characters of a title that a message shows.
const LONGEST: usize = 60;

/// The form in which a page was downloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Layout {
    Html,
    /// Markdown, with tables of its own or in HTML.
    Markdown,
    /// Plain text, a line for each cell, which ends in `|`.
    Pipes,
    /// Plain text, lines for each cell.
    Lines,
}

#[derive(Debug)]
pub(super) enum Block {
    /// A heading or a line of text.
    Line(String),
    /// Text whose form counts.
    Code(String),
    Table(Table),
}

#[derive(Debug, Default)]
pub(super) struct Table {
    /// Names that links to the table can have.
    pub(super) anchors: Vec<String>,
    pub(super) caption: String,
    pub(super) headings: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) lines: Vec<String>,
    /// Anchors that its links lead to.
    pub(super) links: Vec<String>,
}

pub(super) struct Page {
    pub(super) layout: Layout,
    pub(super) language: &'static Language,
    pub(super) blocks: Vec<Block>,
}

impl Table {
    /// What the columns are, if all their headings are known.
    pub(super) fn columns(&self, language: &Language) -> Option<Vec<Column>> {
        let column = |heading: &String| language.column(heading);
        self.headings.iter().map(column).collect()
    }

    /// How people find the table.
    pub(super) fn title(&self) -> String {
        let headings = self.headings.join(" | ");
        let title = match self.caption.is_empty() {
            true => &headings,
            false => &self.caption,
        };
        let plain = title.chars().filter(|c| !c.is_control());
        format!("the table `{}`", plain.take(LONGEST).collect::<String>())
    }
}

impl Page {
    /// Reads a page in any of its forms and languages.
    ///
    /// # Errors
    ///
    /// The page has no table, or none whose headings are those of a known language.
    pub(super) fn read(text: &str) -> anyhow::Result<Self> {
        let layout = layout(text);
        let mut tables = Vec::new();
        for language in Language::all()? {
            let blocks = match layout {
                Layout::Html => markup::html(text),
                Layout::Markdown => markup::markdown(text),
                Layout::Pipes => text::pipes(text),
                Layout::Lines => text::lines(text, language),
            };
            let found = blocks.iter().filter_map(|block| match block {
                Block::Table(table) => Some(table),
                _ => None,
            });
            let found: Vec<&Table> = found.collect();
            if found.iter().any(|table| table.columns(language).is_some()) {
                return Ok(Self {
                    layout,
                    language,
                    blocks,
                });
            }
            tables = found.iter().map(|table| table.title()).collect();
        }
        match tables.first() {
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
