//! What is right, and how often what happened.

use std::cell::RefCell;
use std::collections::BTreeMap;

use dbbackup::emulator::HeldBackup;

use super::caller::Ended;
use crate::support::secret_in;

/// The kinds of faults, none of which may occur.
const FAULTS: [&str; 3] = ["doubled", "lost", "wrong"];
/// None of it would show anything if these had not happened.
const NEEDED: [&str; 11] = [
    "plain creates",
    "keys",
    "crowded",
    "killed",
    "killed, and there is one",
    "Cut",
    "Unanswered",
    "Gateway",
    "a wrong count",
    "a wrong date",
    "ended with 0",
];

#[derive(Default)]
pub(super) struct Judge {
    seen: RefCell<BTreeMap<String, usize>>,
    /// What was not right, in full.
    faults: RefCell<Vec<String>>,
}

impl Judge {
    /// Counts what happened.
    pub(super) fn add(&self, what: &str) {
        *self.seen.borrow_mut().entry(what.to_owned()).or_default() += 1;
    }

    /// Notes a fault, unless all is right.
    fn expect(&self, is_right: bool, fault: &str, of: &dyn std::fmt::Debug, held: &[HeldBackup]) {
        if !is_right {
            self.add(fault);
            let told = format!("{fault}: {of:#?}\nthe service has {held:#?}");
            self.faults.borrow_mut().push(told);
        }
    }

    /// A plain create has made one backup at most, and says what is true.
    pub(super) fn plain(&self, ended: &Ended, held: &[HeldBackup]) {
        self.end(ended, held);
        self.expect(held.len() <= 1, "doubled", ended, held);
        if ended.code == Some(0) {
            self.expect(!held.is_empty(), "lost", ended, held);
            self.expect(ended.names_all(held), "wrong", ended, held);
        }
    }

    /// Of one process for a key nothing is left that nobody was told of.
    pub(super) fn try_of_key(&self, ended: &Ended, held: &[HeldBackup]) {
        self.end(ended, held);
        self.expect(held.len() <= 1, "doubled", ended, held);
    }

    /// All callers of a key know its only live backup.
    pub(super) fn key(&self, answers: &[Ended], live: &[HeldBackup]) {
        self.expect(live.len() <= 1, "doubled", &answers, live);
        self.expect(!live.is_empty(), "lost", &answers, live);
        for ended in answers {
            self.expect(ended.names_all(live), "wrong", ended, live);
        }
    }

    /// A process has ended in a documented way, and says why; a backup of one that has failed would be lost.
    fn end(&self, ended: &Ended, held: &[HeldBackup]) {
        self.add("processes");
        let Ended { stdout, stderr, .. } = ended;
        let is_told = match ended.code {
            Some(0) => ended.id().is_some(),
            Some(1) => {
                stdout.is_empty() && stderr.lines().any(|line| line.starts_with("dbbackup: "))
            }
            Some(4) => stdout.is_empty() && stderr.contains("dbbackup list"),
            Some(_) => false,
            None => ended.is_killed,
        };
        let is_clean =
            !stderr.contains("panicked") && secret_in(&(stdout.clone() + stderr)).is_none();
        self.expect(is_told && is_clean, "wrong", ended, held);
        if ended.code == Some(1) {
            self.expect(held.is_empty(), "lost", ended, held);
        }
        let end = match ended.code {
            Some(code) => format!("ended with {code}"),
            None => "killed".to_owned(),
        };
        self.add(&end);
        if ended.code != Some(0) && !held.is_empty() {
            self.add(&format!("{end}, and there is one"));
        }
    }

    /// Shows the figures, and fails if there was a fault or nothing to find one by.
    #[allow(
        clippy::print_stdout,
        reason = "figures for whoever asks with --nocapture"
    )]
    pub(super) fn close(self, run: &str) {
        let mut seen = self.seen.into_inner();
        for fault in FAULTS {
            seen.entry(fault.to_owned()).or_default();
        }
        println!("{run}: {seen:#?}");
        let faults = self.faults.into_inner();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        for what in NEEDED {
            assert!(seen.contains_key(what), "never {what}: {seen:#?}");
        }
    }
}
