//! The tokens that IAM has given out, and what each is good for.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::identity::hex_like;

/// Digits of a token.
const DIGITS: usize = 64;

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// The services, in the project.
    Project,
    /// The services that have no projects.
    Domain,
    /// Only IAM itself.
    Unscoped,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) scope: Scope,
    pub(super) issued: Timestamp,
    /// `None` for one that does not expire by itself.
    pub(super) expires: Option<Timestamp>,
}

/// Why a token is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Useless {
    /// It was never given out.
    Unknown,
    /// It was good until now.
    Expired,
}

/// All tokens by their text.
pub(super) struct Tokens(Mutex<HashMap<String, Token>>);

impl Tokens {
    /// Knows one token of the project, which does not expire by itself.
    pub(super) fn with(text: &str, now: Timestamp) -> Self {
        let token = Token {
            scope: Scope::Project,
            issued: now,
            expires: None,
        };
        Self(Mutex::new(HashMap::from([(text.to_owned(), token)])))
    }

    /// Gives out a token.
    pub(super) fn issue(&self, token: Token) -> String {
        let text = hex_like(&"0".repeat(DIGITS));
        self.lock().insert(text.clone(), token);
        text
    }

    /// The token with this text, if it is good now.
    pub(super) fn find(&self, text: &str, now: Timestamp) -> Result<Token, Useless> {
        match self.lock().get(text) {
            None => Err(Useless::Unknown),
            Some(token) if token.expires.is_some_and(|time| time <= now) => Err(Useless::Expired),
            Some(token) => Ok(*token),
        }
    }

    /// Ends all tokens that would expire some day.
    pub(super) fn expire(&self, now: Timestamp) {
        for token in self.lock().values_mut() {
            token.expires = token.expires.map(|time| time.min(now));
        }
    }

    /// Ends this token, if there is one.
    pub(super) fn revoke(&self, text: &str, now: Timestamp) {
        if let Some(token) = self.lock().get_mut(text) {
            token.expires = Some(token.expires.map_or(now, |time| time.min(now)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Token>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
