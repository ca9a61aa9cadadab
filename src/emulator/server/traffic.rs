//! The way of a request past the rate limit, the counter and the faults that are queued for its
//! operation.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use fastrand::Rng;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use super::answers::gateway_error;
use super::received::Line;
use crate::emulator::Options;
use crate::emulator::faults::{Effect, Fault, Limits, Moment, Planned, RateLimit, Reply, Target};
use crate::emulator::shared::Shared;

/// Counts, faults and the rate limit of all operations.
#[derive(Debug)]
pub(in crate::emulator) struct Traffic(Mutex<Desks>);

#[derive(Debug)]
struct Desks {
    desks: BTreeMap<(Target, String), Desk>,
    limits: Limits,
    dice: Rng,
}

/// What is known of an operation.
#[derive(Debug, Default)]
struct Desk {
    calls: usize,
    faults: VecDeque<Fault>,
}

/// What becomes of a backup that is made now.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::emulator) struct Fate {
    /// How long it stays out of lists.
    pub(in crate::emulator) hidden: Duration,
    /// Whether it stays BUILDING.
    pub(in crate::emulator) sticks: bool,
    /// Whether it ends as FAILED.
    pub(in crate::emulator) fails: bool,
}

/// What strikes a request.
#[derive(Debug, Default)]
struct Strikes {
    fault: Option<Fault>,
    fate: Fate,
}

impl Strikes {
    /// Whether a fault like this one may strike besides those that do.
    fn have_room_for(&self, effect: &Effect) -> bool {
        match effect {
            Effect::Hide(_) => self.fate.hidden.is_zero(),
            Effect::Stick | Effect::Fail => !(self.fate.sticks || self.fate.fails),
            _ => self.fault.is_none(),
        }
    }

    fn add(&mut self, fault: &Fault) {
        match fault.effect {
            Effect::Hide(time) => self.fate.hidden = time,
            Effect::Stick => self.fate.sticks = true,
            Effect::Fail => self.fate.fails = true,
            _ => self.fault = Some(fault.clone()),
        }
    }
}

impl Desks {
    /// None so far; the chances of faults follow from the seed.
    fn new(options: &Options) -> Self {
        Self {
            desks: BTreeMap::new(),
            limits: Limits::new(options.rate_limit),
            dice: Rng::with_seed(options.seed),
        }
    }
}

impl Traffic {
    /// No counts and faults so far.
    pub(in crate::emulator) fn new(options: &Options) -> Self {
        Self(Mutex::new(Desks::new(options)))
    }

    /// Goes back to the beginning.
    pub(in crate::emulator) fn reset(&self, options: &Options) {
        *self.lock() = Desks::new(options);
    }

    /// Requests for an operation so far.
    pub(in crate::emulator) fn calls(&self, target: Target, operation: &str) -> usize {
        let all = self.lock();
        all.desks
            .get(&(target, operation.to_owned()))
            .map_or(0, |desk| desk.calls)
    }

    /// Queues a fault.
    pub(in crate::emulator) fn queue(&self, target: Target, operation: &str, fault: Fault) {
        let mut all = self.lock();
        let desk = all.desks.entry((target, operation.to_owned()));
        let desk = desk.or_default();
        desk.faults.push_back(fault);
    }

    /// The faults that are queued.
    pub(in crate::emulator) fn queued(&self) -> Vec<Planned> {
        let all = self.lock();
        let desks = all.desks.iter();
        let planned = desks.flat_map(|((target, operation), desk)| {
            let faults = desk.faults.iter();
            faults.map(|fault| Planned::new(*target, operation, fault))
        });
        planned.collect()
    }

    /// How many faults are queued, and the bytes of the answers in them.
    pub(in crate::emulator) fn load(&self) -> (usize, usize) {
        let all = self.lock();
        let faults = || all.desks.values().flat_map(|desk| &desk.faults);
        (
            faults().count(),
            faults().map(|fault| fault.effect.size()).sum(),
        )
    }

    /// The rate limit.
    pub(in crate::emulator) fn limit(&self) -> Option<RateLimit> {
        self.lock().limits.limit()
    }

    /// Sets another rate limit; what was counted so far counts no more.
    pub(in crate::emulator) fn set_limit(&self, limit: Option<RateLimit>) {
        self.lock().limits = Limits::new(limit);
    }

    /// Counts a request and takes the faults that strike it, unless there were too many requests.
    fn enter(&self, target: Target, operation: &str, now: Timestamp) -> Result<Strikes, Duration> {
        let mut all = self.lock();
        let Desks {
            desks,
            limits,
            dice,
        } = &mut *all;
        let desk = desks.entry((target, operation.to_owned())).or_default();
        desk.calls += 1;
        limits.take(target, now)?;
        let mut strikes = Strikes::default();
        desk.faults.retain_mut(|fault| {
            let is_due = fault.times > 0 && strikes.have_room_for(&fault.effect);
            if is_due && dice.f64() < fault.chance {
                fault.times -= 1;
                strikes.add(fault);
            }
            fault.times > 0
        });
        Ok(strikes)
    }

    fn lock(&self) -> MutexGuard<'_, Desks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers a request with what `act` makes of it, unless it is one too many or a fault is queued.
///
/// `act` is told what becomes of a backup that it makes.
pub(in crate::emulator) async fn pass(
    shared: &Shared,
    target: Target,
    operation: &str,
    line: &Line,
    act: impl FnOnce(Fate) -> Response,
) -> Response {
    shared.record.called(line.number, target, operation);
    // Whoever is told to wait does it by this clock, whatever the speed.
    let now = shared.clock.callers_now();
    let Strikes { fault, fate } = match shared.traffic.enter(target, operation, now) {
        Ok(strikes) => strikes,
        Err(wait) => return throttled(wait),
    };
    let act = || act(fate);
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
            answer(reply)
        }
        Effect::Reset => {
            acts.then(act);
            line.wire.cut();
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
