//! Tokens and signatures, good and bad, at the services.

use std::time::Duration;

use dbbackup::auth::aksk::{self, sign};
use dbbackup::emulator::Options;
use dbbackup::{Operation, Service};
use jiff::{SignedDuration, Timestamp};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::iam::{password_login, project};
use super::{Stand, code, error_code, request};
use crate::support::error_shape;

const MINUTE: Duration = Duration::from_secs(60);
const JSON: &str = "application/json";

/// Who signs, when, and which headers besides the date.
struct Signer {
    access_key: String,
    secret_key: String,
    date: String,
    headers: Vec<(&'static str, String)>,
}

impl Signer {
    /// One with the key of the emulator.
    fn of(stand: &Stand) -> Self {
        let options = stand.emulator.options();
        Self {
            access_key: options.access_key.clone(),
            secret_key: options.secret_key.clone(),
            date: date(Timestamp::now()),
            headers: Vec::new(),
        }
    }

    /// The value of `Authorization` for a request as it will be sent.
    fn authorization(&self, request: &RequestBuilder) -> String {
        let request = request.try_clone().unwrap().build().unwrap();
        let body = request.body().and_then(|body| body.as_bytes());
        let headers = self.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let request = aksk::Request {
            method: request.method().as_str(),
            path: request.url().path(),
            query: request.url().query().unwrap_or_default(),
            headers: &headers,
            date: &self.date,
            body: body.unwrap_or_default(),
        };
        sign(&request, &self.access_key, &self.secret_key).authorization
    }

    /// The request with its signature.
    fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        let authorization = self.authorization(&request);
        self.attach(request, &authorization)
    }

    /// The request with this signature.
    fn attach(&self, mut request: RequestBuilder, authorization: &str) -> RequestBuilder {
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.header("X-Sdk-Date", &self.date);
        request.header("Authorization", authorization)
    }
}

fn date(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

impl Stand {
    /// A request for instances.
    fn instances_of(&self, service: Service) -> RequestBuilder {
        self.request(service, "list_instances", &[])
    }
}

async fn sent(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

/// Status and code of the answer.
async fn outcome(request: RequestBuilder) -> (u16, String) {
    error_code(sent(request).await).await
}

/// Status and code of the gateway's error, whose form is the same for all services.
async fn gateway_outcome(request: RequestBuilder) -> (u16, String, String) {
    let answer = sent(request).await;
    let status = answer.status().as_u16();
    let id = answer.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["request_id"], id, "{body}");
    assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
    let text = |field: &str| body[field].as_str().unwrap().to_owned();
    (status, text("error_code"), text("error_msg"))
}

#[tokio::test]
async fn a_request_without_credentials_is_refused_by_the_gateway() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let (status, code, _) = gateway_outcome(stand.instances_of(service)).await;
        assert_eq!((status, &*code), (401, "APIGW.0307"), "{service}");
        assert_eq!(stand.emulator.calls((service, Operation::ListInstances)), 1);
    }
}

#[tokio::test]
async fn an_empty_token_is_none_and_one_of_other_characters_is_a_wrong_one() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let empty = stand.instances_of(service).header("X-Auth-Token", "");
        assert_eq!(outcome(empty).await, (401, "APIGW.0307".to_owned()));
        let foreign = stand.instances_of(service);
        let foreign = foreign.header("X-Auth-Token", "t\u{f6}ken".as_bytes());
        assert_eq!(outcome(foreign).await, (403, "DBS.280056".to_owned()));
    }
}

#[tokio::test]
async fn a_token_that_was_never_given_out_is_refused_by_the_service() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let request = stand
            .instances_of(service)
            .header("X-Auth-Token", "made-up");
        let answer = sent(request).await;
        assert_eq!(answer.status(), 403, "{service}");
        let body: Value = answer.json().await.unwrap();
        let [_, code, _] = error_shape(service);
        assert_eq!(body[code], "DBS.280056", "{service}");
    }
}

#[tokio::test]
async fn tokens_from_logins_expire_together_and_the_one_of_the_options_only_by_name() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let login = password_login(options, project(options));
    let (first, _) = stand.token(&login).await;
    let (second, _) = stand.token(&login).await;
    let check = async |token: &str, status: u16| {
        for &service in Service::ALL {
            let request = stand.instances_of(service).header("X-Auth-Token", token);
            if status == 200 {
                assert_eq!(sent(request).await.status(), 200, "{service}");
            } else {
                let (got, code, _) = gateway_outcome(request).await;
                assert_eq!((got, &*code), (status, "APIGW.0307"), "{service}");
            }
        }
    };
    stand.emulator.revoke_token(&first);
    check(&first, 401).await;
    check(&second, 200).await;
    stand.emulator.expire_tokens();
    check(&second, 401).await;
    check(stand.emulator.token(), 200).await;
    let (third, _) = stand.token(&login).await;
    check(&third, 200).await;
    stand.emulator.revoke_token(stand.emulator.token());
    stand.emulator.revoke_token("unknown");
    check(stand.emulator.token(), 401).await;
    check(&third, 200).await;
}

#[tokio::test]
async fn a_token_of_another_scope_is_refused_like_another_project() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let scope = json!({ "domain": { "name": options.domain } });
    let (token, _) = stand.token(&password_login(options, scope)).await;
    for &service in Service::ALL {
        let expected = code(service, (403, "DBS.200010"), (403, "RDS.0010"));
        let request = stand.instances_of(service).header("X-Auth-Token", &token);
        assert_eq!(outcome(request).await, expected, "{service}");
        let token = stand.emulator.token();
        let request = stand.instances_of(service).header("X-Auth-Token", token);
        let other = request.header("X-Project-Id", "another");
        assert_eq!(outcome(other).await, expected, "{service}");
    }
}

#[tokio::test]
async fn signed_requests_are_accepted_with_and_without_queries_and_bodies() {
    let stand = Stand::new().await;
    let mut signer = Signer::of(&stand);
    for &service in Service::ALL {
        signer.headers.clear();
        assert_eq!(
            sent(signer.sign(stand.instances_of(service)))
                .await
                .status(),
            200
        );
        let url = stand.emulator.url(service);
        let host = url.trim_start_matches("http://").to_owned();
        let project = stand.emulator.project_id().to_owned();
        signer.headers = vec![("Host", host), ("X-Project-Id", project)];
        let arguments = [
            ("instance_id", &*stand.instance(service)),
            ("odd", "a b+ä/~"),
        ];
        let list = stand.request(service, "list_backups", &arguments);
        assert_eq!(sent(signer.sign(list)).await.status(), 200, "{service}");
        signer.headers.push(("Content-Type", JSON.to_owned()));
        // The bytes are signed as they are, with what surrounds the JSON.
        let body = request(service, &stand.instance(service), "signed");
        let body = format!(" {body}\n");
        let create = stand.request(service, "create_backup", &[]).body(body);
        assert!(sent(signer.sign(create)).await.status().is_success());
    }
}

#[tokio::test]
async fn an_authorization_may_lack_spaces() {
    let stand = Stand::new().await;
    let signer = Signer::of(&stand);
    let request = stand.instances_of(Service::RdsV3);
    let authorization = signer.authorization(&request).replace(", ", ",");
    let request = signer.attach(request, &authorization);
    assert_eq!(sent(request).await.status(), 200);
}

#[tokio::test]
async fn missing_and_wrong_signatures_are_refused_by_the_gateway() {
    let stand = Stand::new().await;
    let key = Signer::of(&stand);
    for &service in Service::ALL {
        let plain = || stand.instances_of(service);
        let good = key.authorization(&plain());
        let other_secret = Signer {
            secret_key: "wrong".to_owned(),
            ..Signer::of(&stand)
        };
        let other_key = Signer {
            access_key: "UNKNOWN".to_owned(),
            ..Signer::of(&stand)
        };
        let odd_date = Signer {
            date: "today".to_owned(),
            ..Signer::of(&stand)
        };
        let (cut, _) = good.rsplit_once(',').unwrap();
        let undated = good.replace("x-sdk-date", "accept");
        let absent = good.replace("x-sdk-date", "x-absent;x-sdk-date");
        for (case, request) in [
            ("no signature", plain().header("X-Sdk-Date", &key.date)),
            ("cut", key.attach(plain(), cut)),
            ("another scheme", key.attach(plain(), "Basic QUtTSw==")),
            ("other secret", other_secret.sign(plain())),
            ("unknown key", other_key.sign(plain())),
            ("odd date", odd_date.sign(plain())),
            ("date unsigned", key.attach(plain(), &undated)),
            ("header absent", key.attach(plain(), &absent)),
            (
                "other query",
                key.attach(plain().query(&[("limit", "1")]), &good),
            ),
            ("other body", key.attach(plain().body("{}"), &good)),
        ] {
            let (status, code, message) = gateway_outcome(request).await;
            assert_eq!((status, &*code), (401, "APIGW.0301"), "{service} {case}");
            assert!(!message.contains(&key.secret_key), "{message}");
        }
    }
}

#[tokio::test]
async fn a_wrong_signature_is_told_what_was_signed_here() {
    let stand = Stand::new().await;
    let mut signer = Signer::of(&stand);
    signer.secret_key = "wrong".to_owned();
    let (_, _, message) = gateway_outcome(signer.sign(stand.instances_of(Service::RdsV3))).await;
    let is_hash = |word: &str| word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit());
    assert!(message.split(' ').any(is_hash), "{message}");
}

#[tokio::test]
async fn a_signature_may_be_15_minutes_off_and_the_date_of_an_answer_sets_it_right() {
    let stand = Stand::new().await;
    let mut signer = Signer::of(&stand);
    for (minutes, accepted) in [(-16, false), (-14, true), (14, true), (16, false)] {
        signer.date = date(Timestamp::now() + SignedDuration::from_mins(minutes));
        let answer = sent(signer.sign(stand.instances_of(Service::RdsV3))).await;
        assert_eq!(answer.status() == 200, accepted, "{minutes}");
    }
    stand.emulator.advance(60 * MINUTE);
    signer.date = date(Timestamp::now());
    let refused = sent(signer.sign(stand.instances_of(Service::RdsV3))).await;
    let now = refused.headers()["date"].to_str().unwrap().to_owned();
    let skewed = (401, "APIGW.0301".to_owned());
    assert_eq!(error_code(refused).await, skewed);
    signer.date = date(jiff::fmt::rfc2822::parse(&now).unwrap().timestamp());
    let answer = sent(signer.sign(stand.instances_of(Service::RdsV3))).await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_temporary_key_needs_its_security_token() {
    let options = Options {
        security_token: Some("temporary".to_owned()),
        ..Options::default()
    };
    let stand = Stand::with(options).await;
    let mut signer = Signer::of(&stand);
    let missing = gateway_outcome(signer.sign(stand.instances_of(Service::RdsV3))).await;
    assert_eq!((missing.0, &*missing.1), (401, "APIGW.0301"));
    for (token, accepted) in [("temporary", true), ("another", false)] {
        signer.headers = vec![("X-Security-Token", token.to_owned())];
        let answer = sent(signer.sign(stand.instances_of(Service::RdsV3))).await;
        assert_eq!(answer.status() == 200, accepted, "{token}");
    }
}

#[tokio::test]
async fn a_permanent_key_has_no_security_token() {
    let stand = Stand::new().await;
    let mut signer = Signer::of(&stand);
    signer.headers = vec![("X-Security-Token", "temporary".to_owned())];
    let refused = gateway_outcome(signer.sign(stand.instances_of(Service::RdsV3))).await;
    assert_eq!((refused.0, &*refused.1), (401, "APIGW.0301"));
    assert!(refused.2.contains("permanent"), "{}", refused.2);
}

#[tokio::test]
async fn iam_takes_a_signature_in_place_of_a_token() {
    let stand = Stand::new().await;
    let url = format!("{}/v3/projects?name=eu-de", stand.emulator.iam_url());
    let mut signer = Signer::of(&stand);
    let listed: Value = sent(signer.sign(stand.http.get(&url)))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(listed["projects"][0]["id"], stand.emulator.project_id());
    signer.secret_key = "wrong".to_owned();
    assert_eq!(sent(signer.sign(stand.http.get(&url))).await.status(), 401);
}

#[tokio::test]
async fn secrets_are_not_shown_by_debug() {
    let options = Options {
        security_token: Some("temporary-secret".to_owned()),
        ..Options::default()
    };
    let stand = Stand::with(options).await;
    let options = stand.emulator.options();
    let (token, _) = stand
        .token(&password_login(options, project(options)))
        .await;
    let shown = format!("{options:?} {:?}", stand.emulator);
    assert!(shown.contains(&options.access_key));
    for secret in [
        &options.password,
        &options.secret_key,
        &options.token,
        &token,
    ] {
        assert!(!shown.contains(secret.as_str()));
    }
    assert!(!shown.contains("temporary-secret"));
}
