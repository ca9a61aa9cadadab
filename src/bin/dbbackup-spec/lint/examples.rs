//! Examples and defaults are valid against their schemas.
//!
//! A schema is compiled once, with only those parts of the contract that it refers to: compiling
//! goes through all that it is given.

use std::collections::BTreeMap;

use dbbackup::contract::Schema;
use serde_json::json;

use super::Findings;
use super::contract::{Contract, unescape};
use super::kind::Kind;
use crate::document::{join, members};

pub(super) fn check(contract: &Contract<'_>, findings: &mut Findings) {
    let mut checker = Checker {
        contract,
        compiled: BTreeMap::new(),
        findings,
    };
    for place in contract.places() {
        let pointer = &place.pointer;
        match place.kind {
            Kind::Schema => {
                for key in ["example", "default"] {
                    checker.compare(&join(pointer, key), pointer);
                }
            }
            Kind::MediaType | Kind::Parameter | Kind::Header => {
                let schema = join(pointer, "schema");
                checker.compare(&join(pointer, "example"), &schema);
                for (name, _) in members(&place.value["examples"]) {
                    let example = contract.target(&join(&join(pointer, "examples"), &name));
                    checker.compare(&join(&example, "value"), &schema);
                }
            }
            Kind::Example if place.value.get("value").is_none() => {
                checker.findings.add(pointer, "this example has no value");
            }
            _ => {}
        }
    }
}

struct Checker<'a, 'f> {
    contract: &'a Contract<'a>,
    compiled: BTreeMap<String, Option<Schema>>,
    findings: &'f mut Findings,
}

impl Checker<'_, '_> {
    /// Checks what stands at one pointer, if anything does, by the schema at another.
    fn compare(&mut self, pointer: &str, schema: &str) {
        let root = self.contract.root;
        let (Some(value), Some(_)) = (root.pointer(pointer), root.pointer(schema)) else {
            return;
        };
        let at = self.contract.target(schema);
        let compiled = self.compiled.entry(at.clone());
        let compiled = compiled.or_insert_with(|| compile(self.contract, &at));
        let Some(compiled) = compiled else {
            self.findings.add(at, "the schema cannot be compiled");
            return;
        };
        for violation in compiled.violations(value) {
            // The field if it is told in a way that leads there, or else the whole value.
            let field = violation.split(": ").next().unwrap_or_default();
            let field = format!("{pointer}/{}", field.replace('.', "/"));
            let place = root.pointer(&field).map_or(pointer, |_| &field);
            let message = format!("the value breaks its schema: {violation}");
            self.findings.add(place, message);
        }
    }
}

fn compile(contract: &Contract<'_>, pointer: &str) -> Option<Schema> {
    let mut part = json!({});
    // What holds others comes before them.
    for pointer in contract.reached([pointer.to_owned()]) {
        let Some(value) = contract.root.pointer(&pointer) else {
            continue;
        };
        if part.pointer(&pointer).is_none() {
            let keys = pointer.split('/').skip(1).map(unescape);
            let place = keys.fold(&mut part, |place, key| &mut place[key]);
            *place = value.clone();
        }
    }
    Schema::at(&part, pointer)
}
