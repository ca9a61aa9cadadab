//! A password with the token that it got last: who logs in, when again, and what is said to IAM.
//!
//! Nothing is sent here; the transport, which is above, hands in how.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use tokio::sync::Mutex;

use super::identity::secret_header;
use super::remedy::Asked;
use super::{Password, iam};
use crate::error::{Error, ErrorKind};
use crate::model::ProjectId;

/// A password with the token that it got last.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) password: Password,
    last: Mutex<Option<Result<Session, Error>>>,
    /// Logins so far.
    count: AtomicU64,
}

/// A token in use.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) header: HeaderValue,
    /// Id of the project of the token.
    pub(crate) project: Option<String>,
    /// When it should be renewed.
    until: Instant,
}

impl Login {
    pub(super) fn new(password: Password) -> Self {
        Self {
            password,
            last: Mutex::default(),
            count: AtomicU64::new(0),
        }
    }

    /// A token that is not the stale one: the last one, or that of a new login, which `ask` sends.
    ///
    /// Calls that come during a login share its result, also a failure: a wrong password that is
    /// tried many times at once locks the user out.
    pub(crate) async fn session<F>(
        &self,
        stale: Option<&HeaderValue>,
        ask: impl FnOnce(Request) -> F,
    ) -> Result<Session, Error>
    where
        F: Future<Output = Result<http::Response<Vec<u8>>, Error>>,
    {
        let seen = self.count.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        let is_shared = self.count.load(Ordering::Acquire) != seen;
        match &*last {
            Some(Ok(session))
                if Instant::now() < session.until && stale != Some(&session.header) =>
            {
                return Ok(session.clone());
            }
            Some(Err(error)) if is_shared => return Err(error.clone()),
            _ => {}
        }
        let result = match self.request() {
            Ok(request) => ask(request).await.and_then(Session::read),
            Err(error) => Err(error),
        };
        *last = Some(result.clone());
        self.count.fetch_add(1, Ordering::Release);
        result
    }

    fn request(&self) -> Result<Request, Error> {
        let mut url = url(&self.password.iam_url, Asked::Login)?;
        url.set_query(Some("nocatalog=true"));
        let mut request = Request::new(Method::POST, url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        let body = iam::login_body(&self.password)?;
        *request.body_mut() = Some(Bytes::from_owner(body).into());
        Ok(request)
    }

    /// The newest token, unless another one is being fetched.
    pub(super) fn token(&self) -> Option<HeaderValue> {
        let last = self.last.try_lock().ok()?;
        let session = last.as_ref()?.as_ref().ok()?;
        Some(session.header.clone())
    }
}

impl Session {
    fn read(answer: http::Response<Vec<u8>>) -> Result<Self, Error> {
        let header = answer.headers().get("x-subject-token");
        let header = header.and_then(|header| header.to_str().ok());
        let token = iam::token(header, answer.body())
            .map_err(|error| error.with_context(Asked::Login.as_str()))?;
        Ok(Self {
            header: secret_header("token", &token.text)?,
            // It becomes part of messages, and there is another way to find it.
            project: token.project.filter(|id| id.parse::<ProjectId>().is_ok()),
            until: Instant::now() + token.life,
        })
    }
}

/// A request for the id of a project with this name.
pub(crate) fn project_request(iam_url: &str, name: &str) -> Result<Request, Error> {
    let mut url = url(iam_url, Asked::Project)?;
    url.query_pairs_mut().append_pair("name", name);
    Ok(Request::new(Method::GET, url))
}

/// Without a user, which nobody has there, and nobody should read in a message.
fn url(base: &str, asked: Asked) -> Result<Url, Error> {
    let invalid = |what| {
        let message = format!("the URL of IAM must {what}, such as https://iam.example.com");
        Error::general(ErrorKind::InvalidInput, message)
    };
    let url = Url::parse(&iam::url(base, asked)).map_err(|_| invalid("be a whole one"))?;
    if url.username().is_empty() && url.password().is_none() {
        Ok(url)
    } else {
        Err(invalid("not have a user"))
    }
}
