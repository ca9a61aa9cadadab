//! What became of a backup, as a row.

use dbbackup::Error;
use dbbackup::model::{Backup, BackupId, Timestamp};
use dbbackup::transport::DryRun;
use indicatif::BinaryBytes;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{Row, text, word};

/// How a backup has fared.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Deleted,
    Failed,
    /// Nobody knows whether it is deleted.
    Unknown,
    #[serde(rename = "dry run")]
    DryRun,
    /// It begins later than the time by which it was looked at.
    #[serde(rename = "set aside")]
    SetAside,
}

/// What became of a backup.
#[derive(Serialize)]
pub(crate) struct Pruned {
    pub(crate) id: BackupId,
    pub(crate) name: String,
    begin: Option<Timestamp>,
    size: Option<u64>,
    pub(crate) outcome: Outcome,
    pub(crate) detail: Option<String>,
    #[serde(skip)]
    pub(crate) exit: Option<Exit>,
}

impl Row for Pruned {
    const HEADINGS: &'static [&'static str] = &["ID", "NAME", "BEGIN", "SIZE", "OUTCOME", "DETAIL"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name.clone(),
            text(self.begin.as_ref()),
            text(self.size.map(BinaryBytes)),
            word(self.outcome),
            text(self.detail.as_ref()),
        ]
    }
}

impl Pruned {
    /// What became of a backup; without a result, nobody has waited for it.
    pub(crate) fn new(backup: &Backup, result: Option<Result<(), Error>>) -> Self {
        let exit = match &result {
            Some(Err(error)) => Some(Exit::of_client(error)),
            _ => None,
        };
        let (outcome, detail) = match result {
            Some(Ok(())) => (Outcome::Deleted, None),
            Some(Err(error)) => outcome(&error),
            None => (Outcome::Unknown, None),
        };
        Self {
            exit,
            ..Self::of(backup, outcome, detail)
        }
    }

    /// A backup that begins later than the time by which it was looked at.
    pub(crate) fn set_aside(backup: &Backup, now: jiff::Timestamp) -> Self {
        let begin = text(backup.begin.as_ref());
        let why = format!("it begins at {begin}, but it is {now}");
        Self::of(backup, Outcome::SetAside, Some(why))
    }

    fn of(backup: &Backup, outcome: Outcome, detail: Option<String>) -> Self {
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

fn outcome(error: &Error) -> (Outcome, Option<String>) {
    if let Some(request) = DryRun::of(error) {
        let shown = format!("{} {}", request.method, request.url);
        return (Outcome::DryRun, Some(shown));
    }
    let outcome = match Exit::of_client(error) {
        Exit::Unknown => Outcome::Unknown,
        _ => Outcome::Failed,
    };
    (outcome, Some(error.to_string()))
}

/// What was done, in words, for those who cannot see the rows; nothing if nothing was.
pub(crate) fn done(rows: &[Pruned]) -> Option<String> {
    let with = |outcome, words: &str| {
        let ids: Vec<&str> = rows
            .iter()
            .filter(|row| row.outcome == outcome)
            .map(|row| row.id.as_str())
            .collect();
        (!ids.is_empty()).then(|| format!("{words} ({})", ids.join(", ")))
    };
    let said = [
        with(Outcome::Deleted, "backups are deleted"),
        with(Outcome::Failed, "backups are not deleted"),
        with(Outcome::Unknown, "backups may be deleted"),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}
