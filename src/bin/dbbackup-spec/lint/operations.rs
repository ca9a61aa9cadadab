//! Rules on operations: what they say of themselves, what they answer, and with which bodies.
//!
//! Descriptions are left to `words`, parameters to `ids`, error codes to `codes`, and sources to
//! `sources`.

use serde_json::Value;

use super::Findings;
use super::contract::{Contract, Place, text, texts};
use super::kind::Kind;

pub(super) fn check(contract: &Contract<'_>, findings: &mut Findings) {
    for place in contract.all(Kind::Operation) {
        introduction(contract, place, findings);
        responses(place, findings);
    }
    for place in contract.all(Kind::RequestBody) {
        let content = place.value["content"].as_object();
        if content.is_none_or(|content| content.is_empty()) {
            findings.add(&place.pointer, "this request body has no content");
        }
    }
    for place in contract.all(Kind::MediaType) {
        body(place, findings);
    }
}

/// The name of an operation in messages.
pub(super) fn name(operation: &Place<'_>) -> String {
    match text(&operation.value["operationId"]) {
        Some(id) => id.to_owned(),
        None => format!("the operation {}", operation.key()),
    }
}

fn introduction(contract: &Contract<'_>, place: &Place<'_>, findings: &mut Findings) {
    let (name, value) = (name(place), place.value);
    for part in ["operationId", "summary"] {
        if text(&value[part]).is_none() {
            findings.add(&place.pointer, format!("{name} has no {part}"));
        }
    }
    if !has_page(value) {
        let pointer = format!("{}/externalDocs/url", place.pointer);
        findings.add(
            pointer,
            format!("{name} has no https link to the vendor's page"),
        );
    }
    if texts(&value["tags"]).next().is_none() {
        let pointer = format!("{}/tags", place.pointer);
        findings.add(pointer, format!("{name} has no tag"));
    }
    let declared = contract.all(Kind::Tag).map(|tag| &tag.value["name"]);
    let declared: Vec<&Value> = declared.collect();
    for (i, tag) in texts(&value["tags"]) {
        if !declared.iter().any(|name| *name == tag) {
            let pointer = format!("{}/tags/{i}", place.pointer);
            findings.add(
                pointer,
                format!("{name} has the tag {tag}, which is not declared"),
            );
        }
    }
}

/// Whether a page of the vendor describes the operation.
pub(super) fn has_page(operation: &Value) -> bool {
    let url = operation["externalDocs"]["url"].as_str();
    url.is_some_and(|url| url.starts_with("https://"))
}

fn responses(place: &Place<'_>, findings: &mut Findings) {
    let classes = [
        ('2', "success (2XX)"),
        ('4', "refusals (4XX)"),
        ('5', "failures (5XX)"),
    ];
    let responses = place.value["responses"].as_object();
    for (class, what) in classes {
        let mut statuses = responses.into_iter().flatten().map(|(status, _)| status);
        if !statuses.any(|status| status.starts_with(class)) {
            let pointer = format!("{}/responses", place.pointer);
            findings.add(
                pointer,
                format!("{} has no response for {what}", name(place)),
            );
        }
    }
}

/// A body of JSON has a schema and is shown.
fn body(place: &Place<'_>, findings: &mut Findings) {
    if !place.key().contains("json") {
        return;
    }
    if !place.value["schema"].is_object() {
        findings.add(&place.pointer, "this body has no schema");
    }
    let examples = place.value["examples"].as_object();
    let is_shown = examples.is_some_and(|examples| !examples.is_empty());
    if !is_shown && place.value.get("example").is_none() {
        findings.add(&place.pointer, "this body has no example");
    }
}
