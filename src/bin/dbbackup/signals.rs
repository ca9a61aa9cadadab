//! Ctrl-C and SIGTERM, for those who have something to say before they end.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dbbackup::Error;

use crate::exit::{self, Exit, Failure, of_change};

/// The time that those have.
const GRACE: Duration = Duration::from_secs(1);

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

/// From now on ends the process a little after a signal, if it has not ended by itself: a pipe that
/// nobody reads blocks whoever writes to it, and with it the thread that everything else runs on.
pub(crate) fn enforce() -> anyhow::Result<()> {
    let (ready, is_ready) = mpsc::channel();
    let watch = move || -> anyhow::Result<()> {
        let runtime = crate::runtime()?;
        let mut signals = runtime.block_on(async { Signals::new() })?;
        // If nobody waits for it, there is nothing to watch.
        let _ = ready.send(());
        runtime.block_on(signals.stopped());
        thread::sleep(GRACE);
        exit::abandon(GRACE)
    };
    let watch = thread::Builder::new().spawn(watch)?;
    if is_ready.recv().is_err()
        && let Ok(failure) = watch.join()
    {
        failure?;
    }
    Ok(())
}
