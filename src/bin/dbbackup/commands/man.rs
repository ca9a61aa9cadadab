//! Manual pages.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::CommandFactory;
use clap_mangen::Man;

use crate::common::file::replace;

/// Print the manual page of this command, or write one for each subcommand.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder for dbbackup.1 and a page for each subcommand, such as dbbackup-create.1.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(command: &Arguments, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut whole = crate::Arguments::command().disable_help_subcommand(true);
    // Names of subcommands and their usage get the name of the command.
    whole.build();
    let Some(folder) = &command.out else {
        return Ok(out.write_all(&page(&whole)?)?);
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    write(&whole, folder)
}

/// Writes the page of a command, and those of its subcommands.
fn write(command: &clap::Command, folder: &Path) -> anyhow::Result<()> {
    if !command.is_hide_set() {
        let file = folder.join(format!("{}.1", name(command)));
        replace(&file, &page(command)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let mut subcommands = command.get_subcommands();
    subcommands.try_for_each(|subcommand| write(subcommand, folder))
}

/// Such as dbbackup-create.
fn name(command: &clap::Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn page(command: &clap::Command) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(command.clone())
        .title(name(command))
        .source(concat!("dbbackup ", env!("CARGO_PKG_VERSION")))
        .render(&mut text)?;
    Ok(text)
}
