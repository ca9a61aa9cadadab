//! Lists the files of a backup, and downloads them.

mod answer;
mod attempts;
mod document;
mod download;
mod listed;
mod own;
mod part;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use dbbackup::Operation;
use dbbackup::model::{BackupFile, DownloadLink, Timestamp};
use indicatif::BinaryBytes;
use serde::Serialize;

use crate::backup::BackupArgs;
use crate::exit::{Exit, Failure};
use crate::options::DryRunArgs;
use crate::output::{Row, text};
use crate::rows::help;
use crate::session::{ServiceCommand, Session};
use download::{Downloaded, Downloads};

const FILE: &str = "\
With --output json a file has these fields, null where nothing is known:
  name                    as the service calls it
  size                    bytes, on rds-v3 in steps of 1024
  size_without_unit       on gaussdb-v3, whose unit is not documented
  expires                 time at which its link ends
  database                if it is the file of one
  link                    with --links
and a downloaded one these:
  name, path, bytes       its name, where it is, and its size
  outcome                 downloaded, not checked, or failed
  detail                  why it failed or was not checked";

/// List the files of a backup, or download them: rds-v3, and gaussdb-v3 on Huawei Cloud.
///
/// A download goes on where an earlier one of the same file has stopped, which is FILE.part until it
/// is whole, and is given up after 5 attempts in a row that bring nothing new. It changes no other
/// file: where one has the name already, its content is not checked.
#[derive(clap::Args)]
#[command(after_long_help = help(FILE))]
pub(crate) struct Arguments {
    #[command(flatten)]
    backup: BackupArgs,
    /// Folder to download the files into.
    #[arg(long, value_name = "DIR")]
    download: Option<PathBuf>,
    /// Show the links, too: whoever has one can read the file until it expires.
    #[arg(long, conflicts_with = "download")]
    links: bool,
}

/// A file that is listed.
#[derive(Serialize)]
struct Listed {
    name: Option<String>,
    size: Option<u64>,
    size_without_unit: Option<i64>,
    expires: Option<Timestamp>,
    database: Option<String>,
}

/// One with its link.
#[derive(Serialize)]
struct Linked {
    #[serde(flatten)]
    file: Listed,
    link: Option<DownloadLink>,
}

impl Row for Listed {
    const HEADINGS: &'static [&'static str] = &["NAME", "SIZE", "LINK EXPIRES", "DATABASE"];

    fn cells(&self) -> Vec<String> {
        let size = match self.size {
            Some(size) => BinaryBytes(size).to_string(),
            None => text(self.size_without_unit),
        };
        vec![
            text(self.name.as_ref()),
            size,
            text(self.expires.as_ref()),
            text(self.database.as_ref()),
        ]
    }
}

impl Row for Linked {
    const HEADINGS: &'static [&'static str] = &["NAME", "SIZE", "LINK EXPIRES", "DATABASE", "LINK"];

    fn cells(&self) -> Vec<String> {
        let link = self.link.as_ref().map(DownloadLink::as_str);
        let mut cells = self.file.cells();
        cells.push(text(link));
        cells
    }
}

impl From<BackupFile> for Linked {
    fn from(file: BackupFile) -> Self {
        Self {
            file: Listed {
                name: file.name,
                size: file.size,
                size_without_unit: file.size_without_unit,
                expires: file.expires,
                database: file.database,
            },
            link: file.link,
        }
    }
}

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        session.options.demand(Operation::ListBackupFiles)?;
        let found = self.backup.find(session.options, DryRunArgs::default());
        let (client, backup) = found.await?;
        let files = client.files(&backup).await?.files;
        let Some(folder) = &self.download else {
            let files = files.into_iter().map(Linked::from);
            let shown = if self.links {
                session.out().list(&files.collect::<Vec<_>>())
            } else {
                let files: Vec<_> = files.map(|file| file.file).collect();
                session.out().list(&files)
            };
            return Ok(shown?);
        };
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let mut downloads = Downloads {
            http: client.http(),
            backup: &backup.id,
            folder,
            reporter: &mut session.reporter,
            taken: BTreeSet::new(),
        };
        let mut done = Vec::new();
        for file in &files {
            done.push(downloads.fetch(file).await);
        }
        let shown = session.out().list(&done);
        // If nobody reads it, the failure counts all the same.
        end(&done)?;
        Ok(shown?)
    }
}

fn end(done: &[Downloaded]) -> anyhow::Result<()> {
    let failed = done.iter().filter(|one| one.is_failed()).count();
    if failed == 0 {
        return Ok(());
    }
    let what = format!("{failed} of {} files were not downloaded", done.len());
    Err(Failure::new(Exit::Failed, what).into())
}
