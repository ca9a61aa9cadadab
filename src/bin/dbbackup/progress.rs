//! What goes on, on standard error: a spinner on a terminal, otherwise lines, nothing with `--quiet`.

use std::io::{self, Write};
use std::time::Duration;

use console::Term;
use dbbackup::Progress;
use dbbackup::model::BackupStatus;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::SignedDuration;

use crate::service::ServiceOptions;

/// A line says that nothing has changed as often as this: some pipelines end what is silent.
const BEAT: Duration = Duration::from_secs(60);

/// Where progress is shown, and what was shown last.
pub(crate) struct Reporter {
    place: Place,
    last: Option<(Option<BackupStatus>, Duration)>,
}

enum Place {
    Nowhere,
    Lines,
    Spinner(ProgressBar),
}

impl Reporter {
    pub(crate) fn new(options: &ServiceOptions) -> Self {
        let is_attended = Term::stderr().features().is_attended();
        let place = match is_attended && !options.is_logging() {
            _ if options.quiet => Place::Nowhere,
            true => Place::Spinner(spinner()),
            false => Place::Lines,
        };
        Self { place, last: None }
    }

    /// Shows what is being done, as long as it lasts.
    pub(crate) fn doing(&self, what: String) {
        if let Place::Spinner(spinner) = &self.place {
            spinner.set_message(what);
        }
    }

    /// Says something that stays.
    pub(crate) fn say(&self, line: &str) {
        match &self.place {
            Place::Nowhere => {}
            Place::Lines => write_line(line),
            Place::Spinner(spinner) => spinner.suspend(|| write_line(line)),
        }
    }

    /// Shows what a look at a backup has shown.
    pub(crate) fn look(&mut self, progress: Progress<'_>) {
        let id = &progress.backup.id;
        let mut line = match progress.status {
            Some(status) => format!("backup {id} is {status}"),
            None => format!("backup {id} is not listed yet"),
        };
        if let Some(error) = progress.error {
            line += &format!(" ({error})");
        }
        if let Place::Spinner(_) = self.place {
            return self.doing(line);
        }
        let is_new = self.last.as_ref().is_none_or(|(status, at)| {
            status.as_ref() != progress.status || progress.elapsed.saturating_sub(*at) >= BEAT
        });
        if is_new || progress.error.is_some() {
            self.last = Some((progress.status.cloned(), progress.elapsed));
            self.say(&format!("{line}, after {}", seconds(progress.elapsed)));
        }
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        if let Place::Spinner(spinner) = &self.place {
            spinner.finish_and_clear();
        }
    }
}

fn spinner() -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

fn write_line(line: &str) {
    // If standard error is closed, the exit code is all that is left.
    let _ = writeln!(io::stderr(), "{line}");
}

/// A time in whole seconds, such as `1m 5s`.
fn seconds(time: Duration) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    format!("{:#}", SignedDuration::from_secs(seconds))
}
