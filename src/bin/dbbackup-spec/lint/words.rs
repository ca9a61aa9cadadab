//! Everything is described, in sentences; Redocly and Spectral ask that of tags and operations alone.
//!
//! A reference needs no words, as what it leads to has some; nor does the schema of a parameter,
//! header or body, which says all there is to say.

use super::Findings;
use super::kind::Kind;
use super::objects::{Object, Objects, text};
use crate::pointer::join;
use crate::source::sources;

pub(super) fn check(objects: &Objects<'_>, findings: &mut Findings) {
    for object in objects.objects() {
        let (kind, value) = (object.kind, object.value);
        match text(&value["description"]) {
            None if needs_words(object) => {
                findings.add(&object.pointer, format!("this {kind} has no description"));
            }
            Some(words) if has_sentences(kind) && !words.trim_end().ends_with('.') => {
                let message = format!("the description of this {kind} has no full stop");
                findings.add(join(&object.pointer, "description"), message);
            }
            _ => {}
        }
        let are_empty = [
            ("x-source", sources(&value["x-source"]).is_none()),
            ("x-availability", text(&value["x-availability"]).is_none()),
        ];
        for (key, is_empty) in are_empty {
            if is_empty && value.get(key).is_some() {
                findings.add(join(&object.pointer, key), format!("{key} says nothing"));
            }
        }
    }
}

/// Whether the description is in sentences; elsewhere it is the title of a page or an example.
fn has_sentences(kind: Kind) -> bool {
    use Kind::*;
    let is_of_message = matches!(kind, Header | Parameter | RequestBody | Response | Schema);
    let is_of_server = matches!(kind, SecurityScheme | Server | ServerVariable);
    is_of_message || is_of_server || matches!(kind, Info | Operation | Tag)
}

fn needs_words(object: &Object<'_>) -> bool {
    match object.kind {
        Kind::Schema => schema_needs_words(object),
        // The rule on the head of a contract asks for it.
        Kind::Info => false,
        kind => has_sentences(kind),
    }
}

fn schema_needs_words(schema: &Object<'_>) -> bool {
    match (schema.group(), &*schema.key()) {
        ("schemas" | "properties", _) => true,
        // What it belongs to says all that there is to say of a mere type.
        ("allOf" | "oneOf" | "anyOf", _) | (_, "items" | "not" | "additionalProperties") => {
            let keys = schema.value.as_object();
            !keys.is_some_and(|keys| keys.keys().all(|key| key == "type"))
        }
        // That of a parameter, header or body.
        _ => false,
    }
}
