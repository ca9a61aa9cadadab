//! Nothing is invented, and nothing is left over.
//!
//! A constraint is one that a page of the vendor states: that of an operation which it belongs
//! to, or the source that stands beside it. A component is one that an operation uses.

use std::collections::BTreeSet;

use super::Findings;
use super::contract::{Contract, ancestors, text};
use super::kind::Kind;
use super::operations::{has_page, name};
use crate::document::{join, members};

const CONSTRAINTS: [&str; 20] = [
    "additionalProperties",
    "default",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "pattern",
    "required",
    "uniqueItems",
];

pub(super) fn check(contract: &Contract<'_>, findings: &mut Findings) {
    for place in contract.all(Kind::Operation) {
        let name = name(place);
        // The page of this one is the subject of the errata.
        if name != "create_backup" && text(&place.value["x-source"]).is_none() {
            findings.add(&place.pointer, format!("{name} has no x-source"));
        }
    }
    constraints(contract, findings);
    components(contract, findings);
    security(contract, findings);
}

fn constraints(contract: &Contract<'_>, findings: &mut Findings) {
    let documented = contract
        .all(Kind::Operation)
        .filter(|place| has_page(place.value));
    let documented = documented.flat_map(|place| {
        let (item, _) = place.pointer.rsplit_once('/').unwrap_or_default();
        [place.pointer.clone(), join(item, "parameters")]
    });
    let documented = contract.reached(documented);
    let has_source = |pointer: &str| {
        let value = contract.root.pointer(pointer);
        documented.contains(pointer)
            || value.is_some_and(|value| text(&value["x-source"]).is_some())
    };
    let constrained = [Kind::Schema, Kind::Parameter, Kind::ServerVariable];
    for place in constrained.into_iter().flat_map(|kind| contract.all(kind)) {
        if ancestors(&place.pointer).any(has_source) {
            continue;
        }
        for key in CONSTRAINTS {
            if place.value.get(key).is_some() {
                let message = format!("{key} has neither a page nor a source");
                findings.add(join(&place.pointer, key), message);
            }
        }
    }
}

fn components(contract: &Contract<'_>, findings: &mut Findings) {
    let reached = contract.reached(["/paths".to_owned()]);
    let used: BTreeSet<&str> = reached
        .iter()
        .flat_map(|pointer| ancestors(pointer))
        .collect();
    for (kind, components) in members(&contract.root["components"]) {
        // Those stand in requirements and in lists of codes.
        if kind == "securitySchemes" || kind.starts_with("x-") {
            continue;
        }
        for (name, _) in members(components) {
            let pointer = join(&join("/components", &kind), &name);
            if !used.contains(pointer.as_str()) {
                findings.add(pointer, format!("{name} is not used"));
            }
        }
    }
}

fn security(contract: &Contract<'_>, findings: &mut Findings) {
    const SCHEMES: &str = "/components/securitySchemes";
    let schemes = &contract.root["components"]["securitySchemes"];
    let mut used = BTreeSet::new();
    let documents = contract.all(Kind::Document);
    for place in documents.chain(contract.all(Kind::Operation)) {
        let list = join(&place.pointer, "security");
        for (i, requirement) in members(&place.value["security"]) {
            for (name, _) in members(requirement) {
                if schemes.get(&name).is_none() {
                    let pointer = join(&join(&list, &i), &name);
                    findings.add(pointer, format!("there is no security scheme {name}"));
                }
                used.insert(name);
            }
        }
    }
    for (name, _) in members(schemes) {
        if !used.contains(&name) {
            findings.add(join(SCHEMES, &name), format!("{name} is not used"));
        }
    }
}
