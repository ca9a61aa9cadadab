//! The kinds of objects that an OpenAPI document is made of.
//!
//! What they may hold is told by `model`; the rules ask `Contract` for the objects of a kind.

use std::fmt;

/// A kind of object; named as in the specification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Callback,
    Components,
    Contact,
    Discriminator,
    Document,
    Encoding,
    ErrorCode,
    ErrorCodes,
    Erratum,
    Example,
    ExternalDocs,
    Header,
    Info,
    License,
    Link,
    MediaType,
    OauthFlow,
    OauthFlows,
    Operation,
    Parameter,
    PathItem,
    Paths,
    Reference,
    RequestBody,
    Response,
    Responses,
    Schema,
    SecurityScheme,
    Server,
    ServerVariable,
    Tag,
    Xml,
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
    /// Whether a reference may stand for it.
    pub(super) fn may_be_referred_to(self) -> bool {
        use Kind::*;
        let is_part_of_a_call = matches!(self, Callback | Header | Link | Parameter | RequestBody);
        is_part_of_a_call || matches!(self, Example | Response | Schema | SecurityScheme)
    }
}
