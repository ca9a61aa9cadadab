//! The command `dbbackup`.

mod demo;
mod emulate;
mod log;
mod output;
mod sign;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
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
    let Arguments { command } = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let failure = match command {
        // These fail only for what they are given; with 1, `sign` tells that it has found a difference.
        Command::Emulate(_) | Command::Sign(_) => 2,
        Command::Demo { .. } => 1,
    };
    match run(command) {
        Ok(code) => code,
        // Whoever reads the output has seen enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed, too, the exit code is all that is left.
            let _ = writeln!(io::stderr(), "dbbackup: {error:#}");
            ExitCode::from(failure)
        }
    }
}

/// Says in one line what is wrong with the arguments, unless help was asked for.
fn refuse(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let is_help = error.exit_code() == 0
        || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    // If the output is closed, the exit code is all that is left.
    if is_help {
        let _ = error.print();
    } else {
        // The first paragraph; the others are hints.
        let text = text.trim_start_matches("error: ");
        let lines = text.lines().take_while(|line| !line.trim().is_empty());
        let line: Vec<&str> = lines.map(str::trim).collect();
        let _ = writeln!(io::stderr(), "dbbackup: {}", line.join(" "));
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
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

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
