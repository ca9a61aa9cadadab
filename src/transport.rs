//! What happens between a generated client and the network.
//!
//! All clients carry a [`Transport`]: it holds the HTTP connections and the token, and it makes
//! every error body readable. It neither signs nor repeats a call.

use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Response};

use crate::error::InvalidValue;

/// A create may take long, and one that is given up too early is a backup nobody knows of.
const TIMEOUT: Duration = Duration::from_secs(120);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an error body that are read; the rest is left.
const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// Connections and credentials, shared by all clients that get a clone.
///
/// # Examples
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use dbbackup::{api::rds_v3, transport::Transport};
///
/// let transport = Transport::new()?.with_token("a token from IAM")?;
/// let client = rds_v3::Client::new("https://rds.eu-de.otc.t-systems.com", transport);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Transport {
    http: reqwest::Client,
    token: Option<HeaderValue>,
}

impl Transport {
    /// Transport without credentials: 10 s to connect, 120 s for a call, no redirects.
    ///
    /// A redirect is never followed, because it could carry the token to another host. Proxies are
    /// taken from the environment (`HTTPS_PROXY`, `NO_PROXY`).
    ///
    /// # Errors
    ///
    /// Fails when TLS cannot be set up on this machine.
    pub fn new() -> reqwest::Result<Self> {
        Self::build(reqwest::Client::builder())
    }

    /// Like [`Transport::new`], but never through a proxy: for an emulator on this machine.
    ///
    /// # Errors
    ///
    /// Fails when TLS cannot be set up on this machine.
    pub fn local() -> reqwest::Result<Self> {
        Self::build(reqwest::Client::builder().no_proxy())
    }

    fn build(builder: reqwest::ClientBuilder) -> reqwest::Result<Self> {
        let builder = builder.connect_timeout(CONNECT_TIMEOUT).timeout(TIMEOUT);
        let http = builder
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, token: None })
    }

    /// Sends `token` as `X-Auth-Token` with every call.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`] when the text cannot be a header; it does not repeat the token.
    pub fn with_token(mut self, token: &str) -> Result<Self, InvalidValue> {
        let mut value = HeaderValue::from_str(token).map_err(|_| {
            let fault = "has a line break or another control character".to_owned();
            InvalidValue::new("token", "the text of X-Auth-Token on one line", fault)
        })?;
        value.set_sensitive(true);
        self.token = Some(value);
        Ok(self)
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Completes a request that a generated client built.
    pub(crate) fn prepare(&self, request: &mut Request) {
        let has_no_body = request.method() == Method::POST && request.body().is_none();
        let headers = request.headers_mut();
        // The generator sends the version of the contract, which the services do not know.
        headers.remove("api-version");
        // Some gateways refuse a POST without a body that does not say so.
        if has_no_body {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        if let Some(token) = &self.token {
            headers.insert("x-auth-token", token.clone());
        }
    }

    /// Sends a request once.
    pub(crate) async fn execute(&self, request: Request) -> reqwest::Result<Response> {
        let response = self.http.execute(request).await?;
        let status = response.status();
        if status.is_client_error() || status.is_server_error() {
            return Ok(readable(response).await);
        }
        Ok(response)
    }
}

/// Turns an error body that is no JSON (HTML, cut off, empty) into a JSON string, so that the
/// generated client keeps its status and headers.
async fn readable(mut response: Response) -> Response {
    let mut body = Vec::new();
    while body.len() < ERROR_BODY_LIMIT
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk);
    }
    body.truncate(ERROR_BODY_LIMIT);
    if serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_err() {
        body = serde_json::Value::from(String::from_utf8_lossy(&body))
            .to_string()
            .into_bytes();
    }
    let mut kept = http::Response::new(body);
    *kept.status_mut() = response.status();
    *kept.headers_mut() = std::mem::take(response.headers_mut());
    kept.headers_mut().remove(CONTENT_LENGTH);
    kept.headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    kept.into()
}
