//! The tokens that IAM has issued, and their scopes.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard};

use jiff::Timestamp;

use crate::emulator::identity::hex_like;
use crate::lock::lock;

/// Digits of a token.
const DIGITS: usize = 64;
/// Tokens that are known at one time.
const MOST: usize = 10_000;

/// The scope of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The services, in the project.
    Project,
    /// The services that have no projects.
    Domain,
    /// Only IAM itself.
    Unscoped,
}

/// A token that IAM has issued.
#[derive(Clone, Debug)]
pub(crate) struct IssuedToken {
    pub(crate) scope: Scope,
    /// Methods of the login that it was issued for.
    pub(crate) methods: Vec<&'static str>,
    pub(crate) issued: Timestamp,
    /// `None` for one that does not expire by itself.
    pub(crate) expires: Option<Timestamp>,
}

/// Reason why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Useless {
    /// It was never issued.
    Unknown,
    /// It has expired.
    Expired,
}

/// All tokens by their text.
pub(crate) struct Tokens(Mutex<HashMap<String, IssuedToken>>);

impl Tokens {
    /// Starts with one token of the project, which does not expire by itself.
    pub(crate) fn with(text: &str, now: Timestamp) -> Self {
        let tokens = Self(Mutex::default());
        tokens.reset(text, now);
        tokens
    }

    /// Forgets all others.
    pub(crate) fn reset(&self, text: &str, now: Timestamp) {
        let token = IssuedToken {
            scope: Scope::Project,
            methods: vec!["password"],
            issued: now,
            expires: None,
        };
        *self.lock() = HashMap::from([(text.to_owned(), token)]);
    }

    /// Issues a token; with too many of them the oldest one is forgotten.
    pub(crate) fn issue(&self, token: IssuedToken) -> String {
        let text = hex_like(&"0".repeat(DIGITS));
        let mut tokens = self.lock();
        if tokens.len() >= MOST {
            let oldest = tokens
                .iter()
                .filter(|(_, token)| token.expires.is_some())
                .min_by_key(|(_, token)| token.issued)
                .map(|(text, _)| text.clone());
            if let Some(oldest) = oldest {
                tokens.remove(&oldest);
            }
        }
        tokens.insert(text.clone(), token);
        text
    }

    /// The token with this text, if it has not expired.
    pub(crate) fn find(&self, text: &str, now: Timestamp) -> Result<IssuedToken, Useless> {
        match self.lock().get(text) {
            None => Err(Useless::Unknown),
            Some(token) if token.expires.is_some_and(|time| time <= now) => Err(Useless::Expired),
            Some(token) => Ok(token.clone()),
        }
    }

    /// Expires all tokens but those that do not expire by themselves.
    pub(crate) fn expire(&self, now: Timestamp) {
        for token in self.lock().values_mut() {
            token.expires = token.expires.map(|time| time.min(now));
        }
    }

    /// Expires a token, if it was issued.
    pub(crate) fn revoke(&self, text: &str, now: Timestamp) {
        if let Some(token) = self.lock().get_mut(text) {
            token.expires = Some(token.expires.map_or(now, |time| time.min(now)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, IssuedToken>> {
        lock(&self.0)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Their texts are secrets.
        f.debug_struct("Tokens")
            .field("count", &self.lock().len())
            .finish()
    }
}
