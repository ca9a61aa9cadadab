//! Nothing is invented: a constraint is one that a page of the vendor states, that of an operation which
//! it belongs to, or the source that stands beside it.

use super::Findings;
use super::kind::Kind;
use super::objects::{Objects, ancestors};
use super::operations::has_page;
use crate::pointer::join;
use crate::source::sources;

const CONSTRAINTS: &str = "additionalProperties default enum exclusiveMaximum exclusiveMinimum \
    format maxItems maxLength maxProperties maximum minItems minLength minProperties minimum \
    multipleOf not nullable pattern required uniqueItems";

pub(super) fn check(objects: &Objects<'_>, findings: &mut Findings) {
    let mut documented = Vec::new();
    for operation in objects.all(Kind::Operation) {
        let name = operation.name();
        // The page of this one is the subject of the errata.
        if name != "create_backup" && sources(&operation.value["x-source"]).is_none() {
            findings.add(&operation.pointer, format!("{name} has no x-source"));
        }
        if has_page(operation.value) {
            let (item, _) = operation.pointer.rsplit_once('/').unwrap_or_default();
            documented.extend([operation.pointer.clone(), join(item, "parameters")]);
        }
    }
    let documented = objects.reached(documented);
    let has_source = |pointer: &str| {
        let value = objects.root.pointer(pointer);
        documented.contains(pointer)
            || value.is_some_and(|value| sources(&value["x-source"]).is_some())
    };
    let constrained = [Kind::Schema, Kind::Parameter, Kind::ServerVariable];
    for object in constrained.into_iter().flat_map(|kind| objects.all(kind)) {
        if ancestors(&object.pointer).any(has_source) {
            continue;
        }
        let said = |key: &&str| object.value.get(*key).is_some();
        for key in CONSTRAINTS.split(' ').filter(said) {
            let message = format!("{key} has neither a page nor a source");
            findings.add(join(&object.pointer, key), message);
        }
    }
}
