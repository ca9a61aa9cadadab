//! What differs between two contracts, and whom it breaks.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::document::Document;

/// Tell how two contracts differ and what breaks; exit code 1 tells of breaking changes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The contract as it was, in YAML or JSON.
    old: PathBuf,
    /// The contract as it is now.
    new: PathBuf,
}

/// Prints the changes.
pub(crate) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let old = Document::read(&arguments.old)?;
    let new = Document::read(&arguments.new)?;
    writeln!(out, "{} {}", old.version(), new.version())?;
    Ok(ExitCode::SUCCESS)
}
