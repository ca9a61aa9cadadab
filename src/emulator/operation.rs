//! An operation of a contract: its route, the checks of a request, and its codes.

use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::routing::MethodFilter;
use serde_json::Value;

use super::parameters::{self, Arguments, Pairs, Parameter, Places};
use super::refusal::{Reason, Refusal};
use super::unknown;
use crate::contract::{self, OperationObject, Schema, Violation};

/// Media type of all bodies.
pub(super) const JSON: &str = "application/json";
/// Violations that one error message names.
const NAMED_VIOLATIONS: usize = 5;
/// Characters of an unknown name that are shown.
const LONGEST_SHOWN: usize = 64;

/// An operation of a contract.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) method: MethodFilter,
    pub(super) status: StatusCode,
    /// The documented answer, or `null` when there is no body.
    pub(super) example: Value,
    parameters: Vec<Parameter>,
    body: Option<Schema>,
    /// Where the contract has the schema of the body.
    body_at: Option<String>,
    codes: Vec<String>,
}

/// A request that obeys the contract.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) arguments: Arguments,
    pub(super) body: Value,
}

impl Operation {
    /// The operations of a contract.
    pub(super) fn all(document: &Value) -> Vec<Self> {
        contract::operations(document)
            .filter_map(|found| Self::new(document, &found))
            .collect()
    }

    fn new(document: &Value, found: &OperationObject<'_>) -> Option<Self> {
        let operation = found.value;
        let method = Method::from_bytes(found.method.to_uppercase().as_bytes()).ok()?;
        let body = operation.pointer("/requestBody/content/application~1json/schema/$ref");
        let body = body.and_then(Value::as_str);
        let body = body.map(|pointer| pointer.trim_start_matches('#'));
        let (status, success) = success(operation)?;
        let codes = operation["x-error-codes"].as_array().into_iter().flatten();
        Some(Self {
            id: operation["operationId"].as_str()?.to_owned(),
            path: found.path.to_owned(),
            method: method.try_into().ok()?,
            status,
            example: example(document, success),
            parameters: Parameter::all(document, found),
            body: match body {
                Some(pointer) => Some(Schema::at(document, pointer)?),
                None => None,
            },
            body_at: body.map(str::to_owned),
            codes: codes
                .filter_map(|code| code.as_str().map(str::to_owned))
                .collect(),
        })
    }

    /// The code that this operation has for a reason, if its contract lists one.
    pub(super) fn code(&self, reason: Reason) -> Option<&'static str> {
        let mut codes = reason.codes().iter();
        codes
            .find(|code| self.codes.iter().any(|listed| listed == *code))
            .copied()
    }

    /// The request, if it obeys the contract.
    pub(super) fn check(&self, places: &Places<'_>, body: &[u8]) -> Result<Call, Refusal> {
        let arguments = parameters::read(&self.parameters, places)?;
        let body = match &self.body {
            Some(schema) => check_body(schema, places.headers, body)?,
            None => Value::Null,
        };
        Ok(Call { arguments, body })
    }

    /// Some of what the contract does not know in the query and, at any depth, in the body.
    pub(super) fn unknown(&self, document: &Value, query: &Pairs, body: &Value) -> Vec<String> {
        let is_known = |name| self.parameters.iter().any(|p| p.is_in_query(name));
        let names = query.iter().map(|(name, _)| name);
        let parameters = names.filter(|name| !is_known(name));
        let schema = self.body_at.as_deref().and_then(|at| document.pointer(at));
        let fields = schema.map_or(Vec::new(), |schema| {
            unknown::fields(document, schema, body, NAMED_VIOLATIONS)
        });
        let parameters = parameters.map(|name| shown("parameter", name));
        let unknown = parameters.chain(fields.iter().map(|name| shown("field", name)));
        unknown.take(NAMED_VIOLATIONS).collect()
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

/// Whether a body is said to be JSON, in any case and with any parameters.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(JSON)
}

/// Status and description of an accepted request; the lower status where there are two.
pub(super) fn success(operation: &Value) -> Option<(StatusCode, &Value)> {
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
    let chosen = preferred.iter().find_map(|name| examples.get(name));
    let chosen = chosen.or_else(|| examples.as_object()?.values().next());
    chosen.map_or(Value::Null, |chosen| {
        contract::resolve(document, chosen)["value"].clone()
    })
}

impl Call {
    /// The value of a parameter.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.arguments.get(name).map(String::as_str)
    }

    /// The value of a parameter that is a number, or the largest one there is.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.text(name)
            .map(|text| text.parse().unwrap_or(usize::MAX))
    }

    /// Id of the instance in the path or the query.
    pub(super) fn instance(&self) -> Option<&str> {
        // rds-v1 writes its parameters in camel case.
        self.text("instance_id").or_else(|| self.text("instanceId"))
    }

    /// Id of the backup in the path or the query.
    pub(super) fn backup(&self) -> Option<&str> {
        self.text("backup_id").or_else(|| self.text("backupId"))
    }
}
