//! The interactive reference: Scalar, with the newest version of each contract.

use std::io::Read;

use dbbackup::{Service, contract};
use ruzstd::decoding::StreamingDecoder;
use serde_json::{Value, json};

use super::{FOLDER, Files, Site, Version};

/// Scalar's script, as `scalar/update 1.76.0` fetched and packed it.
const SCALAR: &[u8] = include_bytes!("scalar/scalar.js.zst");
const LICENSE: &str = include_str!("scalar/LICENSE");

/// The server of a service after `dbbackup emulate --listen 127.0.0.1:8700`: services that share a
/// host share a port, and each further host has the next one.
fn emulator(service: &str) -> Option<Value> {
    let mut hosts = Vec::new();
    for known in Service::ALL.iter().copied() {
        let document = contract::document(known);
        let url = document["servers"][0]["url"].as_str()?;
        let host = url.split('.').next()?.to_owned();
        if !hosts.contains(&host) {
            hosts.push(host);
        }
        if known.as_str() == service {
            let url = format!("http://127.0.0.1:{}", 8700 + hosts.len() - 1);
            return Some(json!({
                "url": url,
                "description": "After dbbackup emulate --listen 127.0.0.1:8700.",
            }));
        }
    }
    None
}

/// Gives the emulator's project to the parameter that every path has.
fn fill_in(document: &mut Value, project: &str) {
    let parameters = document["components"]["parameters"].as_object_mut();
    let parameters = parameters.into_iter().flat_map(|all| all.values_mut());
    for parameter in parameters.filter(|one| one["name"] == "project_id") {
        // The console fills in defaults, and no examples.
        parameter["schema"] = json!({ "type": "string", "default": project });
        parameter["example"] = Value::from(project);
    }
}

pub(super) fn files(site: &Site<'_>) -> anyhow::Result<Files> {
    let newest = site.newest();
    let emulated = dbbackup::emulator::Options::default().project_id;
    let source = |version: Version<'_>| {
        let mut document = version.blessed.document.root.clone();
        // The console calls the emulator, unless people choose another server.
        if let Some(servers) = document["servers"].as_array_mut() {
            servers.splice(0..0, emulator(version.service()));
        }
        fill_in(&mut document, &emulated);
        json!({
            "title": version.title(),
            "slug": version.service(),
            "content": document,
        })
    };
    let sources: Vec<_> = newest.map(source).collect();
    let documents = format!("const SOURCES = {};\n", json!(sources));
    let mut scalar = String::new();
    StreamingDecoder::new(SCALAR)?.read_to_string(&mut scalar)?;
    let file = |name: &str, text: &str| (format!("{FOLDER}/{name}"), text.to_owned());
    Ok(Files::from([
        file(
            "reference.html",
            &include_str!("reference.html").replace("PROJECT", &emulated),
        ),
        file("reference.js", include_str!("reference.js")),
        file("reference-sources.js", &documents),
        file("scalar.js", &scalar),
        file("scalar.LICENSE", LICENSE),
    ]))
}
