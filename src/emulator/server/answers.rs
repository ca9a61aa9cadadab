//! Answers of the services and of the gateway before them.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::emulator::identity::hex_like;
use crate::emulator::operation::JSON;

/// A response with an id of its own; `null` stands for no body.
pub(crate) fn respond(status: StatusCode, body: &Value) -> Response {
    with_id(status, body, new_id())
}

/// An error of the gateway, in its own form whatever the service.
pub(crate) fn gateway_error(status: StatusCode, code: &str, message: &str) -> Response {
    let id = new_id();
    let body = json!({ "error_code": code, "error_msg": message, "request_id": id });
    with_id(status, &body, id)
}

fn with_id(status: StatusCode, body: &Value, id: String) -> Response {
    let id = [("x-request-id", id)];
    if body.is_null() {
        return (status, id).into_response();
    }
    let kind = [(header::CONTENT_TYPE, JSON)];
    (status, id, kind, body.to_string()).into_response()
}

/// An id of a call.
pub(crate) fn new_id() -> String {
    hex_like(&"0".repeat(32))
}
