//! The servers: connections, requests read and logged, faults on their way, and answers.

mod answers;
mod body;
mod connection;
mod effects;
mod faults_queue;
mod received;
mod request_log;

pub(crate) use answers::{gateway_error, new_id, respond};
pub(crate) use body::BodyBudget;
pub(crate) use connection::ConnectionHandle;
pub(crate) use effects::pass;
pub(crate) use faults_queue::{BackupOutcome, FaultsQueue};
pub(crate) use received::{Intake, Received};
pub use request_log::RecordedRequest;
pub(crate) use request_log::{LogEntry, RequestLog};

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

use super::clock::Clock;
use connection::ConnectionStream;

/// Header with the id of a call of IAM.
pub(crate) const TRACE_ID: &str = "x-iam-trace-id";

/// Connections of a server at one time; a further one waits.
const MOST_CONNECTIONS: usize = 2000;
/// How long a connection may wait for the head of a request; longer than clients keep idle ones.
const HEAD_TIME: Duration = Duration::from_secs(120);
/// Bytes that the head of a request may have.
const MOST_HEAD: usize = 64 << 10;
/// How long to wait when the system has no room for a connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// Adds what all servers of an emulator do: logging, the date, control, and access for browsers.
///
/// Requests for `control` are not logged.
pub(crate) fn complete(router: Router, control: Router, intake: Intake) -> Router {
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
    let clock = Arc::clone(&intake.clock);
    let plain = router
        .layer(from_fn_with_state(intake, received::receive))
        .merge(control)
        .layer(map_response_with_state(clock, dated));
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
async fn dated(State(clock): State<Arc<Clock>>, mut answer: Response) -> Response {
    let date = clock.callers_now().strftime("%a, %d %b %Y %H:%M:%S GMT");
    if let Ok(date) = HeaderValue::try_from(date.to_string()) {
        answer.headers_mut().entry(DATE).or_insert(date);
    }
    answer
}

/// Serves these routes until it is dropped, with all connections.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    let slots = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut connections = JoinSet::new();
    // The semaphore is never closed.
    while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(attend(stream, router.clone(), slot));
            }
            // The connection is gone already, or the system has no room until others are.
            Err(_) => sleep(NO_ROOM).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Answers the requests on a connection.
async fn attend(stream: TcpStream, router: Router, _slot: OwnedSemaphorePermit) {
    // Small answers leave at once; without this option they only come later.
    let _ = stream.set_nodelay(true);
    let connection = ConnectionHandle::default();
    let io = TokioIo::new(ConnectionStream::new(stream, connection.clone()));
    let routes = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(connection.clone());
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
