//! What the checks have found, and how it is shown.

use dbbackup::Error;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{Row, text};

/// The checks that are always told of, in their order.
const ALL: [&str; 10] = [
    "credentials",
    "endpoint",
    "name-resolution",
    "connection",
    "tls",
    "clock",
    "identity",
    "project",
    "list",
    "create",
];

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Failed,
    Skipped,
}

/// One thing that was looked at.
#[derive(Serialize)]
pub(super) struct Check {
    check: &'static str,
    state: State,
    detail: String,
    remedy: Option<String>,
}

impl Check {
    pub(super) fn has_failed(&self) -> bool {
        self.state == State::Failed
    }

    pub(super) fn name(&self) -> &'static str {
        self.check
    }
}

impl Row for Check {
    const HEADINGS: &'static [&'static str] = &["CHECK", "STATE", "DETAIL"];
    const HAS_PROSE: bool = true;

    fn cells(&self) -> Vec<String> {
        let state = match self.state {
            State::Ok => "ok",
            State::Failed => "failed",
            State::Skipped => "skipped",
        };
        let remedy = self.remedy.as_ref().map(|remedy| format!("; {remedy}"));
        let detail = format!("{}{}", self.detail, text(remedy));
        vec![self.check.to_owned(), state.to_owned(), detail]
    }
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Report {
    checks: Vec<Check>,
    exit: Option<Exit>,
}

impl Report {
    pub(super) fn checks(&self) -> &[Check] {
        &self.checks
    }

    pub(super) fn ok(&mut self, check: &'static str, detail: impl Into<String>) {
        self.add(check, State::Ok, detail.into(), None);
    }

    pub(super) fn skipped(&mut self, check: &'static str, why: impl Into<String>) {
        self.add(check, State::Skipped, why.into(), None);
    }

    pub(super) fn failed(
        &mut self,
        check: &'static str,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.fails_with(Exit::Failed);
        self.add(check, State::Failed, detail.into(), Some(remedy.into()));
    }

    /// A check that failed with an error; its own next step, if it has one, wins over the remedy.
    pub(super) fn failed_with(
        &mut self,
        check: &'static str,
        error: &anyhow::Error,
        remedy: Option<&str>,
    ) {
        self.fails_with(Exit::of(error));
        let of_error = error
            .downcast_ref()
            .and_then(|error: &Error| error.next_step());
        let mut detail = format!("{error:#}");
        if let Some(step) = of_error {
            detail = detail.replacen(&format!("; {step}"), "", 1);
        }
        let remedy = of_error.or(remedy).map(str::to_owned);
        self.add(check, State::Failed, detail, remedy);
    }

    /// Tells of the checks that were not tried, and gives the exit code of the first failure.
    pub(super) fn finish(&mut self) -> Option<Exit> {
        let failed = self.checks.iter().rev().find(|check| check.has_failed());
        let because = failed.map_or("", Check::name);
        for check in ALL {
            if self.checks.iter().all(|done| done.check != check) {
                self.skipped(check, format!("not tried: {because} has failed"));
            }
        }
        let place = |check: &Check| ALL.iter().position(|name| *name == check.name());
        // Those of IAM stand where they were made, before the identity.
        let identity = ALL.iter().position(|name| *name == "identity");
        self.checks
            .sort_by_key(|check| place(check).map_or((identity, 0), |place| (Some(place), 1)));
        self.exit
    }

    fn fails_with(&mut self, exit: Exit) {
        // What was refused says more than what did not work.
        self.exit = match (self.exit, exit) {
            (None | Some(Exit::Failed), exit) => Some(exit),
            (first, _) => first,
        };
    }

    fn add(&mut self, check: &'static str, state: State, detail: String, remedy: Option<String>) {
        let check = Check {
            check,
            state,
            detail,
            remedy,
        };
        self.checks.push(check);
    }
}
