//! `/_emulator`, on every server of an emulator: without credentials and without faults.

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
use crate::emulator::server::{ConnectionHandle, respond};

/// Bytes that are handed to a connection at a time.
const PART: usize = 16 << 10;
/// How long a viewer waits for others to end.
const QUEUE_TIME: Duration = Duration::from_secs(3);
/// How long a viewer may take to read the answer.
const ANSWER_TIME: Duration = Duration::from_secs(30);

/// An answer on its way to a viewer.
struct View {
    rest: Bytes,
    connection: ConnectionHandle,
    _viewer: OwnedSemaphorePermit,
}

/// The routes below `/_emulator`.
pub(crate) fn router(control: Control) -> Router {
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

async fn state(
    State(control): State<Control>,
    Extension(connection): Extension<ConnectionHandle>,
) -> Response {
    let make = |control: &Control| serde_json::to_vec(&control.state());
    view(&control, connection, make).await
}

async fn requests(
    State(control): State<Control>,
    Extension(connection): Extension<ConnectionHandle>,
) -> Response {
    let make = |control: &Control| {
        let requests = control.shared.log.requests();
        serde_json::to_vec(&json!({ "requests": requests }))
    };
    view(&control, connection, make).await
}

/// An answer that may be long, for a limited number of viewers however slowly they read.
async fn view(
    control: &Control,
    connection: ConnectionHandle,
    make: impl FnOnce(&Control) -> serde_json::Result<Vec<u8>>,
) -> Response {
    let viewer = timeout(QUEUE_TIME, Arc::clone(&control.viewers).acquire_owned()).await;
    // The semaphore is never closed.
    let Ok(Ok(viewer)) = viewer else {
        let error = "too many callers are reading long answers";
        return refuse(StatusCode::SERVICE_UNAVAILABLE, error);
    };
    let Ok(body) = make(control) else {
        let error = "what is held cannot be shown";
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, error);
    };
    connection.set_due(Some(Instant::now() + ANSWER_TIME));
    let view = View {
        rest: body.into(),
        connection,
        _viewer: viewer,
    };
    ([(header::CONTENT_TYPE, JSON)], view.into_body()).into_response()
}

impl View {
    /// A body that counts as viewed until its last part is taken.
    fn into_body(self) -> Body {
        let parts = stream::unfold(self, async |mut view| {
            if view.rest.is_empty() {
                return None;
            }
            let part = view.rest.split_to(view.rest.len().min(PART));
            Some((Ok::<_, io::Error>(part), view))
        });
        Body::from_stream(parts)
    }
}

impl Drop for View {
    fn drop(&mut self) {
        self.connection.set_due(None);
    }
}

async fn faults(State(control): State<Control>, plan: Body) -> Response {
    let plan = match control.shared.bodies.read(plan).await {
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
