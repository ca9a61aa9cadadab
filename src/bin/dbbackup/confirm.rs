//! What destroys asks first: on a terminal, unless `--yes` was given.

use std::io::{self, IsTerminal, Write};

use tokio::task::spawn_blocking;

use crate::exit::{Exit, Failure};
use crate::options::DryRunArgs;
use crate::output::plain;
use crate::progress::write_line;

/// What a subcommand that destroys something has besides.
#[derive(clap::Args)]
pub(crate) struct ConfirmArgs {
    #[command(flatten)]
    pub(crate) change: DryRunArgs,
    /// Do it without asking.
    #[arg(long)]
    yes: bool,
}

/// Leave to destroy, or somebody who can give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Consent {
    Given,
    Ask,
}

impl ConfirmArgs {
    /// Refuses before any call where nobody can be asked. A dry run destroys nothing.
    pub(crate) fn consent(&self) -> Result<Consent, Failure> {
        if self.yes || self.change.dry_run {
            Ok(Consent::Given)
        } else if io::stdin().is_terminal() && io::stderr().is_terminal() {
            Ok(Consent::Ask)
        } else {
            Err(Failure::usage(
                "nobody can be asked without a terminal: give --yes, or --dry-run to see the request",
            ))
        }
    }
}

impl Consent {
    /// Says what the question is about, also with `--quiet`; nothing if there is none.
    pub(crate) fn about(self, line: &str) {
        if self == Self::Ask {
            write_line(line);
        }
    }

    /// Asks whether to do this, if that is still to be asked; no spinner may be there.
    pub(crate) async fn to(self, what: &str) -> anyhow::Result<()> {
        if self == Self::Given {
            return Ok(());
        }
        let question = format!("{}? [y/N] ", plain(what));
        let ask = move || {
            let mut answer = String::new();
            write!(io::stderr(), "{question}")?;
            io::stdin().read_line(&mut answer)?;
            io::Result::Ok(answer)
        };
        // A signal ends the wait for an answer.
        let answer = spawn_blocking(ask).await?.unwrap_or_default();
        if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
            return Ok(());
        }
        let what = "not confirmed; nothing was changed";
        Err(Failure::new(Exit::Failed, what).into())
    }
}
