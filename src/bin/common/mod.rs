//! What both commands do alike: arguments, one line for a failure, exit codes.

pub(crate) mod file;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

/// The arguments of the process, or the exit code after help or a refusal.
pub(crate) fn arguments<A: Parser>() -> Result<A, ExitCode> {
    A::try_parse().map_err(|error| refuse(A::command().get_name(), &error))
}

/// Says in one line what is wrong with the arguments, unless help was asked for.
fn refuse(command: &str, error: &clap::Error) -> ExitCode {
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
        let _ = writeln!(io::stderr(), "{command}: {}", line.join(" "));
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The exit code of a command; `failure` is that of an error, of which one line tells.
pub(crate) fn end(command: &str, result: anyhow::Result<ExitCode>, failure: u8) -> ExitCode {
    match result {
        Ok(code) => code,
        // Whoever reads the output has seen enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed, too, the exit code is all that is left.
            let _ = writeln!(io::stderr(), "{command}: {error:#}");
            ExitCode::from(failure)
        }
    }
}

/// Whether nobody reads the output any more.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
