//! Credentials, applied to requests: a token in a header, or a signature.

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::login::Login;
use super::{AccessKey, Credentials, aksk};
use crate::error::{Error, ErrorKind};

pub(crate) const TOKEN: &str = "x-auth-token";
const PROJECT: &str = "x-project-id";
const SECURITY_TOKEN: &str = "x-security-token";

/// What requests are made with.
#[derive(Debug)]
pub(crate) enum Identity {
    Token(HeaderValue),
    Password(Box<Login>),
    AccessKey {
        key: AccessKey,
        security_token: Option<HeaderValue>,
    },
}

impl Identity {
    pub(crate) fn new(credentials: Credentials) -> Result<Self, Error> {
        Ok(match credentials {
            Credentials::Token(token) => Self::Token(secret_header("token", &token)?),
            Credentials::Password(password) => Self::Password(Box::new(Login::new(password))),
            Credentials::AccessKey(key) => {
                // It becomes part of a header as it is.
                if HeaderValue::from_str(&key.access_key).is_err() {
                    return Err(unusable("access key"));
                }
                let token = key.security_token.as_ref();
                let token = token.map(|token| secret_header("security token", token));
                Self::AccessKey {
                    security_token: token.transpose()?,
                    key,
                }
            }
        })
    }
}

/// Adds a token to a request.
pub(crate) fn add_token(token: &HeaderValue, request: &mut Request) {
    request.headers_mut().insert(TOKEN, token.clone());
}

impl Identity {
    /// Signs a request as it will be sent, if there is a key for that.
    pub(crate) fn sign(
        &self,
        project: Option<&HeaderValue>,
        now: Timestamp,
        request: &mut Request,
    ) {
        let Self::AccessKey {
            key,
            security_token,
        } = self
        else {
            return;
        };
        for (name, value) in [
            (PROJECT, project),
            (SECURITY_TOKEN, security_token.as_ref()),
        ] {
            if let Some(value) = value {
                request.headers_mut().insert(name, value.clone());
            }
        }
        let date = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let authorization = signature(key, &date, request);
        let headers = request.headers_mut();
        for (name, text) in [(aksk::DATE, date), (AUTHORIZATION.as_str(), authorization)] {
            // Digits, and a key that was checked.
            if let Ok(mut value) = HeaderValue::try_from(text) {
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
    }

    /// Whether another token can be had for one that is refused.
    pub(crate) fn can_renew(&self) -> bool {
        matches!(self, Self::Password(_))
    }

    /// The newest token of a login, unless another one is being fetched.
    pub(crate) fn token(&self) -> Option<HeaderValue> {
        match self {
            Self::Password(login) => login.token(),
            Self::Token(_) | Self::AccessKey { .. } => None,
        }
    }

    /// What must not be shown, besides such a token.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        match self {
            Self::Token(token) => token.to_str().into_iter().collect(),
            Self::Password(login) => vec![login.password.password.expose_secret()],
            Self::AccessKey { key, .. } => {
                let token = key.security_token.as_ref();
                let token = token.map(ExposeSecret::expose_secret);
                token
                    .into_iter()
                    .chain([key.secret_key.expose_secret()])
                    .collect()
            }
        }
    }
}

/// The header `Authorization` of a request.
fn signature(key: &AccessKey, date: &str, request: &Request) -> String {
    let url = request.url();
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    // Only those that no proxy changes.
    let names = [CONTENT_TYPE.as_str(), PROJECT, SECURITY_TOKEN];
    let named = names.iter().filter_map(|name| {
        let value = request.headers().get(*name)?.to_str().ok()?;
        Some((*name, value))
    });
    let headers: Vec<_> = named.chain([("host", host.as_str())]).collect();
    let body = request.body().and_then(|body| body.as_bytes());
    let request = aksk::Request {
        method: request.method().as_str(),
        path: url.path(),
        query: url.query().unwrap_or_default(),
        headers: &headers,
        date,
        body: body.unwrap_or_default(),
    };
    aksk::sign(&request, &key.access_key, key.secret_key.expose_secret()).authorization
}

/// A header that is not shown, and wiped when the last copy is dropped.
pub(super) fn secret_header(name: &str, secret: &SecretString) -> Result<HeaderValue, Error> {
    let text = secret.expose_secret().trim();
    let bytes = Zeroizing::new(text.as_bytes().to_vec());
    let value = HeaderValue::from_maybe_shared(Bytes::from_owner(bytes));
    match value {
        Ok(mut value) if value.to_str().is_ok_and(|text| !text.is_empty()) => {
            value.set_sensitive(true);
            Ok(value)
        }
        _ => Err(unusable(name)),
    }
}

fn unusable(name: &str) -> Error {
    let message = format!("{name} must be one line of ASCII characters, and not empty");
    Error::general(ErrorKind::InvalidInput, message)
}
