//! The way of a request past the counter and the faults that are queued for its operation.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use fastrand::Rng;
use futures_util::{StreamExt, stream};

use super::faults::{Effect, Fault, Moment, Reply, Target};
use super::wire::Wire;

/// Counts and faults of all operations.
#[derive(Debug)]
pub(super) struct Traffic(Mutex<Desks>);

#[derive(Debug)]
struct Desks {
    desks: BTreeMap<(Target, String), Desk>,
    dice: Rng,
}

/// What is known of an operation.
#[derive(Debug, Default)]
struct Desk {
    calls: usize,
    faults: VecDeque<Fault>,
}

/// What strikes a request.
#[derive(Debug, Default)]
struct Strikes {
    fault: Option<Fault>,
    /// How long a backup that it makes stays out of lists.
    hide: Option<Duration>,
}

impl Traffic {
    /// None so far; the chances of faults follow from the seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(Desks {
            desks: BTreeMap::new(),
            dice: Rng::with_seed(seed),
        }))
    }

    /// Requests for an operation so far.
    pub(super) fn calls(&self, target: Target, operation: &str) -> usize {
        let all = self.lock();
        all.desks
            .get(&(target, operation.to_owned()))
            .map_or(0, |desk| desk.calls)
    }

    /// Queues a fault.
    pub(super) fn queue(&self, target: Target, operation: &str, fault: Fault) {
        let mut all = self.lock();
        let desk = all.desks.entry((target, operation.to_owned()));
        let desk = desk.or_default();
        desk.faults.push_back(fault);
    }

    /// Counts a request and takes the faults that strike it.
    fn enter(&self, target: Target, operation: &str) -> Strikes {
        let mut all = self.lock();
        let Desks { desks, dice } = &mut *all;
        let desk = desks.entry((target, operation.to_owned())).or_default();
        desk.calls += 1;
        let mut strikes = Strikes::default();
        desk.faults.retain_mut(|fault| {
            let is_due = match fault.effect {
                Effect::Hide(_) => strikes.hide.is_none(),
                _ => strikes.fault.is_none(),
            };
            if fault.times > 0 && is_due && dice.f64() < fault.chance {
                fault.times -= 1;
                match fault.effect {
                    Effect::Hide(time) => strikes.hide = Some(time),
                    _ => strikes.fault = Some(fault.clone()),
                }
            }
            fault.times > 0
        });
        strikes
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
        let Strikes { fault, hide } = self.enter(target, operation);
        let act = || act(hide.unwrap_or_default());
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
            Effect::Hide(_) => act(),
            Effect::CutBody(after) => cut(act(), after).await,
            Effect::Reply(reply) => {
                acts.then(act);
                answer(reply)
            }
            Effect::Reset => {
                acts.then(act);
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
