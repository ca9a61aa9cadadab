//! Rules on operations and bodies that Redocly and Spectral do not have: a page of the vendor, an answer
//! for failures, bodies that are shown, and parameters that need others.

use dbbackup::contract::operations;
use serde_json::Value;

use super::Findings;
use super::kind::Kind;
use super::objects::{Object, Objects, texts};
use crate::pointer::join;

pub(super) fn check(objects: &Objects<'_>, findings: &mut Findings) {
    for operation in objects.all(Kind::Operation) {
        let name = operation.name();
        if !has_page(operation.value) {
            let message = format!("{name} has no https link to the vendor's page");
            findings.add(format!("{}/externalDocs/url", operation.pointer), message);
        }
        let responses = operation.value["responses"].as_object();
        let mut statuses = responses.into_iter().flatten().map(|(status, _)| status);
        if !statuses.any(|status| status.starts_with('5')) {
            let pointer = join(&operation.pointer, "responses");
            findings.add(
                pointer,
                format!("{name} has no response for failures (5XX)"),
            );
        }
    }
    for body in objects.all(Kind::RequestBody) {
        if is_empty(&body.value["content"]) {
            findings.add(&body.pointer, "this request body has no content");
        }
    }
    for body in objects.all(Kind::MediaType) {
        if !body.key().contains("json") {
            continue;
        }
        if !body.value["schema"].is_object() {
            findings.add(&body.pointer, "this body has no schema");
        }
        if is_empty(&body.value["examples"]) && body.value.get("example").is_none() {
            findings.add(&body.pointer, "this body has no example");
        }
    }
    for parameter in objects.all(Kind::Parameter) {
        required(objects, parameter, findings);
    }
}

fn is_empty(members: &Value) -> bool {
    members.as_object().is_none_or(serde_json::Map::is_empty)
}

/// Whether a page of the vendor describes the operation.
pub(super) fn has_page(operation: &Value) -> bool {
    let url = operation["externalDocs"]["url"].as_str();
    url.is_some_and(|url| url.starts_with("https://"))
}

/// Each operation that has the parameter has those that it requires.
fn required(objects: &Objects<'_>, parameter: &Object<'_>, findings: &mut Findings) {
    let list = &parameter.value["x-requires"];
    let pointer = join(&parameter.pointer, "x-requires");
    if !list.is_null() && texts(list).next().is_none() {
        findings.add(&pointer, "x-requires names no parameter");
    }
    for operation in operations(objects.root) {
        let parameters = || operation.parameters(objects.root);
        if !parameters().any(|one| one == parameter.value) {
            continue;
        }
        for (i, name) in texts(list) {
            if !parameters().any(|one| one["name"] == name) {
                let message = format!("{} has no parameter {name}", operation.id());
                findings.add(join(&pointer, &i.to_string()), message);
            }
        }
    }
}
