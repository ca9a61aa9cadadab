//! Examples and defaults are valid against their schemas, each of which is compiled once.

use std::collections::BTreeMap;

use dbbackup::contract::Schema;

use super::Findings;
use super::contract::Contract;
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
        let compiled = compiled.or_insert_with(|| Schema::at(root, &at));
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
