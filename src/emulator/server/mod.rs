//! The servers: connections, requests read and recorded, faults on their way, and answers.

mod answers;
mod body;
mod received;
mod record;
mod traffic;
mod wire;

pub(super) use answers::{gateway_error, new_id, respond};
pub(super) use body::Room;
pub(super) use received::{Line, Received};
pub(super) use record::Record;
pub use record::RecordedRequest;
pub(super) use traffic::{Fate, Traffic, pass};
pub(super) use wire::Wire;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{ACCESS_CONTROL_REQUEST_METHOD, DATE, ORIGIN, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state, map_response_with_state};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};

use super::iam::TRACE_ID;
use super::shared::Shared;
use wire::WireStream;

/// Connections of a server at one time; a further one waits.
const MOST_CONNECTIONS: usize = 2000;
/// How long a connection may wait for the head of a request; longer than clients keep idle ones.
const HEAD_TIME: Duration = Duration::from_secs(120);
/// Bytes that the head of a request may have.
const MOST_HEAD: usize = 64 << 10;
/// How long to wait when the system has no room for a connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// Adds what all servers of an emulator do: recording, the date, control, and access for browsers.
///
/// Requests for `control` are not recorded, and those for IAM without what may be a password.
pub(super) fn complete(
    router: Router,
    control: Router,
    shared: &Arc<Shared>,
    is_iam: bool,
) -> Router {
    let exposed = [
        DATE,
        RETRY_AFTER,
        HeaderName::from_static(TRACE_ID),
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("x-subject-token"),
    ];
    // A console may be a file, whose origin is `null`; `Authorization` has to be allowed by name.
    let browsers = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_private_network(true)
        .expose_headers(exposed)
        .max_age(HEAD_TIME);
    let entrance = (Arc::clone(shared), is_iam);
    let plain = router
        .layer(from_fn_with_state(entrance, received::receive))
        .merge(control)
        .layer(map_response_with_state(Arc::clone(shared), dated));
    let for_all = from_fn_with_state(plain.clone(), pass_by_browsers);
    plain.layer(browsers).layer(for_all)
}

/// Leaves only what a browser asks before a request to the layer that answers it; any other request
/// with `OPTIONS` is one for the routes.
async fn pass_by_browsers(State(plain): State<Router>, request: Request, next: Next) -> Response {
    let asked = [ORIGIN, ACCESS_CONTROL_REQUEST_METHOD];
    let is_asked_before = asked
        .iter()
        .all(|name| request.headers().contains_key(name));
    if request.method() != Method::OPTIONS || is_asked_before {
        return next.run(request).await;
    }
    let Ok(answer) = TowerToHyperService::new(plain).call(request).await;
    answer
}

/// The answer with the time by which its caller waits and signs, unless it has another one already.
async fn dated(State(shared): State<Arc<Shared>>, mut answer: Response) -> Response {
    let now = shared.clock.callers_now();
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT");
    if let Ok(date) = HeaderValue::try_from(date.to_string()) {
        answer.headers_mut().entry(DATE).or_insert(date);
    }
    answer
}

/// Serves these routes until it is dropped, with all connections.
pub(super) async fn serve(listener: TcpListener, router: Router) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut connections = JoinSet::new();
    // The semaphore is never closed.
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(attend(stream, router.clone(), place));
            }
            // The connection is gone already, or the system has no room until others are.
            Err(_) => sleep(NO_ROOM).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Answers the requests on a connection.
async fn attend(stream: TcpStream, router: Router, _place: OwnedSemaphorePermit) {
    // Small answers leave at once; without this option they only come later.
    let _ = stream.set_nodelay(true);
    let wire = Wire::default();
    let io = TokioIo::new(WireStream::new(stream, wire.clone()));
    let routes = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(wire.clone());
        routes.call(request)
    });
    // A connection that breaks concerns only its caller, who sees it.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(MOST_HEAD)
        .serve_connection(io, service)
        .await;
}
