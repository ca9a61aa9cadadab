//! Operations of a contract: route, checks of a request, and codes.

use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::routing::MethodFilter;
use serde_json::Value;

use super::parameters::{self, Arguments, Pairs, Parameter, RequestParts};
use super::refusal::{Reason, Refusal};
use super::services::Profile;
use super::unknown;
use crate::contract::{self, OperationObject, Schema, Violation};
use crate::service::Operation;

/// Media type of all bodies.
pub(crate) const JSON: &str = "application/json";
/// Violations that one error message names.
const NAMED_VIOLATIONS: usize = 5;
/// Characters of an unknown name that are shown.
const LONGEST_SHOWN: usize = 64;

/// An operation of a contract.
#[derive(Debug)]
pub(crate) struct ContractOperation {
    pub(crate) id: Operation,
    pub(crate) path: String,
    pub(crate) method: MethodFilter,
    pub(crate) status: StatusCode,
    /// The documented answer, or `null` when there is no body.
    pub(crate) example: Value,
    parameters: Vec<Parameter>,
    body: Option<Schema>,
    /// JSON pointer to the schema of the body.
    body_at: Option<String>,
    codes: Vec<String>,
}

/// A request that obeys the contract.
#[derive(Debug)]
pub(crate) struct CheckedRequest {
    pub(crate) arguments: Arguments,
    pub(crate) body: Value,
}

impl ContractOperation {
    /// The operations of a contract.
    pub(crate) fn all(document: &Value) -> Vec<Self> {
        contract::operations(document)
            .filter_map(|found| Self::new(document, &found))
            .collect()
    }

    fn new(document: &Value, found: &OperationObject<'_>) -> Option<Self> {
        let operation = found.value;
        let method = Method::from_bytes(found.method.to_uppercase().as_bytes()).ok()?;
        let body_at = operation
            .pointer("/requestBody/content/application~1json/schema/$ref")
            .and_then(Value::as_str)
            .map(|pointer| pointer.trim_start_matches('#'));
        let (status, success) = success(operation)?;
        let codes = operation["x-error-codes"].as_array().into_iter().flatten();
        Some(Self {
            id: Operation::with_id(found.id())?,
            path: found.path.to_owned(),
            method: method.try_into().ok()?,
            status,
            example: example(document, success),
            parameters: Parameter::all(document, found),
            body: match body_at {
                Some(pointer) => Some(Schema::at(document, pointer)?),
                None => None,
            },
            body_at: body_at.map(str::to_owned),
            codes: codes
                .filter_map(|code| code.as_str().map(str::to_owned))
                .collect(),
        })
    }

    /// The code that this operation has for a reason, if its contract lists one.
    pub(crate) fn code(&self, reason: Reason) -> Option<&'static str> {
        reason
            .codes()
            .iter()
            .copied()
            .find(|code| self.codes.iter().any(|listed| listed == code))
    }

    /// The request, if it obeys the contract.
    pub(crate) fn check(
        &self,
        parts: &RequestParts<'_>,
        body: &[u8],
    ) -> Result<CheckedRequest, Refusal> {
        let arguments = parameters::read(&self.parameters, parts)?;
        let body = match &self.body {
            Some(schema) => check_body(schema, parts.headers, body)?,
            None => Value::Null,
        };
        Ok(CheckedRequest { arguments, body })
    }

    /// Some parameters and, at any depth, fields of the body that the contract does not know.
    pub(crate) fn unknown(&self, document: &Value, query: &Pairs, body: &Value) -> Vec<String> {
        let is_known = |name| self.parameters.iter().any(|p| p.is_in_query(name));
        let parameters = query
            .iter()
            .filter(|(name, _)| !is_known(name))
            .map(|(name, _)| shown("parameter", name));
        let schema = self.body_at.as_deref().and_then(|at| document.pointer(at));
        let fields = schema.map_or(Vec::new(), |schema| {
            unknown::fields(document, schema, body, NAMED_VIOLATIONS)
        });
        parameters
            .chain(fields.iter().map(|name| shown("field", name)))
            .take(NAMED_VIOLATIONS)
            .collect()
    }
}

/// The beginning of a name as the log shows it.
fn shown(kind: &str, name: &str) -> String {
    let name: String = name.chars().take(LONGEST_SHOWN).collect();
    format!("{kind} {name:?}")
}

/// The body of a request, if it is JSON that obeys the schema.
fn check_body(schema: &Schema, headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
    if !is_json(headers) {
        let message = format!("Content-Type must be {JSON}");
        return Err(Refusal::with_status(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            message,
        ));
    }
    if body.trim_ascii().is_empty() {
        return Err(Refusal::new(Reason::Empty, "body: must not be empty"));
    }
    let request = serde_json::from_slice(body)
        .map_err(|e| Refusal::parameter(format!("body: must be JSON: {e}")))?;
    let violations = schema.violations_of(&request).take(NAMED_VIOLATIONS);
    let violations: Vec<Violation> = violations.collect();
    let Some(first) = violations.first() else {
        return Ok(request);
    };
    let reason = Reason::of(&first.field());
    let violations: Vec<String> = violations.iter().map(Violation::to_string).collect();
    Err(Refusal::new(reason, violations.join("; ")))
}

/// Whether the media type of a body is JSON, in any case and with any parameters.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok()?.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case(JSON))
}

/// Status and description of an accepted request; the lower status where there are two.
pub(crate) fn success(operation: &Value) -> Option<(StatusCode, &Value)> {
    let responses = operation["responses"].as_object()?.iter();
    let (status, success) = responses
        .filter(|(status, _)| status.starts_with('2'))
        .min_by_key(|(status, _)| status.as_str())?;
    Some((status.parse().ok()?, success))
}

/// The example of an answer that shows most closely what the service sends today.
fn example(document: &Value, success: &Value) -> Value {
    let examples = &success["content"][JSON]["examples"];
    // A documented one may be old; ours is not, and fits the other examples.
    let preferred = ["paired", "documented", "repaired", "shortened"];
    let chosen = preferred
        .iter()
        .find_map(|name| examples.get(name))
        .or_else(|| examples.as_object()?.values().next());
    chosen.map_or(Value::Null, |chosen| {
        contract::resolve(document, chosen)["value"].clone()
    })
}

/// The description of an operation in a contract, `null` if it has none.
pub(crate) fn find(document: &Value, id: Operation) -> &Value {
    contract::operations(document)
        .find(|operation| operation.id() == id.as_str())
        .map_or(&Value::Null, |operation| operation.value)
}

/// Instance and description of the backup that the body of a create is about.
pub(crate) fn new_backup<'a>(profile: &Profile, body: &'a Value) -> (&'a str, &'a Value) {
    let [asked, instance] = profile.new_backup.map(|pointer| body.pointer(pointer));
    let instance = instance.and_then(Value::as_str).unwrap_or_default();
    (instance, asked.unwrap_or(&Value::Null))
}

impl CheckedRequest {
    /// The value of a parameter.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.arguments.get(name).map(String::as_str)
    }

    /// The value of a parameter that is a number, or the largest one there is.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.text(name)
            .map(|text| text.parse().unwrap_or(usize::MAX))
    }
}
