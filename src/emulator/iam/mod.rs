//! IAM beside the services: logins, the project, and the catalog of the services.
//!
//! There is one user in one domain with one project, those of the options. Errors have the form of
//! Keystone, from which IAM descends.

mod login;
mod login_body;
mod routes;
mod shown;

pub(crate) use routes::router;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::access::Scope;
use super::server::{Received, respond};
use super::shared::SharedState;
use crate::service::Service;

/// IAM of an emulator.
#[derive(Debug)]
pub(crate) struct Iam {
    shared: Arc<SharedState>,
    url: String,
    catalog: Value,
}

impl Iam {
    /// `services` are the base URLs of the services.
    pub(crate) fn new(
        shared: Arc<SharedState>,
        url: &str,
        services: &BTreeMap<Service, String>,
    ) -> Self {
        Self {
            catalog: shown::catalog(&shared.options, url, services),
            shared,
            url: url.to_owned(),
        }
    }

    /// The scope of the sender of a request.
    fn caller(&self, received: &Received) -> Result<Scope, IamError> {
        self.shared
            .scope(received)
            .map_err(|denial| IamError::new(StatusCode::UNAUTHORIZED, denial.message()))
    }
}

/// Refusal of a request by IAM.
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
