//! Completions for shells.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

/// Print completions of this command for a shell.
///
/// bash: source <(dbbackup completions bash); zsh: dbbackup completions zsh into _dbbackup in a folder
/// of fpath; fish: dbbackup completions fish | source
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The shell.
    shell: Shell,
}

pub(crate) fn run(command: Arguments, out: &mut dyn Write) -> anyhow::Result<()> {
    // The generator panics when the output is closed, so that it writes into memory first.
    let mut text = Vec::new();
    let mut whole = crate::Arguments::command();
    clap_complete::generate(command.shell, &mut whole, "dbbackup", &mut text);
    Ok(out.write_all(&text)?)
}
