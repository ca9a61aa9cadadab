//! What became of a backup, as a row.

use dbbackup::Error;
use dbbackup::model::{Backup, BackupId, Timestamp};
use dbbackup::transport::DryRun;
use indicatif::BinaryBytes;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{Row, text};

pub(super) const DELETED: &str = "deleted";
pub(super) const FAILED: &str = "failed";
pub(super) const UNKNOWN: &str = "unknown";

/// What became of a backup.
#[derive(Serialize)]
pub(super) struct Pruned {
    pub(super) id: BackupId,
    pub(super) name: String,
    begin: Option<Timestamp>,
    size: Option<u64>,
    pub(super) outcome: &'static str,
    pub(super) detail: Option<String>,
    #[serde(skip)]
    pub(super) exit: Option<Exit>,
}

impl Row for Pruned {
    const HEADINGS: &'static [&'static str] = &["ID", "NAME", "BEGIN", "SIZE", "OUTCOME", "DETAIL"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name.clone(),
            text(self.begin.as_ref()),
            text(self.size.map(BinaryBytes)),
            self.outcome.to_owned(),
            text(self.detail.as_ref()),
        ]
    }
}

impl Pruned {
    /// What became of a backup; without a result, nobody has waited for it.
    pub(super) fn new(backup: &Backup, result: Option<Result<(), Error>>) -> Self {
        let exit = result.as_ref().and_then(|result| result.as_ref().err());
        let exit = exit.map(Exit::of_client);
        let (outcome, detail) = match result {
            Some(Ok(())) => (DELETED, None),
            Some(Err(error)) => outcome(&error),
            None => (UNKNOWN, None),
        };
        Self {
            exit,
            ..Self::of(backup, outcome, detail)
        }
    }

    /// A backup that begins later than the time by which it was looked at.
    pub(super) fn set_aside(backup: &Backup, now: jiff::Timestamp) -> Self {
        let begin = text(backup.begin.as_ref());
        let why = format!("it begins at {begin}, but it is {now}");
        Self::of(backup, "set aside", Some(why))
    }

    fn of(backup: &Backup, outcome: &'static str, detail: Option<String>) -> Self {
        Self {
            id: backup.reference.id.clone(),
            name: backup.name.clone(),
            begin: backup.begin.clone(),
            size: backup.size,
            outcome,
            detail,
            exit: None,
        }
    }
}

fn outcome(error: &Error) -> (&'static str, Option<String>) {
    if let Some(request) = DryRun::of(error) {
        return (
            "dry run",
            Some(format!("{} {}", request.method, request.url)),
        );
    }
    let outcome = match Exit::of_client(error) {
        Exit::Unknown => UNKNOWN,
        _ => FAILED,
    };
    (outcome, Some(error.to_string()))
}

/// What was done, in words, for those who cannot see the rows; nothing if nothing was.
pub(super) fn done(rows: &[Pruned]) -> Option<String> {
    let with = |outcome, words: &str| {
        let ids = rows.iter().filter(|row| row.outcome == outcome);
        let ids: Vec<&str> = ids.map(|row| row.id.as_str()).collect();
        (!ids.is_empty()).then(|| format!("{words} ({})", ids.join(", ")))
    };
    let said = [
        with(DELETED, "backups are deleted"),
        with(FAILED, "backups are not deleted"),
        with(UNKNOWN, "backups may be deleted"),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}
