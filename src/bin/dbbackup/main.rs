//! The command `dbbackup`.
//!
//! `commands/` has a file for each subcommand. What they share: `session.rs` what those run in that call
//! a service, `options.rs` their options and the client, `backup.rs` and `values.rs` arguments, `output.rs` and `rows.rs` what
//! stands on standard output, `stdout.rs` whether it can, `progress.rs` what stands on standard error,
//! `hidden.rs` what stands nowhere, `waiting.rs` the wait, `confirm.rs` the question before something is
//! destroyed, `signals.rs` interruptions, `exit.rs` the exit codes.

mod backup;
mod commands;
#[path = "../common/mod.rs"]
mod common;
mod confirm;
mod exit;
mod hidden;
mod options;
mod output;
mod progress;
mod rows;
mod session;
mod signals;
mod stdout;
mod values;
mod waiting;

use std::process::ExitCode;

use clap::Parser;

use exit::Exit;

/// Backups of managed databases on Huawei Cloud and Open Telekom Cloud.
///
/// Credentials and their place are taken from DBBACKUP_*, HUAWEICLOUD_SDK_* or OS_* variables, or from
/// clouds.yaml; none of them is an argument.
#[derive(Parser)]
#[command(version, max_term_width = 100, after_help = exit::CODES)]
struct Arguments {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    let Arguments { command } = match common::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let result = command.run().map_err(exit::in_one_line);
    let failure = result.as_ref().err().map_or(Exit::Failed, Exit::of);
    common::end("dbbackup", result, failure as u8)
}

/// Runs what has to wait for the network.
fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = runtime()?;
    let done = runtime.block_on(work);
    // A question that nobody has answered is not waited for.
    runtime.shutdown_background();
    done
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}
