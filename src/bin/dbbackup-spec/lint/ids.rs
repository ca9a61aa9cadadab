//! Rules on names: each stands for one thing, and what is named is there.
//!
//! Names are the ids of operations and errata, tags, paths, and the parameters in paths. Names of
//! components need no rule: no key may stand twice.

use std::collections::BTreeSet;
use std::path::Path;

use super::Findings;
use super::contract::{Contract, Place, names, text, unescape};
use super::kind::Kind;
use super::operations::name;
use crate::document::{anonymous, join, members};

pub(super) fn check(contract: &Contract<'_>, findings: &mut Findings) {
    unique(contract, Kind::Operation, "operationId", findings);
    unique(contract, Kind::Tag, "name", findings);
    unique(contract, Kind::Erratum, "id", findings);
    errata(contract, findings);
    paths(contract, findings);
    for place in contract.all(Kind::Parameter) {
        let value = place.value;
        if value["in"] == "path" && value["required"] != true {
            let pointer = join(&place.pointer, "required");
            findings.add(pointer, "this path parameter is not required");
        }
    }
}

fn unique(contract: &Contract<'_>, kind: Kind, key: &str, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for place in contract.all(kind) {
        if let Some(id) = text(&place.value[key])
            && !seen.insert(id)
        {
            let pointer = join(&place.pointer, key);
            findings.add(pointer, format!("the {key} {id} stands twice"));
        }
    }
}

fn errata(contract: &Contract<'_>, findings: &mut Findings) {
    let stem = Path::new(&contract.document.file).file_stem();
    let prefix = format!("{}/", stem.unwrap_or_default().display());
    for place in contract.all(Kind::Erratum) {
        for part in ["id", "page", "contract", "reason"] {
            if text(&place.value[part]).is_none() {
                findings.add(&place.pointer, format!("this erratum has no {part}"));
            }
        }
        let id = text(&place.value["id"]);
        if id.is_some_and(|id| id.strip_prefix(&prefix).is_none_or(str::is_empty)) {
            let pointer = join(&place.pointer, "id");
            findings.add(
                pointer,
                format!("the id of an erratum starts with {prefix}"),
            );
        }
    }
}

fn paths(contract: &Contract<'_>, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for place in contract.all(Kind::PathItem) {
        let Some(path) = template(&place.pointer) else {
            continue;
        };
        if !seen.insert(anonymous(&path)) {
            let message = "another path differs only in names of parameters";
            findings.add(&place.pointer, message);
        }
    }
    for place in contract.all(Kind::Operation) {
        let (item, _) = place.pointer.rsplit_once('/').unwrap_or_default();
        if let Some(path) = template(item) {
            parameters(contract, place, [item, &place.pointer], &path, findings);
        }
    }
}

/// The path that a pointer leads to; that of a callback is an expression and no template.
fn template(pointer: &str) -> Option<String> {
    let path = pointer.strip_prefix("/paths/")?;
    (!path.contains('/')).then(|| unescape(path))
}

/// Compares the parameters of an operation, and those of its path, with the template.
fn parameters(
    contract: &Contract<'_>,
    operation: &Place<'_>,
    owners: [&str; 2],
    path: &str,
    findings: &mut Findings,
) {
    let operation_name = name(operation);
    let mut declared = BTreeSet::new();
    for list in owners.map(|owner| join(owner, "parameters")) {
        for (i, _) in members(contract.value(&list)) {
            let pointer = join(&list, &i);
            let parameter = contract.value(&pointer);
            let (place, name) = (text(&parameter["in"]), text(&parameter["name"]));
            let Some((place, name)) = place.zip(name) else {
                continue;
            };
            if !declared.insert((place, name)) {
                let message = format!("{operation_name} has the {place} parameter {name} twice");
                findings.add(&pointer, message);
            }
            if place == "path" && !names(path).contains(&name) {
                findings.add(pointer, format!("the path has no {{{name}}}"));
            }
        }
    }
    for name in names(path) {
        if !declared.contains(&("path", name)) {
            let message = format!("{operation_name} has no path parameter {name}");
            findings.add(&operation.pointer, message);
        }
    }
}
