//! The kinds of objects that the rules ask for, and where they are in a document.
//!
//! Keys of OpenAPI itself are checked by Redocly and Spectral; those of this project only here.

use std::fmt;

use dbbackup::contract::METHODS;

use Kind::*;

/// A kind of object; named as in the specification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Callback,
    Components,
    Document,
    Encoding,
    ErrorCode,
    ErrorCodes,
    Erratum,
    Example,
    Header,
    Info,
    MediaType,
    Operation,
    Parameter,
    PathItem,
    Paths,
    RequestBody,
    Response,
    Responses,
    Schema,
    SecurityScheme,
    Server,
    ServerVariable,
    Tag,
}

/// What stands below a key.
pub(super) enum Child {
    One(Kind),
    /// A list, or a map whose keys are free.
    Many(Kind),
}

/// `MediaType` is shown as `media type`.
impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, letter) in format!("{self:?}").char_indices() {
            if i > 0 && letter.is_uppercase() {
                formatter.write_str(" ")?;
            }
            write!(formatter, "{}", letter.to_ascii_lowercase())?;
        }
        Ok(())
    }
}

impl Kind {
    /// The objects below a key, if the rules ask for them.
    pub(super) fn child(self, key: &str) -> Option<Child> {
        let one = match (self, key) {
            (Paths | Callback, key) if !key.starts_with("x-") => PathItem,
            (Responses, key) if !key.starts_with("x-") => Response,
            (PathItem, key) if METHODS.contains(&key) => Operation,
            (Document, "components") => Components,
            (Document, "info") => Info,
            (Document, "paths") => Paths,
            (Components, "x-error-codes") => ErrorCodes,
            (Operation, "requestBody") => RequestBody,
            (Operation, "responses") => Responses,
            (Schema, "additionalProperties" | "items" | "not") => Schema,
            (Header | MediaType | Parameter, "schema") => Schema,
            _ => return self.children(key).map(Child::Many),
        };
        Some(Child::One(one))
    }

    fn children(self, key: &str) -> Option<Kind> {
        Some(match (self, key) {
            (Components, "requestBodies") => RequestBody,
            (Components, "responses") => Response,
            (Components, "schemas") => Schema,
            (Components, "securitySchemes") => SecurityScheme,
            (Components | Operation, "callbacks") => Callback,
            (Components | Operation | PathItem, "parameters") => Parameter,
            (Components | Encoding | Response, "headers") => Header,
            (Components | Header | MediaType | Parameter, "examples") => Example,
            (Header | Parameter | RequestBody | Response, "content") => MediaType,
            (MediaType, "encoding") => Encoding,
            (Document | Operation | PathItem, "servers") => Server,
            (Document, "tags") => Tag,
            (ErrorCodes, "codes") => ErrorCode,
            (Operation, "x-errata") => Erratum,
            (Schema, "allOf" | "anyOf" | "oneOf" | "properties") => Schema,
            (Server, "variables") => ServerVariable,
            _ => return None,
        })
    }

    /// Whether this project or OpenAPI may have such a key; all that are not its own are left to others.
    pub(super) fn may_have(self, key: &str) -> bool {
        let own: &[&str] = match self {
            Components => &["x-error-codes"],
            ErrorCode => return matches!(key, "meaning" | "source" | "status"),
            ErrorCodes => return matches!(key, "codes" | "note" | "source"),
            Erratum => {
                let mut keys = "contract deviations id layout page reason".split(' ');
                return keys.any(|known| known == key);
            }
            Operation => &["x-errata", "x-error-codes"],
            Parameter => &["x-requires"],
            _ => &[],
        };
        !key.starts_with("x-") || own.contains(&key) || matches!(key, "x-availability" | "x-source")
    }
}
