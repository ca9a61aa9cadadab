//! What goes on, on standard error: a spinner on a terminal, otherwise lines, nothing with `--quiet`.

use std::io::{self, Write};
use std::pin::pin;
use std::time::Duration;

use console::Term;
use dbbackup::{Error, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::SignedDuration;
use tokio::time::{Instant, timeout};

use crate::output::plain;
use crate::service::ServiceOptions;

/// A line says that nothing has changed as often as this: some pipelines end what is silent.
const BEAT: Duration = Duration::from_secs(60);
/// Work that takes longer than this is told of.
const FIRST: Duration = Duration::from_secs(15);

/// Where progress is shown, and what was shown last.
pub(crate) struct Reporter {
    place: Place,
    last: Option<(String, Duration)>,
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
            spinner.set_message(plain(&what));
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
        let state = match progress.status {
            Some(status) => format!("backup {id} is {status}"),
            None => format!("backup {id} is not listed yet"),
        };
        self.state(state, progress.elapsed, progress.error);
    }

    /// Shows the state of what is waited for, and why the last look did not show it.
    pub(crate) fn state(&mut self, state: String, elapsed: Duration, error: Option<&Error>) {
        let mut line = state.clone();
        if let Some(error) = error {
            line += &format!(" ({error})");
        }
        if let Place::Spinner(_) = self.place {
            return self.doing(line);
        }
        let is_new = self
            .last
            .as_ref()
            .is_none_or(|(last, at)| *last != state || elapsed.saturating_sub(*at) >= BEAT);
        if is_new || error.is_some() {
            self.last = Some((state, elapsed));
            self.say(&format!("{line}, after {}", seconds(elapsed)));
        }
    }

    /// Shows what is being done until it is.
    pub(crate) async fn during<T>(&self, what: &str, work: impl Future<Output = T>) -> T {
        self.doing(what.to_owned());
        let begun = Instant::now();
        let mut work = pin!(work);
        let mut pause = FIRST;
        loop {
            match (timeout(pause, &mut work).await, &self.place) {
                (Ok(done), _) => return done,
                (Err(_), Place::Lines) => {
                    self.say(&format!("{what}, after {}", seconds(begun.elapsed())));
                }
                (Err(_), _) => {}
            }
            pause = BEAT;
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

/// A line on standard error.
pub(crate) fn write_line(line: &str) {
    // If standard error is closed, the exit code is all that is left.
    let _ = writeln!(io::stderr(), "{}", plain(line));
}

/// A time in whole seconds, such as `1m 5s`.
pub(crate) fn seconds(time: Duration) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    format!("{:#}", SignedDuration::from_secs(seconds))
}
