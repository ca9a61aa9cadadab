//! The way of a request past the rate limit and the faults of its operation.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use super::answers::gateway_error;
use super::faults_queue::{BackupOutcome, FaultsQueue, Strikes};
use super::request_log::LogEntry;
use crate::emulator::faults::{Effect, Fault, Moment, Reply};
use crate::emulator::target::Target;

/// Answers a request with the result of `act`, unless the rate limit or a fault prevents it.
///
/// `act` is passed the outcome of a backup that it makes.
pub(crate) async fn pass(
    queue: &FaultsQueue,
    now: Timestamp,
    target: Target,
    entry: &LogEntry,
    act: impl FnOnce(BackupOutcome) -> Response,
) -> Response {
    entry.called(target);
    let Strikes { fault, outcome } = match queue.enter(target, now) {
        Ok(strikes) => strikes,
        Err(wait) => return throttled(wait),
    };
    let act = || act(outcome);
    let Some(Fault { effect, moment, .. }) = fault else {
        return act();
    };
    let acts = moment == Moment::AfterActing;
    match effect {
        Effect::Delay(by) if acts => {
            let answer = act();
            tokio::time::sleep(by).await;
            answer
        }
        Effect::Delay(by) => {
            tokio::time::sleep(by).await;
            act()
        }
        // These strike the backup, not the request.
        Effect::Hide(_) | Effect::Stick | Effect::Fail => act(),
        Effect::CutBody(after) => cut(act(), after).await,
        Effect::Reply(reply) => {
            acts.then(act);
            replied(reply)
        }
        Effect::Reset => {
            acts.then(act);
            entry.connection.cut();
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

/// The answer of the gateway to one request too many.
fn throttled(wait: Duration) -> Response {
    let message = "Too many requests.";
    let mut answer = gateway_error(StatusCode::TOO_MANY_REQUESTS, "APIGW.0308", message);
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let headers = answer.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

/// The answer of a fault.
fn replied(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    // What cannot be sent was refused when the fault was queued.
    if let Ok(status) = StatusCode::from_u16(reply.status) {
        *response.status_mut() = status;
    }
    for (name, value) in &reply.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// The same answer, with a body that breaks off.
async fn cut(response: Response, after: usize) -> Response {
    let (mut head, body) = response.into_parts();
    // The bodies of an emulator are in memory as a whole.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if body.is_empty() {
        return Response::from_parts(head, Body::empty());
    }
    let length = HeaderValue::from(body.len());
    head.headers.insert(CONTENT_LENGTH, length);
    let kept = body.slice(..after.min(body.len() - 1));
    let kept = stream::once(async { Ok::<Bytes, io::Error>(kept) });
    let end = stream::once(async {
        // Without a pause the connection would be closed before the first part is written.
        tokio::task::yield_now().await;
        Err(io::ErrorKind::BrokenPipe.into())
    });
    Response::from_parts(head, Body::from_stream(kept.chain(end)))
}
