//! The counts that were accepted, and what became of them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::Result;

/// Growth in percent that is no failure.
const TOLERATED: f64 = 3.0;

/// The content of `dev.txt` or `release.txt`: a line for the tools, and one for each case.
pub(crate) struct Baseline {
    /// The versions of compiler and valgrind, with which all counts change.
    pub(crate) tools: String,
    counts: BTreeMap<String, u64>,
}

impl Baseline {
    pub(crate) fn of(tools: String, counts: &[(&str, u64)]) -> Self {
        let counts = counts
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count));
        Self {
            tools,
            counts: counts.collect(),
        }
    }

    pub(crate) fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let (tools, lines) = text.split_once('\n').ok_or("the baseline has no counts")?;
        let counts = lines.lines().map(|line| {
            let (name, count) = line.split_once(' ').ok_or("a line has no count")?;
            Ok((name.to_owned(), count.trim().parse()?))
        });
        Ok(Self {
            tools: tools.to_owned(),
            counts: counts.collect::<Result<_>>()?,
        })
    }

    /// Prints each count beside the accepted one, and gives the cases that have grown too much.
    pub(crate) fn compare<'a>(&self, counts: &[(&'a str, u64)]) -> Vec<&'a str> {
        println!(
            "{:24} {:>12} {:>12} {:>8}",
            "case", "accepted", "now", "growth"
        );
        let mut grown = Vec::new();
        for (name, count) in counts {
            let Some(accepted) = self.counts.get(*name) else {
                println!("{name:24} {:>12} {count:>12}", "-");
                grown.push(*name);
                continue;
            };
            let growth = (*count as f64 / *accepted as f64 - 1.0) * 100.0;
            println!("{name:24} {accepted:>12} {count:>12} {growth:>+7.2}%");
            if growth > TOLERATED {
                grown.push(*name);
            }
        }
        grown
    }
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.tools)?;
        for (name, count) in &self.counts {
            writeln!(f, "{name:24} {count:>12}")?;
        }
        Ok(())
    }
}
