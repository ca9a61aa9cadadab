//! What the search looks through: a script with data, as pages in files may not read other files.

use serde_json::json;

use super::{FOLDER, Files, Site, Version};
use crate::build::fields::{self, Field};
use crate::build::tables;

pub(super) fn files(site: &Site<'_>) -> Files {
    let newest = site.newest();
    let entries: Vec<_> = newest.flat_map(|version| entries(&version)).collect();
    let index = format!("const SEARCH_INDEX = {};\n", json!(entries));
    Files::from([
        (format!("{FOLDER}/search-index.js"), index),
        (
            format!("{FOLDER}/search.js"),
            include_str!("search.js").to_owned(),
        ),
    ])
}

/// An entry for each operation, each parameter, each field of its bodies and each code of an error:
/// name, place in words, and file.
fn entries(version: &Version<'_>) -> Vec<serde_json::Value> {
    let service = &version.contract.service;
    let mut entries = Vec::new();
    for operation in version.operations() {
        let file = version.file(operation.id());
        let summary = operation.at.member("summary").text();
        let id = operation.id();
        let call = format!("{} {}", operation.method, operation.path);
        entries.push(json!([id, format!("{service}: {summary} ({call})"), file]));
        for parameter in operation.parameters() {
            let name = parameter.member("name").text();
            entries.push(json!([
                name,
                format!("{service}, {id}: parameter"),
                format!("{file}#parameters")
            ]));
        }
        for row in tables::errors(&version.root(), &operation.at).rows {
            let [code, status, meaning] = &row[..] else {
                continue;
            };
            let place = format!("{service}, {id}: {status}, {meaning}");
            entries.push(json!([code, place, format!("{file}#errors")]));
        }
        for message in operation.messages() {
            let all = message
                .schema
                .iter()
                .flat_map(fields::fields)
                .collect::<Vec<Field>>();
            for [path, kind, ..] in fields::rows(&all) {
                let place = format!("{service}, {id}: {kind} in {}", message.title());
                entries.push(json!([
                    path,
                    place,
                    format!("{file}#{}", message.anchor(&path))
                ]));
            }
        }
    }
    entries
}
