//! Examples and defaults are valid against their schemas: the emulator answers with them, and lint stands
//! without Node.

use std::collections::BTreeMap;

use dbbackup::contract::Schema;

use super::Findings;
use super::kind::Kind;
use super::objects::Objects;
use crate::pointer::{join, members};

pub(super) fn check(objects: &Objects<'_>, findings: &mut Findings) {
    let mut checker = Checker {
        objects,
        compiled: BTreeMap::new(),
        findings,
    };
    for object in objects.objects() {
        let pointer = &object.pointer;
        match object.kind {
            Kind::Schema => {
                for key in ["example", "default"] {
                    checker.compare(&join(pointer, key), pointer);
                }
            }
            Kind::MediaType | Kind::Parameter | Kind::Header => {
                let schema = join(pointer, "schema");
                checker.compare(&join(pointer, "example"), &schema);
                for (name, _) in members(&object.value["examples"]) {
                    let example = objects.target(&join(&join(pointer, "examples"), &name));
                    checker.compare(&join(&example, "value"), &schema);
                }
            }
            Kind::Example if object.value.get("value").is_none() => {
                checker.findings.add(pointer, "this example has no value");
            }
            _ => {}
        }
    }
}

struct Checker<'a, 'f> {
    objects: &'a Objects<'a>,
    /// Each schema is compiled once.
    compiled: BTreeMap<String, Option<Schema>>,
    findings: &'f mut Findings,
}

impl Checker<'_, '_> {
    /// Checks what stands at one pointer, if anything does, by the schema at another.
    fn compare(&mut self, pointer: &str, schema: &str) {
        let root = self.objects.root;
        let (Some(value), Some(_)) = (root.pointer(pointer), root.pointer(schema)) else {
            return;
        };
        let at = self.objects.target(schema);
        let compiled = self.compiled.entry(at.clone());
        let Some(compiled) = compiled.or_insert_with(|| Schema::at(root, &at)) else {
            self.findings.add(at, "the schema cannot be compiled");
            return;
        };
        for violation in compiled.violations(value) {
            let broken = format!("{pointer}{}", violation.pointer);
            let message = format!("the value breaks its schema: {violation}");
            self.findings.add(broken, message);
        }
    }
}
