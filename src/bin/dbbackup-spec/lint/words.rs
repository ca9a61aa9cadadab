//! Everything is described, in sentences.
//!
//! A reference needs no words, as what it leads to has some; nor does the schema of a parameter,
//! header or body, which says all there is to say.

use super::Findings;
use super::contract::{Contract, Place, text};
use super::kind::Kind;
use crate::document::join;

pub(super) fn check(contract: &Contract<'_>, findings: &mut Findings) {
    for place in contract.places() {
        let words = &place.value["description"];
        if needs_words(place) && text(words).is_none() {
            let message = format!("this {} has no description", place.kind);
            findings.add(&place.pointer, message);
        }
        if has_sentences(place.kind) && text(words).is_some_and(|w| !w.trim_end().ends_with('.')) {
            let message = format!("the description of this {} has no full stop", place.kind);
            findings.add(join(&place.pointer, "description"), message);
        }
        for key in ["x-source", "x-availability"] {
            if place
                .value
                .get(key)
                .is_some_and(|value| text(value).is_none())
            {
                findings.add(join(&place.pointer, key), format!("{key} says nothing"));
            }
        }
    }
}

/// Whether the description is in sentences; elsewhere it is the title of a page or an example.
fn has_sentences(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Header
            | Kind::Info
            | Kind::Operation
            | Kind::Parameter
            | Kind::RequestBody
            | Kind::Response
            | Kind::Schema
            | Kind::SecurityScheme
            | Kind::Server
            | Kind::ServerVariable
            | Kind::Tag
    )
}

fn needs_words(place: &Place<'_>) -> bool {
    match place.kind {
        Kind::Schema => schema_needs_words(place),
        // The rule on the head of a contract asks for it.
        Kind::Info => false,
        kind => has_sentences(kind),
    }
}

fn schema_needs_words(place: &Place<'_>) -> bool {
    match (place.group(), &*place.key()) {
        ("schemas" | "properties", _) => true,
        // What it belongs to says all that there is to say of a mere type.
        ("allOf" | "oneOf" | "anyOf", _) | (_, "items" | "not" | "additionalProperties") => {
            let keys = place.value.as_object();
            !keys.is_some_and(|keys| keys.keys().all(|key| key == "type"))
        }
        // That of a parameter, header or body.
        _ => false,
    }
}
