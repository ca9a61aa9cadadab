//! Where OpenStack's files are, and what they say about a cloud.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use secrecy::zeroize::Zeroizing;

use super::super::settings::text;
use super::Variable;
use super::invalid;
use super::yaml::{self, Map, Node};
use crate::error::Error;

/// Bytes that a file may have.
const MOST: usize = 1 << 20;

/// One of OpenStack's files.
pub(super) struct Kind {
    /// Its name without an ending.
    name: &'static str,
    /// The variable that names another path.
    variable: Option<&'static str>,
    /// The key with its entries, and what one of them is.
    entries: (&'static str, &'static str),
}

pub(super) const CLOUDS: Kind = Kind {
    name: "clouds",
    variable: Some("OS_CLIENT_CONFIG_FILE"),
    entries: ("clouds", "cloud"),
};
pub(super) const SECURE: Kind = Kind {
    name: "secure",
    variable: Some("OS_CLIENT_SECURE_FILE"),
    entries: ("clouds", "cloud"),
};
pub(super) const PUBLIC: Kind = Kind {
    name: "clouds-public",
    variable: None,
    entries: ("public-clouds", "profile"),
};

impl Kind {
    pub(super) fn is_of_clouds(&self) -> bool {
        self.name == CLOUDS.name
    }
}

/// A file with its entries.
pub(super) struct File {
    pub(super) path: PathBuf,
    /// What its values are of, such as `cloud "otc" in clouds.yaml`.
    pub(super) of: Rc<str>,
    root: Rc<Node>,
    key: &'static str,
}

impl File {
    /// All entries by their names.
    pub(super) fn entries(&self) -> Result<Option<&Map>, Error> {
        let none = |node: &Node| Err(unreadable(&self.path, self.key, node.line()));
        let Ok(root) = self.root.map("") else {
            return none(&self.root);
        };
        match root.and_then(|root| root.get(self.key)) {
            Some(entries) => entries.map("").or_else(|_| none(entries)),
            None => Ok(None),
        }
    }
}

/// Only the place: the text around it may be a secret.
fn unreadable(path: &Path, key: &str, line: usize) -> Error {
    let path = path.display();
    invalid(format!(
        "{path} is not a file of {key}, line {line}: correct the YAML"
    ))
}

/// The file of a kind, read for an entry, if there is one.
pub(super) fn read(
    kind: &Kind,
    entry: &str,
    variable: Variable<'_>,
) -> Result<Option<File>, Error> {
    let Some(path) = find(kind, variable)? else {
        return Ok(None);
    };
    let (key, what) = kind.entries;
    let shown = path.display();
    let of: Rc<str> = format!("{what} {entry:?} in {shown}").into();
    let bytes = load(&path).map_err(|cause| invalid(format!("cannot read {shown}: {cause}")))?;
    let unreadable = |line| unreadable(&path, key, line);
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        unreadable(1 + before.iter().filter(|byte| **byte == b'\n').count())
    })?;
    let root = yaml::parse(text.trim_start_matches('\u{feff}'), &of).map_err(unreadable)?;
    Ok(Some(File {
        path,
        of,
        root,
        key,
    }))
}

/// All of a plain file. Anything else is refused before it is opened: a pipe would be waited for.
fn load(path: &Path) -> std::io::Result<Zeroizing<Vec<u8>>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other(
            "it is no plain file: copy it into one",
        ));
    }
    let bytes = crate::file::read(path)?;
    match bytes.len() {
        0..=MOST => Ok(bytes),
        _ => Err(std::io::Error::other(format!(
            "it has more than {MOST} bytes"
        ))),
    }
}

/// The file that a variable names, or else the first one in the places for it.
fn find(kind: &Kind, variable: Variable<'_>) -> Result<Option<PathBuf>, Error> {
    if let Some(name) = kind.variable
        && let Some(file) = text(name, variable)?
    {
        return Ok(Some(file.into()));
    }
    let places = places(kind, variable);
    Ok(places.into_iter().find(|file| file.exists()))
}

/// Where a file may be, in the order of the search.
pub(super) fn places(kind: &Kind, variable: Variable<'_>) -> Vec<PathBuf> {
    let set = |name| variable(name).filter(|value: &OsString| !value.is_empty());
    let folder = |name| set(name).map(PathBuf::from);
    let home = folder("HOME").map(|home| home.join(".config"));
    let site = set("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".into());
    let mut folders = vec![PathBuf::new()];
    let configs = folder("XDG_CONFIG_HOME").into_iter().chain(home);
    let configs = configs.chain(std::env::split_paths(&site));
    folders.extend(
        configs
            .chain([PathBuf::from("/etc")])
            .map(|f| f.join("openstack")),
    );
    folders.dedup();
    let files = |folder: PathBuf| {
        let with = |ending| folder.join(format!("{}.{ending}", kind.name));
        ["yaml", "yml", "json"].map(with)
    };
    folders.into_iter().flat_map(files).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_looked_for_in_openstacks_order() {
        let variable = |name: &str| match name {
            "HOME" => Some("/home/nightly".into()),
            "XDG_CONFIG_HOME" => Some("/config".into()),
            _ => None,
        };
        let shown: Vec<_> = places(&CLOUDS, &variable)
            .iter()
            .map(|place| place.display().to_string())
            .filter(|place| place.ends_with(".yaml"))
            .collect();
        let order = [
            "clouds.yaml",
            "/config/openstack/clouds.yaml",
            "/home/nightly/.config/openstack/clouds.yaml",
            "/etc/xdg/openstack/clouds.yaml",
            "/etc/openstack/clouds.yaml",
        ];
        assert_eq!(shown, order);
    }
}
