//! The routes of a service: a request in, an answer or a refusal out.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::RawPathParams;
use axum::extract::rejection::{BytesRejection, RawPathParamsRejection};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use serde_json::{Value, json};

use super::actions::{self, Action, Answer};
use super::backend::{Backend, Session};
use super::identity::hex_like;
use super::operation::{JSON, Operation};
use super::parameters::{self, Pairs};
use super::refusal::{Reason, Refusal, error_body};

/// What axum found in a request.
struct Parts {
    path: Result<RawPathParams, RawPathParamsRejection>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
}

/// Adds the operations of a service to a server.
pub(super) fn serve(mut router: Router, backend: &Arc<Backend>) -> Router {
    for (place, operation) in backend.operations.iter().enumerate() {
        let Some(action) = actions::find(&operation.id) else {
            continue;
        };
        let backend = Arc::clone(backend);
        let handler = move |path, uri: Uri, headers: HeaderMap, body| async move {
            let parts = Parts {
                path,
                uri,
                headers,
                body,
            };
            handle(&backend, &backend.operations[place], action, parts)
        };
        router = router.route(&operation.path, on(operation.method, handler));
    }
    router
}

/// Answers as the gateway does where no operation is.
pub(super) fn refuse_the_rest(router: Router) -> Router {
    let refuse = |status| {
        move || async move {
            let message = "The API does not exist for this path and method.";
            let body = json!({ "error_code": "APIGW.0101", "error_msg": message });
            respond(status, &body)
        }
    };
    router
        .method_not_allowed_fallback(refuse(StatusCode::METHOD_NOT_ALLOWED))
        .fallback(refuse(StatusCode::NOT_FOUND))
}

fn handle(backend: &Backend, operation: &Operation, action: Action, parts: Parts) -> Response {
    match answer(backend, operation, action, parts) {
        Ok(body) => respond(operation.status, &body),
        Err(refusal) => refuse(backend, operation, &refusal),
    }
}

fn answer(backend: &Backend, operation: &Operation, action: Action, parts: Parts) -> Answer {
    let (mut store, _) = backend.lock();
    *store.calls.entry(operation.id.clone()).or_default() += 1;
    drop(store);
    let path = parts
        .path
        .map_err(|rejection| Refusal::with_status(rejection.status(), rejection.body_text()))?;
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let path: Pairs = path.iter().map(owned).collect();
    let project = path.iter().find(|(name, _)| name == "project_id");
    if project.is_some_and(|(_, id)| *id != backend.options.project_id) {
        let message = "The caller may not use this project.";
        return Err(Refusal::new(Reason::Project, message));
    }
    let query = parameters::pairs(parts.uri.query().unwrap_or_default());
    let call = operation.check(&path, &query, &parts.headers, parts.body)?;
    let (store, now) = backend.lock();
    let mut session = Session {
        backend,
        operation,
        store,
        now,
    };
    action(&mut session, &call)
}

/// The answer to a request that is refused.
fn refuse(backend: &Backend, operation: &Operation, refusal: &Refusal) -> Response {
    let code = operation.code(refusal.reason);
    debug_assert!(
        code.is_some(),
        "{} lists no code for {:?}",
        operation.id,
        refusal.reason
    );
    let code = code.unwrap_or_default();
    let listed = backend.status(code).map(StatusCode::from_u16);
    let status = refusal.status.or(listed.and_then(Result::ok));
    respond(
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        &error_body(backend.service, code, &refusal.message),
    )
}

/// A response with an id of its own; `null` stands for no body.
fn respond(status: StatusCode, body: &Value) -> Response {
    let id = [("x-request-id", hex_like(&"0".repeat(32)))];
    if body.is_null() {
        return (status, id).into_response();
    }
    let kind = [(header::CONTENT_TYPE, JSON)];
    (status, id, kind, body.to_string()).into_response()
}
