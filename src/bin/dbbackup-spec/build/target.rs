//! The folder of a publication: only what belongs there is written or removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::Files;
use super::index::{INDEX, PUBLISHER, sums, sums_of};
use crate::folder::{self, SUMS, sha256};

/// Writes a publication, over an older one if there is one.
pub(super) fn write(folder: &Path, files: &Files) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let there = folder::files(folder)?;
    let known = if there.is_empty() {
        BTreeMap::new()
    } else {
        published(folder)?
    };
    check(folder, &there, &known, files)?;
    // The index comes first, as the mark of whose folder this is, and the checksums last: until
    // then the older ones tell what was published.
    let index = files.get_key_value(INDEX);
    let others = files.iter().filter(|(path, _)| *path != INDEX);
    for (path, text) in index.into_iter().chain(others) {
        let file = folder.join(path);
        if !fs::read(&file).is_ok_and(|bytes| bytes == text.as_bytes()) {
            let parent = file.parent().unwrap_or(folder);
            fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
            folder::replace(&file, text)?;
        }
    }
    for path in there
        .iter()
        .filter(|path| !(*path == SUMS || files.contains_key(*path)))
    {
        let file = folder.join(path);
        fs::remove_file(&file).with_context(|| file.display().to_string())?;
    }
    folder::replace(&folder.join(SUMS), &sums(files))
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
    // The index knows those of the versions, if the others are lost.
    let mut known = sums_of(&index);
    if folder.join(SUMS).exists() {
        known.extend(folder::read_sums(folder)?);
    }
    Ok(known)
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
    let is_other = |path: &str| path.starts_with("latest/") || path.starts_with("site/");
    let is_version = |path: &&String| path.contains('/') && !is_other(path);
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
