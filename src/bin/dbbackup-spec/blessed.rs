//! Blessed versions: what was published of each contract, kept for ever below `blessed/`.
//!
//! A version is two files, `<service>/<version>.json` (the canonical form) and
//! `<service>/<version>.yaml` (the source); `SHA256SUMS` tells when one of them is not what it was.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, anyhow, bail, ensure};
use serde_json::Value;

use crate::diff::{self, Change, Label};
use crate::document::Document;
use crate::folder::{self, SUMS};

/// A contract with what was published of it.
pub(crate) struct Contract {
    pub(crate) service: String,
    pub(crate) document: Document,
    /// The oldest first.
    pub(crate) versions: Vec<Blessed>,
}

pub(crate) struct Blessed {
    pub(crate) version: Version,
    /// In canonical form.
    pub(crate) document: Document,
    pub(crate) yaml: String,
}

/// How a contract stands to its newest blessed version.
pub(crate) enum Standing {
    /// It is that version.
    Blessed,
    /// It is a later version, as it has to be.
    Ahead,
    /// It changed, and its version does not say so; in one line.
    Misnamed(String),
}

/// The contracts of a folder, with their blessed versions.
pub(crate) fn read(folder: &Path) -> anyhow::Result<Vec<Contract>> {
    let sums = check_sums(folder)?;
    let mut contracts = Vec::new();
    for file in contract_files(folder)? {
        let stem = file.file_stem().unwrap_or_default();
        let service = stem.to_string_lossy().into_owned();
        let document = Document::read(&file)?.comparable()?;
        let mut versions = Vec::new();
        for path in sums.keys() {
            let version = path.strip_prefix(&format!("{service}/"));
            if let Some(version) = version.and_then(|path| path.strip_suffix(".json")) {
                versions.push(read_version(&folder.join("blessed").join(path), version)?);
            }
        }
        versions.sort_by_key(|blessed| blessed.version);
        contracts.push(Contract {
            service,
            document,
            versions,
        });
    }
    let is_lost = |path: &&String| {
        let mut services = contracts.iter().map(|contract| contract.service.as_str());
        services.all(|service| path.split('/').next() != Some(service))
    };
    if let Some(path) = sums.keys().find(is_lost) {
        let shown = folder.join("blessed").join(path).display().to_string();
        bail!("{shown}: has no contract any more: what was published stays");
    }
    Ok(contracts)
}

/// The contracts of a folder, by name.
pub(crate) fn contract_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let shown = folder.display();
    let entries = fs::read_dir(folder)
        .with_context(|| format!("{shown}: run this where the contracts are, or name them"))?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    let mut files: Vec<PathBuf> = paths.collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|kind| kind == "yaml"));
    files.sort();
    ensure!(
        !files.is_empty(),
        "{shown}: there is no contract, no *.yaml"
    );
    Ok(files)
}

fn read_version(json: &Path, version: &str) -> anyhow::Result<Blessed> {
    let document = Document::read(json)?;
    ensure!(
        document.version() == version,
        "{}: info.version is {}, unlike the name of the file",
        json.display(),
        document.version()
    );
    let yaml = json.with_extension("yaml");
    Ok(Blessed {
        version: version
            .parse()
            .map_err(|fault| anyhow!("{}: {fault}", json.display()))?,
        document,
        yaml: fs::read_to_string(&yaml).with_context(|| yaml.display().to_string())?,
    })
}

/// The checksums of all blessed files, by path; fails when a file is not what it was.
fn check_sums(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let blessed = folder.join("blessed");
    if !blessed.exists() {
        return Ok(BTreeMap::new());
    }
    let sums = folder::read_sums(&blessed)?;
    for (path, sum) in &sums {
        let file = blessed.join(path);
        let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
        ensure!(
            folder::sha256(&bytes) == *sum,
            "{}: a blessed file never changes: bring it back, and bless a later version",
            file.display()
        );
    }
    for path in folder::files(&blessed)? {
        ensure!(
            path == SUMS || sums.contains_key(&path),
            "{}: is not in {SUMS}: bring its line back, or move it away",
            blessed.join(&path).display()
        );
    }
    Ok(sums)
}

/// Canonical JSON: members sorted, two spaces, a line feed at the end.
pub(crate) fn canonical(value: &Value) -> String {
    format!("{value:#}\n")
}

impl Contract {
    /// Compares with the newest blessed version.
    pub(crate) fn standing(&self) -> Standing {
        let version = match self.document.version().parse::<Version>() {
            Ok(version) => version,
            Err(fault) => return self.misnamed(&fault),
        };
        let Some(newest) = self.versions.last() else {
            return Standing::Ahead;
        };
        let changes = diff::compare(&newest.document.root, &self.document.root);
        let Some(worst) = changes.first() else {
            let before = newest.version;
            if version == before {
                return Standing::Blessed;
            }
            return self.misnamed(&format!(
                "nothing changed since {before}: keep that version"
            ));
        };
        let needed = newest.version.after(worst.label);
        // The first number that counts may also be a higher one than is needed.
        if version >= needed {
            return Standing::Ahead;
        }
        let (
            before,
            Change {
                label,
                pointer,
                sentence,
                ..
            },
        ) = (newest.version, worst);
        self.misnamed(&format!(
            "info.version is {version}, but what changed since {before} needs {needed} at least: {label}: {pointer}: {sentence}"
        ))
    }

    fn misnamed(&self, fault: &str) -> Standing {
        let line = self.document.line("/info/version");
        Standing::Misnamed(format!("{}:{line}: {fault}", self.document.file))
    }

    /// Keeps the contract as a blessed version.
    pub(crate) fn bless(&self, folder: &Path) -> anyhow::Result<()> {
        let blessed = folder.join("blessed");
        let name = format!("{}/{}", self.service, self.document.version());
        let mut sums = BTreeMap::new();
        if blessed.join(SUMS).exists() {
            sums = folder::read_sums(&blessed)?;
        }
        let home = blessed.join(&self.service);
        fs::create_dir_all(&home).with_context(|| home.display().to_string())?;
        let files = [
            ("json", canonical(&self.document.root)),
            ("yaml", self.document.text.clone()),
        ];
        for (kind, text) in files {
            let path = format!("{name}.{kind}");
            let file = blessed.join(&path);
            ensure!(!file.exists(), "{}: is there already", file.display());
            folder::replace(&file, &text)?;
            sums.insert(path, folder::sha256(text.as_bytes()));
        }
        folder::replace(&blessed.join(SUMS), &folder::write_sums(&sums))
    }
}

/// A semantic version without a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version([u64; 3]);

impl Version {
    /// The least version after a change.
    fn after(self, worst: Label) -> Self {
        let Self([major, minor, patch]) = self;
        Self(match worst {
            Label::Breaking => [major.saturating_add(1), 0, 0],
            Label::GeneratedCode | Label::Compatible => [major, minor.saturating_add(1), 0],
            Label::Documentation => [major, minor, patch.saturating_add(1)],
        })
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rule =
            || format!("info.version must be MAJOR.MINOR.PATCH, such as 1.0.0, and is {text:?}");
        let number = |part: &str| -> Option<u64> {
            let is_plain = part == "0" || !part.starts_with(['0', '+']);
            part.parse().ok().filter(|_| is_plain)
        };
        let parts: Option<Vec<u64>> = text.split('.').map(number).collect();
        let parts = parts.and_then(|parts| <[u64; 3]>::try_from(parts).ok());
        parts.map(Self).ok_or_else(rule)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(formatter, "{major}.{minor}.{patch}")
    }
}
