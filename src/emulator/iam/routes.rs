//! The routes of IAM, and the operations that only show something.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use serde_json::{Value, json};

use super::{Iam, IamError, login, shown};
use crate::emulator::parameters;
use crate::emulator::server::{Received, TRACE_ID, new_id, respond};
use crate::emulator::target::IamOperation;

/// The work of an operation.
type Handler = fn(&Iam, &Received) -> Result<Response, IamError>;

/// Method, paths and work of an operation.
fn route(operation: IamOperation) -> (MethodFilter, &'static [&'static str], Handler) {
    use MethodFilter as Method;
    match operation {
        IamOperation::CreateToken => (Method::POST, &["/v3/auth/tokens"], login::login),
        IamOperation::ValidateToken => (Method::GET, &["/v3/auth/tokens"], login::validate),
        IamOperation::ListProjects => (Method::GET, &["/v3/projects"], list_projects),
        IamOperation::ListOwnProjects => (Method::GET, &["/v3/auth/projects"], list_projects),
        IamOperation::ListOwnDomains => (Method::GET, &["/v3/auth/domains"], list_domains),
        IamOperation::ShowCatalog => (Method::GET, &["/v3/auth/catalog"], show_catalog),
        IamOperation::ShowVersion => (Method::GET, &["/v3", "/v3/"], show_version),
        IamOperation::ListVersions => (Method::GET, &["/"], list_versions),
    }
}

/// The routes of IAM.
pub(crate) fn router(iam: Iam) -> Router {
    let iam = Arc::new(iam);
    let mut router = Router::new();
    for operation in IamOperation::ALL.iter().copied() {
        let (method, paths, work) = route(operation);
        for path in paths {
            let iam = Arc::clone(&iam);
            let handler = move |received: Received| async move {
                let act = |_| work(&iam, &received).unwrap_or_else(|error| error.answer());
                iam.shared
                    .pass(operation.into(), &received.entry, act)
                    .await
            };
            router = router.route(path, on(method, handler));
        }
    }
    let refuse =
        |status| move || async move { IamError::new(status, "There is no such API.").answer() };
    router
        .method_not_allowed_fallback(refuse(StatusCode::METHOD_NOT_ALLOWED))
        .fallback(refuse(StatusCode::NOT_FOUND))
        .layer(map_response(traced))
}

/// The answer with the id by which the vendor's SDK names a call of IAM in its messages.
async fn traced(mut answer: Response) -> Response {
    if let Ok(id) = HeaderValue::try_from(new_id()) {
        answer.headers_mut().entry(TRACE_ID).or_insert(id);
    }
    answer
}

/// The project, unless another name or id is asked for.
fn list_projects(iam: &Iam, received: &Received) -> Result<Response, IamError> {
    iam.caller(received)?;
    let options = &iam.shared.options;
    let known = [
        ("name", options.region.as_str()),
        ("id", &options.project_id),
        ("domain_id", shown::DOMAIN_ID),
    ];
    let projects: Vec<Value> = is_asked_for(received, &known)
        .then(|| shown::listed_project(options, &iam.url))
        .into_iter()
        .collect();
    let links = shown::links(&iam.url, received.head.uri.path());
    let body = json!({ "projects": projects, "links": links });
    Ok(respond(StatusCode::OK, &body))
}

/// Whether the query asks for none but these values of the parameters that are known.
fn is_asked_for(received: &Received, known: &[(&str, &str)]) -> bool {
    let query = parameters::pairs(received.query());
    query.iter().all(|(name, asked)| {
        known
            .iter()
            .filter(|(known, _)| known == name)
            .all(|(_, value)| value == asked)
    })
}

/// The domain, unless another name or id is asked for.
fn list_domains(iam: &Iam, received: &Received) -> Result<Response, IamError> {
    iam.caller(received)?;
    let options = &iam.shared.options;
    let known = [("name", options.domain.as_str()), ("id", shown::DOMAIN_ID)];
    let domains: Vec<Value> = is_asked_for(received, &known)
        .then(|| shown::listed_domain(options, &iam.url))
        .into_iter()
        .collect();
    let links = shown::links(&iam.url, received.head.uri.path());
    let body = json!({ "domains": domains, "links": links });
    Ok(respond(StatusCode::OK, &body))
}

fn show_catalog(iam: &Iam, received: &Received) -> Result<Response, IamError> {
    iam.caller(received)?;
    let links = shown::links(&iam.url, received.head.uri.path());
    let body = json!({ "catalog": iam.catalog, "links": links });
    Ok(respond(StatusCode::OK, &body))
}

fn show_version(iam: &Iam, _: &Received) -> Result<Response, IamError> {
    let body = json!({ "version": shown::version(&iam.url) });
    Ok(respond(StatusCode::OK, &body))
}

fn list_versions(iam: &Iam, _: &Received) -> Result<Response, IamError> {
    let body = json!({ "versions": { "values": [shown::version(&iam.url)] } });
    Ok(respond(StatusCode::MULTIPLE_CHOICES, &body))
}
