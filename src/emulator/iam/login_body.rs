//! The body of a login.

use axum::http::StatusCode;
use serde::Deserialize;

use super::IamError;
use crate::emulator::operation::is_json;
use crate::emulator::server::Received;

/// A method of a login.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Password,
    Token,
}

// None of these is `Debug`: they hold the password.
#[derive(Deserialize)]
struct LoginBody {
    auth: LoginAuth,
}

#[derive(Deserialize)]
pub(crate) struct LoginAuth {
    pub(crate) identity: LoginIdentity,
    pub(crate) scope: Option<AskedScope>,
}

#[derive(Deserialize)]
pub(crate) struct LoginIdentity {
    methods: Vec<String>,
    pub(crate) password: Option<PasswordMethod>,
    pub(crate) token: Option<TokenMethod>,
}

#[derive(Deserialize)]
pub(crate) struct PasswordMethod {
    pub(crate) user: LoginUser,
}

#[derive(Deserialize)]
pub(crate) struct LoginUser {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) domain: Option<Named>,
    pub(crate) password: String,
}

#[derive(Deserialize)]
pub(crate) struct TokenMethod {
    pub(crate) id: String,
}

#[derive(Deserialize)]
pub(crate) struct AskedScope {
    pub(crate) project: Option<Named>,
    pub(crate) domain: Option<Named>,
}

/// A domain or a project by its name, its id or both.
#[derive(Deserialize)]
pub(crate) struct Named {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    /// Domain of a project.
    pub(crate) domain: Option<Box<Named>>,
}

/// Reads the body of a login.
pub(crate) fn read(received: &Received) -> Result<LoginAuth, IamError> {
    if let Err(unread) = &received.body {
        return Err(IamError::new(unread.status(), unread.message()));
    }
    if !is_json(&received.head.headers) {
        let message = "Content-Type must be application/json.";
        return Err(IamError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    match serde_json::from_slice::<LoginBody>(received.bytes()) {
        Ok(request) => Ok(request.auth),
        // Only the place: serde's message may repeat a value.
        Err(error) => Err(malformed(format!(
            "The body is not a login: see line {}, column {}.",
            error.line(),
            error.column()
        ))),
    }
}

impl LoginIdentity {
    /// The methods of the login, each once; fails where one of them is not emulated.
    pub(crate) fn methods(&self) -> Result<Vec<Method>, IamError> {
        let mut methods = Vec::new();
        for method in &self.methods {
            let method = Method::parse(method)?;
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
        if methods.is_empty() {
            return Err(malformed("auth.identity.methods must name a method."));
        }
        Ok(methods)
    }
}

impl Method {
    fn parse(name: &str) -> Result<Self, IamError> {
        Err(malformed(match name {
            "password" => return Ok(Self::Password),
            "token" => return Ok(Self::Token),
            "assume_role" => {
                "The emulator has no agencies (assume_role): log in with password or token."
            }
            "totp" => "The emulator has no second factor (totp): log in with password alone.",
            _ => "auth.identity.methods: the emulator knows password and token alone.",
        }))
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Token => "token",
        }
    }
}

/// A refusal with 400 and not 401, at which clients log in again, and would do so for ever.
pub(crate) fn malformed(message: impl Into<String>) -> IamError {
    IamError::new(StatusCode::BAD_REQUEST, message)
}

impl Named {
    /// Whether it has this id or, if it has none, this name.
    pub(crate) fn is(&self, id: &str, name: &str) -> bool {
        match (&self.id, &self.name) {
            (Some(asked), _) => asked == id,
            (None, Some(asked)) => asked == name,
            (None, None) => false,
        }
    }
}
