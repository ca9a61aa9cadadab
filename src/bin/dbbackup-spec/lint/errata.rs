//! Rules on errata: each is whole, and has an id of its own that begins with the service.

use std::collections::BTreeSet;
use std::path::Path;

use super::Findings;
use super::kind::Kind;
use super::objects::{Objects, text};
use crate::pointer::join;

pub(super) fn check(objects: &Objects<'_>, findings: &mut Findings) {
    let stem = Path::new(&objects.document.file).file_stem();
    let prefix = format!("{}/", stem.unwrap_or_default().display());
    let mut seen = BTreeSet::new();
    for erratum in objects.all(Kind::Erratum) {
        for part in ["id", "page", "contract", "reason"] {
            if text(&erratum.value[part]).is_none() {
                findings.add(&erratum.pointer, format!("this erratum has no {part}"));
            }
        }
        let Some(id) = text(&erratum.value["id"]) else {
            continue;
        };
        let pointer = join(&erratum.pointer, "id");
        if !seen.insert(id) {
            findings.add(&pointer, format!("the id {id} stands twice"));
        }
        if id.strip_prefix(&prefix).is_none_or(str::is_empty) {
            let message = format!("the id of an erratum starts with {prefix}");
            findings.add(pointer, message);
        }
    }
}
