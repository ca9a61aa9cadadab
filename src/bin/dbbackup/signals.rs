//! Ctrl-C and SIGTERM, for those who have something to say before they end.

use std::future::{pending, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use dbbackup::Error;
use futures_util::FutureExt;
use tokio::sync::watch;

use crate::exit::{self, Exit, Failure, of_change};

/// The time that those have.
const GRACE: Duration = Duration::from_secs(1);

/// The signals that this process gets; one that comes while nobody waits for it is not lost.
#[derive(Clone)]
pub(crate) struct Signals(watch::Receiver<bool>);

impl Signals {
    /// Tells of signals from now on, and ends the process a little after one, if it has not ended by
    /// itself: a pipe that nobody reads blocks whoever writes to it, and with it the thread that
    /// everything else runs on.
    #[expect(
        clippy::disallowed_methods,
        reason = "a thread of its own, because the others may never go on"
    )]
    pub(crate) fn watch() -> anyhow::Result<Self> {
        let (ready, is_ready) = mpsc::channel();
        let (tell, told) = watch::channel(false);
        let watch = move || -> io::Result<()> {
            crate::runtime()?.block_on(first(ready))?;
            tell.send_replace(true);
            thread::sleep(GRACE);
            exit::abandon(GRACE)
        };
        let thread = thread::Builder::new().spawn(watch)?;
        if is_ready.recv().is_err()
            && let Ok(failure) = thread.join()
        {
            failure?;
        }
        Ok(Self(told))
    }

    /// Ends with the first of them.
    pub(crate) async fn stopped(&self) {
        let mut told = self.0.clone();
        let mut told = pin!(told.wait_for(|is_stopped| *is_stopped));
        // Those who wait are woken one after the other, but each of them sees that it is so.
        let is_stopped = poll_fn(|context| match told.as_mut().poll(context) {
            Poll::Ready(told) => Poll::Ready(told.is_ok()),
            Poll::Pending if *self.0.borrow() => Poll::Ready(true),
            Poll::Pending => Poll::Pending,
        });
        if !is_stopped.await {
            // Without a handler the process ends by itself.
            pending().await
        }
    }

    /// What comes of the work, or `None` if a signal comes first.
    pub(crate) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        tokio::select! {
            biased;
            done = &mut work => Some(done),
            // The signal may have come since the work was polled, which may have more to say about it.
            () = self.stopped() => work.now_or_never(),
        }
    }

    /// The result of a change; if it is interrupted or unknown, with the way to look.
    pub(crate) async fn changed<T>(
        &self,
        work: impl Future<Output = Result<T, Error>>,
        look: impl FnOnce() -> String,
    ) -> anyhow::Result<T> {
        match self.unless_stopped(work).await {
            Some(result) => result.map_err(|error| of_change(error, look)),
            None => {
                let what = "interrupted before the service has answered; it may have done it";
                Err(Failure::new(Exit::Interrupted, what)
                    .with_next(look())
                    .into())
            }
        }
    }
}

/// Ends with the first signal after it is ready.
#[cfg(unix)]
async fn first(ready: mpsc::Sender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    // If nobody waits for it, there is nothing to watch.
    let _ = ready.send(());
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Ctrl-C alone.
#[cfg(not(unix))]
async fn first(ready: mpsc::Sender<()>) -> io::Result<()> {
    let _ = ready.send(());
    tokio::signal::ctrl_c().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_work_says_about_a_signal_counts_whenever_the_signal_comes() {
        let (tell, told) = watch::channel(false);
        let work = async {
            tell.send_replace(true);
            tokio::task::yield_now().await;
            "what was accepted"
        };
        let said = Signals(told).unless_stopped(work).await;
        assert_eq!(said, Some("what was accepted"));
    }

    #[tokio::test]
    async fn a_signal_is_seen_by_all_who_wait_before_each_is_woken() {
        let (tell, told) = watch::channel(false);
        let signals = Signals(told);
        let mut work = pin!(signals.unless_stopped(pending::<()>()));
        assert_eq!(work.as_mut().now_or_never(), None);
        // Without waking anybody.
        tell.send_if_modified(|is_stopped| {
            *is_stopped = true;
            false
        });
        assert_eq!(work.now_or_never(), Some(None));
    }
}
