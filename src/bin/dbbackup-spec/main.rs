//! The command `dbbackup-spec`: the contracts published, compared and checked.

mod at;
mod bless;
mod blessed;
mod build;
#[path = "../common/mod.rs"]
mod common;
mod diff;
mod document;
mod lint;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The OpenAPI contracts of dbbackup: published, compared and checked.
#[derive(Parser)]
#[command(name = "dbbackup-spec", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Build(build::Arguments),
    Bless(bless::Arguments),
    Diff(diff::Arguments),
    Lint(lint::Arguments),
}

fn main() -> ExitCode {
    let Arguments { command } = match common::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    // With 1, the commands tell what they have found.
    common::end("dbbackup-spec", run(command), 2)
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    match command {
        Command::Build(arguments) => build::run(&arguments, &mut out),
        Command::Bless(arguments) => bless::run(&arguments, &mut out),
        Command::Diff(arguments) => diff::run(&arguments, &mut out),
        Command::Lint(arguments) => lint::run(&arguments, &mut out),
    }
}
