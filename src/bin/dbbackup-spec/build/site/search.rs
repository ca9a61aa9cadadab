//! What the search looks through: a script with data, as pages in files may not read other files.

use serde_json::json;

use super::{FOLDER, Files, Site, Version};
use crate::build::fields::{self, Field};

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

/// An entry for each operation, and for each field of its bodies and each parameter.
fn entries(version: &Version<'_>) -> Vec<serde_json::Value> {
    let service = &version.contract.service;
    let mut entries = Vec::new();
    for operation in version.operations() {
        let file = version.file(operation.id());
        let summary = operation.at.member("summary").text();
        let id = operation.id();
        entries.push(json!([id, format!("{service}: {summary}"), file]));
        for parameter in operation.parameters() {
            let name = parameter.member("name").text();
            entries.push(json!([
                name,
                format!("{service}, {id}: parameter"),
                format!("{file}#parameters")
            ]));
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
