//! Waiting for a backup, with progress, a limit, and a word on how to go on.

use std::time::Duration;

use dbbackup::model::{Backup, BackupRef};
use dbbackup::{BackupClient, ErrorKind, Wait};

use crate::exit::{Exit, Failure};
use crate::progress::Reporter;
use crate::service::ServiceOptions;
use crate::signals::Signals;
use crate::values;

/// The longest pause between two looks, unless the first one is longer.
const LONGEST: Duration = Duration::from_secs(30);

/// How to wait.
#[derive(clap::Args)]
pub(crate) struct Waiting {
    /// How long to wait at most, such as 90m; the backup goes on after that.
    #[arg(long, value_name = "TIME", default_value = "2h", value_parser = values::duration)]
    wait_timeout: Duration,
    /// The first pause between two looks; they grow to 30s.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = values::some_time)]
    interval: Duration,
}

impl Waiting {
    /// Waits until the backup is done.
    pub(crate) async fn wait(
        &self,
        client: &BackupClient,
        options: &ServiceOptions,
        backup: &BackupRef,
        reporter: &mut Reporter,
        signals: &mut Signals,
    ) -> Result<Backup, Failure> {
        let wait = Wait::up_to(self.wait_timeout)
            .looking_every(self.interval, self.interval.max(LONGEST))
            .on_progress(|progress| reporter.look(progress));
        let result = signals.unless_stopped(client.wait(backup, wait)).await;
        let again = || format!("wait again with: {}", options.command_for("wait", backup));
        match result {
            Some(Ok(backup)) => Ok(backup),
            Some(Err(error)) => Err(match error.kind() {
                ErrorKind::BackupFailed | ErrorKind::BackupGone => error.into(),
                _ => Failure::from(error).with_next(again()),
            }),
            None => {
                let what = format!("interrupted; backup {} was accepted and goes on", backup.id);
                Err(Failure::new(Exit::Interrupted, what).with_next(again()))
            }
        }
    }
}
