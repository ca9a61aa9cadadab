//! Signatures with the access key, checked over the bytes that came in.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use super::Options;
use super::received::Received;
use crate::auth::aksk::{self, ALGORITHM, DATE};

/// How far the time of a signature may be from that of the emulator.
const LARGEST_SKEW: Duration = Duration::from_secs(15 * 60);
/// Form of the time of a signature.
const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// The parts of the header `Authorization`.
#[derive(Debug, PartialEq, Eq)]
struct Authorization<'a> {
    access_key: &'a str,
    /// Names as they stand there, separated by semicolons.
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
        Some(Self {
            access_key: part("Access")?,
            signed_headers: part("SignedHeaders")?,
            signature: part("Signature")?,
        })
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        self.signed_headers.split(';').map(str::trim)
    }
}

/// Fails with words for people when the request is not signed by the access key.
pub(super) fn check(request: &Received, options: &Options, now: Timestamp) -> Result<(), String> {
    let authorization = request
        .header("authorization")
        .and_then(Authorization::parse);
    let Some(authorization) = authorization else {
        let form = "Access=..., SignedHeaders=..., Signature=...";
        return Err(format!("Authorization must be {ALGORITHM} {form}"));
    };
    let date = check_date(request, &authorization, now)?;
    if authorization.access_key != options.access_key {
        return Err("The access key is unknown.".to_owned());
    }
    if let Some(token) = &options.security_token {
        let sent = request.header("x-security-token").unwrap_or_default();
        if !is_same(sent, token) {
            return Err("The access key is temporary and needs its X-Security-Token.".to_owned());
        }
    }
    let mut headers = Vec::new();
    for name in authorization.names() {
        let value = request.header(name);
        headers.push((name, value.ok_or("A signed header is missing.")?));
    }
    let request = aksk::Request {
        method: request.head.method.as_str(),
        path: request.head.uri.path(),
        query: request.query(),
        headers: &headers,
        date,
        body: request.bytes(),
    };
    let signed = aksk::sign(&request, &options.access_key, &options.secret_key);
    if is_same(&signed.signature, authorization.signature) {
        return Ok(());
    }
    let hash = signed.string_to_sign.lines().last().unwrap_or_default();
    Err(format!(
        "The signature is wrong; the canonical request has the hash {hash} here."
    ))
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
    let time = DateTime::strptime(DATE_FORMAT, date).and_then(|time| time.to_zoned(TimeZone::UTC));
    let (true, Ok(time)) = (is_signed, time) else {
        return Err(format!(
            "{DATE} must be signed and have the form {DATE_FORMAT}."
        ));
    };
    let skew = now.duration_since(time.timestamp()).abs();
    if SignedDuration::try_from(LARGEST_SKEW).is_ok_and(|largest| skew > largest) {
        return Err("The time of the signature is more than 15 minutes off.".to_owned());
    }
    Ok(date)
}

/// Whether two secrets are the same, told in the same time wherever they differ.
fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authorization_is_read_with_and_without_spaces() {
        let expected = Authorization {
            access_key: "AK",
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
        for text in [
            "",
            "Basic QUtTSw==",
            "SDK-HMAC-SHA256",
            "SDK-HMAC-SHA256 Access=AK, Signature=0f",
        ] {
            assert_eq!(Authorization::parse(text), None, "{text}");
        }
    }
}
