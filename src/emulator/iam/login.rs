//! Tokens for a password or for another token, and what is told of them.

use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::shown::{self, DOMAIN_ID, USER_ID};
use super::{Iam, IamError};
use crate::emulator::Options;
use crate::emulator::access::{Scope, Token};
use crate::emulator::clock::later;
use crate::emulator::operation::is_json;
use crate::emulator::parameters;
use crate::emulator::server::{Received, respond};

/// Header with the token that is given or asked about.
const SUBJECT_TOKEN: &str = "x-subject-token";
/// The methods of a login.
const PASSWORD: &str = "password";
const TOKEN: &str = "token";

// None of these is `Debug`: they hold the password.
#[derive(Deserialize)]
struct Request {
    auth: Auth,
}

#[derive(Deserialize)]
struct Auth {
    identity: Identity,
    scope: Option<AskedScope>,
}

#[derive(Deserialize)]
struct Identity {
    methods: Vec<String>,
    password: Option<PasswordMethod>,
    token: Option<TokenMethod>,
}

#[derive(Deserialize)]
struct PasswordMethod {
    user: User,
}

#[derive(Deserialize)]
struct User {
    id: Option<String>,
    name: Option<String>,
    domain: Option<Named>,
    password: String,
}

#[derive(Deserialize)]
struct TokenMethod {
    id: String,
}

#[derive(Deserialize)]
struct AskedScope {
    project: Option<Named>,
    domain: Option<Named>,
}

/// Something by its name, its id or both.
#[derive(Deserialize)]
struct Named {
    id: Option<String>,
    name: Option<String>,
    /// Of a project that is named.
    domain: Option<Box<Named>>,
}

/// Gives a token.
pub(super) fn login(iam: &Iam, received: &Received) -> Result<Response, IamError> {
    let Auth { identity, scope } = read(received)?;
    let now = iam.shared.now();
    let methods = methods(&identity)?;
    let expires = authenticate(iam, &identity, &methods, now)?;
    let scope = scope.map_or(Ok(Scope::Unscoped), |scope| {
        find_scope(&iam.shared.options, &scope)
    })?;
    let token = Token {
        scope,
        methods,
        issued: now,
        expires: Some(expires),
    };
    let mut answer = answer(iam, received, StatusCode::CREATED, &token);
    if let Ok(text) = HeaderValue::try_from(iam.shared.tokens.issue(token)) {
        answer.headers_mut().insert(SUBJECT_TOKEN, text);
    }
    Ok(answer)
}

/// Tells what a token is good for.
pub(super) fn validate(iam: &Iam, received: &Received) -> Result<Response, IamError> {
    iam.caller(received)?;
    let missing = || {
        let message = "Could not find the token of X-Subject-Token: it is unknown or has expired.";
        IamError::new(StatusCode::NOT_FOUND, message)
    };
    let headers = &received.head.headers;
    let text = headers.get(SUBJECT_TOKEN).ok_or_else(|| {
        let message = "X-Subject-Token must name the token to validate.";
        IamError::new(StatusCode::BAD_REQUEST, message)
    })?;
    let known = text.to_str().map_err(|_| missing())?;
    let token = iam.shared.tokens.find(known, iam.shared.now());
    let mut answer = answer(
        iam,
        received,
        StatusCode::OK,
        &token.map_err(|_| missing())?,
    );
    answer.headers_mut().insert(SUBJECT_TOKEN, text.clone());
    Ok(answer)
}

/// What is told of a token, with the catalog unless the caller does not want it.
fn answer(iam: &Iam, received: &Received, status: StatusCode, token: &Token) -> Response {
    let query = parameters::pairs(received.query());
    let has_catalog = !query
        .iter()
        .any(|(name, value)| name == "nocatalog" && !value.is_empty());
    let catalog = has_catalog.then_some(&iam.catalog);
    let shown = shown::token(&iam.shared.options, token, catalog);
    respond(status, &json!({ "token": shown }))
}

/// The request, if it has the form of one.
fn read(received: &Received) -> Result<Auth, IamError> {
    let malformed = |message: String| IamError::new(StatusCode::BAD_REQUEST, message);
    if let Err(unread) = &received.body {
        return Err(IamError::new(unread.status(), unread.message()));
    }
    if !is_json(&received.head.headers) {
        let message = "Content-Type must be application/json.";
        return Err(IamError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    match serde_json::from_slice::<Request>(received.bytes()) {
        Ok(request) => Ok(request.auth),
        // Only the place: serde's message may repeat a value.
        Err(error) => Err(malformed(format!(
            "The body is not a login: see line {}, column {}.",
            error.line(),
            error.column()
        ))),
    }
}

/// The methods of a login, each once; fails where one of them is not emulated.
fn methods(identity: &Identity) -> Result<Vec<&'static str>, IamError> {
    // Not 401: clients log in again when they get that, and would do so for ever.
    let refuse = |message: &str| Err(IamError::new(StatusCode::BAD_REQUEST, message));
    let mut methods = Vec::new();
    for method in &identity.methods {
        let method = match method.as_str() {
            "password" => PASSWORD,
            "token" => TOKEN,
            "assume_role" => {
                return refuse(
                    "The emulator has no agencies (assume_role): log in with password or token.",
                );
            }
            "totp" => {
                return refuse(
                    "The emulator has no second factor (totp): log in with password alone.",
                );
            }
            _ => {
                return refuse(
                    "auth.identity.methods: the emulator knows password and token alone.",
                );
            }
        };
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    match methods.is_empty() {
        true => refuse("auth.identity.methods must name a method."),
        false => Ok(methods),
    }
}

/// When a token for these proofs of identity expires.
fn authenticate(
    iam: &Iam,
    identity: &Identity,
    methods: &[&str],
    now: Timestamp,
) -> Result<Timestamp, IamError> {
    let malformed = |message: &str| IamError::new(StatusCode::BAD_REQUEST, message);
    let mut expires = later(now, iam.shared.options.token_lifetime);
    for method in methods {
        match *method {
            PASSWORD => {
                let password = identity.password.as_ref();
                let password = password.ok_or_else(|| malformed("The password is missing."))?;
                check_user(&iam.shared.options, &password.user)?;
            }
            _ => {
                let token = identity.token.as_ref();
                let token = token.ok_or_else(|| malformed("The token is missing."))?;
                let token = iam.shared.tokens.find(&token.id, now);
                let token = token.map_err(|_| unauthorized())?;
                // A token gives no right to go on for ever.
                expires = token.expires.map_or(expires, |time| time.min(expires));
            }
        }
    }
    Ok(expires)
}

fn check_user(options: &Options, user: &User) -> Result<(), IamError> {
    let is_known = match (&user.id, &user.name, &user.domain) {
        (Some(id), ..) => id == USER_ID,
        (None, Some(name), Some(domain)) => *name == options.username && is_domain(options, domain),
        _ => {
            let message = "A user needs an id, or a name and a domain.";
            return Err(IamError::new(StatusCode::BAD_REQUEST, message));
        }
    };
    if is_known && user.password == options.password {
        return Ok(());
    }
    Err(unauthorized())
}

/// What the token shall be good for, if it exists; a project wins over a domain.
fn find_scope(options: &Options, asked: &AskedScope) -> Result<Scope, IamError> {
    let missing = |what| {
        let message = format!("Could not find the {what} of the scope.");
        IamError::new(StatusCode::NOT_FOUND, message)
    };
    match asked {
        AskedScope {
            project: Some(project),
            ..
        } => {
            let is_domain = project
                .domain
                .as_ref()
                .is_none_or(|domain| is_domain(options, domain));
            let is_known = is_domain && project.is(&options.project_id, &options.region);
            is_known
                .then_some(Scope::Project)
                .ok_or_else(|| missing("project"))
        }
        AskedScope {
            domain: Some(domain),
            ..
        } => is_domain(options, domain)
            .then_some(Scope::Domain)
            .ok_or_else(|| missing("domain")),
        _ => {
            let message = "A scope needs a project or a domain.";
            Err(IamError::new(StatusCode::BAD_REQUEST, message))
        }
    }
}

fn is_domain(options: &Options, domain: &Named) -> bool {
    domain.is(DOMAIN_ID, &options.domain)
}

/// One answer for all that is wrong, which does not tell what.
fn unauthorized() -> IamError {
    let message = "The username or password is wrong.";
    IamError::new(StatusCode::UNAUTHORIZED, message)
}

impl Named {
    /// Whether it is this; the id wins over the name.
    fn is(&self, id: &str, name: &str) -> bool {
        match (&self.id, &self.name) {
            (Some(asked), _) => asked == id,
            (None, Some(asked)) => asked == name,
            (None, None) => false,
        }
    }
}
