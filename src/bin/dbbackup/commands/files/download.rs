//! Files over HTTP: from where an earlier download has stopped, and whole or not at all.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow, bail, ensure};
use dbbackup::model::{BackupFile, BackupId, DownloadLink};
use indicatif::BinaryBytes;
use reqwest::Client;
use reqwest::header::{ACCEPT_ENCODING, IF_RANGE, RANGE};
use serde::Serialize;

use super::answer::{Stop, begin, is_whole};
use super::attempts::Attempts;
use super::document;
use super::listed::Listed;
use super::part::{MOST_NAME, Part, Record, is_reserved};
use crate::output::{Row, text, word};
use crate::progress::Reporter;

/// A link that is silent for so long is broken.
const SILENCE: Duration = Duration::from_secs(60);

/// What became of a file.
#[derive(Serialize)]
pub(crate) struct Downloaded {
    name: Option<String>,
    path: Option<PathBuf>,
    bytes: Option<u64>,
    outcome: Outcome,
    detail: Option<String>,
}

/// How a download has ended.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Downloaded,
    /// A file of this name was there.
    #[serde(rename = "not checked")]
    NotChecked,
    Failed,
}

impl Downloaded {
    pub(crate) fn is_failed(&self) -> bool {
        self.outcome == Outcome::Failed
    }
}

impl Row for Downloaded {
    const HEADINGS: &'static [&'static str] = &["NAME", "PATH", "BYTES", "OUTCOME", "DETAIL"];

    fn cells(&self) -> Vec<String> {
        vec![
            text(self.name.as_ref()),
            text(self.path.as_ref().map(|path| path.display())),
            text(self.bytes),
            word(self.outcome),
            text(self.detail.as_ref()),
        ]
    }
}

/// Downloads into a folder.
pub(crate) struct Downloads<'a> {
    pub(crate) http: &'a Client,
    pub(crate) backup: &'a BackupId,
    pub(crate) folder: &'a Path,
    pub(crate) reporter: &'a mut Reporter,
    /// Names in the folder that belong to a file of this run.
    pub(crate) taken: BTreeSet<String>,
}

impl Downloads<'_> {
    /// Downloads a file, unless one of its name is there.
    pub(crate) async fn fetch(&mut self, file: &BackupFile) -> Downloaded {
        let (path, bytes, outcome, detail) = match self.try_fetch(file).await {
            Ok((path, bytes, outcome)) => {
                let detail = "a file of this name was there: move it away to download it again";
                let detail = (outcome == Outcome::NotChecked).then(|| detail.to_owned());
                (Some(path), Some(bytes), outcome, detail)
            }
            Err(error) => (None, None, Outcome::Failed, Some(format!("{error:#}"))),
        };
        Downloaded {
            name: file.name.clone(),
            path,
            bytes,
            outcome,
            detail,
        }
    }

    async fn try_fetch(&mut self, file: &BackupFile) -> anyhow::Result<(PathBuf, u64, Outcome)> {
        let listed_name = file.name.as_deref().unwrap_or_default();
        let name = safe_name(listed_name)?;
        let what = "this is the name of a file that is not complete: take the link from --links";
        ensure!(!is_reserved(&name), what);
        let length = name.len();
        ensure!(
            length <= MOST_NAME,
            "the name has {length} bytes, and there is room for {MOST_NAME} in a folder: take the link \
             from --links"
        );
        let what = "another file of the backup has this name here: take the link from --links";
        ensure!(self.taken.insert(name.clone()), what);
        let link = file.link.as_ref().context("the service gives no link")?;
        let path = self.folder.join(&name);
        let listed = Listed::of(file);
        match fs::symlink_metadata(&path) {
            Ok(there) if there.is_file() && listed.check(there.len()).is_ok() => {
                return Ok((path, there.len(), Outcome::NotChecked));
            }
            Ok(_) => bail!(
                "{} is there and is not this file: move it away",
                path.display()
            ),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        }
        let record = Record {
            backup: self.backup.to_string(),
            file: listed_name.to_owned(),
            tag: None,
        };
        let mut part = Part::open(&path, &record, self.reporter)?;
        match self.complete(link, &mut part, &name, &listed).await {
            Ok(()) => {
                let bytes = part.length;
                part.finish()?;
                Ok((path, bytes, Outcome::Downloaded))
            }
            Err(error) => {
                if part.length == 0 {
                    part.remove();
                }
                Err(error)
            }
        }
    }

    /// Adds what is missing of a part.
    async fn complete(
        &mut self,
        link: &DownloadLink,
        part: &mut Part,
        name: &str,
        listed: &Listed,
    ) -> anyhow::Result<()> {
        let mut attempts = Attempts::default();
        loop {
            let stopped = match self.go_on(link, part, name, listed).await {
                Ok(()) => break,
                Err(Stop::Final(error)) => return Err(error),
                Err(Stop::Passing(error)) => error,
            };
            let Some(pause) = attempts.after(part.length) else {
                let what = match part.tag() {
                    Some(_) if part.length > 0 => "stopped; the same command goes on",
                    _ => "stopped; the same command begins anew",
                };
                return Err(stopped.context(what));
            };
            self.reporter
                .say(&format!("{name} stopped at {}: {stopped:#}", part.length));
            tokio::time::sleep(pause).await;
        }
        if part.length == 0 {
            // Nothing stays of it.
            return listed
                .check(0)
                .map_err(|problem| anyhow!("the server has sent {problem}: list the files again"));
        }
        listed.check(part.length).map_err(|problem| {
            anyhow!(
                "{} has {problem}: remove it to begin again",
                part.path.display()
            )
        })?;
        if let Some(document) = document::of_bytes(&part.beginning()?) {
            part.begin_anew()?;
            return Err(document.refusal());
        }
        Ok(())
    }

    /// Asks for what is missing, and adds what comes of it.
    async fn go_on(
        &mut self,
        link: &DownloadLink,
        part: &mut Part,
        name: &str,
        listed: &Listed,
    ) -> Result<(), Stop> {
        let mut request = self
            .http
            .get(link.as_str())
            .header(ACCEPT_ENCODING, "identity");
        // Without a tag nobody can tell whether the server still has the same bytes.
        if let (1.., Some(tag)) = (part.length, part.tag()) {
            request = request.header(RANGE, format!("bytes={}-", part.length));
            request = request.header(IF_RANGE, tag);
        }
        let mut answer = tokio::time::timeout(SILENCE, request.send())
            .await
            .map_err(silent)?
            .map_err(broken)?;
        if is_whole(part, &answer) {
            return Ok(());
        }
        let announced = begin(part, &answer, listed)?;
        loop {
            let chunk = tokio::time::timeout(SILENCE, answer.chunk()).await;
            let Some(chunk) = chunk.map_err(silent)?.map_err(broken)? else {
                break;
            };
            let after = part.length.saturating_add(chunk.len() as u64);
            match (announced.all, listed.most()) {
                (Some(all), _) if after > all => {
                    let what = format!("more came than the {all} bytes that were announced");
                    return Err(Stop::Passing(anyhow!(what)));
                }
                (None, Some(most)) if after > most => {
                    let what = format!("more came than {most} bytes, which the list allows");
                    return Err(Stop::Final(anyhow!(what)));
                }
                _ => part.add(&chunk)?,
            }
            let mut doing = format!("{name}: {}", BinaryBytes(part.length));
            if let Some(all) = announced.all.or(listed.size) {
                doing += &format!(" of {}", BinaryBytes(all));
            }
            self.reporter.doing(&doing);
        }
        let came = part.length;
        let what = match announced.all {
            Some(all) if came != all => format!("{came} of {all} bytes came"),
            None if !announced.has_end => format!(
                "the connection ended after {came} bytes, and the server has told no length"
            ),
            _ => return Ok(()),
        };
        Err(Stop::Passing(anyhow!(what)))
    }
}

/// A link is as good as a password: no message has it.
fn broken(error: reqwest::Error) -> Stop {
    let is_final = error.is_builder();
    let error = anyhow::Error::from(error.without_url());
    if is_final {
        Stop::Final(error)
    } else {
        Stop::Passing(error)
    }
}

fn silent(_: tokio::time::error::Elapsed) -> Stop {
    Stop::Passing(anyhow!("nothing came for {} s", SILENCE.as_secs()))
}

/// A name that cannot lead out of the folder.
fn safe_name(name: &str) -> anyhow::Result<String> {
    let is_plain = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let safe: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    ensure!(
        !safe.trim_matches(['.', '_']).is_empty(),
        "the service gives no name that a file can have"
    );
    Ok(safe.trim_start_matches('.').to_owned())
}
