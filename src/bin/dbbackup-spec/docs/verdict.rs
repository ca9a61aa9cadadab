//! A verdict on what a page and a contract say of the same.

use serde::Serialize;
use serde_json::Value;

use super::facts::{Fact, Locus, Subject};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Agree,
    Mismatch,
    OnlyInPage,
    OnlyInContract,
    /// The page does not speak of such things at all.
    PageSilent,
    /// An erratum tells of something that is not so.
    Stale,
}

/// A fact, or a locus that only one side has.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) place: Locus,
    pub(super) fact: Option<Fact>,
    pub(super) page: Option<Value>,
    pub(super) contract: Option<Value>,
    pub(super) verdict: Verdict,
    /// What explains the verdict, or why nothing does.
    pub(super) because: Option<String>,
    pub(super) finding: bool,
}

impl Row {
    pub(super) fn new(
        (place, fact): Subject,
        page: Option<Value>,
        contract: Option<Value>,
    ) -> Self {
        let verdict = match (&page, &contract) {
            (page, contract) if page == contract => Verdict::Agree,
            (Some(_), Some(_)) => Verdict::Mismatch,
            (Some(_), None) => Verdict::OnlyInPage,
            (None, _) => Verdict::OnlyInContract,
        };
        Self {
            place,
            fact,
            page,
            contract,
            verdict,
            because: None,
            finding: verdict != Verdict::Agree,
        }
    }

    /// What it is about.
    pub(super) fn subject(&self) -> Subject {
        (self.place.clone(), self.fact)
    }
}
