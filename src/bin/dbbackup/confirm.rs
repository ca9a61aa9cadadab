//! What destroys asks first: on a terminal, unless `--yes` was given.

use std::io::{self, IsTerminal, Write};

use crate::exit::{Exit, Failure};
use crate::output::plain;
use crate::service::Change;

/// What a subcommand that destroys something has besides.
#[derive(clap::Args)]
pub(crate) struct Destruction {
    #[command(flatten)]
    pub(crate) change: Change,
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

impl Destruction {
    /// Refuses before any call where nobody can be asked. A dry run destroys nothing.
    pub(crate) fn consent(&self) -> Result<Consent, Failure> {
        match () {
            () if self.yes || self.change.dry_run => Ok(Consent::Given),
            () if io::stdin().is_terminal() && io::stderr().is_terminal() => Ok(Consent::Ask),
            () => Err(Failure::usage(
                "nobody can be asked without a terminal: give --yes, or --dry-run to see the request",
            )),
        }
    }
}

impl Consent {
    /// Asks whether to do this, if that is still to be asked.
    pub(crate) fn to(self, what: &str) -> Result<(), Failure> {
        if self == Self::Given {
            return Ok(());
        }
        let mut answer = String::new();
        let asked = write!(io::stderr(), "{}? [y/N] ", plain(what))
            .and_then(|()| io::stdin().read_line(&mut answer));
        match (asked, answer.trim().to_lowercase().as_str()) {
            (Ok(_), "y" | "yes") => Ok(()),
            _ => Err(Failure::new(
                Exit::Failed,
                "not confirmed; nothing was changed",
            )),
        }
    }
}
