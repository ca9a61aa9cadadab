//! The older form of signatures, with a scope, and what is told of wrong ones.

use dbbackup::Service;
use dbbackup::auth::aksk::{self, sign};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use reqwest::RequestBuilder;
use sha2::{Digest, Sha256};

use super::{Stand, error_code};

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a caller signs, and with what.
struct Scoped<'a> {
    /// Region and service.
    place: &'a str,
    secret_key: &'a str,
    /// Of the scope, `None` for that of the date.
    day: Option<&'a str>,
    /// What the caller makes of the canonical request.
    change: fn(String) -> String,
}

const GOOD: Scoped<'_> = Scoped {
    place: "eu-de/rds",
    secret_key: "emulated-secret-key",
    day: None,
    change: |canonical| canonical,
};

impl Scoped<'_> {
    /// The request with date and signature.
    fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        let date = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let built = request.try_clone().unwrap().build().unwrap();
        let host = built.url().authority().to_owned();
        let signed = aksk::Request {
            method: built.method().as_str(),
            path: built.url().path(),
            query: built.url().query().unwrap_or_default(),
            headers: &[("host", &host)],
            date: &date,
            body: b"",
        };
        let canonical = (self.change)(sign(&signed, "", "").canonical_request);
        let hash = hex(&Sha256::digest(canonical));
        let scope = format!(
            "{}/{}/sdk_request",
            self.day.unwrap_or(&date[..8]),
            self.place
        );
        let key = format!("SDK{}", self.secret_key).into_bytes();
        let key = scope.split('/').fold(key, |key, part| hmac(&key, part));
        let text = format!("SDK-HMAC-SHA256\n{date}\n{scope}\n{hash}");
        let signature = hex(&hmac(&key, &text));
        let authorization = format!(
            "SDK-HMAC-SHA256 Credential=EMULATEDACCESSKEY/{scope}, \
             SignedHeaders=host;x-sdk-date, Signature={signature}"
        );
        let request = request.header("X-Sdk-Date", date);
        request.header("Authorization", authorization)
    }

    /// Status and code of the answer to a request for instances, and the note about it.
    async fn outcome(&self, stand: &Stand) -> ((u16, String), Option<String>) {
        let request = stand.request(Service::RdsV3, "list_instances", &[("limit", "10")]);
        let answer = self.sign(request).send().await.unwrap();
        let note = stand.emulator.requests().pop().unwrap().note;
        (error_code(answer).await, note)
    }
}

#[tokio::test]
async fn the_older_form_is_accepted_with_and_without_region_and_service() {
    let stand = Stand::new().await;
    for place in ["eu-de/rds", "/"] {
        let (outcome, note) = Scoped { place, ..GOOD }.outcome(&stand).await;
        assert_eq!((outcome.0, note), (200, None), "{place}");
    }
}

#[tokio::test]
async fn the_older_form_is_refused_with_another_key_or_scope() {
    let stand = Stand::new().await;
    let other_key = Scoped {
        secret_key: "not-the-secret-key",
        ..GOOD
    };
    let other_day = Scoped {
        day: Some("20200101"),
        ..GOOD
    };
    let more_parts = Scoped {
        place: "eu-de/rds/more",
        ..GOOD
    };
    for wrong in [other_key, other_day, more_parts] {
        let (outcome, _) = wrong.outcome(&stand).await;
        assert_eq!(outcome, (401, "APIGW.0301".to_owned()), "{}", wrong.place);
    }
}

#[tokio::test]
async fn the_line_that_a_caller_gets_wrong_is_named() {
    let stand = Stand::new().await;
    let without_slash = |canonical: String| canonical.replacen("instances/\n", "instances\n", 1);
    let without_query = |canonical: String| canonical.replacen("limit=10\n", "\n", 1);
    for (change, line) in [
        (without_slash as fn(String) -> String, 2),
        (without_query, 3),
    ] {
        let (outcome, note) = Scoped { change, ..GOOD }.outcome(&stand).await;
        assert_eq!(outcome, (401, "APIGW.0301".to_owned()));
        let (note, words) = (
            note.unwrap(),
            format!("the first line that differs is line {line}:"),
        );
        assert!(note.contains(&words), "{note}");
        assert!(
            note.contains("The canonical request is:\nGET\n/v3/"),
            "{note}"
        );
    }
    let other_key = Scoped {
        secret_key: "not-the-secret-key",
        ..GOOD
    };
    let (_, note) = other_key.outcome(&stand).await;
    assert!(note.unwrap().contains("cannot be told"));
}
