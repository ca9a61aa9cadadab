//! Keeping contracts as blessed versions.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::blessed::{self, Standing};

/// Keep each contract that changed as a blessed version, if its version says how it changed.
///
/// Versions are semantic: a breaking change needs a new major version, one that only generated code
/// or nobody notices a new minor version, and one of words a new patch version. Exit code 1 tells of
/// a contract whose version is too low; then nothing is blessed.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder of the contracts.
    #[arg(long, default_value = "openapi")]
    contracts: PathBuf,
    /// Only tell what would be blessed, and what cannot be.
    #[arg(long)]
    check: bool,
}

/// Prints a line for each contract that is not blessed.
pub(crate) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let (mut ahead, mut is_misnamed) = (Vec::new(), false);
    for contract in blessed::read(&arguments.contracts)? {
        match contract.standing() {
            Standing::Blessed => {}
            Standing::Ahead => ahead.push(contract),
            Standing::Misnamed(fault) => {
                writeln!(out, "{fault}")?;
                is_misnamed = true;
            }
        }
    }
    for contract in &ahead {
        let (service, version) = (&contract.service, contract.document.version());
        if arguments.check || is_misnamed {
            writeln!(out, "{service} {version} is to be blessed")?;
        } else {
            contract.bless(&arguments.contracts)?;
            writeln!(out, "{service} {version} is blessed")?;
        }
    }
    Ok(ExitCode::from(u8::from(is_misnamed)))
}
