//! Nothing that is shown or logged has a secret in it.
//!
//! The log of all tests is read while they run, by [`watch`](crate::support::watch); here is the rest.

use std::fmt::Debug;

use dbbackup::api::{gaussdb_v3, rds_v1, rds_v3, taurusdb_v3};
use dbbackup::auth::{AccessKey, Credentials, NameOrId, Password};
use dbbackup::emulator::Emulator;
use dbbackup::transport::Transport;
use dbbackup::{BackupClient, ErrorKind, Service};
use futures_util::TryStreamExt;
use tracing::info;

use crate::support::{FixedAnswer, assert_no_secret, http, local, project_id, run_test, secret_in};

const SECRET: &str = "secret-of-a-test";

/// Credentials of each kind, all of their secrets the same.
fn all_credentials(iam_url: &str) -> Vec<Credentials> {
    let password = Password {
        iam_url: iam_url.to_owned(),
        user: NameOrId::Name("nightly".to_owned()),
        domain: Some(NameOrId::Name("OTC00".to_owned())),
        password: SECRET.into(),
        project: NameOrId::Name("eu-de".to_owned()),
    };
    let temporary = AccessKey {
        access_key: "AK".to_owned(),
        secret_key: SECRET.into(),
        security_token: Some(SECRET.into()),
    };
    vec![
        Credentials::token(SECRET),
        Credentials::Password(password),
        Credentials::access_key("AK", SECRET),
        Credentials::AccessKey(temporary),
    ]
}

/// Both forms of `Debug`.
#[track_caller]
fn assert_hidden(shown: &impl Debug) {
    assert_no_secret(&format!("{shown:?} {shown:#?}"));
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let emulator = Emulator::start().await.unwrap();
    assert_hidden(&emulator);
    assert_hidden(emulator.options());
    for credentials in all_credentials(emulator.iam_url()) {
        assert_hidden(&credentials);
        let transport = Transport::with(credentials, local()).unwrap();
        assert_hidden(&transport);
        let url = emulator.url(Service::RdsV3);
        assert_hidden(&rds_v1::Client::new(url, transport.clone()));
        assert_hidden(&rds_v3::Client::new(url, transport.clone()));
        assert_hidden(&taurusdb_v3::Client::new(url, transport.clone()));
        assert_hidden(&gaussdb_v3::Client::new(url, transport.clone()));
        let project = project_id(Service::RdsV3).parse().unwrap();
        let client = BackupClient::new(Service::RdsV3, url, project, transport);
        assert_hidden(&client);
        let error = client.instances().try_next().await.unwrap_err();
        assert_hidden(&error);
        assert_no_secret(&error.to_string());
    }
}

#[tokio::test]
async fn a_client_that_has_logged_in_shows_no_token() {
    let emulator = Emulator::start().await.unwrap();
    let credentials = emulator.config().credentials.unwrap();
    let transport = Transport::with(credentials, local()).unwrap();
    let project = emulator.project_id().parse().unwrap();
    let url = emulator.url(Service::GaussdbV3);
    let client = BackupClient::new(Service::GaussdbV3, url, project, transport);
    assert!(client.instances().try_next().await.unwrap().is_some());
    assert_eq!(emulator.logins(), 1);
    assert_hidden(&client);
    assert_hidden(&emulator);
}

#[tokio::test]
async fn what_the_reader_of_an_answer_quotes_is_not_shown() {
    let body = r#"{"instances": "for secret-of-a-test"}"#;
    let server = FixedAnswer::start(http("200 OK", &[], body)).await;
    let transport = Transport::with(Credentials::token(SECRET), local()).unwrap();
    let project = project_id(Service::RdsV3).parse().unwrap();
    let client = BackupClient::new(Service::RdsV3, &server.url, project, transport);
    let error = client.instances().try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error:?}");
    assert_hidden(&error);
    assert_no_secret(&format!("{:#}", anyhow::Error::from(error)));
}

#[test]
fn credentials_that_cannot_be_used_are_not_quoted() {
    for secret in [
        "secret-of-a-test\n2",
        "secret-of-a-test\u{1}",
        "ü secret-of-a-test",
    ] {
        let error = Transport::with(Credentials::token(secret), local()).unwrap_err();
        assert_hidden(&error);
        assert!(
            error.to_string().contains("token must be one line"),
            "{error}"
        );
    }
}

#[test]
fn a_secret_in_a_text_is_found() {
    for text in [
        "Some(\"secret-of-a-test\")",
        "password: pass\"ü",
        "password: \"pass\\\"ü\"",
        "x-auth-token: 5f0c1d0e8a9b47d2a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718",
    ] {
        assert!(secret_in(text).is_some(), "{text}");
    }
    let harmless =
        "request 5f0c1d0e8a9b47d2a1b2c3d4e5f60718 of instance d8e6ca5a624745bcb546a227aa3ae1cfin01";
    assert_eq!(secret_in(harmless), None);
}

/// The name of the test that [`what_is_logged_is_read`] runs.
const LOGGING: &str = "secrets::a_secret_is_logged_on_demand";
const DEMAND: &str = "DBBACKUP_TEST_LOGS_A_SECRET";

#[test]
fn a_secret_is_logged_on_demand() {
    local();
    let is_demanded = std::env::var_os(DEMAND).is_some();
    let secret = if is_demanded { SECRET } else { "nothing" };
    info!(secret, "logged");
    assert!(!is_demanded, "the process should have ended");
}

#[test]
fn what_is_logged_is_read() {
    let output = run_test(LOGGING, &[(DEMAND, "1")]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("\"secret-of-a-test\" is logged"), "{text}");
    assert!(!output.status.success());
}
