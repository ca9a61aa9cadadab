//! Tokens issued for a password or for another token, and tokens validated.

use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::json;

use super::login_body::{
    AskedScope, LoginAuth, LoginIdentity, LoginUser, Method, Named, malformed, read,
};
use super::shown::{self, DOMAIN_ID, USER_ID};
use super::{Iam, IamError};
use crate::emulator::access::{IssuedToken, Scope};
use crate::emulator::clock::later;
use crate::emulator::options::Options;
use crate::emulator::parameters;
use crate::emulator::server::{Received, respond};

/// Header with the token that is issued or asked about.
const SUBJECT_TOKEN: &str = "x-subject-token";

/// Issues a token.
pub(crate) fn login(iam: &Iam, received: &Received) -> Result<Response, IamError> {
    let LoginAuth { identity, scope } = read(received)?;
    let now = iam.shared.now();
    let methods = identity.methods()?;
    let expires = authenticate(iam, &identity, &methods, now)?;
    let scope = match scope {
        Some(scope) => find_scope(&iam.shared.options, &scope)?,
        None => Scope::Unscoped,
    };
    let token = IssuedToken {
        scope,
        methods: methods.into_iter().map(Method::as_str).collect(),
        issued: now,
        expires: Some(expires),
    };
    let mut answer = answer(iam, received, StatusCode::CREATED, &token);
    if let Ok(text) = HeaderValue::try_from(iam.shared.tokens.issue(token)) {
        answer.headers_mut().insert(SUBJECT_TOKEN, text);
    }
    Ok(answer)
}

/// Describes a token that the caller names.
pub(crate) fn validate(iam: &Iam, received: &Received) -> Result<Response, IamError> {
    iam.caller(received)?;
    let missing = || {
        let message = "Could not find the token of X-Subject-Token: it is unknown or has expired.";
        IamError::new(StatusCode::NOT_FOUND, message)
    };
    let text = received
        .head
        .headers
        .get(SUBJECT_TOKEN)
        .ok_or_else(|| malformed("X-Subject-Token must name the token to validate."))?;
    let known = text.to_str().map_err(|_| missing())?;
    let shared = &iam.shared;
    let token = shared
        .tokens
        .find(known, shared.now())
        .map_err(|_| missing())?;
    let mut answer = answer(iam, received, StatusCode::OK, &token);
    answer.headers_mut().insert(SUBJECT_TOKEN, text.clone());
    Ok(answer)
}

/// The description of a token, with the catalog unless the caller does not want it.
fn answer(iam: &Iam, received: &Received, status: StatusCode, token: &IssuedToken) -> Response {
    let query = parameters::pairs(received.query());
    let has_catalog = !query
        .iter()
        .any(|(name, value)| name == "nocatalog" && !value.is_empty());
    let catalog = has_catalog.then_some(&iam.catalog);
    let shown = shown::token(&iam.shared.options, token, catalog);
    respond(status, &json!({ "token": shown }))
}

/// Checks the proofs of identity, and gives the time at which a token for them expires.
fn authenticate(
    iam: &Iam,
    identity: &LoginIdentity,
    methods: &[Method],
    now: Timestamp,
) -> Result<Timestamp, IamError> {
    let mut expires = later(now, iam.shared.options.token_lifetime);
    for method in methods {
        match method {
            Method::Password => {
                let password = identity
                    .password
                    .as_ref()
                    .ok_or_else(|| malformed("The password is missing."))?;
                check_user(&iam.shared.options, &password.user)?;
            }
            Method::Token => {
                let token = identity
                    .token
                    .as_ref()
                    .ok_or_else(|| malformed("The token is missing."))?;
                let tokens = &iam.shared.tokens;
                let token = tokens.find(&token.id, now).map_err(|_| unauthorized())?;
                // Otherwise a login could be extended for ever.
                expires = token.expires.map_or(expires, |time| time.min(expires));
            }
        }
    }
    Ok(expires)
}

fn check_user(options: &Options, user: &LoginUser) -> Result<(), IamError> {
    let is_known = match (&user.id, &user.name, &user.domain) {
        (Some(id), ..) => id == USER_ID,
        (None, Some(name), Some(domain)) => *name == options.username && is_domain(options, domain),
        _ => return Err(malformed("A user needs an id, or a name and a domain.")),
    };
    if is_known && user.password == options.password {
        return Ok(());
    }
    Err(unauthorized())
}

/// The scope that is asked for, if it exists; a project wins over a domain.
fn find_scope(options: &Options, asked: &AskedScope) -> Result<Scope, IamError> {
    let (scope, is_known) = if let Some(project) = &asked.project {
        let domain = project.domain.as_ref();
        let is_domain = domain.is_none_or(|domain| is_domain(options, domain));
        let is_known = is_domain && project.is(&options.project_id, &options.region);
        (Scope::Project, is_known)
    } else if let Some(domain) = &asked.domain {
        (Scope::Domain, is_domain(options, domain))
    } else {
        return Err(malformed("A scope needs a project or a domain."));
    };
    if is_known {
        return Ok(scope);
    }
    let kind = if scope == Scope::Project {
        "project"
    } else {
        "domain"
    };
    let message = format!("Could not find the {kind} of the scope.");
    Err(IamError::new(StatusCode::NOT_FOUND, message))
}

fn is_domain(options: &Options, domain: &Named) -> bool {
    domain.is(DOMAIN_ID, &options.domain)
}

/// The same refusal whatever is wrong, so that it gives nothing away.
fn unauthorized() -> IamError {
    let message = "The username or password is wrong.";
    IamError::new(StatusCode::UNAUTHORIZED, message)
}
