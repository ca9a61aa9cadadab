//! Changes as text: Markdown for people, JSON for programs.

use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::json;

use super::{Change, Direction, Label};
use crate::document::Document;

/// Form of the result.
#[derive(Clone, Copy, Default, ValueEnum)]
pub(super) enum Format {
    /// For people.
    #[default]
    Markdown,
    /// For programs.
    Json,
}

const HEADINGS: [(Label, &str); 4] = [
    (Label::Breaking, "Breaking"),
    (Label::GeneratedCode, "Breaking for generated code only"),
    (Label::Compatible, "Not breaking"),
    (Label::Documentation, "Not breaking, documentation"),
];

pub(super) fn write(
    format: Format,
    old: &Document,
    new: &Document,
    changes: &[Change],
    out: &mut impl Write,
) -> io::Result<()> {
    match format {
        Format::Json => {
            let [before, after] = [old, new]
                .map(|document| json!({ "file": document.file, "version": document.version() }));
            let breaking = changes.iter().any(|change| change.label == Label::Breaking);
            let shown = json!({
                "old": before,
                "new": after,
                "breaking": breaking,
                "changes": changes,
            });
            writeln!(out, "{shown:#}")
        }
        Format::Markdown => {
            let [before, after] =
                [old, new].map(|document| format!("{} {}", document.file, document.version()));
            writeln!(out, "# {before} to {after}")?;
            if changes.is_empty() {
                writeln!(out, "\nNothing changed.")?;
            }
            write_changes(changes, "##", out)
        }
    }
}

/// Writes the changes as Markdown, below headings of a level.
pub(crate) fn write_changes(
    changes: &[Change],
    level: &str,
    out: &mut impl Write,
) -> io::Result<()> {
    for (label, heading) in HEADINGS {
        let of_label = || changes.iter().filter(|change| change.label == label);
        if of_label().next().is_none() {
            continue;
        }
        writeln!(out, "\n{level} {heading}\n")?;
        for change in of_label() {
            let direction = match change.direction {
                Some(Direction::Request) => "Request: ",
                Some(Direction::Response) => "Response: ",
                None => "",
            };
            let operations: Vec<&str> = change.operations.iter().map(String::as_str).collect();
            let operations = match &*operations {
                [] => String::new(),
                [first, _, _, rest @ ..] if !rest.is_empty() => {
                    format!(" ({first} and {} more)", rest.len() + 2)
                }
                few => format!(" ({})", few.join(", ")),
            };
            let Change {
                sentence, pointer, ..
            } = change;
            writeln!(out, "- {direction}{sentence}{operations} `{pointer}`")?;
        }
    }
    Ok(())
}
