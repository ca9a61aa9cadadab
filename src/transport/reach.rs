//! Whether a server can be reached at all, before anybody says who they are.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use super::{Transport, headers};
use crate::error::{Error, RefusedAnswer};

/// What a server told that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reached {
    /// Seconds that the clock of this machine is ahead of the server's `Date`, negative if it is
    /// behind; none without a usable date.
    pub clock_ahead: Option<i64>,
}

impl Reached {
    /// Whether the clock of this machine is more than 3 minutes off: signatures are refused at 15.
    pub fn is_clock_off(&self) -> bool {
        let ahead = self.clock_ahead.map(SignedDuration::from_secs);
        ahead.is_some_and(headers::is_off)
    }
}

impl Transport {
    /// Sends one request without credentials; any answer will do, except that of a proxy that
    /// wants credentials of its own.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a URL that cannot be used,
    /// [`Unreachable`](crate::ErrorKind::Unreachable) without a connection, also one that is
    /// [not trusted](Error::is_untrusted), [`NoAnswer`](crate::ErrorKind::NoAnswer) without an answer,
    /// and [`Refused`](crate::ErrorKind::Refused) by such a proxy.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::emulator::Emulator;
    ///
    /// let emulator = Emulator::start().await?;
    /// let reached = emulator.transport()?.reach(emulator.iam_url()).await?;
    /// assert!(reached.clock_ahead.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reach(&self, url: &str) -> Result<Reached, Error> {
        let timeout = self.shared.options.timeout.min(self.time_limit);
        let request = self.http().get(url).timeout(timeout);
        let answer = request
            .send()
            .await
            .map_err(|cause| self.unanswered(cause))?;
        if answer.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            let refusal = RefusedAnswer {
                by: Some(url),
                ..RefusedAnswer::with_status(answer.status())
            };
            return Err(Error::refused(None, refusal));
        }
        let ahead = headers::clock_ahead(answer.headers(), Timestamp::now());
        Ok(Reached {
            clock_ahead: ahead.map(|ahead| ahead.as_secs()),
        })
    }
}
