//! The command `dbbackup`.

#[path = "../common/mod.rs"]
mod common;
mod demo;
mod emulate;
mod log;
mod output;
mod sign;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Backups of managed databases on Huawei Cloud and Open Telekom Cloud.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create a backup on each service of an embedded emulator and wait until it is done.
    Demo {
        /// Form of the result.
        #[arg(long, value_enum, default_value_t)]
        output: output::Format,
    },
    Emulate(Box<emulate::Arguments>),
    Sign(Box<sign::Arguments>),
}

fn main() -> ExitCode {
    let Arguments { command } = match common::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let failure = match command {
        // These fail only for what they are given; with 1, `sign` tells that it has found a difference.
        Command::Emulate(_) | Command::Sign(_) => 2,
        Command::Demo { .. } => 1,
    };
    common::end("dbbackup", run(command), failure)
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    match command {
        Command::Demo { output } => wait(demo::run(output, &mut out)),
        Command::Emulate(arguments) => wait(emulate::run(*arguments, &mut out)),
        Command::Sign(arguments) => sign::run(&arguments, &mut out),
    }
}

/// Runs what has to wait for the network.
fn wait(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work)?;
    Ok(ExitCode::SUCCESS)
}
