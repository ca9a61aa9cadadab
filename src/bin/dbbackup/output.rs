//! Results on standard output: text for people, JSON for programs.

use std::io::{self, Write};

use clap::ValueEnum;

/// Form of a result.
#[derive(Clone, Copy, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    #[value(alias = "table")]
    Text,
    /// For programs.
    Json,
}

/// Writes rows under headings, each column as wide as its widest text.
pub(crate) fn table<const N: usize>(
    headings: [&str; N],
    rows: &[[String; N]],
    out: &mut impl Write,
) -> io::Result<()> {
    let headings = headings.map(str::to_owned);
    let lines = || std::iter::once(&headings).chain(rows);
    let width = |column: usize| {
        lines()
            .map(|line| line[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    for line in lines() {
        let cells = line
            .iter()
            .enumerate()
            .map(|(i, text)| format!("{text:0$}", width(i)));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}
