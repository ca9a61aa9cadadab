//! Time that moves only when nothing else can happen.
//!
//! Tokio's paused time jumps to the next timer as soon as no task can run, although an answer may be
//! on its way through a socket. Here a pacer keeps the runtime turning until client and server, which
//! share one thread, have been still for some turns, and only then lets the time jump.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::runtime::Builder;
use tokio::time::sleep;

/// Turns of the event loop without any progress after which nothing is on its way.
const STILL: u32 = 24;
/// No jump is longer than this.
const STRIDE: Duration = Duration::from_secs(1);

/// Runs a future in time of its own.
pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().unwrap();
    let steps = Cell::new(0_u64);
    runtime.block_on(async {
        let mut work = pin!(work);
        let counted = poll_fn(|context| {
            steps.set(steps.get() + 1);
            work.as_mut().poll(context)
        });
        // The set polls its only future when that was woken, not whenever the pacer is.
        let mut set = FuturesUnordered::from_iter([counted]);
        tokio::select! {
            biased;
            result = set.next() => result.unwrap(),
            () = pace(&steps) => unreachable!("the pacer never ends"),
        }
    })
}

async fn pace(steps: &Cell<u64>) {
    loop {
        settle(steps).await;
        let before = steps.get();
        let mut stride = pin!(sleep(STRIDE));
        poll_fn(|context| {
            if steps.get() == before {
                stride.as_mut().poll(context)
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }
}

/// Turns the event loop until nothing is left that does not need time.
async fn settle(steps: &Cell<u64>) {
    let (mut last, mut still) = (steps.get(), 0);
    while still < STILL {
        tokio::task::yield_now().await;
        still = if steps.get() == last { still + 1 } else { 0 };
        last = steps.get();
    }
}

/// Gives a request whose caller is gone the time to reach the server.
pub(crate) async fn turns(count: u32) {
    for _ in 0..count {
        tokio::task::yield_now().await;
    }
}
