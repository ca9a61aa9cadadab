//! Ctrl-C and SIGTERM, for those who have something to say before they end.

use dbbackup::Error;

use crate::exit::{Exit, Failure, of_change};

/// The signals, from now on; one that comes while nobody waits for it is not lost.
#[cfg(unix)]
pub(crate) struct Signals(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    pub(crate) fn new() -> anyhow::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self(interrupt, signal(SignalKind::terminate())?))
    }

    /// Ends with the first of them.
    pub(crate) async fn stopped(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}

/// Ctrl-C alone.
#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self)
    }

    pub(crate) async fn stopped(&mut self) {
        // Without a handler the process ends by itself.
        let _ = tokio::signal::ctrl_c().await;
    }
}

impl Signals {
    /// What comes of the work, or `None` if a signal comes first.
    pub(crate) async fn unless_stopped<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.stopped() => None,
        }
    }
}

/// The result of a change; if it is interrupted or unknown, with the way to look.
pub(crate) async fn changed<T>(
    work: impl Future<Output = Result<T, Error>>,
    look: impl FnOnce() -> String,
) -> anyhow::Result<T> {
    match Signals::new()?.unless_stopped(work).await {
        Some(result) => result.map_err(|error| of_change(error, look)),
        None => {
            let what = "interrupted before the service has answered; it may have done it";
            Err(Failure::new(Exit::Interrupted, what)
                .with_next(look())
                .into())
        }
    }
}
