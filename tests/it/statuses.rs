//! The status decides: a refusal is one, whatever its body is, for every operation of every service.

use std::time::Duration;

use dbbackup::{BackupClient, Error, ErrorKind, Operation, Wait};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::{Builder, Runtime};

use crate::support::http;
use crate::support::operations::{Told, backup, clients, operations};

/// Statuses that are not 2xx; 101 and 304 have no body.
const STATUSES: [u16; 16] = [
    101, 300, 302, 303, 304, 307, 400, 401, 403, 404, 408, 409, 429, 500, 503, 600,
];

/// Refusals that one reader takes for JSON and another does not, and those that look like success.
fn bodies() -> Vec<Vec<u8>> {
    let of = |message: &[u8]| {
        [
            br#"{"error_code":"DBS.200010","error_msg":""#,
            message,
            b"\"}",
        ]
        .concat()
    };
    let nested = |open: &str, close: &str| [open.repeat(200), close.repeat(200)].concat();
    let utf16 = String::from_utf8(of(b"no")).unwrap();
    let utf16: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        of("nicht m\u{f6}glich".as_bytes()),
        of(b"nicht m\xf6glich"),
        of(b"\xce\xde\xc8\xa8\xcf\xde"),
        of(b"half \\ud83d"),
        of(b"half \\udd11 \\ud83d"),
        utf16,
        [b"\xef\xbb\xbf", &*of(b"no")].concat(),
        br#"{"error_code":"DBS.200010","left":1e999}"#.to_vec(),
        format!(r#"{{"error_code":"DBS.200010","at":{}}}"#, nested("{\"a\":", "}").replace(":}", ":1}"))
            .into_bytes(),
        nested("[", "]").into_bytes(),
        Vec::new(),
        b"<html>no</html>".to_vec(),
        br#"{"error_code":"DBS.2000"#.to_vec(),
        b"null".to_vec(),
        b"{}".to_vec(),
        br#"{"job_id":"1","status":"COMPLETED","backup":{"id":"43e4feaab48f11e89039fa163ebaa7e4br01"}}"#
            .to_vec(),
        br#"{"backups":[],"instances":[],"files":[],"job":{},"backup_policy":{"keep_days":7}}"#.to_vec(),
    ]
}

fn answer(status: u16, body: &[u8]) -> Vec<u8> {
    let json = "content-type: application/json";
    http(
        &format!("{status} Odd"),
        &["x-request-id: 4711", json],
        body,
    )
}

/// Asserts that the call failed, because of the status.
#[track_caller]
fn assert_refused<T: std::fmt::Debug>(result: Result<T, Error>, status: u16, what: &str) {
    let error = result.expect_err(what);
    assert_eq!(error.status(), Some(status), "{what}: {error:?}");
    assert_ne!(
        error.kind(),
        ErrorKind::UnreadableAnswer,
        "{what}: {error:?}"
    );
    assert_eq!(error.request_id(), Some("4711"), "{what}: {error:?}");
}

#[tokio::test]
async fn a_refusal_is_one_whatever_its_body_is() {
    let told = Told::default();
    let clients = clients(&told.serve().await);
    let bodies = bodies();
    for (place, (client, operation)) in operations(&clients).into_iter().enumerate() {
        for (number, body) in bodies.iter().enumerate() {
            let status = STATUSES[(place + number) % STATUSES.len()];
            let result = told.call(client, operation, answer(status, body)).await;
            let service = client.service();
            let what = format!(
                "{service} {operation} {status} {}",
                String::from_utf8_lossy(body)
            );
            assert_refused(result, status, &what);
        }
    }
}

/// Every change of every service.
fn changes(clients: &[BackupClient]) -> Vec<(&BackupClient, Operation)> {
    let mut all = operations(clients);
    all.retain(|(_, operation)| operation.changes());
    all
}

#[tokio::test]
async fn one_rule_says_whether_a_refused_call_may_have_been_acted_on() {
    let told = Told::default();
    let clients = clients(&told.serve().await);
    for (client, operation) in operations(&clients) {
        for status in STATUSES.into_iter().chain([305, 308, 399, 499, 599]) {
            let result = told.call(client, operation, answer(status, b"{}")).await;
            let error = result.unwrap_err();
            let is_no = (400..=499).contains(&status) && status != 408;
            let expected = operation.changes() && !is_no;
            let what = format!("{} {operation} {status}: {error}", client.service());
            assert_eq!(error.may_have_acted(), expected, "{what}");
            let is_unknown = error.kind() == ErrorKind::OutcomeUnknown;
            let is_create = operation == Operation::CreateBackup;
            assert_eq!(is_unknown, expected && is_create, "{what}");
        }
    }
}

/// Errors in place of a result, also such as one reader takes for JSON and another does not.
fn errors() -> Vec<Vec<u8>> {
    let deep = ["{\"a\":".repeat(200), "1".to_owned(), "}".repeat(200)].concat();
    vec![
        br#"{"error_code":"DBS.200010","error_msg":"no"}"#.to_vec(),
        br#"{"errCode":"DBS.200010","externalMessage":"no"}"#.to_vec(),
        br#"{"job_id":"1","error_code":"DBS.200010"}"#.to_vec(),
        br#"{"error":{"code":"DBS.200010","message":"no"}}"#.to_vec(),
        br#"{"error_code":null,"error_msg":"DBS.200010"}"#.to_vec(),
        b"\xef\xbb\xbf {\"error_code\":\"DBS.200010\"}".to_vec(),
        b"{\"errCode\":\"DBS.200010\",\"externalMessage\":\"nicht m\xf6glich\"}".to_vec(),
        br#"{"error_code":"DBS.200010","error_msg":"half \ud83d"}"#.to_vec(),
        br#"{"error_code":"DBS.200010","left":1e999}"#.to_vec(),
        format!(r#"{{"error_code":"DBS.200010","at":{deep}}}"#).into_bytes(),
        br#"{"error_code":"DBS.200010"#.to_vec(),
    ]
}

#[tokio::test]
async fn an_error_in_place_of_a_result_is_no_success() {
    let told = Told::default();
    let clients = clients(&told.serve().await);
    for (client, operation) in changes(&clients) {
        for body in errors() {
            for status in [200, 202] {
                let result = told.call(client, operation, answer(status, &body)).await;
                let what = String::from_utf8_lossy(&body);
                let what = format!("{} {operation} {status} {what}", client.service());
                let error = result.expect_err(&what);
                assert!(error.may_have_acted(), "{what}");
                let said = "the call was accepted, but its answer is an error: ";
                let text = error.to_string();
                assert!(text.contains(said) && text.contains("DBS.200010"), "{text}");
            }
        }
    }
    // Which says that it went well.
    for client in &clients {
        let well = answer(200, br#"{"error_code":"0","error_msg":"success"}"#);
        let result = told.call(client, Operation::DeleteBackup, well).await;
        result.unwrap();
    }
}

#[tokio::test]
async fn what_no_service_says_is_no_success_of_a_change() {
    let told = Told::default();
    let clients = clients(&told.serve().await);
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let error = r#"{"error_code":"DBS.200010"}"#;
    let bodies: [(&str, Vec<u8>); 11] = [
        ("Text/Html", b"Sign in".to_vec()),
        ("text/html", b"\xef\xbb\xbf<html>Sign in</html>".to_vec()),
        ("text/plain", b"Please accept the terms.".to_vec()),
        (
            "application/xhtml+xml",
            b"\xef\xbb\xbf<html>Sign in</html>".to_vec(),
        ),
        ("application/javascript", b"location='/login'".to_vec()),
        ("application/json", utf16(error)),
        ("application/json", [b"\xff\xfe", &*utf16(error)].concat()),
        ("application/json", b"\x1f\x8b\x08\0\0\0\0\0".to_vec()),
        ("application/json", b"{'error_code':'DBS.200010'}".to_vec()),
        ("application/json", format!("[{error}]").into_bytes()),
        ("application/json", b"\0".to_vec()),
    ];
    for (client, operation) in changes(&clients) {
        for (kind, body) in &bodies {
            let head = format!("content-type: {kind}");
            let result = told
                .call(client, operation, http("200 OK", &[&head], body))
                .await;
            let what = format!(
                "{} {operation} {}",
                client.service(),
                String::from_utf8_lossy(body)
            );
            let error = result.expect_err(&what);
            assert!(error.may_have_acted(), "{what}: {error}");
        }
    }
    for client in &clients {
        for nothing in ["", " ", "{}", "\u{feff}{}"] {
            let well = answer(200, nothing.as_bytes());
            told.call(client, Operation::DeleteBackup, well)
                .await
                .unwrap();
        }
    }
}

#[tokio::test]
async fn a_refusal_in_another_encoding_keeps_its_code() {
    let told = Told::default();
    let clients = clients(&told.serve().await);
    for (client, operation) in operations(&clients) {
        let latin = b"{\"errCode\":\"DBS.200010\",\"externalMessage\":\"kein Zugriff f\xfcr Sie\"}";
        let error = told
            .call(client, operation, answer(403, latin))
            .await
            .unwrap_err();
        assert_eq!(error.code(), Some("DBS.200010"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{error}");
        assert!(
            error.to_string().contains("kein Zugriff f\u{fffd}r Sie"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_refusal_ends_a_wait() {
    let told = Told::default();
    for client in &clients(&told.serve().await) {
        for body in bodies() {
            *told.0.lock().unwrap() = (false, answer(403, &body));
            let wait = Wait::up_to(Duration::from_secs(1));
            let result = client.wait(backup(client.service()), wait).await;
            assert_refused(result.map(drop), 403, &String::from_utf8_lossy(&body));
        }
    }
}

/// A status that is not 2xx, and a body that is random, or an odd one with some bytes changed and cut off.
fn answers() -> impl Strategy<Value = (u16, Vec<u8>)> {
    let status = prop_oneof![300..=999_u16, 400..=599_u16];
    let change = (any::<prop::sample::Index>(), any::<u8>());
    let changed = (
        prop::sample::select(bodies()),
        prop::collection::vec(change, 0..4),
        any::<prop::sample::Index>(),
    );
    let changed = changed.prop_map(|(mut body, changes, end)| {
        for (place, byte) in changes {
            let place = place.index(body.len().max(1));
            if let Some(old) = body.get_mut(place) {
                *old = byte;
            }
        }
        body.truncate(end.index(2 * body.len() + 1));
        body
    });
    (
        status,
        prop_oneof![changed, prop::collection::vec(any::<u8>(), 0..64)],
    )
}

#[test]
fn no_random_refusal_is_a_success() {
    let runtime: Runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let told = Told::default();
    let clients = clients(&runtime.block_on(told.serve()));
    let operations = operations(&clients);
    let config = Config {
        cases: 256,
        failure_persistence: None,
        ..Config::default()
    };
    let input = (any::<prop::sample::Index>(), answers());
    let checked = TestRunner::new(config).run(&input, |(place, (status, body))| {
        let (client, operation) = operations[place.index(operations.len())];
        let call = told.call(client, operation, answer(status, &body));
        let result = runtime.block_on(call);
        let what = format!("{} {operation} {result:?}", client.service());
        let found = result.err().and_then(|error| error.status());
        prop_assert_eq!(found, Some(status), "{}", what);
        Ok(())
    });
    checked.unwrap();
}
