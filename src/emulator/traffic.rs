//! The way of a request past the counter and the faults that are queued for its operation.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use super::faults::{Effect, Fault, Moment, Reply, Target};
use super::wire::Wire;

/// Counts and faults of all operations.
#[derive(Debug, Default)]
pub(super) struct Traffic(Mutex<Desks>);

type Desks = BTreeMap<(Target, String), Desk>;

/// What is known of an operation.
#[derive(Debug, Default)]
struct Desk {
    calls: usize,
    faults: VecDeque<Fault>,
}

impl Traffic {
    /// Requests for an operation so far.
    pub(super) fn calls(&self, target: Target, operation: &str) -> usize {
        let desks = self.lock();
        desks
            .get(&(target, operation.to_owned()))
            .map_or(0, |desk| desk.calls)
    }

    /// Queues a fault.
    pub(super) fn queue(&self, target: Target, operation: &str, fault: Fault) {
        let mut desks = self.lock();
        let desk = desks.entry((target, operation.to_owned())).or_default();
        desk.faults.push_back(fault);
    }

    /// Counts a request and takes the fault that strikes it.
    fn enter(&self, target: Target, operation: &str) -> Option<Fault> {
        let mut desks = self.lock();
        let desk = desks.entry((target, operation.to_owned())).or_default();
        desk.calls += 1;
        while let Some(fault) = desk.faults.front_mut() {
            if fault.times > 1 {
                fault.times -= 1;
                return Some(fault.clone());
            }
            let last = desk.faults.pop_front();
            if last.as_ref().is_some_and(|fault| fault.times == 1) {
                return last;
            }
        }
        None
    }

    /// Answers a request with what `act` makes of it, unless a fault is queued.
    ///
    /// `act` is told for how long a backup that it makes stays out of lists.
    pub(super) async fn pass(
        &self,
        target: Target,
        operation: &str,
        wire: &Wire,
        act: impl FnOnce(Duration) -> Response,
    ) -> Response {
        let at_once = Duration::ZERO;
        let Some(Fault { effect, moment, .. }) = self.enter(target, operation) else {
            return act(at_once);
        };
        let acts = moment == Moment::AfterActing;
        match effect {
            Effect::Delay(by) if acts => {
                let answer = act(at_once);
                tokio::time::sleep(by).await;
                answer
            }
            Effect::Delay(by) => {
                tokio::time::sleep(by).await;
                act(at_once)
            }
            Effect::Hide(time) => act(time),
            Effect::CutBody(after) => cut(act(at_once), after).await,
            Effect::Reply(reply) => {
                acts.then(|| act(at_once));
                answer(reply)
            }
            Effect::Reset => {
                acts.then(|| act(at_once));
                wire.cut();
                StatusCode::NO_CONTENT.into_response()
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Desks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer that a test has asked for.
fn answer(reply: Reply) -> Response {
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
