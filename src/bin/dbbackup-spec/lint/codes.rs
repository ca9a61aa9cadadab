//! Rules on the vendor's error codes: those of the operations, and the table that explains them.
//!
//! The table stands below `components`; each code of an operation has a row there, and the
//! operation documents a response with the status of that row.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Findings;
use super::kind::Kind;
use super::objects::{Object, Objects, text, texts};
use crate::pointer::{join, members};

const TABLE: &str = "/components/x-error-codes/codes";

pub(super) fn check(objects: &Objects<'_>, findings: &mut Findings) {
    let table = objects.value(TABLE);
    let mut used = BTreeSet::new();
    for operation in objects.all(Kind::Operation) {
        let codes = &operation.value["x-error-codes"];
        if texts(codes).next().is_none() {
            let pointer = join(&operation.pointer, "x-error-codes");
            findings.add(
                pointer,
                format!("{} has no x-error-codes", operation.name()),
            );
        }
        used.extend(texts(codes).map(|(_, code)| code));
        check_operation(operation, table, findings);
    }
    for (code, row) in members(table) {
        let pointer = join(TABLE, &code);
        if !used.contains(code.as_str()) {
            findings.add(&pointer, format!("no operation has the error code {code}"));
        }
        let has = [
            ("meaning", text(&row["meaning"]).is_some()),
            ("HTTP status", status(row).is_some()),
        ];
        for (what, _) in has.iter().filter(|(_, has)| !has) {
            findings.add(&pointer, format!("the error code {code} has no {what}"));
        }
    }
}

fn status(row: &Value) -> Option<u64> {
    let status = row["status"].as_u64();
    status.filter(|status| (100..600).contains(status))
}

fn check_operation(operation: &Object<'_>, table: &Value, findings: &mut Findings) {
    let name = operation.name();
    let responses = &operation.value["responses"];
    let mut seen = BTreeSet::new();
    for (i, code) in members(&operation.value["x-error-codes"]) {
        let pointer = format!("{}/x-error-codes/{i}", operation.pointer);
        let mut found = |message: String| findings.add(&pointer, message);
        let Some(code) = code.as_str() else {
            found(format!("{name} has an error code that is no text"));
            continue;
        };
        if !seen.insert(code) {
            found(format!("{name} has the error code {code} twice"));
        }
        let Some(row) = table.get(code) else {
            found(format!("the error code {code} is not in the table"));
            continue;
        };
        let Some(status) = status(row) else { continue };
        let documented = [status.to_string(), format!("{}XX", status / 100)];
        if !documented.iter().any(|key| responses.get(key).is_some()) {
            found(format!(
                "{name} has no response for {status}, the status of {code}"
            ));
        }
    }
}
