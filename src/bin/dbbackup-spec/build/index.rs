//! What a publication holds, for programs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Files;
use super::bodies::{self, Operation};
use crate::at::At;
use crate::blessed::{Blessed, Contract, canonical};
use crate::folder::{sha256, write_sums};

pub(super) const INDEX: &str = "index.json";
/// Who made an index; marks a folder as a publication.
pub(super) const PUBLISHER: &str = "dbbackup-spec";

/// A service with its versions, the newest first.
pub(super) fn service(contract: &Contract, files: &Files) -> Value {
    let service = &contract.service;
    let versions = contract.versions.iter().rev();
    let version = |blessed| version(service, blessed, files);
    json!({
        "service": service,
        "latest": contract.document.version(),
        "versions": versions.map(version).collect::<Vec<_>>(),
    })
}

fn version(service: &str, blessed: &Blessed, files: &Files) -> Value {
    let root = At::root(&blessed.document.root);
    let operations = bodies::operations(&root);
    let errata = |operation: &Operation<'_>| operation.at.member("x-errata").members().len();
    let shown = |operation: &Operation<'_>| {
        json!({
            "id": operation.id(),
            "method": operation.method,
            "path": operation.path,
            "vendor_page": operation.at.member("externalDocs").member("url").text(),
            "errata": errata(operation),
        })
    };
    let folder = format!("{service}/{}/", blessed.version);
    let within = files.iter().filter(|(path, _)| path.starts_with(&folder));
    let file = |(path, text): (&String, &String)| json!({ "path": path, "size": text.len(), "sha256": sha256(text.as_bytes()) });
    json!({
        "version": blessed.version.to_string(),
        "title": root.member("info").member("title").text(),
        "vendor_page": root.member("externalDocs").member("url").text(),
        "errata": operations.iter().map(errata).sum::<usize>(),
        "operations": operations.iter().map(shown).collect::<Vec<_>>(),
        "files": within.map(file).collect::<Vec<_>>(),
    })
}

/// The index of all services.
pub(super) fn index(services: &[Value]) -> String {
    canonical(&json!({ "publisher": PUBLISHER, "services": services }))
}

/// The checksums of all files, for sha256sum.
pub(super) fn sums(files: &Files) -> String {
    let sum = |(path, text): (&String, &String)| (path.clone(), sha256(text.as_bytes()));
    write_sums(&files.iter().map(sum).collect::<BTreeMap<_, _>>())
}

/// The checksums that an index tells of.
pub(super) fn sums_of(index: &Value) -> BTreeMap<String, String> {
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let services = list(index, "services").into_iter();
    let versions = services.flat_map(|service| list(&service, "versions"));
    let files = versions.flat_map(|version| list(&version, "files"));
    let sum = |file: Value| {
        let [path, sum] = ["path", "sha256"].map(|key| file[key].as_str().map(str::to_owned));
        path.zip(sum)
    };
    files.filter_map(sum).collect()
}
