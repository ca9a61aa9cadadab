//! Checks what a call needs, one thing after the other, and changes nothing.

mod checks;
mod network;
mod report;

use crate::exit::Failure;
use crate::rows::help;
use crate::session::{ServiceCommand, Session};

/// The fields of a check.
const CHECK: &str = "\
With --output json a check has these fields:
  check                   credentials, endpoint, name-resolution,
                          connection, tls, clock, identity, project, list,
                          create; if IAM is asked, iam-name-resolution,
                          iam-connection, iam-tls, too
  state                   ok, failed, or skipped if it was not tried
  detail                  what was found; never a secret
  remedy                  what to do; null if there is nothing to do";

/// Check credentials, the way to the service, and permissions; change nothing.
#[derive(clap::Args)]
#[command(after_long_help = help(CHECK))]
pub(crate) struct Arguments {}

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        let mut report = report::Report::default();
        // Stops where nothing more can be tried.
        let _ = checks::examine(&mut report, session.options).await;
        let failed = report.finish();
        let checks = report.checks();
        let Some(exit) = failed else {
            return Ok(session.out().list(checks)?);
        };
        // If nobody reads it, the failure counts all the same.
        let _ = session.out().list(checks);
        let failed = checks.iter().filter(|check| check.has_failed());
        let names: Vec<_> = failed.map(report::Check::name).collect();
        Err(Failure::new(exit, format!("failed: {}", names.join(", "))).into())
    }
}
