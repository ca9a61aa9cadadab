//! Results on standard output: tables for people, JSON for programs. Nothing else goes there.
//!
//! JSON is the form that the types of the library have: an array for a list, an object for one thing.

use std::io::{self, Write};

use clap::ValueEnum;
use console::measure_text_width;
use dbbackup::Error;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use serde::Serialize;
use serde_json::Value;

use crate::exit::showing;
use crate::hidden::{json_without_secrets, without_secrets};

/// Form of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    #[value(alias = "text")]
    Table,
    /// For programs.
    Json,
}

/// Something with a row in a table; as JSON it is what `Serialize` says.
pub(crate) trait Row: Serialize {
    const HEADINGS: &'static [&'static str];

    /// Whether the last column is prose, which goes on in the next line where the terminal is narrow;
    /// other tables become a block of lines for each row there.
    const HAS_PROSE: bool = false;

    /// A text for each heading; an empty one stands for what is not known.
    fn cells(&self) -> Vec<String>;

    /// More of it, with headings, where it stands alone.
    fn details(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// Columns that prose has at least.
const NARROWEST: usize = 20;

/// Where results go, and how.
pub(crate) struct Output<'a> {
    format: Format,
    /// Columns that a table may have.
    width: usize,
    to: &'a mut dyn Write,
}

impl<'a> Output<'a> {
    pub(crate) fn new(format: Format, to: &'a mut dyn Write) -> Self {
        Self {
            format,
            width: width(),
            to,
        }
    }

    /// Writes a list: a table, or an array.
    pub(crate) fn list<T: Row>(&mut self, items: &[T]) -> io::Result<()> {
        showing(|| match self.format {
            Format::Json => self.json(&items),
            Format::Table => {
                let rows = items.iter().map(Row::cells).collect();
                self.table(T::HEADINGS, T::HAS_PROSE, rows)
            }
        })
    }

    /// Writes a list that is read first, and what could be read of one that fails.
    pub(crate) async fn stream<T: Row>(
        &mut self,
        mut entries: BoxStream<'_, Result<T, Error>>,
    ) -> anyhow::Result<()> {
        let mut items = Vec::new();
        let failure = loop {
            match entries.next().await {
                Some(Ok(item)) => items.push(item),
                Some(Err(error)) => break Some(error),
                None => break None,
            }
        };
        let Some(failure) = failure else {
            return Ok(self.list(&items)?);
        };
        if !items.is_empty() {
            // If nobody reads it, the failure counts all the same.
            let _ = self.list(&items);
        }
        Err(failure.into())
    }

    /// Writes one thing: a line for each heading, or an object.
    pub(crate) fn one<T: Row>(&mut self, item: &T) -> io::Result<()> {
        showing(|| match self.format {
            Format::Json => self.json(item),
            Format::Table => {
                let (mut headings, mut cells) = (T::HEADINGS.to_vec(), item.cells());
                for (heading, cell) in item.details() {
                    headings.push(heading);
                    cells.push(cell);
                }
                self.lines(&headings, &shown(cells))
            }
        })
    }

    fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        for line in text.lines() {
            writeln!(self.to, "{}", json_without_secrets(line))?;
        }
        Ok(())
    }

    /// Columns as wide as their widest text; where that is wider than the terminal, a block of lines
    /// for each row, so that ids stay whole.
    fn table(&mut self, headings: &[&str], prose: bool, rows: Vec<Vec<String>>) -> io::Result<()> {
        let rows: Vec<_> = rows.into_iter().map(shown).collect();
        let headings_row = headings.iter().map(|&heading| heading.to_owned()).collect();
        let lines: Vec<&Vec<String>> = [&headings_row].into_iter().chain(&rows).collect();
        let width = |column: usize| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| measure_text_width(cell)).max()
        };
        let widths: Vec<_> = (0..headings.len()).filter_map(width).collect();
        let gaps = 2 * widths.len().saturating_sub(1);
        let others = widths.iter().rev().skip(1).sum::<usize>() + gaps;
        let last = widths.last().copied().unwrap_or_default();
        let room = self.width.saturating_sub(others);
        if prose || last <= room {
            for line in lines {
                self.line(line, &widths, room)?;
            }
            return Ok(());
        }
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                writeln!(self.to)?;
            }
            self.lines(headings, row)?;
        }
        Ok(())
    }

    /// A row of a table; the last cell goes on in lines of its own where it has no room.
    fn line(&mut self, cells: &[String], widths: &[usize], room: usize) -> io::Result<()> {
        let Some((last, others)) = cells.split_last() else {
            return Ok(());
        };
        let mut columns: Vec<String> = others
            .iter()
            .zip(widths)
            .map(|(cell, width)| pad(cell, *width))
            .collect();
        for part in wrapped(last, room.max(NARROWEST)) {
            columns.push(part);
            writeln!(self.to, "{}", columns.join("  ").trim_end())?;
            columns.pop();
            for column in &mut columns {
                *column = pad("", measure_text_width(column));
            }
        }
        Ok(())
    }

    fn lines(&mut self, headings: &[&str], cells: &[String]) -> io::Result<()> {
        let widths = headings.iter().map(|heading| measure_text_width(heading));
        let width = widths.max().unwrap_or_default();
        for (heading, cell) in headings.iter().zip(cells) {
            writeln!(self.to, "{}  {cell}", pad(heading, width))?;
        }
        Ok(())
    }
}

/// The columns of the terminal, `COLUMNS` where it is set, and no limit for a file or a pipe.
fn width() -> usize {
    let set = std::env::var("COLUMNS").ok();
    let of_terminal = || Some(console::Term::stdout().size_checked()?.1.into());
    set.and_then(|columns| columns.parse().ok())
        .or_else(of_terminal)
        .unwrap_or(usize::MAX)
}

/// Cells that can be shown.
fn shown(cells: Vec<String>) -> Vec<String> {
    let shown = |cell: String| {
        if cell.is_empty() {
            "-".to_owned()
        } else {
            plain(&cell)
        }
    };
    cells.into_iter().map(shown).collect()
}

/// A text without anything that a terminal would act on, unless it shows a secret.
pub(crate) fn plain(text: &str) -> String {
    without_secrets(text).replace(char::is_control, "\u{fffd}")
}

/// Lines of whole words that are no wider than this, unless a word alone is.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if measure_text_width(line) + 1 + measure_text_width(word) <= width => {
                *line += " ";
                *line += word;
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(measure_text_width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The word that stands in JSON for a variant of an enum without fields.
pub(crate) fn word(variant: impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A text, or nothing.
pub(crate) fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
