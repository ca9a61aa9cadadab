//! The object model of OpenAPI 3.0.3, with the extensions of this project, as one table.
//!
//! It tells for each kind of object which keys it may have and what kind of object stands there.
//! `Contract` walks documents by it; an unknown key is a finding of that walk.

use super::kind::Kind;
use Child::{Many, One, Plain};
use Kind::*;

/// What stands below a key.
#[derive(Clone, Copy)]
pub(super) enum Child {
    /// A value without a model.
    Plain,
    One(Kind),
    /// A list, or a map whose keys are free.
    Many(Kind),
}

/// A kind, its plain keys, and its keys with a model.
type Row = (Kind, &'static str, &'static [(&'static str, Child)]);

const MODEL: [Row; 29] = [
    (
        Components,
        "",
        &[
            ("callbacks", Many(Callback)),
            ("examples", Many(Example)),
            ("headers", Many(Header)),
            ("links", Many(Link)),
            ("parameters", Many(Parameter)),
            ("requestBodies", Many(RequestBody)),
            ("responses", Many(Response)),
            ("schemas", Many(Schema)),
            ("securitySchemes", Many(SecurityScheme)),
            ("x-error-codes", One(ErrorCodes)),
        ],
    ),
    (Contact, "email name url", &[]),
    (Discriminator, "mapping propertyName", &[]),
    (
        Document,
        "openapi security",
        &[
            ("components", One(Components)),
            ("externalDocs", One(ExternalDocs)),
            ("info", One(Info)),
            ("paths", One(Paths)),
            ("servers", Many(Server)),
            ("tags", Many(Tag)),
        ],
    ),
    (
        Encoding,
        "allowReserved contentType explode style",
        &[("headers", Many(Header))],
    ),
    (ErrorCode, "meaning source status", &[]),
    (ErrorCodes, "note source", &[("codes", Many(ErrorCode))]),
    (Erratum, "contract deviations id layout page reason", &[]),
    (Example, "description externalValue summary value", &[]),
    (ExternalDocs, "description url", &[]),
    (
        Header,
        "allowEmptyValue allowReserved deprecated description example explode required style",
        &[
            ("content", Many(MediaType)),
            ("examples", Many(Example)),
            ("schema", One(Schema)),
        ],
    ),
    (
        Info,
        "description termsOfService title version",
        &[("contact", One(Contact)), ("license", One(License))],
    ),
    (License, "name url", &[]),
    (
        Link,
        "description operationId operationRef parameters requestBody",
        &[("server", One(Server))],
    ),
    (
        MediaType,
        "example",
        &[
            ("encoding", Many(Encoding)),
            ("examples", Many(Example)),
            ("schema", One(Schema)),
        ],
    ),
    (
        OauthFlow,
        "authorizationUrl refreshUrl scopes tokenUrl",
        &[],
    ),
    (
        OauthFlows,
        "",
        &[
            ("authorizationCode", One(OauthFlow)),
            ("clientCredentials", One(OauthFlow)),
            ("implicit", One(OauthFlow)),
            ("password", One(OauthFlow)),
        ],
    ),
    (
        Operation,
        "deprecated description operationId security summary tags x-error-codes",
        &[
            ("callbacks", Many(Callback)),
            ("externalDocs", One(ExternalDocs)),
            ("parameters", Many(Parameter)),
            ("requestBody", One(RequestBody)),
            ("responses", One(Responses)),
            ("servers", Many(Server)),
            ("x-errata", Many(Erratum)),
        ],
    ),
    (
        Parameter,
        "allowEmptyValue allowReserved deprecated description example explode in name required style",
        &[
            ("content", Many(MediaType)),
            ("examples", Many(Example)),
            ("schema", One(Schema)),
        ],
    ),
    (
        PathItem,
        "$ref description summary",
        &[
            ("delete", One(Operation)),
            ("get", One(Operation)),
            ("head", One(Operation)),
            ("options", One(Operation)),
            ("parameters", Many(Parameter)),
            ("patch", One(Operation)),
            ("post", One(Operation)),
            ("put", One(Operation)),
            ("servers", Many(Server)),
            ("trace", One(Operation)),
        ],
    ),
    (Reference, "$ref", &[]),
    (
        RequestBody,
        "description required",
        &[("content", Many(MediaType))],
    ),
    (
        Response,
        "description",
        &[
            ("content", Many(MediaType)),
            ("headers", Many(Header)),
            ("links", Many(Link)),
        ],
    ),
    (
        Schema,
        "default deprecated description enum example exclusiveMaximum exclusiveMinimum format \
        maxItems maxLength maxProperties maximum minItems minLength minProperties minimum \
        multipleOf nullable pattern readOnly required title type uniqueItems writeOnly",
        &[
            ("additionalProperties", One(Schema)),
            ("allOf", Many(Schema)),
            ("anyOf", Many(Schema)),
            ("discriminator", One(Discriminator)),
            ("externalDocs", One(ExternalDocs)),
            ("items", One(Schema)),
            ("not", One(Schema)),
            ("oneOf", Many(Schema)),
            ("properties", Many(Schema)),
            ("xml", One(Xml)),
        ],
    ),
    (
        SecurityScheme,
        "bearerFormat description in name openIdConnectUrl scheme type",
        &[("flows", One(OauthFlows))],
    ),
    (
        Server,
        "description url",
        &[("variables", Many(ServerVariable))],
    ),
    (ServerVariable, "default description enum", &[]),
    (
        Tag,
        "description name",
        &[("externalDocs", One(ExternalDocs))],
    ),
    (Xml, "attribute name namespace prefix wrapped", &[]),
];

impl Kind {
    /// What stands below a key, or `None` if this kind of object has no such key.
    pub(super) fn child(self, key: &str) -> Option<Child> {
        match self {
            Paths if key.starts_with('/') => return Some(One(PathItem)),
            Callback if !key.starts_with("x-") => return Some(One(PathItem)),
            Responses if is_status(key) => return Some(One(Response)),
            Reference => {}
            _ if matches!(key, "x-source" | "x-availability") => return Some(Plain),
            _ => {}
        }
        let (_, plain, modelled) = MODEL.iter().find(|(kind, ..)| *kind == self)?;
        match modelled.iter().find(|(name, _)| *name == key) {
            Some((_, child)) => Some(*child),
            None => plain
                .split_whitespace()
                .any(|name| name == key)
                .then_some(Plain),
        }
    }
}

/// Whether a response may have this key: a status, a class of them, or the rest.
fn is_status(key: &str) -> bool {
    let number = key.replace("XX", "00").parse();
    key == "default" || key.len() == 3 && number.is_ok_and(|n: u16| (100..600).contains(&n))
}
