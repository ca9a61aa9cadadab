//! A file that is not complete: what is there of it, and what an answer adds.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderValue};
use reqwest::{Response, StatusCode};

/// Why a download does not go on.
pub(super) enum Stop {
    /// It may if it is tried again.
    Passing(anyhow::Error),
    Final(anyhow::Error),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Final(error.into())
    }
}

/// A file that is not complete.
pub(super) struct Part {
    file: File,
    pub(super) length: u64,
    /// What the server calls the bytes that are there, and the file that keeps it.
    pub(super) tag: Option<HeaderValue>,
    tag_path: PathBuf,
}

impl Part {
    /// Opens a part for this process alone; a backup is for nobody else to read.
    pub(super) fn open(path: &Path, tag_path: PathBuf) -> anyhow::Result<Self> {
        let shown = || path.display().to_string();
        if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
            bail!("{} is no file: move it away", shown());
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).with_context(shown)?;
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .with_context(shown)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            bail!("{} is being written by another download", shown());
        }
        let tag = fs::read(&tag_path).ok().filter(|tag| !tag.is_empty());
        let tag = tag.map(|tag| HeaderValue::from_bytes(&tag)).transpose();
        if tag.is_err() {
            // Nobody knows what the bytes are of.
            file.set_len(0).with_context(shown)?;
        }
        Ok(Self {
            length: file.metadata()?.len(),
            file,
            tag: tag.unwrap_or_default(),
            tag_path,
        })
    }

    /// Prepares for the bytes of an answer, and tells how many there will be in all.
    pub(super) fn begin(&mut self, answer: &Response) -> Result<Option<u64>, Stop> {
        let status = answer.status();
        let header = |name| answer.headers().get(name);
        let is_page = |kind: &HeaderValue| kind.as_bytes().starts_with(b"text/html");
        if status.is_success() && header(CONTENT_TYPE).is_some_and(is_page) {
            let what = "a web page came in place of the file: check the way to the server";
            return Err(Stop::Final(anyhow!(what)));
        }
        let tag = header(ETAG).cloned();
        let is_same = self.tag.is_none() || tag.is_none() || self.tag == tag;
        match status {
            StatusCode::OK => {
                self.file.set_len(0)?;
                self.length = 0;
            }
            StatusCode::PARTIAL_CONTENT if is_same && first(answer) == Some(self.length) => {}
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                self.file.set_len(0)?;
                self.length = 0;
                self.tag = None;
                let error = anyhow!("the server has other bytes: from the beginning");
                return Err(Stop::Passing(error));
            }
            _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                return Err(Stop::Passing(anyhow!("refused with {}", status.as_u16())));
            }
            _ => {
                let what = format!(
                    "refused with {}: the link may have expired, so list the files again",
                    status.as_u16()
                );
                return Err(Stop::Final(anyhow!(what)));
            }
        }
        if self.tag != tag {
            let text = tag.as_ref().map_or(&[][..], HeaderValue::as_bytes);
            fs::write(&self.tag_path, text)?;
            self.tag = tag;
        }
        let rest = answer.content_length().map(|rest| self.length + rest);
        Ok(total(answer).or(rest))
    }

    pub(super) fn add(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn end(&self) -> std::io::Result<()> {
        self.file.sync_all()
    }
}

/// The first byte of a partial answer.
fn first(answer: &Response) -> Option<u64> {
    let range = answer.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    range
        .strip_prefix("bytes ")?
        .split('-')
        .next()?
        .parse()
        .ok()
}

/// The length of the file that an answer is a part of.
pub(super) fn total(answer: &Response) -> Option<u64> {
    let range = answer.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    range.rsplit('/').next()?.parse().ok()
}
