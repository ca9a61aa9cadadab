//! What a failure of the way to a server says is to be corrected, in the words of the sources.

use std::sync::Arc;

use super::Transport;
use crate::auth::Names;
use crate::error::Error;

impl Transport {
    /// A transport whose failures name what is to be corrected in the words of where it came from. A
    /// [`BackupClient`](crate::BackupClient) does this by itself.
    #[must_use]
    pub fn with_names(mut self, names: &Names) -> Self {
        self.names = Arc::new(names.clone());
        self
    }

    /// A request without an answer.
    pub(crate) fn unanswered(&self, cause: reqwest::Error) -> Error {
        self.explained(Error::unanswered(cause))
    }

    /// A failure with the next step that these sources have.
    pub(crate) fn explained(&self, error: Error) -> Error {
        if error.is_untrusted() {
            error.or_remedy(|| trust(&self.names))
        } else {
            error
        }
    }
}

/// What to do about a certificate that is not accepted.
fn trust(names: &Names) -> String {
    let file = match names.cloud() {
        Some(cloud) => format!("cacert of cloud {cloud}"),
        None => names.of("ca_file"),
    };
    format!(
        "check the URL and the clock, or name a PEM file with its issuer's certificate in {file}"
    )
}
