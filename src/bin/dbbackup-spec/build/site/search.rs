//! What the search looks through: a script with data, as pages in files may not read other files.

use serde_json::{Value, json};

use super::{FOLDER, Files, Site, Version};
use crate::build::{fields, tables};

pub(super) fn files(site: &Site<'_>) -> Files {
    let entries: Vec<Value> = site
        .newest()
        .flat_map(|version| entries(&version))
        .collect();
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
fn entries(version: &Version<'_>) -> Vec<Value> {
    let service = version.service();
    let mut entries = Vec::new();
    for operation in version.operations() {
        let (id, file) = (operation.id(), version.file(operation.id()));
        let mut add = |name: &str, place: &str, anchor: &str| {
            entries.push(json!([
                name,
                format!("{service}{place}"),
                format!("{file}{anchor}")
            ]));
        };
        let summary = operation.at.member("summary").text();
        add(id, &format!(": {summary} ({})", operation.call()), "");
        for parameter in operation.parameters() {
            let name = parameter.member("name").text();
            add(name, &format!(", {id}: parameter"), "#parameters");
        }
        for row in tables::errors(&version.root(), &operation.at).rows {
            if let [code, status, meaning] = &row[..] {
                add(code, &format!(", {id}: {status}, {meaning}"), "#errors");
            }
        }
        for message in operation.messages() {
            for field in fields::flat(&message.fields()) {
                let place = format!(", {id}: {} in {}", field.kind, message.title());
                add(
                    &field.path,
                    &place,
                    &format!("#{}", message.anchor(&field.path)),
                );
            }
        }
    }
    entries
}
