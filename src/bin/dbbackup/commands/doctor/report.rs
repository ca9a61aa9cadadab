//! What the checks have found, and how it is shown.

use dbbackup::Error;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{Row, word};

/// What is looked at, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Subject {
    Credentials,
    Endpoint,
    NameResolution,
    Connection,
    Tls,
    Clock,
    IamNameResolution,
    IamConnection,
    IamTls,
    Identity,
    Project,
    List,
    Create,
}

/// What is told of even if it was not tried; IAM is not always asked.
const ALWAYS: [Subject; 10] = [
    Subject::Credentials,
    Subject::Endpoint,
    Subject::NameResolution,
    Subject::Connection,
    Subject::Tls,
    Subject::Clock,
    Subject::Identity,
    Subject::Project,
    Subject::List,
    Subject::Create,
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
pub(crate) struct Check {
    check: Subject,
    state: State,
    detail: String,
    remedy: Option<String>,
}

impl Check {
    pub(crate) fn has_failed(&self) -> bool {
        self.state == State::Failed
    }

    pub(crate) fn name(&self) -> String {
        word(self.check)
    }
}

impl Row for Check {
    const HEADINGS: &'static [&'static str] = &["CHECK", "STATE", "DETAIL"];
    const HAS_PROSE: bool = true;

    fn cells(&self) -> Vec<String> {
        let mut detail = self.detail.clone();
        if let Some(remedy) = &self.remedy {
            detail += &format!("; {remedy}");
        }
        vec![self.name(), word(self.state), detail]
    }
}

/// What was found so far.
#[derive(Default)]
pub(crate) struct Report {
    checks: Vec<Check>,
    exit: Option<Exit>,
}

impl Report {
    pub(crate) fn checks(&self) -> &[Check] {
        &self.checks
    }

    pub(crate) fn ok(&mut self, check: Subject, detail: impl Into<String>) {
        self.add(check, State::Ok, detail.into(), None);
    }

    pub(crate) fn skipped(&mut self, check: Subject, why: impl Into<String>) {
        self.add(check, State::Skipped, why.into(), None);
    }

    pub(crate) fn failed(
        &mut self,
        check: Subject,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.fails_with(Exit::Failed);
        self.add(check, State::Failed, detail.into(), Some(remedy.into()));
    }

    /// A check that failed with an error; its own next step, if it has one, wins over the remedy.
    pub(crate) fn failed_with(
        &mut self,
        check: Subject,
        error: &anyhow::Error,
        remedy: Option<&str>,
    ) {
        self.fails_with(Exit::of(error));
        let of_library = error.downcast_ref::<Error>();
        let mut said = vec![of_library.map_or_else(|| error.to_string(), Error::message)];
        said.extend(error.chain().skip(1).map(ToString::to_string));
        let of_error = of_library.and_then(Error::remedy);
        let remedy = of_error.or(remedy).map(str::to_owned);
        self.add(check, State::Failed, said.join(": "), remedy);
    }

    /// Tells of the checks that were not tried, and gives the exit code of the first failure.
    pub(crate) fn finish(&mut self) -> Option<Exit> {
        let failed = self.checks.iter().rev().find(|check| check.has_failed());
        let because = failed.map(Check::name).unwrap_or_default();
        for check in ALWAYS {
            if self.checks.iter().all(|done| done.check != check) {
                self.skipped(check, format!("not tried: {because} has failed"));
            }
        }
        self.checks.sort_by_key(|check| check.check);
        self.exit
    }

    fn fails_with(&mut self, exit: Exit) {
        // What was refused says more than what did not work.
        self.exit = match (self.exit, exit) {
            (None | Some(Exit::Failed), exit) => Some(exit),
            (first, _) => first,
        };
    }

    fn add(&mut self, check: Subject, state: State, detail: String, remedy: Option<String>) {
        let check = Check {
            check,
            state,
            detail,
            remedy,
        };
        self.checks.push(check);
    }
}
