//! The routes of a service: a request in, an answer or a refusal out.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::on;
use serde_json::Value;

use super::access::{Denial, Scope};
use super::actions::{self, Action};
use super::backend::Backend;
use super::operation::ContractOperation;
use super::parameters::{self, Pairs, RequestParts};
use super::refusal::{Reason, Refusal, error_body};
use super::server::{BackupOutcome, Received, gateway_error, respond};
use super::services::Profile;
use super::session::ServiceSession;
use super::target::Target;

/// Reason why a request is not carried out.
enum Refused {
    /// The sender may not call at all.
    Credentials(Denial),
    /// The service refuses this request.
    Request(Refusal),
}

impl From<Denial> for Refused {
    fn from(denial: Denial) -> Self {
        Self::Credentials(denial)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Request(refusal)
    }
}

/// Adds the operations of a service to a server.
pub(crate) fn serve(mut router: Router, backend: &Arc<Backend>) -> Router {
    for (index, operation) in backend.operations.iter().enumerate() {
        let target = Target::Service(backend.service, operation.id);
        let action = actions::find(operation.id);
        for path in paths(backend.profile, operation) {
            let backend = Arc::clone(backend);
            let handler = move |received: Received| async move {
                let operation = &backend.operations[index];
                let act = |outcome| handle(&backend, operation, action, &received, outcome);
                backend.shared.pass(target, &received.entry, act).await
            };
            router = router.route(&path, on(operation.method, handler));
        }
    }
    router
}

/// The path of an operation, and those that other clients call it by.
fn paths(profile: &Profile, operation: &ContractOperation) -> Vec<String> {
    let mut paths = vec![operation.path.clone()];
    for (id, beginning) in profile.other_paths {
        if id.is_none_or(|id| id == operation.id)
            && let Some(rest) = operation.path.strip_prefix("/v3")
        {
            paths.push(format!("{beginning}{rest}"));
        }
    }
    paths
}

/// Answers as the gateway does where no operation is.
pub(crate) fn refuse_the_rest(router: Router) -> Router {
    let router = router
        .method_not_allowed_fallback(|| no_such_api(StatusCode::METHOD_NOT_ALLOWED))
        .fallback(|| no_such_api(StatusCode::NOT_FOUND));
    // Around the routes, so that it comes before they look at the method.
    Router::new()
        .fallback_service(router)
        .layer(from_fn(without_head))
}

/// Refuses HEAD, which no contract has; by themselves routes take it like GET, and say so.
async fn without_head(mut request: Request, next: Next) -> Response {
    if request.method() == Method::HEAD {
        // A method that no operation has either.
        *request.method_mut() = Method::TRACE;
    }
    let mut answer = next.run(request).await;
    if let Some(allowed) = answer.headers().get(ALLOW) {
        let allowed: Vec<&str> = allowed
            .to_str()
            .unwrap_or_default()
            .split(',')
            .filter(|method| *method != "HEAD")
            .collect();
        if let Ok(allowed) = HeaderValue::try_from(allowed.join(",")) {
            answer.headers_mut().insert(ALLOW, allowed);
        }
    }
    answer
}

async fn no_such_api(status: StatusCode) -> Response {
    let message = "The API does not exist for this path and method.";
    gateway_error(status, "APIGW.0101", message)
}

fn handle(
    backend: &Backend,
    operation: &ContractOperation,
    action: Action,
    received: &Received,
    outcome: BackupOutcome,
) -> Response {
    match answer(backend, operation, action, received, outcome) {
        Ok(body) => respond(operation.status, &body),
        Err(Refused::Credentials(denial)) => denial.answer(backend.service),
        Err(Refused::Request(refusal)) => refuse(backend, operation, &refusal),
    }
}

fn answer(
    backend: &Backend,
    operation: &ContractOperation,
    action: Action,
    received: &Received,
    outcome: BackupOutcome,
) -> Result<Value, Refused> {
    // A body that is too large is not read, so its signature cannot be checked either.
    if let Err(unread) = &received.body {
        let refusal = Refusal::with_status(unread.status(), unread.message());
        return Err(refusal.into());
    }
    let scope = backend.shared.scope(received)?;
    let path = match &received.path {
        Ok(path) => path,
        Err(rejection) => {
            let refusal = Refusal::with_status(rejection.status(), rejection.body_text());
            return Err(refusal.into());
        }
    };
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let path: Pairs = path.iter().map(owned).collect();
    check_project(backend, scope, &path, received.header("x-project-id"))?;
    let query = parameters::pairs(received.query());
    let parts = RequestParts {
        path: &path,
        query: &query,
        headers: &received.head.headers,
    };
    let request = operation.check(&parts, received.bytes())?;
    let unknown = operation.unknown(&backend.document, &query, &request.body);
    if !unknown.is_empty() {
        let names = unknown.join(", ");
        tracing::warn!("{} has no {names}, which nothing acts on", operation.id);
    }
    let (store, now) = backend.lock();
    let mut session = ServiceSession {
        backend,
        operation,
        store,
        now,
        outcome,
    };
    Ok(action(&mut session, &request)?)
}

/// Fails unless path, header and token are about the emulator's project.
fn check_project(
    backend: &Backend,
    scope: Scope,
    path: &Pairs,
    header: Option<&str>,
) -> Result<(), Refusal> {
    let is_ours = |id: &str| id == backend.shared.options.project_id;
    let is_path_ours = path
        .iter()
        .find(|(name, _)| name == "project_id")
        .is_none_or(|(_, id)| is_ours(id));
    if scope == Scope::Project && is_path_ours && header.is_none_or(is_ours) {
        return Ok(());
    }
    let message = "The caller may not use this project.";
    Err(Refusal::new(Reason::Project, message))
}

/// The answer to a request that a service refuses.
fn refuse(backend: &Backend, operation: &ContractOperation, refusal: &Refusal) -> Response {
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
