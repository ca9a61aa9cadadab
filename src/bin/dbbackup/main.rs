//! The command `dbbackup`.

mod demo;
mod output;
mod sign;

use std::io::{self, Write};
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
    Sign(Box<sign::Arguments>),
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    match run(&command) {
        Ok(code) => code,
        // Whoever reads the output has seen enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed, too, the exit code is all that is left.
            let _ = writeln!(io::stderr(), "dbbackup: {error:#}");
            // With 1, `sign` tells that it has found a difference.
            ExitCode::from(if matches!(command, Command::Sign(_)) {
                2
            } else {
                1
            })
        }
    }
}

fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    match command {
        Command::Demo { output } => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(demo::run(*output, &mut out))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Sign(arguments) => sign::run(arguments, &mut out),
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
