//! Checks what a call needs, one thing after the other, and changes nothing.

mod checks;
mod network;
mod report;

use crate::exit::Failure;
use crate::output::Output;
use crate::rows::help;
use crate::service::{Calls, ServiceOptions};

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
pub(crate) struct Arguments {
    #[command(flatten)]
    options: ServiceOptions,
}

impl Calls for Arguments {
    fn options(&self) -> &ServiceOptions {
        &self.options
    }

    async fn run(&self, out: &mut Output<'_>) -> anyhow::Result<()> {
        let mut report = report::Report::default();
        // Stops where nothing more can be tried.
        let _ = checks::examine(&mut report, &self.options).await;
        let failed = report.finish();
        let checks = report.checks();
        let Some(exit) = failed else {
            return Ok(out.list(checks)?);
        };
        // If nobody reads it, the failure counts all the same.
        let _ = out.list(checks);
        let names: Vec<_> = checks.iter().filter(|check| check.has_failed()).collect();
        let names: Vec<_> = names.iter().map(|check| check.name()).collect();
        Err(Failure::new(exit, format!("failed: {}", names.join(", "))).into())
    }
}
