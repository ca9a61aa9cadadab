//! How calls are made: time-outs, repetition, TLS and proxies.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;

use crate::auth::Names;
use crate::error::{Error, ErrorKind};

/// How calls are made.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use dbbackup::transport::Options;
///
/// let patient = Options::default().with_time_limit(Duration::from_secs(1800));
/// assert_eq!(patient.attempts, 5);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Time to connect; 10 s.
    pub connect_timeout: Duration,
    /// Time for one attempt, from connecting to the end of the answer; 120 s. A create may take long,
    /// and one that is given up too early is a backup nobody knows of.
    pub timeout: Duration,
    /// Time for a call with all its attempts and the waits between them; 10 minutes. It wins over
    /// `Retry-After`, the pauses and the budget: what would come later is not waited for. The pages
    /// of a list have it together.
    pub time_limit: Duration,
    /// How often a call is sent at most, where it may be repeated; 5.
    pub attempts: u32,
    /// The first pause between two attempts, 500 ms; each further one is twice as long, and up to
    /// as long again at random. `Retry-After` wins.
    pub shortest_pause: Duration,
    /// The longest pause without the random part; 20 s.
    pub longest_pause: Duration,
    /// Calls to a host in any minute. Without a number they are 60 on the RDS hosts of Huawei Cloud,
    /// where this is documented, and unlimited elsewhere.
    pub calls_per_minute: Option<NonZeroU32>,
    /// PEM file with certificates that are trusted besides those of the system.
    pub ca_file: Option<PathBuf>,
    /// What the sources of a configuration call it.
    pub(crate) ca_file_name: Option<String>,
    /// Whether proxies are taken from the environment (`HTTPS_PROXY`, `NO_PROXY`); yes.
    pub proxy: bool,
    /// The language of the services' messages.
    pub language: Language,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(120),
            time_limit: Duration::from_secs(600),
            attempts: 5,
            shortest_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(20),
            calls_per_minute: None,
            ca_file: None,
            ca_file_name: None,
            proxy: true,
            language: Language::English,
        }
    }
}

/// A language of the services' messages, sent as `X-Language`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// `en-us`.
    #[default]
    English,
    /// `zh-cn`.
    Chinese,
}

impl Language {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en-us",
            Self::Chinese => "zh-cn",
        }
    }
}

impl Options {
    /// With another [`connect_timeout`](Self::connect_timeout).
    #[must_use]
    pub fn with_connect_timeout(self, connect_timeout: Duration) -> Self {
        Self {
            connect_timeout,
            ..self
        }
    }

    /// With another [`timeout`](Self::timeout).
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// With another [`time_limit`](Self::time_limit).
    #[must_use]
    pub fn with_time_limit(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// With another number of [`attempts`](Self::attempts).
    #[must_use]
    pub fn with_attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// With other pauses: the [shortest](Self::shortest_pause) and the [longest](Self::longest_pause).
    #[must_use]
    pub fn with_pauses(self, shortest_pause: Duration, longest_pause: Duration) -> Self {
        Self {
            shortest_pause,
            longest_pause,
            ..self
        }
    }

    /// With another budget of [`calls_per_minute`](Self::calls_per_minute).
    #[must_use]
    pub fn with_calls_per_minute(self, calls: impl Into<Option<NonZeroU32>>) -> Self {
        Self {
            calls_per_minute: calls.into(),
            ..self
        }
    }

    /// With a [`ca_file`](Self::ca_file).
    #[must_use]
    pub fn with_ca_file(self, file: impl Into<Option<PathBuf>>) -> Self {
        Self {
            ca_file: file.into(),
            ..self
        }
    }

    /// With errors that call [`ca_file`](Self::ca_file) what the sources of a configuration call it.
    #[must_use]
    pub fn with_names(self, names: &Names) -> Self {
        Self {
            ca_file_name: names.known("ca_file"),
            ..self
        }
    }

    /// With or without a [`proxy`](Self::proxy).
    #[must_use]
    pub fn with_proxy(self, proxy: bool) -> Self {
        Self { proxy, ..self }
    }

    /// With another [`language`](Self::language).
    #[must_use]
    pub fn with_language(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// The passwords and tokens for the proxies of the environment.
    pub(super) fn proxy_secrets(&self) -> Vec<SecretString> {
        let names = PROXIES.iter().filter(|_| self.proxy);
        let urls = names.filter_map(|name| std::env::var(name).ok());
        urls.flat_map(|url| secrets(&url)).map(Into::into).collect()
    }

    /// A client with these options. It follows no redirect, because that could carry a token to
    /// another host, and repeats nothing by itself.
    pub(super) fn client(&self) -> Result<reqwest::Client, Error> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .user_agent(concat!("dbbackup/", env!("CARGO_PKG_VERSION")));
        if !self.proxy {
            builder = builder.no_proxy();
        }
        if let Some(file) = &self.ca_file {
            let name = self.ca_file_name.as_deref().unwrap_or("ca_file");
            builder = trust(builder, name, file)?;
        }
        builder.build().map_err(|cause| {
            let message = "TLS cannot be set up on this machine";
            Error::general(ErrorKind::Unreachable, message).with_source(cause)
        })
    }
}

/// The variables that reqwest takes proxies from.
const PROXIES: [&str; 6] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
];

/// The password in the URL of a proxy, or a user without one, which is a token: as it is written and as
/// it is sent. Of one with `@` only the first part is sent, and the rest becomes part of the host.
fn secrets(url: &str) -> Vec<String> {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = url.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((whole, _)) = authority.rsplit_once('@') else {
        return Vec::new();
    };
    let secret = match whole.split_once(':') {
        Some((user, "")) => user,
        Some((_, password)) => password,
        None => whole,
    };
    let parts = secret.split('@').chain([secret]);
    let spellings = parts.flat_map(|part| {
        let sent = percent_decode_str(part).decode_utf8_lossy();
        [part.to_owned(), sent.into_owned()]
    });
    // What is sent for other encodings says nothing.
    let says = |part: &String| part.chars().any(|c| c != char::REPLACEMENT_CHARACTER);
    let mut secrets: Vec<_> = spellings.filter(says).collect();
    secrets.sort();
    secrets.dedup();
    secrets
}

#[cfg(feature = "rustls")]
fn trust(
    builder: reqwest::ClientBuilder,
    name: &str,
    file: &std::path::Path,
) -> Result<reqwest::ClientBuilder, Error> {
    let invalid = |what: String| {
        let message = format!("{name}: {} {what}", file.display());
        Error::general(ErrorKind::InvalidInput, message)
    };
    let text = crate::file::read(file)
        .map_err(|e| invalid(format!("cannot be read: {e}: correct the path")))?;
    let certificates = reqwest::Certificate::from_pem_bundle(&text);
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(builder.tls_certs_merge(certificates)),
        _ => Err(invalid("must hold certificates in PEM form".to_owned())),
    }
}

#[cfg(not(feature = "rustls"))]
fn trust(
    _builder: reqwest::ClientBuilder,
    name: &str,
    file: &std::path::Path,
) -> Result<reqwest::ClientBuilder, Error> {
    let message = format!(
        "{name}: {} needs TLS: build with the feature rustls",
        file.display()
    );
    Err(Error::general(ErrorKind::InvalidInput, message))
}

#[cfg(test)]
mod tests {
    use super::secrets;

    #[test]
    fn what_of_a_proxy_is_secret_is_known_as_it_is_written_and_as_it_is_sent() {
        for (url, known) in [
            ("", &[][..]),
            ("http://proxy:8080", &[]),
            ("http://proxy/a:b@c", &[]),
            ("http://@proxy", &[]),
            ("http://nightly:pass@proxy:8080/", &["pass"]),
            ("nightly:p%22%3a%C3%BC@proxy", &["p\":ü", "p%22%3a%C3%BC"]),
            ("socks5h://nightly:p:q@proxy?at=x#y", &["p:q"]),
            ("http://token@proxy", &["token"]),
            ("http://token:@proxy", &["token"]),
            ("http://nightly:Pr@xy@proxy", &["Pr", "Pr@xy", "xy"]),
            ("http://to@ken@proxy", &["ken", "to", "to@ken"]),
            ("http://nightly@example.com:pass@proxy", &["pass"]),
            ("http://nightly:%FC@proxy", &["%FC"]),
        ] {
            assert_eq!(secrets(url), known, "{url}");
        }
    }
}
