//! Files over HTTP: from where an earlier download has stopped, and whole or not at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow, bail, ensure};
use dbbackup::model::{BackupFile, DownloadLink};
use indicatif::BinaryBytes;
use reqwest::header::{IF_RANGE, RANGE};
use reqwest::{Client, StatusCode};
use serde::Serialize;

use super::part::{Part, Stop, total};
use crate::output::{Row, text};
use crate::progress::Reporter;

/// How often a download begins again after it has stopped, as long as nothing more comes.
const ATTEMPTS: u32 = 5;
/// The pause before that, which doubles.
const PAUSE: Duration = Duration::from_millis(500);
/// A link that is silent for so long is broken.
const SILENCE: Duration = Duration::from_secs(60);
/// Sizes are told in units of 1024 bytes, rounded in a way that is not documented.
const UNIT: u64 = 1024;

/// What became of a file.
#[derive(Serialize)]
pub(super) struct Downloaded {
    name: Option<String>,
    path: Option<PathBuf>,
    bytes: Option<u64>,
    outcome: &'static str,
    detail: Option<String>,
}

const FAILED: &str = "failed";

impl Downloaded {
    pub(super) fn is_failed(&self) -> bool {
        self.outcome == FAILED
    }
}

impl Row for Downloaded {
    const HEADINGS: &'static [&'static str] = &["NAME", "PATH", "BYTES", "OUTCOME", "DETAIL"];

    fn cells(&self) -> Vec<String> {
        vec![
            text(self.name.as_ref()),
            text(self.path.as_ref().map(|path| path.display())),
            text(self.bytes),
            self.outcome.to_owned(),
            text(self.detail.as_ref()),
        ]
    }
}

/// Downloads into a folder.
pub(super) struct Downloads<'a> {
    http: &'a Client,
    folder: &'a Path,
    reporter: &'a Reporter,
    /// Names in the folder that belong to a file of this run.
    taken: BTreeSet<String>,
}

impl<'a> Downloads<'a> {
    pub(super) fn new(
        http: &'a Client,
        folder: &'a Path,
        reporter: &'a Reporter,
    ) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        Ok(Self {
            http,
            folder,
            reporter,
            taken: BTreeSet::new(),
        })
    }

    /// Downloads a file, unless it is there.
    pub(super) async fn fetch(&mut self, file: &BackupFile) -> Downloaded {
        let done = self.try_fetch(file).await;
        let (path, bytes, outcome, detail) = match done {
            Ok((path, bytes, outcome)) => (Some(path), Some(bytes), outcome, None),
            Err(error) => (None, None, FAILED, Some(format!("{error:#}"))),
        };
        Downloaded {
            name: file.name.clone(),
            path,
            bytes,
            outcome,
            detail,
        }
    }

    async fn try_fetch(
        &mut self,
        file: &BackupFile,
    ) -> anyhow::Result<(PathBuf, u64, &'static str)> {
        let name = safe_name(file.name.as_deref().unwrap_or_default())?;
        for own in [name.clone(), part_of(&name), tag_of(&name)] {
            let what = "another file of the backup has this name here: take the link from --links";
            ensure!(self.taken.insert(own), what);
        }
        let link = file.link.as_ref().context("the service gives no link")?;
        let path = self.folder.join(&name);
        if let Ok(there) = fs::metadata(&path) {
            let fits = there.is_file() && fits(there.len(), file.size);
            ensure!(
                fits,
                "{} is there and is not this file: move it away",
                path.display()
            );
            return Ok((path, there.len(), "there already"));
        }
        let part = self.folder.join(part_of(&name));
        let tag = self.folder.join(tag_of(&name));
        let open = Part::open(&part, tag.clone())?;
        let bytes = self.complete(link, open, &name, file.size).await?;
        if let (false, Some(size)) = (fits(bytes, file.size), file.size) {
            bail!(
                "{} has {bytes} bytes in place of {size}: remove it to begin again",
                part.display()
            );
        }
        fs::rename(&part, &path).with_context(|| path.display().to_string())?;
        // Without it, nothing is lost.
        let _ = fs::remove_file(tag);
        Ok((path, bytes, "downloaded"))
    }

    /// Adds what is missing of a part, and tells how long it is then.
    async fn complete(
        &self,
        link: &DownloadLink,
        mut part: Part,
        name: &str,
        size: Option<u64>,
    ) -> anyhow::Result<u64> {
        let (mut attempt, mut pause) = (0, PAUSE);
        loop {
            let before = part.length;
            let stopped = match self.go_on(link, &mut part, name, size).await {
                Ok(()) => return Ok(part.length),
                Err(Stop::Final(error)) => return Err(error),
                Err(Stop::Passing(error)) => error,
            };
            // Attempts count only while nothing comes.
            if part.length > before {
                (attempt, pause) = (0, PAUSE);
            }
            attempt += 1;
            if attempt == ATTEMPTS {
                return Err(stopped.context("stopped; the same command goes on"));
            }
            self.reporter
                .say(&format!("{name} stopped at {}: {stopped:#}", part.length));
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    async fn go_on(
        &self,
        link: &DownloadLink,
        part: &mut Part,
        name: &str,
        size: Option<u64>,
    ) -> Result<(), Stop> {
        let mut request = self.http.get(link.as_str());
        if part.length > 0 {
            request = request.header(RANGE, format!("bytes={}-", part.length));
            if let Some(tag) = &part.tag {
                request = request.header(IF_RANGE, tag);
            }
        }
        let answer = tokio::time::timeout(SILENCE, request.send()).await;
        let mut answer = answer.map_err(silent)?.map_err(broken)?;
        if answer.status() == StatusCode::RANGE_NOT_SATISFIABLE
            && total(&answer) == Some(part.length)
        {
            return Ok(());
        }
        let all = part.begin(&answer)?;
        loop {
            let chunk = tokio::time::timeout(SILENCE, answer.chunk()).await;
            let Some(chunk) = chunk.map_err(silent)?.map_err(broken)? else {
                break;
            };
            part.add(&chunk)?;
            let of = all.or(size).map(|all| format!(" of {}", BinaryBytes(all)));
            let so_far = BinaryBytes(part.length);
            self.reporter
                .doing(format!("{name}: {so_far}{}", of.unwrap_or_default()));
        }
        match all {
            Some(all) if part.length != all => Err(Stop::Passing(anyhow!(
                "{} of {all} bytes came",
                part.length
            ))),
            _ => Ok(part.end()?),
        }
    }
}

/// A link is as good as a password: no message has it.
fn broken(error: reqwest::Error) -> Stop {
    let is_final = error.is_builder();
    let error = anyhow::Error::from(error.without_url());
    match is_final {
        true => Stop::Final(error),
        false => Stop::Passing(error),
    }
}

fn silent(_: tokio::time::error::Elapsed) -> Stop {
    Stop::Passing(anyhow!("nothing came for {} s", SILENCE.as_secs()))
}

fn fits(bytes: u64, size: Option<u64>) -> bool {
    size.is_none_or(|size| bytes.abs_diff(size) <= UNIT && (bytes > 0 || size == 0))
}

/// The name of a file that is not complete.
fn part_of(name: &str) -> String {
    format!("{name}.part")
}

/// The name of the file that keeps what the server calls those bytes.
fn tag_of(name: &str) -> String {
    format!("{name}.part.etag")
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
