//! `/_emulator`, on every server of an emulator: without credentials, and never a fault.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use serde_json::json;

use super::Control;
use crate::emulator::operation::JSON;

/// The routes below `/_emulator`.
pub(in crate::emulator) fn router(control: Control) -> Router {
    Router::new()
        .route("/_emulator/state", get(state))
        .route("/_emulator/requests", get(requests))
        .route("/_emulator/faults", post(faults))
        .route("/_emulator/reset", post(reset))
        .with_state(control)
}

async fn state(State(control): State<Control>) -> Response {
    json(StatusCode::OK, &control.state())
}

async fn requests(State(control): State<Control>) -> Response {
    let requests = control.shared.record.requests();
    json(StatusCode::OK, &json!({ "requests": requests }))
}

async fn faults(State(control): State<Control>, plan: Bytes) -> Response {
    match control.follow(&String::from_utf8_lossy(&plan)) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            let body = json!({ "error": error.to_string() });
            json(StatusCode::BAD_REQUEST, &body)
        }
    }
}

async fn reset(State(control): State<Control>) -> StatusCode {
    control.reset();
    StatusCode::NO_CONTENT
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => (status, [(header::CONTENT_TYPE, JSON)], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
