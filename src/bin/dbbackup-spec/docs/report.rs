//! The verdicts as a table for people or as JSON for programs.

use std::array::from_fn;
use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::Arguments;
use super::facts::Documented;
use super::verdict::{Row, Verdict};

/// Characters of a value that a table shows.
const WIDEST: usize = 48;

#[derive(Clone, Copy, Default, ValueEnum)]
pub(super) enum VerdictFormat {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

pub(super) fn write(
    arguments: &Arguments,
    page: &Documented,
    rows: &[Row],
    out: &mut impl Write,
) -> io::Result<()> {
    let findings = rows.iter().filter(|row| row.finding).count();
    match arguments.output {
        VerdictFormat::Json => {
            let shown = json!({
                "page": arguments.page,
                "layout": page.layout,
                "language": page.language,
                "service": arguments.service,
                "operation": arguments.operation,
                "findings": findings,
                "rows": rows,
            });
            writeln!(out, "{shown:#}")
        }
        VerdictFormat::Table => table(rows, findings, out),
    }
}

pub(super) fn table(rows: &[Row], findings: usize, out: &mut impl Write) -> io::Result<()> {
    let headings = ["VERDICT", "PLACE", "FACT", "PAGE", "CONTRACT", "BECAUSE"];
    let lines: Vec<[String; 6]> = [headings.map(str::to_owned)]
        .into_iter()
        .chain(rows.iter().map(cells))
        .collect();
    let widest = |i: usize| lines.iter().map(|line| line[i].width()).max();
    let widths: [usize; 6] = from_fn(|i| widest(i).unwrap_or(0));
    for line in &lines {
        // Characters of Chinese take two columns.
        let cells = line.iter().zip(widths);
        let cells = cells.map(|(cell, width)| cell.to_owned() + &" ".repeat(width - cell.width()));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    let count = |verdict| rows.iter().filter(|row| row.verdict == verdict).count();
    let agree = count(Verdict::Agree);
    let explained = rows.len() - agree - findings;
    writeln!(
        out,
        "\n{agree} agree, {explained} explained, {findings} findings"
    )
}

fn cells(row: &Row) -> [String; 6] {
    let verdict = match row.verdict {
        Verdict::Agree => "agree",
        Verdict::Mismatch => "mismatch",
        Verdict::OnlyInPage => "only in page",
        Verdict::OnlyInContract => "only in contract",
        Verdict::PageSilent => "page silent",
        Verdict::Stale => "stale erratum",
    };
    let mark = if row.finding { "! " } else { "" };
    [
        format!("{mark}{verdict}"),
        row.place.to_string(),
        row.fact.map(|fact| fact.to_string()).unwrap_or_default(),
        shown(row.page.as_ref()),
        shown(row.contract.as_ref()),
        row.because.clone().unwrap_or_default(),
    ]
}

fn shown(value: Option<&Value>) -> String {
    let text = match value {
        None => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            let items = items.iter().map(|item| shown(Some(item)));
            items.collect::<Vec<_>>().join(" ")
        }
        Some(value) => value.to_string(),
    };
    match text.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
