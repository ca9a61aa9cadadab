//! Bodies of requests, read as a whole within limits of size, of time and of memory for all together.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

/// Bytes of a body that is looked at; the fullest ones of the contracts have a few thousand.
const MOST_BODY: usize = 256 << 10;
/// Bytes that are read of a larger one, so that its sender hears the answer.
const MOST_DISCARDED: usize = 64 << 20;
/// How long a body may take, including the wait for its share of the budget.
const BODY_TIME: Duration = Duration::from_secs(30);
/// Bytes of all bodies that are being read or acted on.
const BUDGET: usize = 16 << 20;
/// Bytes of a body that needs no share: nearly all callers send no more, and never wait.
const SMALL_BODY: usize = 4 << 10;

/// Bytes that the bodies of all requests to an emulator share; a copy is the same budget.
#[derive(Clone, Debug)]
pub(crate) struct BodyBudget(Arc<Semaphore>);

/// A body that keeps its share of the budget until the last copy of it is dropped.
struct BudgetedBody {
    bytes: Vec<u8>,
    _share: Option<OwnedSemaphorePermit>,
}

/// Reason why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It has too many bytes.
    Large,
    /// It came too slowly.
    Slow,
    /// Other bodies took the whole budget for too long.
    Crowded,
    /// It broke off, or is not valid HTTP.
    Broken,
}

impl Unread {
    /// HTTP status for it.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::Large => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Crowded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }

    /// Message for people.
    pub(crate) fn message(self) -> String {
        let seconds = BODY_TIME.as_secs();
        match self {
            Self::Large => format!("body: must not have more than {MOST_BODY} bytes"),
            Self::Slow => format!("body: must come within {seconds} seconds"),
            Self::Crowded => format!("body: other bodies took all the room for {seconds} seconds"),
            Self::Broken => "body: broke off".to_owned(),
        }
    }
}

impl Default for BodyBudget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BUDGET)))
    }
}

impl BodyBudget {
    /// The bytes of a body, if there are not too many and they come in time.
    pub(crate) async fn read(&self, body: Body) -> Result<Bytes, Unread> {
        let until = Instant::now() + BODY_TIME;
        // One whose length is not announced may become as long as any.
        let announced = body.size_hint().upper().unwrap_or(MOST_BODY as u64);
        let announced = usize::try_from(announced).unwrap_or(usize::MAX);
        let share = timeout_at(until, self.share(announced))
            .await
            .map_err(|_| Unread::Crowded)?;
        let bytes = timeout_at(until, read(body, announced))
            .await
            .unwrap_or(Err(Unread::Slow))?;
        let _share = share.filter(|_| bytes.len() > SMALL_BODY);
        Ok(Bytes::from_owner(BudgetedBody { bytes, _share }))
    }

    /// A share of so many bytes, unless they need none.
    async fn share(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        // Of one that is too large nothing is kept.
        if !(SMALL_BODY + 1..=MOST_BODY).contains(&bytes) {
            return None;
        }
        // The semaphore is never closed.
        let budget = Arc::clone(&self.0);
        budget.acquire_many_owned(bytes as u32).await.ok()
    }
}

async fn read(body: Body, announced: usize) -> Result<Vec<u8>, Unread> {
    let is_large = announced > MOST_BODY;
    let mut kept = Vec::with_capacity(if is_large { 0 } else { announced });
    let mut length = 0;
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Unread::Broken)?;
        length += part.len();
        if is_large || length > MOST_BODY {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(&part);
        }
        if length > MOST_DISCARDED {
            break;
        }
    }
    if is_large || length > MOST_BODY {
        return Err(Unread::Large);
    }
    kept.shrink_to_fit();
    Ok(kept)
}

impl AsRef<[u8]> for BudgetedBody {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bodies_keep_their_share_until_they_are_dropped() {
        let budget = BodyBudget::default();
        let body = |length| Body::from(vec![b'x'; length]);
        let full = || body(MOST_BODY);
        let mut kept = Vec::new();
        for _ in 0..BUDGET / MOST_BODY {
            kept.push(budget.read(full()).await);
        }
        tokio::time::pause();
        assert_eq!(budget.read(full()).await, Err(Unread::Crowded));
        // These need none.
        assert!(budget.read(body(SMALL_BODY)).await.is_ok());
        assert_eq!(budget.read(body(MOST_BODY + 1)).await, Err(Unread::Large));
        kept.pop();
        assert!(budget.read(full()).await.is_ok());
        assert_eq!(budget.0.available_permits(), MOST_BODY);
    }
}
