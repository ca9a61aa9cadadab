//! Rules on the vendor's error codes: those of the operations, and the table that explains them.
//!
//! The table stands below `components`; each code of an operation has a row there, and the
//! operation documents a response with the status of that row.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Findings;
use super::contract::{Contract, Place, text, texts};
use super::kind::Kind;
use super::operations::name;
use crate::document::{join, members};

const TABLE: &str = "/components/x-error-codes/codes";

pub(super) fn check(contract: &Contract<'_>, findings: &mut Findings) {
    let table = contract.value(TABLE);
    let mut used = BTreeSet::new();
    for place in contract.all(Kind::Operation) {
        let codes = &place.value["x-error-codes"];
        if texts(codes).next().is_none() {
            let pointer = join(&place.pointer, "x-error-codes");
            findings.add(pointer, format!("{} has no x-error-codes", name(place)));
        }
        used.extend(texts(codes).map(|(_, code)| code));
        operation(place, table, findings);
    }
    for (code, row) in members(table) {
        let pointer = join(TABLE, &code);
        if !used.contains(code.as_str()) {
            findings.add(&pointer, format!("no operation has the error code {code}"));
        }
        if text(&row["meaning"]).is_none() {
            findings.add(&pointer, format!("the error code {code} has no meaning"));
        }
        if status(row).is_none() {
            findings.add(
                &pointer,
                format!("the error code {code} has no HTTP status"),
            );
        }
    }
}

fn status(row: &Value) -> Option<u64> {
    let status = row["status"].as_u64();
    status.filter(|status| (100..600).contains(status))
}

fn operation(place: &Place<'_>, table: &Value, findings: &mut Findings) {
    let name = name(place);
    let mut seen = BTreeSet::new();
    for (i, code) in members(&place.value["x-error-codes"]) {
        let pointer = format!("{}/x-error-codes/{i}", place.pointer);
        let Some(code) = code.as_str() else {
            findings.add(pointer, format!("{name} has an error code that is no text"));
            continue;
        };
        if !seen.insert(code) {
            findings.add(&pointer, format!("{name} has the error code {code} twice"));
        }
        let Some(row) = table.get(code) else {
            findings.add(
                &pointer,
                format!("the error code {code} is not in the table"),
            );
            continue;
        };
        let Some(status) = status(row) else { continue };
        let documented = [status.to_string(), format!("{}XX", status / 100)];
        let responses = &place.value["responses"];
        if !documented.iter().any(|key| responses.get(key).is_some()) {
            let message = format!("{name} has no response for {status}, the status of {code}");
            findings.add(&pointer, message);
        }
    }
}
