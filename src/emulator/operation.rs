//! One operation of a contract as a route: check the request, then answer as documented.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use serde_json::{Value, json};

use super::reply;
use crate::Service;
use crate::contract::{self, Schema};

const JSON: &str = "application/json";
/// Violations that one error message names.
const NAMED_VIOLATIONS: usize = 5;

/// An operation, ready to serve.
pub(super) struct Operation {
    service: Service,
    path: String,
    method: MethodFilter,
    request: Schema,
    status: StatusCode,
    example: Value,
    error_codes: Value,
}

/// Why a request is refused.
struct Refusal {
    status: StatusCode,
    code: String,
    message: String,
}

impl Operation {
    /// The operations of a service's contract.
    pub(super) fn all(service: Service) -> Vec<Self> {
        let document = contract::document(service);
        let paths = document["paths"].as_object().into_iter().flatten();
        paths
            .flat_map(|(path, item)| {
                item.as_object()
                    .into_iter()
                    .flatten()
                    .map(move |o| (path, o))
            })
            .filter_map(|(path, (method, operation))| {
                Self::new(service, &document, path, method, operation)
            })
            .collect()
    }

    fn new(
        service: Service,
        document: &Value,
        path: &str,
        method: &str,
        operation: &Value,
    ) -> Option<Self> {
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).ok()?;
        let body = operation.pointer("/requestBody/content/application~1json/schema/$ref")?;
        let responses = operation["responses"].as_object()?;
        let (status, success) = responses
            .iter()
            .find(|(status, _)| status.starts_with('2'))?;
        let examples = success
            .pointer("/content/application~1json/examples")?
            .as_object()?;
        // An example of ours shows what the service sends today, the documented one may be old.
        let example = examples
            .get("paired")
            .or_else(|| examples.get("documented"))?;
        Some(Self {
            service,
            path: path.to_owned(),
            method: method.try_into().ok()?,
            request: Schema::at(document, body.as_str()?.trim_start_matches('#'))?,
            status: status.parse().ok()?,
            example: contract::resolve(document, example)["value"].clone(),
            error_codes: operation["x-error-codes"]["codes"].clone(),
        })
    }

    /// Adds the operation to a server.
    pub(super) fn serve(self, router: Router) -> Router {
        let (path, method) = (self.path.clone(), self.method);
        let operation = Arc::new(self);
        let handler = move |headers: HeaderMap, body: Result<Bytes, BytesRejection>| async move {
            match operation.check(&headers, body) {
                Ok(request) => answer(
                    operation.status,
                    &reply::create(&operation.example, &request),
                ),
                Err(refusal) => answer(refusal.status, &operation.error_body(&refusal)),
            }
        };
        router.route(&path, on(method, handler))
    }

    /// The body of a request that obeys the contract.
    fn check(
        &self,
        headers: &HeaderMap,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<Value, Refusal> {
        let body =
            body.map_err(|rejection| self.wrong(rejection.status(), rejection.body_text()))?;
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let kind = kind
            .and_then(|kind| kind.split(';').next())
            .unwrap_or_default()
            .trim();
        if !kind.eq_ignore_ascii_case(JSON) {
            let message = format!("Content-Type must be {JSON}, but it is {kind:?}");
            return Err(self.wrong(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        if body.trim_ascii().is_empty() {
            return Err(self.refusal(self.codes().1, "body: must not be empty".to_owned()));
        }
        let request = serde_json::from_slice(&body)
            .map_err(|e| self.refusal(self.codes().0, format!("body: must be JSON: {e}")))?;
        let violations = self.request.violations(&request);
        if violations.is_empty() {
            return Ok(request);
        }
        let named = violations[..violations.len().min(NAMED_VIOLATIONS)].join("; ");
        Err(self.refusal(self.codes().0, named))
    }

    /// Codes for a wrong parameter and for an empty request.
    fn codes(&self) -> (&'static str, &'static str) {
        match self.service {
            Service::RdsV1 => ("RDS.0001", "RDS.0006"),
            _ => ("DBS.200001", "DBS.200006"),
        }
    }

    /// A refusal with the status that the contract lists for the code.
    fn refusal(&self, code: &str, message: String) -> Refusal {
        let mut listed = self.error_codes.as_array().into_iter().flatten();
        let status = listed
            .find(|entry| entry["code"] == code)
            .and_then(|e| e["status"].as_u64());
        let status =
            status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Refusal {
            status,
            code: code.to_owned(),
            message,
        }
    }

    /// A refusal for a reason that HTTP has a status for.
    fn wrong(&self, status: StatusCode, message: String) -> Refusal {
        Refusal {
            status,
            ..self.refusal(self.codes().0, message)
        }
    }

    fn error_body(&self, refusal: &Refusal) -> Value {
        let Refusal { code, message, .. } = refusal;
        match self.service {
            Service::RdsV1 => json!({ "errCode": code, "externalMessage": message }),
            _ => json!({ "error_code": code, "error_msg": message }),
        }
    }
}

/// Answers as the gateway does where no operation is.
pub(super) fn refuse_the_rest(router: Router) -> Router {
    let refuse = |status| {
        move || async move {
            let message = "The API does not exist for this path and method.";
            answer(
                status,
                &json!({ "error_code": "APIGW.0101", "error_msg": message }),
            )
        }
    };
    router
        .method_not_allowed_fallback(refuse(StatusCode::METHOD_NOT_ALLOWED))
        .fallback(refuse(StatusCode::NOT_FOUND))
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let id = reply::hex_like("00000000000000000000000000000000");
    let headers = [
        (header::CONTENT_TYPE.as_str(), JSON.to_owned()),
        ("x-request-id", id),
    ];
    (status, headers, body.to_string()).into_response()
}
