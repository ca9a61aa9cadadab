//! Signatures with the access key, checked over the bytes that came in.
//!
//! There are two forms: the current one, whose key is the secret key itself, and the older one with a
//! scope of date, region and service, whose key is derived from them. Both sign the same request.

mod mistakes;

use std::time::Duration;

use axum::http::HeaderValue;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use crate::auth::aksk::{self, ALGORITHM, CONTENT_HASH, DATE};
use crate::emulator::clock::Clock;
use crate::emulator::options::Options;
use crate::emulator::server::Received;

/// Largest difference between the time of a signature and the emulator's.
const LARGEST_SKEW: Duration = Duration::from_secs(15 * 60);
/// Form of the time of a signature.
const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";
/// Text in place of the hash of a body that is not signed.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
/// End of a scope.
const SCOPE_END: &str = "sdk_request";

/// The parts of the header `Authorization`.
#[derive(Debug, PartialEq, Eq)]
struct Authorization<'a> {
    access_key: &'a str,
    /// Date, region, service and the end, separated by slashes; only in the older form.
    scope: Option<&'a str>,
    /// Names as they were sent, separated by semicolons.
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let parts = text.trim().strip_prefix(ALGORITHM)?;
        let part = |name: &str| {
            let mut parts = parts.split(',').map(str::trim);
            parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
        };
        let (access_key, scope) = match part("Access") {
            Some(key) => (key, None),
            None => {
                let (key, scope) = part("Credential")?.split_once('/')?;
                (key, Some(scope))
            }
        };
        Some(Self {
            access_key,
            scope,
            signed_headers: part("SignedHeaders")?,
            signature: part("Signature")?,
        })
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        self.signed_headers.split(';').map(str::trim)
    }

    /// The signature of a canonical request in the form that was chosen.
    fn sign(&self, canonical_request: &str, date: &str, secret_key: &str) -> String {
        let hash = aksk::hash(canonical_request.as_bytes());
        let Some(scope) = self.scope else {
            let text = format!("{ALGORITHM}\n{date}\n{hash}");
            return aksk::hex(&aksk::hmac(secret_key.as_bytes(), text.as_bytes()));
        };
        let text = format!("{ALGORITHM}\n{date}\n{scope}\n{hash}");
        let mut key = format!("SDK{secret_key}").into_bytes();
        for part in scope.split('/') {
            key = aksk::hmac(&key, part.as_bytes()).to_vec();
        }
        aksk::hex(&aksk::hmac(&key, text.as_bytes()))
    }
}

/// Fails with a message for people when the request is not signed by the access key.
///
/// The log of requests has more about a wrong signature than the answer.
pub(crate) fn check(options: &Options, clock: &Clock, request: &Received) -> Result<(), String> {
    let header = request.header("authorization");
    let Some(authorization) = header.and_then(Authorization::parse) else {
        let form = "Access=..., SignedHeaders=..., Signature=...";
        return Err(format!("Authorization must be {ALGORITHM} {form}"));
    };
    let date = check_date(request, &authorization, clock.callers_now())?;
    if authorization.access_key != options.access_key {
        return Err("The access key is unknown.".to_owned());
    }
    let expected = options.security_token.as_deref().unwrap_or_default();
    let sent = request.head.headers.get("x-security-token");
    if !is_same(sent.map_or(b"", HeaderValue::as_bytes), expected.as_bytes()) {
        let kind = if expected.is_empty() {
            "permanent and has no X-Security-Token"
        } else {
            "temporary and needs its X-Security-Token"
        };
        return Err(format!("The access key is {kind}."));
    }
    let mut headers = Vec::new();
    for name in authorization.names() {
        let value = request.header(name);
        headers.push((name, value.ok_or("A signed header is missing.")?));
    }
    check_hash(request)?;
    let signed = aksk::Request {
        method: request.head.method.as_str(),
        path: request.head.uri.path(),
        query: request.query(),
        headers: &headers,
        date,
        body: request.bytes(),
    };
    let canonical = aksk::sign(&signed, &options.access_key, &options.secret_key).canonical_request;
    let is_signed = |canonical: &str| {
        let signature = authorization.sign(canonical, date, &options.secret_key);
        is_same(signature.as_bytes(), authorization.signature.as_bytes())
    };
    if is_signed(&canonical) {
        return Ok(());
    }
    let note = mistakes::explain(&canonical, &signed, is_signed);
    request.entry.note(note);
    let hash = aksk::hash(canonical.as_bytes());
    Err(format!(
        "The signature is wrong; the canonical request has the hash {hash} here."
    ))
}

/// Fails when a hash of the body is given that is not that of the body.
fn check_hash(request: &Received) -> Result<(), String> {
    let given = request.header(CONTENT_HASH).unwrap_or_default();
    let is_free = given.is_empty() || given == UNSIGNED || request.bytes().is_empty();
    if is_free || given.eq_ignore_ascii_case(&aksk::hash(request.bytes())) {
        return Ok(());
    }
    Err(format!("{CONTENT_HASH} is not the hash of the body."))
}

/// The time of the signature as it was sent, if it is signed and near.
fn check_date<'a>(
    request: &'a Received,
    authorization: &Authorization<'_>,
    now: Timestamp,
) -> Result<&'a str, String> {
    let date = request.header(DATE).unwrap_or_default();
    let is_signed = authorization
        .names()
        .any(|name| name.eq_ignore_ascii_case(DATE));
    let time = DateTime::strptime(DATE_FORMAT, date)
        .and_then(|time| time.to_zoned_datetime(TimeZone::UTC));
    let (true, Ok(time)) = (is_signed, time) else {
        return Err(format!(
            "{DATE} must be signed and have the form {DATE_FORMAT}."
        ));
    };
    if let Some(scope) = authorization.scope
        && !is_scope(scope, date)
    {
        return Err(format!(
            "The scope must be the day of {DATE}, region, service and {SCOPE_END}."
        ));
    }
    let skew = now.duration_since(time.timestamp()).abs();
    if SignedDuration::try_from(LARGEST_SKEW).is_ok_and(|largest| skew > largest) {
        return Err("The time of the signature is more than 15 minutes off.".to_owned());
    }
    Ok(date)
}

/// Whether a scope has its four parts and is of this day; region and service may be empty.
fn is_scope(scope: &str, date: &str) -> bool {
    let parts: Vec<&str> = scope.split('/').collect();
    matches!(parts[..], [day, _, _, SCOPE_END] if date.split('T').next() == Some(day))
}

/// Whether two secrets are the same, compared in constant time.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authorization_is_read_with_and_without_spaces() {
        let expected = Authorization {
            access_key: "AK",
            scope: None,
            signed_headers: "host;x-sdk-date",
            signature: "0f",
        };
        for text in [
            "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=0f",
            "SDK-HMAC-SHA256 Access=AK,SignedHeaders=host;x-sdk-date,Signature=0f",
            "SDK-HMAC-SHA256  Signature=0f ,  Access=AK,SignedHeaders=host;x-sdk-date",
        ] {
            assert_eq!(Authorization::parse(text).as_ref(), Some(&expected));
        }
        let scoped = "SDK-HMAC-SHA256 Credential=AK/20260102///sdk_request, \
                      SignedHeaders=host;x-sdk-date, Signature=0f";
        let scope = Some("20260102///sdk_request");
        let expected = Authorization { scope, ..expected };
        assert_eq!(Authorization::parse(scoped), Some(expected));
        for text in [
            "",
            "Basic QUtTSw==",
            "SDK-HMAC-SHA256",
            "SDK-HMAC-SHA256 Access=AK, Signature=0f",
            "SDK-HMAC-SHA256 Credential=AK, SignedHeaders=host, Signature=0f",
        ] {
            assert_eq!(Authorization::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_scope_is_of_the_day_of_the_signature() {
        let date = "20260102T030405Z";
        assert!(is_scope("20260102/eu-de/rds/sdk_request", date));
        assert!(is_scope("20260102///sdk_request", date));
        for wrong in [
            "",
            "20260103///sdk_request",
            "20260102//sdk_request",
            "20260102///aws4",
        ] {
            assert!(!is_scope(wrong, date), "{wrong}");
        }
    }

    /// The signatures are those of an implementation of its own.
    #[test]
    fn a_scope_takes_part_in_key_and_text() {
        let date = "20260102T030405Z";
        let body = aksk::hash(b"");
        let canonical = format!("GET\n/\n\nx-sdk-date:{date}\n\nx-sdk-date\n{body}");
        let scope = Some("20260102/eu-de/rds/sdk_request");
        for (scope, signature) in [
            (
                scope,
                "98bf05620bcd230847f21705301f4d61cb7f64e562a169362a95f2c4be8d88d2",
            ),
            (
                None,
                "f62699e70c3c0e8ee7d1ee7d90b30f1cdcc9b3a491e0f8b5259c2969ec3ec7a6",
            ),
        ] {
            let authorization = Authorization {
                access_key: "AK",
                scope,
                signed_headers: "x-sdk-date",
                signature: "",
            };
            let signed = authorization.sign(&canonical, date, "testsecretkey");
            assert_eq!(signed, signature);
        }
    }
}
