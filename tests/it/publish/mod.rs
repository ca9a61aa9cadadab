//! The command `dbbackup-spec`.

mod blessed; // Versions that were published, and how the next one has to be called.
mod build; // The published folder.
mod changes; // Each rule of the comparison, on a real contract.
mod docs; // Pages of the vendor against the contracts.
mod documents; // Files that are no contracts.
mod lint; // The house rules.
mod surface; // Names, signatures and fields of the generated code.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

/// Runs the command in a folder.
fn spec(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dbbackup-spec"));
    command.current_dir(folder).args(arguments);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Exit code, output and errors.
fn outcome(output: &Output) -> (Option<i32>, &str, &str) {
    let code = output.status.code();
    (code, text(&output.stdout), text(&output.stderr))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An empty folder of its own for a test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("publish")
        .join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The contracts as version 1.0.0, blessed, in a folder of its own.
fn contracts(test: &str) -> PathBuf {
    static BLESSED: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = folder("blessed");
        let openapi = folder.join("openapi");
        std::fs::create_dir(&openapi).unwrap();
        for &service in dbbackup::Service::ALL {
            let file = openapi.join(format!("{service}.yaml"));
            std::fs::write(file, first_version(service.as_str())).unwrap();
        }
        assert_eq!(outcome(&spec(&folder, &["bless"])).0, Some(0));
        folder
    });
    let folder = folder(test);
    copy(&BLESSED, &folder);
    folder
}

/// A contract as version 1.0.0, whichever it is by now.
fn first_version(service: &str) -> String {
    let file = root().join("openapi").join(format!("{service}.yaml"));
    let text = std::fs::read_to_string(file).unwrap();
    let version = text
        .lines()
        .find(|line| line.starts_with("  version: "))
        .unwrap();
    text.replacen(version, "  version: 1.0.0", 1)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Changes a text in a file.
fn edit(file: &Path, old: &str, new: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{} has no {old:?}", file.display());
    std::fs::write(file, text.replacen(old, new, 1)).unwrap();
}

/// All files below a folder, with their contents.
fn files(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let below = files(&path).into_iter();
            found.extend(below.map(|(file, bytes)| (format!("{name}/{file}"), bytes)));
        } else {
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}
