//! The way of a call to the network: attempt after attempt, until `retry.rs` says stop.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use jiff::Timestamp;
use reqwest::{Request, Response, StatusCode};
use tokio::time::{Instant, sleep};
use tracing::field::Empty;
use tracing::{Instrument, Span, debug_span, info_span, warn};

use super::Transport;
use super::answer::{self, Answer, Attempt};
use super::retry::{Decision, Outcome, Rule, Situation, decide};
use super::{call, headers};
use crate::auth::identity::TOKEN;
use crate::error::{Error, ErrorKind};
use crate::service::{Operation, Service};

/// What is sent, and under which rules.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) rule: Rule,
    /// How often it is sent at most.
    pub(super) attempts: u32,
    /// Whether it carries credentials; a login has them in its body.
    pub(super) has_identity: bool,
    pub(super) deadline: Instant,
}

impl Transport {
    /// Sends a request that was [prepared](Self::prepare), as often as it takes and may be.
    pub(crate) async fn execute(
        &self,
        service: Service,
        operation_id: &str,
        request: Request,
    ) -> reqwest::Result<Response> {
        let operation = Operation::with_id(operation_id);
        let plan = Plan {
            rule: operation.map_or(Rule::Change, Rule::of),
            attempts: self.attempts,
            has_identity: true,
            deadline: self.deadline(),
        };
        let span = info_span!(
            "call",
            %service,
            operation = operation_id,
            status = Empty,
            request_id = Empty,
            duration_ms = Empty,
        );
        let attempt = described(&span, self.repeat(plan, request)).await;
        let asked = operation.map(|operation| (service, operation));
        if let Some(refusal) = attempt.as_ref().ok().and_then(|a| a.refusal(asked, None)) {
            // A login that failed meanwhile says more.
            call::note(|record| {
                record.failure.get_or_insert(refusal);
            });
        }
        attempt.map(Answer::into_response)
    }

    /// Sends a request until the table says stop, or no time is left for another attempt.
    pub(super) async fn repeat(&self, plan: Plan, mut request: Request) -> Attempt {
        let mut pauses = self.pauses();
        let mut can_renew = plan.has_identity && self.shared.identity.can_renew();
        let mut number = 0;
        loop {
            number += 1;
            let Some(copy) = request.try_clone() else {
                return self.attempt(plan, number, request).await.0;
            };
            let (attempt, outcome) = self.attempt(plan, number, copy).await;
            let situation = Situation {
                rule: plan.rule,
                has_attempts: number < plan.attempts,
                can_renew,
            };
            let pause = match decide(&outcome, situation) {
                Decision::Stop => return attempt,
                Decision::Renew => {
                    can_renew = false;
                    if let Err(failure) = self.identify(&mut request).await {
                        call::note(|record| record.failure = Some(failure));
                        return attempt;
                    }
                    Duration::ZERO
                }
                Decision::Again => {
                    let asked = attempt.as_ref().ok();
                    let asked = asked.and_then(|answer| headers::retry_after(&answer.headers));
                    asked.unwrap_or_else(|| pauses.next().unwrap_or_default())
                }
            };
            if self.pause(&request, pause, plan.deadline).await.is_err() {
                return attempt;
            }
            warn!(number, ?outcome, ?pause, "the request is sent again");
            call::note(|record| record.earlier_may_have_acted |= record.last_may_have_acted);
        }
    }

    async fn attempt(&self, plan: Plan, number: u32, mut request: Request) -> (Attempt, Outcome) {
        let changes = plan.rule != Rule::Read;
        // Until the answer says otherwise.
        call::note(|record| (record.attempts, record.last_may_have_acted) = (number, changes));
        let options = &self.shared.options;
        let left = plan.deadline.saturating_duration_since(Instant::now());
        *request.timeout_mut() = Some(options.timeout.min(left));
        if plan.has_identity {
            self.shared
                .identity
                .sign(self.project.as_ref(), Timestamp::now(), &mut request);
        }
        let token = request.headers().get(TOKEN).cloned();
        let span = debug_span!(
            "attempt",
            number,
            status = Empty,
            request_id = Empty,
            duration_ms = Empty,
        );
        let sent = async {
            let response = self.shared.http.execute(request).await?;
            let mut answer = Answer::read(response).await;
            let date = headers::date(&answer.headers);
            call::note(|record| {
                record.date = date;
                record.bytes += answer.body().len() as u64;
            });
            if changes {
                answer.look_for_error();
            }
            let shows = |text: &str| self.shows(text, token.as_ref());
            // A proxy has its own credentials, and a login those of the body.
            match answer.status {
                StatusCode::PROXY_AUTHENTICATION_REQUIRED => answer.hide_all(shows),
                _ if !plan.has_identity => answer.hide_all(shows),
                _ => answer.hide(shows),
            }
            Ok(answer)
        };
        let attempt = described(&span, sent).await;
        let outcome = answer::outcome(&attempt);
        let may_have_acted = outcome == Outcome::Accepted || outcome.may_have_acted();
        call::note(|record| record.last_may_have_acted = changes && may_have_acted);
        (attempt, outcome)
    }

    /// Waits before an attempt, and then for a place in the budget of the host; fails at once when
    /// that would take longer than the call may.
    pub(super) async fn pause(
        &self,
        request: &Request,
        pause: Duration,
        deadline: Instant,
    ) -> Result<(), Error> {
        let left = deadline.saturating_duration_since(Instant::now());
        let patience = left.checked_sub(pause).filter(|left| !left.is_zero());
        let patience = patience.ok_or_else(|| {
            let message = "the time limit of the call is up; nothing was sent";
            Error::general(ErrorKind::Unreachable, message)
        })?;
        let host = request.url().host_str().unwrap_or_default();
        let from = std::time::Instant::now() + pause;
        let wait = self.shared.reserve(host, from, patience).map_err(|wait| {
            let seconds = wait.as_secs();
            let message = format!(
                "the budget of calls to {host} is used up for {seconds} s, longer than the call \
                 may take; nothing was sent"
            );
            Error::general(ErrorKind::Throttled, message)
        })?;
        if pause + wait > Duration::ZERO {
            sleep(pause + wait).await;
        }
        Ok(())
    }

    /// The pauses between attempts, for ever.
    pub(crate) fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        let options = &self.shared.options;
        pauses(options.shortest_pause, options.longest_pause)
    }
}

/// Pauses for ever, each twice as long as the one before, and up to as long again at random.
pub(crate) fn pauses(
    shortest: Duration,
    longest: Duration,
) -> impl Iterator<Item = Duration> + use<> {
    let growing = ExponentialBuilder::default()
        .with_min_delay(shortest)
        .with_max_delay(longest)
        .with_jitter()
        .without_max_times();
    growing.build()
}

/// Runs in a span, which tells afterwards what came of it.
pub(super) async fn described(span: &Span, sent: impl Future<Output = Attempt>) -> Attempt {
    let begun = Instant::now();
    let attempt = sent.instrument(span.clone()).await;
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.record("duration_ms", millis);
    if let Ok(answer) = &attempt {
        span.record("status", answer.status.as_u16());
        span.record("request_id", answer.header("x-request-id"));
    }
    attempt
}
