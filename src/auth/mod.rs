//! Who calls: a token, a password that gets one, or an access key that signs.
//!
//! `identity.rs` applies credentials to requests, `aksk.rs` makes signatures, `login.rs` keeps the token
//! of a password; `iam.rs` and `remedy.rs` are what is said to IAM and about its refusals. Nothing is
//! sent here: `transport/iam.rs` asks IAM.
//!
//! Secrets are kept in [`SecretString`]s: `Debug` does not show them, and they are wiped when dropped.

pub mod aksk;
pub(crate) mod iam;
pub(crate) mod identity;
pub(crate) mod login;
mod names;
pub(crate) mod remedy;

use std::fmt;

pub use names::Names;
pub use secrecy::SecretString;

/// What a caller proves its identity with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credentials {
    /// A token of a project, sent as `X-Auth-Token`; it cannot be renewed.
    Token(SecretString),
    /// A user and a password, which IAM gives tokens for.
    Password(Password),
    /// An access key that signs every call.
    AccessKey(AccessKey),
}

/// A user and a password for IAM, and the project that tokens are wanted for.
///
/// Vendor's page: [Obtaining a token](https://docs.otc.t-systems.com/identity-access-management/api-ref/apis/token_management/obtaining_a_user_token_through_password_authentication.html).
#[derive(Clone, Debug)]
pub struct Password {
    /// Base URL of IAM, such as `https://iam.eu-de.otc.t-systems.com`, with or without `/v3`.
    pub iam_url: String,
    /// The user; one that is named needs a domain.
    pub user: NameOrId,
    /// Domain (account) of the user.
    pub domain: Option<NameOrId>,
    /// The password.
    pub password: SecretString,
    /// The project, which on both clouds is often named like the region.
    pub project: NameOrId,
}

/// An access key, permanent or temporary.
#[derive(Clone, Debug)]
pub struct AccessKey {
    /// The public part (AK).
    pub access_key: String,
    /// The secret part (SK).
    pub secret_key: SecretString,
    /// Sent as `X-Security-Token` with a temporary key.
    pub security_token: Option<SecretString>,
}

/// How a user, a domain or a project is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameOrId {
    /// By its name.
    Name(String),
    /// By its id.
    Id(String),
}

impl Credentials {
    /// A token that was got elsewhere.
    pub fn token(token: impl Into<SecretString>) -> Self {
        Self::Token(token.into())
    }

    /// A permanent access key.
    pub fn access_key(access_key: impl Into<String>, secret_key: impl Into<SecretString>) -> Self {
        Self::AccessKey(AccessKey {
            access_key: access_key.into(),
            secret_key: secret_key.into(),
            security_token: None,
        })
    }
}

impl fmt::Display for NameOrId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(text) | Self::Id(text) => f.write_str(text),
        }
    }
}
