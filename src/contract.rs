//! The contracts as data: documents, references, and schemas to check bodies against.
//!
//! This holds what `build.rs` has read, before it is changed for progenitor, and knows nothing of the
//! generated types, so what is built on it (the emulator, the tests) can catch a mistake of theirs.

mod json_schema;

use serde_json::Value;

pub use json_schema::json_schema;

use crate::service::Service;
use crate::spec;

/// A contract as a JSON value.
///
/// # Examples
///
/// ```
/// use dbbackup::{Service, contract};
///
/// let document = contract::document(Service::TaurusdbV3);
/// assert!(document["paths"]["/v3/{project_id}/backups/create"]["post"].is_object());
/// ```
pub fn document(service: Service) -> Value {
    serde_json::from_str(spec::json(service)).expect("build.rs has written it")
}

/// The value itself, or what it refers to if it is a `$ref`.
///
/// A reference that leads nowhere gives `null`; `build.rs` refuses contracts that have one.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'))
    {
        Some(pointer) => document.pointer(pointer).unwrap_or(&Value::Null),
        None => value,
    }
}

/// A schema of a contract, ready to check bodies.
#[derive(Debug)]
pub struct Schema(jsonschema::Validator);

impl Schema {
    /// The schema at `pointer`, such as `/components/schemas/Backup`, or `None` if none is there.
    pub fn at(document: &Value, pointer: &str) -> Option<Self> {
        let schema = json_schema(document, pointer)?;
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
        options.build(&schema).ok().map(Self)
    }

    /// One line for each place where the body breaks the schema: field, rule, no values.
    pub fn violations(&self, body: &Value) -> Vec<String> {
        self.violations_of(body).collect()
    }

    /// The same, each line made when it is asked for.
    pub(crate) fn violations_of<'a>(
        &'a self,
        body: &'a Value,
    ) -> impl Iterator<Item = String> + 'a {
        let line = |error: jsonschema::ValidationError<'_>| {
            let field = error
                .instance_path()
                .as_str()
                .trim_start_matches('/')
                .replace('/', ".");
            let field = if field.is_empty() { "body" } else { &field };
            format!("{field}: {}", error.masked())
        };
        self.0.iter_errors(body).map(line)
    }
}
