//! The contracts as data: documents, operations, references, and schemas to check bodies against.
//!
//! This holds what `build.rs` has read, before it is changed for progenitor, and knows nothing of the
//! generated types, so what is built on it (the emulator, the tests) can catch a mistake of theirs.

mod json_schema;
mod operations;

use std::fmt;

use serde_json::Value;

pub use json_schema::json_schema;
pub use operations::{METHODS, OperationObject, operations};

use crate::service::Service;
use crate::spec;

/// References that may lead to one another, so that a circle ends.
const MOST_STEPS: usize = 100;

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

/// The value itself, or what it refers to in the end if it is a `$ref`.
///
/// A reference that leads nowhere gives `null`; `build.rs` refuses contracts that have one.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(_) => target(document, value).map_or(&Value::Null, |(_, target)| target),
        None => value,
    }
}

/// Where a `$ref` leads in the end, as a JSON pointer and the value there; `None` if the value is no
/// reference, or one that leaves the document or never ends.
pub fn target<'a>(document: &'a Value, value: &'a Value) -> Option<(&'a str, &'a Value)> {
    let (mut value, mut found) = (value, None);
    for _ in 0..MOST_STEPS {
        let Some(reference) = value["$ref"].as_str() else {
            return found;
        };
        let pointer = reference.strip_prefix('#')?;
        value = document.pointer(pointer).unwrap_or(&Value::Null);
        found = Some((pointer, value));
    }
    None
}

/// A place where a body breaks its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer into the body, empty for the body itself.
    pub pointer: String,
    /// The rule that is broken; no values.
    pub rule: String,
}

impl Violation {
    /// The field with the names around it, such as `backup.name`, or `body`.
    pub fn field(&self) -> String {
        match self.pointer.strip_prefix('/') {
            Some(pointer) => pointer.replace('/', "."),
            None => "body".to_owned(),
        }
    }
}

/// Shows the field and the rule.
impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.field(), self.rule)
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

    /// All places where the body breaks the schema.
    pub fn violations(&self, body: &Value) -> Vec<Violation> {
        self.violations_of(body).collect()
    }

    /// The same, each found when it is asked for.
    pub(crate) fn violations_of<'a>(
        &'a self,
        body: &'a Value,
    ) -> impl Iterator<Item = Violation> + 'a {
        self.0.iter_errors(body).map(|error| Violation {
            pointer: error.instance_path().as_str().to_owned(),
            rule: error.masked().to_string(),
        })
    }
}
