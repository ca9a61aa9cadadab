//! Who may import whom: a layer of the library that reaches up shows here, and so does a circle in the
//! command `dbbackup-spec`.

use std::collections::{BTreeMap, BTreeSet};
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

/// Modules that import one another because they read what contains itself.
const RECURSION: [&str; 3] = ["diff::alternatives", "diff::keywords", "diff::schemas"];

/// The paths that a source names after `super::` or `crate::`, alone or in braces, from its own module.
fn paths(source: &str, module: &[&str]) -> BTreeSet<String> {
    let lines = source.lines().map(str::trim);
    let code: Vec<&str> = lines.filter(|line| !line.starts_with("//")).collect();
    let code = code.join(" ");
    let mut paths = BTreeSet::new();
    for (root, start) in [
        ("crate::", &[][..]),
        ("super::", &module[..module.len() - 1]),
    ] {
        for rest in code.split(root).skip(1) {
            let group = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
            let names = group.map_or(rest, |(group, _)| group);
            let end = if group.is_some() { usize::MAX } else { 1 };
            for name in names.split(',').take(end) {
                let is_path = |c: char| c.is_alphanumeric() || "_:".contains(c);
                let name = name.trim().split(|c| !is_path(c)).next().unwrap();
                paths.insert(
                    [&start.join("::"), name]
                        .join("::")
                        .trim_start_matches(':')
                        .to_owned(),
                );
            }
        }
    }
    paths
}

#[test]
fn modules_of_the_contract_tool_import_in_no_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/dbbackup-spec");
    let name = |file: &Path| {
        let path = file.strip_prefix(&root).unwrap().with_extension("");
        let names: Vec<&str> = path.iter().map(|name| name.to_str().unwrap()).collect();
        names.join("::").trim_end_matches("::mod").to_owned()
    };
    let sources: Vec<PathBuf> = files(&root)
        .into_iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "rs"))
        .collect();
    let modules: BTreeSet<String> = sources.iter().map(|file| name(file)).collect();
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in &sources {
        let module = name(file);
        let parts: Vec<&str> = module.split("::").collect();
        for path in paths(&std::fs::read_to_string(file).unwrap(), &parts) {
            let is_in =
                |outer: &str, inner: &str| format!("{inner}::").starts_with(&format!("{outer}::"));
            let used = modules.iter().filter(|other| is_in(other, &path));
            let Some(used) = used.max_by_key(|other| other.len()) else {
                continue;
            };
            // A part of a module shares what the whole has.
            if !is_in(used, &module) && !is_in(&module, used) {
                uses.entry(module.clone()).or_default().insert(used.clone());
            }
        }
    }
    let is_in_circle = |module: &&String| {
        let mut reached: BTreeSet<&String> = BTreeSet::new();
        let mut waiting: Vec<&String> = uses[*module].iter().collect();
        while let Some(next) = waiting.pop() {
            if reached.insert(next) {
                waiting.extend(uses.get(next).into_iter().flatten());
            }
        }
        reached.contains(*module)
    };
    // The pages that are built link to one another.
    let modules = uses.keys().filter(|module| !module.starts_with("build::"));
    let circles: Vec<&String> = modules.filter(is_in_circle).collect();
    assert_eq!(circles, RECURSION);
}
