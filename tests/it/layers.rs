//! Who may import whom within the library; a layer that reaches up shows here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A module and the modules of this crate that it may use.
const LAYERS: [(&str, &[&str]); 15] = [
    ("file", &[]),
    ("lock", &[]),
    ("service", &[]),
    ("error", &["service"]),
    ("model", &["error", "service"]),
    ("retention", &["model"]),
    ("spec", &["service"]),
    ("contract", &["service", "spec"]),
    ("auth", &["error", "model"]),
    ("config", &["auth", "error", "file", "service"]),
    (
        "transport",
        &["auth", "error", "file", "lock", "model", "service"],
    ),
    ("api", &["transport", "model", "service"]),
    (
        "variants",
        &["api", "transport", "model", "error", "service"],
    ),
    (
        "client",
        &[
            "variants",
            "transport",
            "config",
            "auth",
            "emulator",
            "lock",
            "model",
            "error",
            "service",
        ],
    ),
    (
        "emulator",
        &["service", "contract", "lock", "model", "auth::aksk"],
    ),
];

/// The part of `auth` that a module may be allowed to use by itself.
const SIGNING: &str = "auth::aksk";

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Modules that a source names after `crate::`, alone or in braces.
fn uses(source: &str) -> BTreeSet<String> {
    let code = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join(" ");
    let group = |rest: &str| match rest.strip_prefix('{') {
        Some(group) => group.split('}').next().unwrap().to_owned(),
        None => rest.split([';', ',']).next().unwrap().to_owned(),
    };
    let groups: Vec<String> = code.split("crate::").skip(1).map(group).collect();
    let paths = groups
        .iter()
        .flat_map(|group| group.split(','))
        .map(str::trim);
    let first = |path: &str| {
        if path.starts_with(SIGNING) {
            return Some(SIGNING.to_owned());
        }
        path.split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
            .map(str::to_owned)
    };
    paths
        .filter_map(first)
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn modules_use_only_the_layers_below_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = BTreeSet::new();
    for file in files(&src) {
        let path = file
            .strip_prefix(&src)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        let Some((module, allowed)) = LAYERS.iter().find(|(m, _)| {
            path.starts_with(&format!("{m}.")) || path.starts_with(&format!("{m}/"))
        }) else {
            assert!(
                path == "lib.rs" || path.starts_with("bin/"),
                "{path} is in no layer"
            );
            continue;
        };
        seen.insert(*module);
        for used in uses(&std::fs::read_to_string(&file).unwrap()) {
            // Tests hold what a layer says against the contracts.
            if used == "spec" && path.ends_with("/tests.rs") {
                continue;
            }
            let within = |layer: &str| used == layer || used.starts_with(&format!("{layer}::"));
            assert!(
                within(module) || allowed.iter().any(|layer| within(layer)),
                "{path} uses {used}"
            );
        }
    }
    assert_eq!(seen.len(), LAYERS.len(), "a layer has no file: {seen:?}");
}
