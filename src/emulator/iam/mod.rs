//! IAM beside the services: logins, the project, and the catalog of the services.
//!
//! There is one user in one domain with one project, those of the options. Errors have the form of
//! Keystone, from which IAM descends.

mod login;
mod shown;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use serde_json::{Value, json};

use super::access::{self, Scope};
use super::faults::Target;
use super::parameters;
use super::server::{Received, new_id, pass, respond};
use super::shared::Shared;

/// The operation that gives a token.
pub(super) const LOGIN: &str = "create_token";

/// Header with the id of a call.
pub(super) const TRACE_ID: &str = "x-iam-trace-id";

/// What an operation does.
type Action = fn(&Iam, &Received) -> Result<Response, IamError>;

/// Operations with their methods and paths.
const ROUTES: [(&str, MethodFilter, &str, Action); 9] = [
    (LOGIN, MethodFilter::POST, "/v3/auth/tokens", login::login),
    (
        "validate_token",
        MethodFilter::GET,
        "/v3/auth/tokens",
        login::validate,
    ),
    (
        "list_projects",
        MethodFilter::GET,
        "/v3/projects",
        list_projects,
    ),
    (
        "list_own_projects",
        MethodFilter::GET,
        "/v3/auth/projects",
        list_projects,
    ),
    (
        "list_own_domains",
        MethodFilter::GET,
        "/v3/auth/domains",
        list_domains,
    ),
    (
        "show_catalog",
        MethodFilter::GET,
        "/v3/auth/catalog",
        show_catalog,
    ),
    ("show_version", MethodFilter::GET, "/v3", show_version),
    ("show_version", MethodFilter::GET, "/v3/", show_version),
    ("list_versions", MethodFilter::GET, "/", list_versions),
];

/// Whether IAM has an operation.
pub(super) fn has(operation: &str) -> bool {
    ROUTES.iter().any(|(id, ..)| *id == operation)
}

/// IAM of an emulator.
#[derive(Debug)]
pub(super) struct Iam {
    shared: Arc<Shared>,
    url: String,
    catalog: Value,
}

impl Iam {
    /// `services` are the base URLs of the services, in their order.
    pub(super) fn new(shared: Arc<Shared>, url: &str, services: &[String]) -> Self {
        Self {
            catalog: shown::catalog(&shared.options, url, services),
            shared,
            url: url.to_owned(),
        }
    }

    /// What the sender of a request may use.
    fn caller(&self, received: &Received) -> Result<Scope, IamError> {
        access::scope(&self.shared, received).map_err(|denial| {
            let message = denial.message();
            IamError::new(StatusCode::UNAUTHORIZED, message)
        })
    }
}

/// A refusal of IAM.
#[derive(Debug)]
struct IamError {
    status: StatusCode,
    message: String,
}

impl IamError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    fn answer(&self) -> Response {
        let error = json!({
            "code": self.status.as_u16(),
            "message": self.message,
            "title": self.status.canonical_reason(),
        });
        respond(self.status, &json!({ "error": error }))
    }
}

/// The routes of IAM.
pub(super) fn router(iam: Iam) -> Router {
    let iam = Arc::new(iam);
    let mut router = Router::new();
    for (id, method, path, action) in ROUTES {
        let iam = Arc::clone(&iam);
        let handler = move |received: Received| async move {
            let act = |_| action(&iam, &received).unwrap_or_else(|error| error.answer());
            pass(&iam.shared, Target::Iam, id, &received.line, act).await
        };
        router = router.route(path, on(method, handler));
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
    let project = is_asked_for(received, &known).then(|| shown::listed_project(options, &iam.url));
    let projects: Vec<Value> = project.into_iter().collect();
    let links = shown::links(&iam.url, received.head.uri.path());
    let body = json!({ "projects": projects, "links": links });
    Ok(respond(StatusCode::OK, &body))
}

/// Whether the query asks for what has these values, or for nothing that they say.
fn is_asked_for(received: &Received, known: &[(&str, &str)]) -> bool {
    let query = parameters::pairs(received.query());
    query.iter().all(|(name, asked)| {
        let mut known = known.iter().filter(|(known, _)| known == name);
        known.all(|(_, value)| value == asked)
    })
}

/// The domain, unless another name or id is asked for.
fn list_domains(iam: &Iam, received: &Received) -> Result<Response, IamError> {
    iam.caller(received)?;
    let options = &iam.shared.options;
    let known = [("name", options.domain.as_str()), ("id", shown::DOMAIN_ID)];
    let domain = is_asked_for(received, &known).then(|| shown::listed_domain(options, &iam.url));
    let domains: Vec<Value> = domain.into_iter().collect();
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
