//! Pages in plain text: the cells of tables as lines of their own, or closed by `|`.

use super::blocks::{Block, Cell, PageTable};
use super::brackets::Brackets;
use super::language::{Column, Language};

/// A table with more columns is none that people read.
const MOST_COLUMNS: usize = 16;

/// Whether a line is that between the headings and the rows of a table with pipes.
pub(super) fn is_separator(line: &str) -> bool {
    line.contains("--") && line.contains('|') && line.chars().all(|c| "|-: ".contains(c))
}

/// A page whose cells end in `|`.
pub(super) fn pipes(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut blocks = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        match headings(&lines[i..]) {
            Some((headings, rest)) => {
                let mut table = PageTable::behind(&blocks, headings);
                i += rest;
                while let Some((row, rest)) = row(&lines[i..], table.headings.len()) {
                    table.rows.push(row);
                    i += rest;
                }
                blocks.push(Block::Table(table));
            }
            None => i += line(&lines[i..], |_| false, &mut blocks),
        }
    }
    blocks
}

/// The headings of a table that begins here, and how many lines there are up to its rows.
fn headings(lines: &[&str]) -> Option<(Vec<String>, usize)> {
    let closed = lines.iter().take(MOST_COLUMNS + 1);
    let closed: Vec<&&str> = closed.take_while(|line| line.ends_with('|')).collect();
    let separator = closed.iter().position(|line| is_separator(line))?;
    let (cells, used) = cells(lines, columns_of(lines[separator]))?;
    let headings = cells.iter().map(Cell::text).collect();
    (used == separator).then_some((headings, used + 1))
}

fn columns_of(separator: &str) -> usize {
    let parts = separator.split('|');
    parts.filter(|part| part.contains('-')).count()
}

/// The row of a table that begins here, and how many lines it has.
fn row(lines: &[&str], count: usize) -> Option<(Vec<Cell>, usize)> {
    // A name has one line: without one that is closed, the table has ended.
    let is_row = lines.first()?.ends_with('|') && headings(lines).is_none();
    is_row.then(|| cells(lines, count)).flatten()
}

/// So many cells, and how many lines they have.
fn cells(lines: &[&str], count: usize) -> Option<(Vec<Cell>, usize)> {
    let mut cells = Vec::new();
    let mut cell = Cell::default();
    for (i, line) in lines.iter().enumerate() {
        let mut parts = line.trim_start_matches('|').split('|').peekable();
        while let Some(part) = parts.next() {
            let part = part.trim();
            if !part.is_empty() {
                cell.lines.push(part.to_owned());
            }
            if parts.peek().is_some() {
                cells.push(std::mem::take(&mut cell));
            }
        }
        if cells.len() >= count {
            return (cells.len() == count).then_some((cells, i + 1));
        }
    }
    None
}

/// A page that has only lines.
pub(super) fn lines(text: &str, language: &Language) -> Vec<Block> {
    let lines = text.lines().map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let mut blocks = Vec::new();
    let mut i = 0;
    let is_end = |line: &str| language.section(line).is_some();
    while i < lines.len() {
        let columns = columns(&lines[i..], language);
        if columns.len() < 2 {
            i += line(&lines[i..], is_end, &mut blocks);
            continue;
        }
        let rows = Rows {
            columns: &columns,
            language,
        };
        let headings = lines[i..i + columns.len()].iter();
        let headings = headings.map(|line| (*line).to_owned()).collect();
        let mut table = PageTable::behind(&blocks, headings);
        i += columns.len();
        while rows.begin(&lines[i..]) {
            let end = (i + 1..lines.len()).find(|end| rows.end(&lines[*end..]));
            let end = end.unwrap_or(lines.len());
            table.rows.push(rows.cells(&lines[i..end]));
            i = end;
        }
        blocks.push(Block::Table(table));
    }
    blocks
}

/// The columns whose headings begin here; a field may be called as one of them.
fn columns(lines: &[&str], language: &Language) -> Vec<Column> {
    let mut columns = Vec::new();
    for line in lines {
        match language.column(line) {
            Some(column) if !columns.contains(&column) => columns.push(column),
            _ => break,
        }
    }
    columns
}

/// How the rows of a table of lines are told apart.
struct Rows<'a> {
    columns: &'a [Column],
    language: &'a Language,
}

impl Rows<'_> {
    /// Whether a row begins: a name, with a value that its column can have in each of the next lines.
    fn begin(&self, lines: &[&str]) -> bool {
        let can_have = |(column, line): (&Column, &&str)| match column {
            Column::Name => is_name(line),
            Column::Mandatory => self.language.answer(line).is_some(),
            Column::Type => self.language.kind(line).is_some(),
            Column::Description => true,
        };
        let mut cells = self.columns.iter().zip(lines);
        lines.len() >= self.columns.len() - 1 && cells.all(can_have)
    }

    /// Whether something begins that is no part of the row above.
    fn end(&self, lines: &[&str]) -> bool {
        let line = lines[0];
        self.begin(lines)
            || is_code(line)
            || self.language.section(line).is_some()
            || self.is_caption(lines)
            || self.language.status(line).is_some()
    }

    /// Whether a line is the caption of the next table, and does not refer to one.
    fn is_caption(&self, lines: &[&str]) -> bool {
        self.language.table_title(lines[0]) && columns(&lines[1..], self.language).len() > 1
    }

    fn cells(&self, lines: &[&str]) -> Vec<Cell> {
        let last = self.columns.len() - 1;
        let cell = |i: usize| {
            let end = if i < last { i + 1 } else { lines.len() };
            let lines = lines.get(i..end).unwrap_or_default();
            Cell {
                lines: lines.iter().map(|line| (*line).to_owned()).collect(),
                links: Vec::new(),
            }
        };
        (0..=last).map(cell).collect()
    }
}

fn is_name(line: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    line.starts_with(|c: char| c.is_ascii_alphabetic()) && line.chars().all(is_part)
}

fn is_code(line: &str) -> bool {
    line.starts_with(['{', '['])
}

/// A line of text, or an example in JSON, which is several of them; tells how many lines it has.
fn line(lines: &[&str], is_end: impl Fn(&str) -> bool, blocks: &mut Vec<Block>) -> usize {
    if !is_code(lines[0]) {
        if !lines[0].is_empty() {
            blocks.push(Block::Line(lines[0].to_owned()));
        }
        return 1;
    }
    let mut brackets = Brackets::default();
    let mut used = 0;
    for line in lines.iter().take_while(|line| !is_end(line)) {
        used += 1;
        if brackets.close_with(line) {
            break;
        }
    }
    blocks.push(Block::Code(lines[..used].join("\n")));
    used
}
