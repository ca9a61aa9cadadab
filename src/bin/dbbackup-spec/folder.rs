//! Folders with checksums, as they are on the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use sha2::{Digest, Sha256};

/// Where the checksums of a folder are.
pub(crate) const SUMS: &str = "SHA256SUMS";

/// All files below a folder; fails where something is neither a file nor a folder.
pub(crate) fn files(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    let mut folders = vec![String::new()];
    while let Some(path) = folders.pop() {
        let shown = folder.join(&path);
        let entries = fs::read_dir(&shown).with_context(|| shown.display().to_string())?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let below = if path.is_empty() {
                name
            } else {
                format!("{path}/{name}")
            };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(below);
                continue;
            }
            let shown = entry.path().display().to_string();
            ensure!(
                kind.is_file(),
                "{shown}: is no file of its own: move it away"
            );
            files.insert(below);
        }
    }
    Ok(files)
}

/// The checksums that a folder tells of, by path.
pub(crate) fn read_sums(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let file = folder.join(SUMS);
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let mut sums = BTreeMap::new();
    for (i, line) in text.lines().enumerate() {
        let Some((sum, path)) = line.split_once("  ").filter(|(sum, _)| sum.len() == 64) else {
            bail!("{}:{}: no checksum with a path", file.display(), i + 1);
        };
        sums.insert(path.to_owned(), sum.to_owned());
    }
    Ok(sums)
}

/// A file for sha256sum.
pub(crate) fn write_sums(sums: &BTreeMap<String, String>) -> String {
    sums.iter()
        .map(|(path, sum)| format!("{sum}  {path}\n"))
        .collect()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a file whole or not at all, and through no link.
pub(crate) fn replace(file: &Path, text: &str) -> anyhow::Result<()> {
    let written = crate::common::file::replace(file, text.as_bytes());
    written.with_context(|| file.display().to_string())
}
