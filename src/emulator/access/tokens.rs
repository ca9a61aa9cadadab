//! The tokens that IAM has given out, and what each is good for.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::emulator::identity::hex_like;

/// Digits of a token.
const DIGITS: usize = 64;
/// Tokens that are known at one time.
const MOST: usize = 10_000;

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emulator) enum Scope {
    /// The services, in the project.
    Project,
    /// The services that have no projects.
    Domain,
    /// Only IAM itself.
    Unscoped,
}

/// A token.
#[derive(Clone, Debug)]
pub(in crate::emulator) struct Token {
    pub(in crate::emulator) scope: Scope,
    /// How its holder has shown who he is.
    pub(in crate::emulator) methods: Vec<&'static str>,
    pub(in crate::emulator) issued: Timestamp,
    /// `None` for one that does not expire by itself.
    pub(in crate::emulator) expires: Option<Timestamp>,
}

/// Why a token is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emulator) enum Useless {
    /// It was never given out.
    Unknown,
    /// It was good until now.
    Expired,
}

/// All tokens by their text.
pub(in crate::emulator) struct Tokens(Mutex<HashMap<String, Token>>);

impl Tokens {
    /// Knows one token of the project, which does not expire by itself.
    pub(in crate::emulator) fn with(text: &str, now: Timestamp) -> Self {
        let tokens = Self(Mutex::default());
        tokens.reset(text, now);
        tokens
    }

    /// Forgets all others.
    pub(in crate::emulator) fn reset(&self, text: &str, now: Timestamp) {
        let token = Token {
            scope: Scope::Project,
            methods: vec!["password"],
            issued: now,
            expires: None,
        };
        *self.lock() = HashMap::from([(text.to_owned(), token)]);
    }

    /// Gives out a token; with too many of them the oldest one is forgotten.
    pub(in crate::emulator) fn issue(&self, token: Token) -> String {
        let text = hex_like(&"0".repeat(DIGITS));
        let mut tokens = self.lock();
        if tokens.len() >= MOST {
            let given = tokens.iter().filter(|(_, token)| token.expires.is_some());
            let oldest = given.min_by_key(|(_, token)| token.issued);
            if let Some(text) = oldest.map(|(text, _)| text.clone()) {
                tokens.remove(&text);
            }
        }
        tokens.insert(text.clone(), token);
        text
    }

    /// The token with this text, if it is good now.
    pub(in crate::emulator) fn find(&self, text: &str, now: Timestamp) -> Result<Token, Useless> {
        match self.lock().get(text) {
            None => Err(Useless::Unknown),
            Some(token) if token.expires.is_some_and(|time| time <= now) => Err(Useless::Expired),
            Some(token) => Ok(token.clone()),
        }
    }

    /// Ends all tokens that would expire some day.
    pub(in crate::emulator) fn expire(&self, now: Timestamp) {
        for token in self.lock().values_mut() {
            token.expires = token.expires.map(|time| time.min(now));
        }
    }

    /// Ends this token, if there is one.
    pub(in crate::emulator) fn revoke(&self, text: &str, now: Timestamp) {
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
