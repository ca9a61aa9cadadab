//! `/_emulator`, on every server of an emulator: without credentials, and never a fault.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use futures_util::stream;
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};

use super::Control;
use crate::emulator::operation::JSON;
use crate::emulator::server::{Wire, respond};

/// Bytes that are handed to a connection at a time.
const PART: usize = 16 << 10;
/// How long a long answer waits for a place.
const PLACE_TIME: Duration = Duration::from_secs(3);
/// How long a caller may take to read a long answer, which has a place until then.
const ANSWER_TIME: Duration = Duration::from_secs(30);

/// A long answer on its way.
struct Shown {
    rest: Bytes,
    wire: Wire,
    _place: OwnedSemaphorePermit,
}

/// The routes below `/_emulator`.
pub(in crate::emulator) fn router(control: Control) -> Router {
    let other_method = "the path has another method";
    Router::new()
        .route("/_emulator/state", get(state))
        .route("/_emulator/requests", get(requests))
        .route("/_emulator/faults", post(faults))
        .route("/_emulator/reset", post(reset))
        .method_not_allowed_fallback(async || refuse(StatusCode::METHOD_NOT_ALLOWED, other_method))
        .with_state(control)
}

/// A refusal in one line.
fn refuse(status: StatusCode, error: &str) -> Response {
    respond(status, &json!({ "error": error }))
}

async fn state(State(control): State<Control>, Extension(wire): Extension<Wire>) -> Response {
    let make = |control: &Control| serde_json::to_vec(&control.state());
    shown(&control, wire, make).await
}

async fn requests(State(control): State<Control>, Extension(wire): Extension<Wire>) -> Response {
    let make = |control: &Control| {
        let requests = control.shared.record.requests();
        serde_json::to_vec(&json!({ "requests": requests }))
    };
    shown(&control, wire, make).await
}

/// A long answer, of which there are only so many at a time, however slowly they are read.
async fn shown(
    control: &Control,
    wire: Wire,
    make: impl FnOnce(&Control) -> serde_json::Result<Vec<u8>>,
) -> Response {
    let place = timeout(PLACE_TIME, Arc::clone(&control.shown).acquire_owned()).await;
    // The semaphore is never closed.
    let Ok(Ok(place)) = place else {
        let error = "too many callers are reading long answers";
        return refuse(StatusCode::SERVICE_UNAVAILABLE, error);
    };
    let Ok(body) = make(control) else {
        let error = "what is held cannot be shown";
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, error);
    };
    wire.set_due(Some(Instant::now() + ANSWER_TIME));
    let shown = Shown {
        rest: body.into(),
        wire,
        _place: place,
    };
    ([(header::CONTENT_TYPE, JSON)], shown.into_body()).into_response()
}

impl Shown {
    /// A body that keeps its place until the last part of it is taken.
    fn into_body(self) -> Body {
        let parts = stream::unfold(self, async |mut shown| {
            if shown.rest.is_empty() {
                return None;
            }
            let part = shown.rest.split_to(shown.rest.len().min(PART));
            Some((Ok::<_, io::Error>(part), shown))
        });
        Body::from_stream(parts)
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.wire.set_due(None);
    }
}

async fn faults(State(control): State<Control>, plan: Body) -> Response {
    let plan = match control.shared.room.read(plan).await {
        Ok(plan) => plan,
        Err(unread) => return refuse(unread.status(), &unread.message()),
    };
    match control.follow(&String::from_utf8_lossy(&plan)) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refuse(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

async fn reset(State(control): State<Control>) -> StatusCode {
    control.reset();
    StatusCode::NO_CONTENT
}
