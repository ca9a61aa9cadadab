//! The folder of a publication: only what belongs there is written or removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::Files;
use super::index::{INDEX, PUBLISHER, sums};
use crate::blessed::{SUMS, parse_sums, sha256};

/// Writes a publication, over an older one if there is one.
pub(super) fn write(folder: &Path, files: &Files) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let there = files_below(folder)?;
    let known = match there.is_empty() {
        true => BTreeMap::new(),
        false => published(folder)?,
    };
    check(folder, &there, &known, files)?;
    let sums = (&SUMS.to_owned(), &sums(files));
    // The index comes first, as the mark of whose folder this is, and the checksums last: until
    // then the older ones tell what was published.
    let index = files.get_key_value(INDEX);
    let others = files.iter().filter(|(path, _)| *path != INDEX);
    for (path, text) in index.into_iter().chain(others).chain([sums]) {
        let file = folder.join(path);
        if fs::read(&file).is_ok_and(|bytes| bytes == text.as_bytes()) {
            continue;
        }
        let parent = file.parent().unwrap_or(folder);
        fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        fs::write(&file, text).with_context(|| file.display().to_string())?;
    }
    for path in known.keys().filter(|path| !files.contains_key(*path)) {
        let file = folder.join(path);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| file.display().to_string());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Checksums of what was published in a folder that is not empty, if that was done by this command.
fn published(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let index = fs::read_to_string(folder.join(INDEX)).unwrap_or_default();
    let index: Value = serde_json::from_str(&index).unwrap_or_default();
    ensure!(
        index["publisher"] == PUBLISHER,
        "{}: is not empty and no publication of {PUBLISHER}: give a folder of its own",
        folder.display()
    );
    let sums = folder.join(SUMS);
    match fs::read_to_string(&sums) {
        Ok(text) => Ok(parse_sums(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error).with_context(|| sums.display().to_string()),
    }
}

/// Refuses to touch what is not ours, and to change what was published.
fn check(
    folder: &Path,
    there: &BTreeSet<String>,
    known: &BTreeMap<String, String>,
    files: &Files,
) -> anyhow::Result<()> {
    let shown = |path: &str| folder.join(path).display().to_string();
    let is_ours = |path: &str| path == SUMS || known.contains_key(path) || files.contains_key(path);
    if let Some(path) = there.iter().find(|path| !is_ours(path)) {
        bail!(
            "{}: is no part of the publication: move it away",
            shown(path)
        );
    }
    // What belongs to a version stays as it is; all else tells of the newest ones.
    let is_version = |path: &&String| path.contains('/') && !path.starts_with("latest/");
    for path in known.keys().filter(is_version) {
        let Some(text) = files.get(path) else {
            bail!("{}: was published and is not blessed any more", shown(path));
        };
        ensure!(
            known[path] == sha256(text.as_bytes()),
            "{}: was published with another content: bless a later version",
            shown(path)
        );
    }
    Ok(())
}

/// All files below a folder; a link is a file, whatever it leads to.
fn files_below(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    let mut folders = vec![String::new()];
    while let Some(path) = folders.pop() {
        let place = folder.join(&path);
        let entries = fs::read_dir(&place).with_context(|| place.display().to_string())?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let below = match path.is_empty() {
                true => name,
                false => format!("{path}/{name}"),
            };
            if entry.file_type()?.is_dir() {
                folders.push(below);
            } else {
                files.insert(below);
            }
        }
    }
    Ok(files)
}
