//! Links that are as good as a password.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Link for downloading a file of a backup: whoever has it can read the file until it expires.
///
/// `Debug` does not show it.
///
/// # Examples
///
/// ```
/// use dbbackup::model::DownloadLink;
///
/// let link = DownloadLink::from("https://obs.example.com/backup?signature=secret".to_owned());
/// assert!(!format!("{link:?}").contains("secret"));
/// assert!(link.as_str().ends_with("secret"));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DownloadLink(String);

impl DownloadLink {
    /// The link itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for DownloadLink {
    fn from(link: String) -> Self {
        Self(link)
    }
}

impl fmt::Debug for DownloadLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DownloadLink(..)")
    }
}
