//! The command `dbbackup-spec`: the contracts published, compared and checked.

mod at;
mod bless;
mod blessed;
mod build;
#[path = "../common/mod.rs"]
mod common;
mod depth;
mod diff;
mod docs;
mod document;
mod folder;
mod form;
mod lint;
mod marks;
mod pointer;
mod source;

use std::io::{self, ErrorKind, StdoutLock, Write};
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
    Docs(docs::Arguments),
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
    let mut out = Output(io::stdout().lock());
    match command {
        Command::Build(arguments) => build::run(&arguments, &mut out),
        Command::Bless(arguments) => bless::run(&arguments, &mut out),
        Command::Diff(arguments) => diff::run(&arguments, &mut out),
        Command::Docs(arguments) => docs::run(&arguments, &mut out),
        Command::Lint(arguments) => lint::run(&arguments, &mut out),
    }
}

/// Standard output, which may be closed: the exit code tells of what was found all the same.
struct Output(StdoutLock<'static>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            result => result,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
