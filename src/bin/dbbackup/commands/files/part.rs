//! A file that is not complete, and the record beside it of what it is a part of.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::own;
use crate::common::file::replace;
use crate::progress::Reporter;

/// The ends of the names of both files.
const PART: &str = ".part";
const RECORD: &str = ".part.json";
/// Bytes that the name of a file may have: most file systems have room for 255, also of those that a
/// part and its record have until it is whole.
pub(crate) const MOST_NAME: usize = 255 - ".19.part.json.99.new".len();
/// Names that a part may have, because others belong to something else.
const NAMES: u32 = 20;
/// Bytes that a record may have.
const MOST_RECORD: u64 = 64 << 10;
/// Bytes at the beginning that show what a file is.
const BEGINNING: u64 = 64 << 10;

/// What a part is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The id of the backup.
    pub(crate) backup: String,
    /// The name of the file, as the service calls it.
    pub(crate) file: String,
    /// What the server calls these bytes, if it does.
    pub(crate) tag: Option<String>,
}

/// A file that is not complete.
pub(crate) struct Part {
    file: File,
    /// The file that it is to be.
    whole: PathBuf,
    pub(crate) path: PathBuf,
    record_path: PathBuf,
    record: Record,
    pub(crate) length: u64,
}

/// What has the name of a part.
enum There {
    Nothing,
    /// A part of the same file, which this process has for itself.
    Left(Part),
    SomethingElse,
}

/// Whether a file would have the name of one that is not complete.
pub(crate) fn is_reserved(name: &str) -> bool {
    name.ends_with(PART) || name.ends_with(RECORD)
}

impl Part {
    /// Goes on with the part that an earlier download of this file has left, or begins a new one
    /// under a name that nothing has.
    pub(crate) fn open(whole: &Path, record: &Record, reporter: &Reporter) -> anyhow::Result<Self> {
        for number in 0..NAMES {
            match Self::look(whole, record, number)? {
                // One that had to make way once may be under a later name.
                There::Nothing => {}
                There::Left(mut part) => {
                    if part.record.tag.is_none() {
                        // Nobody can tell whether the server still has the same bytes.
                        part.begin_anew()?;
                    }
                    return Ok(part);
                }
                There::SomethingElse => {
                    let path = name(whole, number, PART);
                    let what = "is not what a download of this file has left, and stays as it is";
                    reporter.say(&format!("{} {what}", path.display()));
                }
            }
        }
        Self::begin(whole, record)
    }

    /// A new part under the first name that nothing has.
    fn begin(whole: &Path, record: &Record) -> anyhow::Result<Self> {
        for number in 0..NAMES {
            if let Some(part) = Self::create(whole, record, number)? {
                return Ok(part);
            }
        }
        let first = name(whole, 0, PART);
        bail!(
            "{NAMES} names such as {} are taken: move these files away",
            first.display()
        )
    }

    fn look(whole: &Path, record: &Record, number: u32) -> anyhow::Result<There> {
        let (path, record_path) = (name(whole, number, PART), name(whole, number, RECORD));
        let file = match own::open(&path) {
            Ok(Some(file)) => file,
            Ok(None) => return Ok(There::SomethingElse),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(if is_there(&record_path) {
                    There::SomethingElse
                } else {
                    There::Nothing
                });
            }
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        };
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            bail!("{} is being written by another download", path.display());
        }
        let is_of_file =
            |found: &Record| (&found.backup, &found.file) == (&record.backup, &record.file);
        let found = read(&record_path).with_context(|| record_path.display().to_string())?;
        let Some(found) = found.filter(is_of_file) else {
            return Ok(There::SomethingElse);
        };
        Ok(There::Left(Self {
            length: file.metadata()?.len(),
            file,
            whole: whole.to_owned(),
            path,
            record_path,
            record: found,
        }))
    }

    /// A new part, unless something has one of its names.
    fn create(whole: &Path, record: &Record, number: u32) -> anyhow::Result<Option<Self>> {
        let (path, record_path) = (name(whole, number, PART), name(whole, number, RECORD));
        let made = |path: &Path| match own::create(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
            made => made.map(Some).with_context(|| path.display().to_string()),
        };
        let Some(file) = made(&path)? else {
            return Ok(None);
        };
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            bail!("{} is being written by another download", path.display());
        }
        let beside = made(&record_path);
        let Ok(Some(mut beside)) = beside else {
            fs::remove_file(&path)?;
            return beside.map(|_| None);
        };
        beside.write_all(&serde_json::to_vec(record)?)?;
        Ok(Some(Self {
            file,
            whole: whole.to_owned(),
            path,
            record_path,
            record: record.clone(),
            length: 0,
        }))
    }

    /// What the server calls the bytes that are there.
    pub(crate) fn tag(&self) -> Option<&str> {
        self.record.tag.as_deref()
    }

    /// Keeps what the server calls the bytes that come now.
    pub(crate) fn set_tag(&mut self, tag: Option<String>) -> anyhow::Result<()> {
        if self.record.tag != tag {
            self.record.tag = tag;
            let text = serde_json::to_vec(&self.record)?;
            replace(&self.record_path, &text)
                .with_context(|| self.record_path.display().to_string())?;
        }
        Ok(())
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// The first bytes that are there.
    pub(crate) fn beginning(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut file = self.file.try_clone()?;
        file.rewind()?;
        file.take(BEGINNING).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Begins from the beginning, under a new name; what is there is of no more use.
    pub(crate) fn begin_anew(&mut self) -> anyhow::Result<()> {
        let record = Record {
            tag: None,
            ..self.record.clone()
        };
        let new = Self::begin(&self.whole, &record)?;
        std::mem::replace(self, new).remove();
        Ok(())
    }

    /// Removes it, with its record.
    pub(crate) fn remove(self) {
        // Without it, nothing is lost; if it stays, the next download finds it.
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_file(&self.record_path);
    }

    /// Gives it the name of the whole file, unless something has that by now.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let shown = || self.whole.display().to_string();
        self.file.sync_all().with_context(shown)?;
        match own::rename(&self.file, &self.path, &self.whole) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(
                "{} has appeared meanwhile, and the download is {}: move one of them away",
                shown(),
                self.path.display()
            ),
            renamed => renamed.with_context(shown)?,
        }
        // Without it, nothing is lost.
        let _ = fs::remove_file(&self.record_path);
        Ok(())
    }
}

/// Such as `dump.qp.part`, then `dump.qp.1.part`.
fn name(whole: &Path, number: u32, end: &str) -> PathBuf {
    let mut name = whole.as_os_str().to_owned();
    if number > 0 {
        name.push(format!(".{number}"));
    }
    name.push(end);
    name.into()
}

/// Whether something has a name, also a link that leads nowhere.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// A record, unless it is one that this command has not left.
fn read(path: &Path) -> io::Result<Option<Record>> {
    let file = match own::open(path) {
        Ok(Some(file)) => file,
        Ok(None) => return Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut text = Vec::new();
    file.take(MOST_RECORD).read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text).ok())
}
