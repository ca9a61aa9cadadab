//! `/_emulator`, on every server of an emulator: without credentials, and never a fault.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream;
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;

use super::Control;
use crate::emulator::operation::JSON;
use crate::emulator::server;

/// Bytes that are handed to a connection at a time.
const PART: usize = 16 << 10;

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
    shown(&control, |control| serde_json::to_vec(&control.state())).await
}

async fn requests(State(control): State<Control>) -> Response {
    shown(&control, |control| {
        let requests = control.shared.record.requests();
        serde_json::to_vec(&json!({ "requests": requests }))
    })
    .await
}

/// A long answer, of which there are only so many at a time, however slowly they are read.
async fn shown(
    control: &Control,
    make: impl FnOnce(&Control) -> serde_json::Result<Vec<u8>>,
) -> Response {
    // The semaphore is never closed.
    let place = Arc::clone(&control.shown).acquire_owned().await;
    let (Ok(place), Ok(body)) = (place, make(control)) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let kind = [(header::CONTENT_TYPE, JSON)];
    (kind, in_parts(body.into(), place)).into_response()
}

/// A body that keeps its place until the last part of it is taken.
fn in_parts(body: Bytes, place: OwnedSemaphorePermit) -> Body {
    let parts = stream::unfold((body, place), |(mut rest, place)| async {
        if rest.is_empty() {
            return None;
        }
        let part = rest.split_to(rest.len().min(PART));
        Some((Ok::<_, io::Error>(part), (rest, place)))
    });
    Body::from_stream(parts)
}

async fn faults(State(control): State<Control>, plan: Body) -> Response {
    let refuse = |status, error: String| {
        let body = json!({ "error": error }).to_string();
        (status, [(header::CONTENT_TYPE, JSON)], body).into_response()
    };
    let plan = match server::read(plan).await {
        Ok(plan) => plan,
        Err(unread) => return refuse(unread.status(), unread.message()),
    };
    match control.follow(&String::from_utf8_lossy(&plan)) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refuse(StatusCode::BAD_REQUEST, error.to_string()),
    }
}

async fn reset(State(control): State<Control>) -> StatusCode {
    control.reset();
    StatusCode::NO_CONTENT
}
