//! The subcommands, a file for each: a new one is a file, a variant of [`Command`] and a line of its
//! `run`. One that calls a service implements [`ServiceCommand`](crate::session::ServiceCommand).

mod completions;
mod create;
mod delete;
mod demo;
mod doctor;
mod emulate;
mod files;
mod instances;
mod list;
mod man;
mod policy;
mod prune;
mod restore;
mod show;
mod sign;
mod stop;
mod wait;

use std::process::ExitCode;

use clap::Subcommand;

use crate::common::is_closed_pipe;
use crate::exit::Failure;
use crate::output::{Format, Output};
use crate::session::{self, Invocation};
use crate::stdout::Stdout;

#[derive(Subcommand)]
pub(crate) enum Command {
    Create(Box<Invocation<create::Arguments>>),
    Wait(Box<Invocation<wait::Arguments>>),
    List(Box<Invocation<list::Arguments>>),
    Show(Box<Invocation<show::Arguments>>),
    Delete(Box<Invocation<delete::Arguments>>),
    Files(Box<Invocation<files::Arguments>>),
    Instances(Box<Invocation<instances::Arguments>>),
    Policy(policy::Arguments),
    Restore(Box<Invocation<restore::Arguments>>),
    Stop(Box<Invocation<stop::Arguments>>),
    Prune(Box<Invocation<prune::Arguments>>),
    Doctor(Box<Invocation<doctor::Arguments>>),
    /// Create a backup on each service of an embedded emulator and wait until it is done.
    ///
    /// With --output json each has service, id, name, status, job_id and begin_time.
    Demo {
        /// Form of the result.
        #[arg(long, value_enum, default_value_t)]
        output: Format,
    },
    Emulate(Box<emulate::Arguments>),
    Sign(Box<sign::Arguments>),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Command {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut out = Stdout::lock();
        let done = match self {
            Self::Create(command) => session::run(&command, &mut out),
            Self::Wait(command) => session::run(&command, &mut out),
            Self::List(command) => session::run(&command, &mut out),
            Self::Show(command) => session::run(&command, &mut out),
            Self::Delete(command) => session::run(&command, &mut out),
            Self::Files(command) => session::run(&command, &mut out),
            Self::Instances(command) => session::run(&command, &mut out),
            Self::Policy(policy::Arguments { command }) => match command {
                policy::Command::Get(command) => session::run(&command, &mut out),
                policy::Command::Set(command) => session::run(&command, &mut out),
            },
            Self::Restore(command) => session::run(&command, &mut out),
            Self::Stop(command) => session::run(&command, &mut out),
            Self::Prune(command) => session::run(&command, &mut out),
            Self::Doctor(command) => session::run(&command, &mut out),
            Self::Demo { output } => crate::block_on(demo::run(&mut Output::new(output, &mut out))),
            // These fail only for what they are given; with 1, `sign` tells of a difference.
            Self::Emulate(command) => {
                crate::block_on(emulate::run(*command, &mut out)).map_err(of_usage)
            }
            Self::Completions(command) => completions::run(command, &mut out),
            Self::Man(command) => man::run(&command, &mut out),
            Self::Sign(command) => return sign::run(&command, &mut out).map_err(of_usage),
        };
        done.map(|()| ExitCode::SUCCESS)
    }
}

/// The same failure as one of usage, unless nobody reads what is written or its exit code is known.
fn of_usage(error: anyhow::Error) -> anyhow::Error {
    if is_closed_pipe(&error) || error.is::<Failure>() {
        error
    } else {
        Failure::usage(format!("{error:#}")).into()
    }
}
