//! What all forms of pages have in common: headings, lines, tables and code.

use serde::{Deserialize, Serialize};

use super::language::{Column, Language};

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
    Table(PageTable),
}

#[derive(Debug, Default)]
pub(super) struct PageTable {
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

impl PageTable {
    /// A table that begins behind other blocks; a line right before it is its caption.
    pub(super) fn behind(blocks: &[Block], headings: Vec<String>) -> Self {
        let caption = match blocks.last() {
            Some(Block::Line(line)) => line.clone(),
            _ => String::new(),
        };
        Self {
            caption,
            headings,
            ..Self::default()
        }
    }

    /// What the columns are, if all their headings are known.
    pub(super) fn columns(&self, language: &Language) -> Option<Vec<Column>> {
        let column = |heading: &String| language.column(heading);
        self.headings.iter().map(column).collect()
    }

    /// How people find the table.
    pub(super) fn title(&self) -> String {
        let headings = self.headings.join(" | ");
        let title = if self.caption.is_empty() {
            &headings
        } else {
            &self.caption
        };
        let plain = title.chars().filter(|c| !c.is_control());
        format!("the table `{}`", plain.take(LONGEST).collect::<String>())
    }
}

impl Cell {
    /// All of it in one line.
    pub(super) fn text(&self) -> String {
        self.lines.join(" ")
    }
}
