//! What every subcommand that calls a service runs in: its options, where it tells of its progress, the
//! signals, and where the result goes.

use std::io::Write;

use dbbackup::transport::DryRun;

use crate::exit::{Exit, Failure};
use crate::options::ServiceOptions;
use crate::output::Output;
use crate::progress::Reporter;
use crate::signals::Signals;

/// A subcommand that calls a service.
pub(crate) trait ServiceCommand: clap::Args {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()>;
}

// Without a comment for clap, which would take it for the help of each subcommand.
#[derive(clap::Args)]
pub(crate) struct Invocation<C: ServiceCommand> {
    #[command(flatten)]
    command: C,
    #[command(flatten)]
    options: ServiceOptions,
}

/// What a subcommand works with besides its own arguments.
pub(crate) struct Session<'a> {
    pub(crate) options: &'a ServiceOptions,
    pub(crate) reporter: Reporter,
    pub(crate) signals: Signals,
    out: Output<'a>,
}

impl<'a> Session<'a> {
    /// Where the result goes; nothing may move in it.
    pub(crate) fn out(&mut self) -> &mut Output<'a> {
        self.reporter.clear();
        &mut self.out
    }
}

/// Runs a subcommand; the request of a dry run is its result.
pub(crate) fn run<C: ServiceCommand>(
    invocation: &Invocation<C>,
    to: &mut dyn Write,
) -> anyhow::Result<()> {
    let Invocation { command, options } = invocation;
    let signals = Signals::watch()?;
    let mut session = Session {
        options,
        reporter: Reporter::new(options),
        signals: signals.clone(),
        out: Output::new(options.output, to),
    };
    let result = crate::block_on(async {
        // A subcommand that has more to say about a signal ends at the same time, and comes first.
        let done = signals.unless_stopped(command.run(&mut session)).await;
        done.unwrap_or_else(|| Err(Failure::new(Exit::Interrupted, "interrupted").into()))
    });
    let error = match result {
        Err(error) => error,
        done => return done,
    };
    match error.downcast_ref().and_then(DryRun::of) {
        Some(request) => Ok(session.out().one(request)?),
        None => Err(error),
    }
}
