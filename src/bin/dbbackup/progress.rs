//! What goes on, on standard error: a spinner on a terminal, otherwise lines, nothing with `--quiet`.

use std::collections::HashMap;
use std::io::{self, Write};
use std::pin::pin;
use std::time::Duration;

use console::Term;
use dbbackup::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::SignedDuration;
use tokio::time::{Instant, timeout};

use crate::options::ServiceOptions;
use crate::output::plain;

/// A line says that nothing has changed as often as this: some pipelines end what is silent.
const BEAT: Duration = Duration::from_secs(60);
/// Work that takes longer than this is told of.
const FIRST: Duration = Duration::from_secs(15);

/// Where progress is shown, and what was shown last.
pub(crate) struct Reporter {
    form: Form,
    /// What moves, while it does.
    spinner: Option<ProgressBar>,
    /// What was last said of each backup or job, and when.
    last: HashMap<String, (String, Duration)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Nothing,
    Lines,
    Spinner,
}

impl Reporter {
    pub(crate) fn new(options: &ServiceOptions) -> Self {
        let form = if options.quiet {
            Form::Nothing
        } else if Term::stderr().features().is_attended() && !options.is_logging() {
            Form::Spinner
        } else {
            Form::Lines
        };
        Self {
            form,
            spinner: None,
            last: HashMap::new(),
        }
    }

    /// Shows what is being done, until something else is or the reporter is cleared.
    pub(crate) fn doing(&mut self, what: &str) {
        if self.form == Form::Spinner {
            self.spinner
                .get_or_insert_with(spinner)
                .set_message(plain(what));
        }
    }

    /// Says something that stays.
    pub(crate) fn say(&self, line: &str) {
        match &self.spinner {
            _ if self.form == Form::Nothing => {}
            Some(spinner) => spinner.suspend(|| write_line(line)),
            None => write_line(line),
        }
    }

    /// Ends what moves: a result or a question comes.
    pub(crate) fn clear(&mut self) {
        if let Some(spinner) = self.spinner.take() {
            spinner.finish_and_clear();
        }
    }

    /// Shows what a look at a backup or a job has shown, and why it has not shown more.
    pub(crate) fn look(&mut self, noun: &str, progress: Progress<'_>) {
        let state = described(noun, &progress);
        let (elapsed, error) = (progress.elapsed, progress.error);
        let mut line = state.clone();
        if let Some(error) = error {
            line += &format!(" ({error})");
        }
        if self.form == Form::Spinner {
            return self.doing(&line);
        }
        let is_new = self
            .last
            .get(progress.id)
            .is_none_or(|(last, at)| *last != state || elapsed.saturating_sub(*at) >= BEAT);
        if is_new || error.is_some() {
            self.last.insert(progress.id.to_owned(), (state, elapsed));
            self.say(&format!("{line}, after {}", seconds(elapsed)));
        }
    }

    /// Shows what is being done until it is.
    pub(crate) async fn during<T>(&mut self, what: &str, work: impl Future<Output = T>) -> T {
        self.doing(what);
        let begun = Instant::now();
        let mut work = pin!(work);
        let mut pause = FIRST;
        loop {
            if let Ok(done) = timeout(pause, &mut work).await {
                return done;
            }
            if self.form == Form::Lines {
                self.say(&format!("{what}, after {}", seconds(begun.elapsed())));
            }
            pause = BEAT;
        }
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        self.clear();
    }
}

/// What is known of a backup or a job.
pub(crate) fn described(noun: &str, progress: &Progress<'_>) -> String {
    let id = progress.id;
    match (progress.status, progress.percent) {
        (Some(status), Some(percent)) => format!("{noun} {id} is {status}, {percent} %"),
        (Some(status), None) => format!("{noun} {id} is {status}"),
        (None, _) => format!("{noun} {id} is not listed yet"),
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
