//! Each row of the table in `dbbackup::transport`, for a read, a delete and a change.

use std::time::Duration;

use dbbackup::ErrorKind::{
    self, Conflict, NoAnswer, Refused, Throttled, Unauthorized, Unavailable, Unreachable,
    UnreadableAnswer,
};
use tokio::net::TcpListener;

use super::{RULES, Rule, accepted, call, client, client_of, count, transport};
use crate::support::{Act, Script, http, local};

/// What is expected of a call whose first attempt meets something odd.
#[derive(Clone, Copy, Debug)]
enum Expected {
    /// There is a second attempt, which is accepted.
    Again,
    /// The first attempt is the only one and counts as accepted.
    Accepted,
    /// The first attempt is the only one, and the call fails.
    Stop(ErrorKind),
}

use Expected::{Accepted, Again, Stop};

fn refusal(status: &str, code: &str) -> Act {
    let body = format!(r#"{{"error_code": "{code}", "error_msg": "no"}}"#);
    http(status, &["x-request-id: r-1"], &body).into()
}

/// What the server does first, and what comes of it for a read, a delete and a change.
fn rows() -> Vec<(&'static str, Act, [Expected; 3])> {
    let lost = [Again, Again, Stop(NoAnswer)];
    let failed = [Again, Again, Stop(Unavailable)];
    let refused = |kind| [Stop(kind); 3];
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"backup\": {\"id\"".to_vec();
    let chunks = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"job".to_vec();
    vec![
        ("closed before the request", Act::CloseAtOnce, lost),
        ("closed during the request", Act::CloseMidway, lost),
        ("closed after the request", Act::Answer(Vec::new()), lost),
        ("no answer in time", Act::KeepSilent, lost),
        (
            "an answer that is no HTTP",
            Act::Answer(b"sorry\r\n\r\n".to_vec()),
            lost,
        ),
        (
            "headers cut off",
            Act::Answer(b"HTTP/1.1 200 OK\r\ncont".to_vec()),
            lost,
        ),
        (
            "a body cut off",
            Act::Answer(cut),
            [Again, Accepted, Stop(UnreadableAnswer)],
        ),
        (
            "chunks cut off",
            Act::Answer(chunks),
            [Again, Accepted, Stop(UnreadableAnswer)],
        ),
        (
            "a body that is no JSON",
            http("200 OK", &[], "accepted").into(),
            [Stop(UnreadableAnswer); 3],
        ),
        (
            "a web page",
            http("200 OK", &[], "<html>").into(),
            [Stop(UnreadableAnswer); 3],
        ),
        (
            "a body twice",
            http("200 OK", &[], r#"{"job": {}}{"job": {}}"#).into(),
            [Stop(UnreadableAnswer); 3],
        ),
        (
            "429",
            refusal("429 Too Many Requests", "APIGW.0308"),
            [Again; 3],
        ),
        (
            "429 without a code",
            http("429 Too Many Requests", &[], "").into(),
            [Again; 3],
        ),
        (
            "throttled with 403",
            refusal("403 Forbidden", "APIGW.0308"),
            [Again; 3],
        ),
        (
            "500",
            refusal("500 Internal Server Error", "DBS.200005"),
            failed,
        ),
        (
            "502 with HTML",
            http("502 Bad Gateway", &[], "<html>").into(),
            failed,
        ),
        (
            "503",
            http("503 Service Unavailable", &[], "").into(),
            failed,
        ),
        ("504", http("504 Gateway Timeout", &[], "").into(), failed),
        (
            "501",
            http("501 Not Implemented", &[], "").into(),
            refused(Unavailable),
        ),
        (
            "408",
            http("408 Request Timeout", &[], "").into(),
            refused(Unavailable),
        ),
        (
            "400",
            refusal("400 Bad Request", "DBS.200001"),
            refused(Refused),
        ),
        (
            "a token that is not valid",
            refusal("401 Unauthorized", "APIGW.0307"),
            refused(Unauthorized),
        ),
        (
            "a token of another kind",
            refusal("403 Forbidden", "DBS.280056"),
            refused(Unauthorized),
        ),
        (
            "a busy instance",
            refusal("409 Conflict", "DBS.201202"),
            refused(Conflict),
        ),
        (
            "a redirect",
            http("302 Found", &["location: /"], "").into(),
            refused(Refused),
        ),
    ]
}

#[tokio::test]
async fn each_row_of_the_table_holds_for_each_kind_of_call() {
    let transport = transport(local().with_timeout(Duration::from_millis(300)));
    for (what, act, row) in rows() {
        for (rule, expected) in RULES.into_iter().zip(row) {
            let script = Script::start(vec![act.clone(), accepted(rule).into()]).await;
            let result = call(&client_of(&script.url, transport.clone()), rule).await;
            let seen = (
                result.as_ref().err().map(dbbackup::Error::kind),
                count(&script),
            );
            let expected = match expected {
                Again => (None, 2),
                Accepted => (None, 1),
                Stop(kind) => (Some(kind), 1),
            };
            assert_eq!(seen, expected, "{what}, {rule:?}: {result:?}");
        }
    }
}

#[tokio::test]
async fn a_second_answer_on_the_same_connection_is_not_taken_for_another_call() {
    for rule in RULES {
        let twice = [accepted(rule), http("500 Internal Server Error", &[], "")].concat();
        let script = Script::start(vec![twice, accepted(rule)]).await;
        let client = client(&script.url, local());
        for _ in 0..2 {
            call(&client, rule).await.unwrap();
        }
        assert_eq!(count(&script), 2, "{rule:?}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_by_every_call() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for rule in RULES {
        let error = call(&client(&url, local()), rule).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (Unreachable, 5),
            "{error}"
        );
        let text = error.to_string();
        assert!(
            text.ends_with("no connection could be made; nothing was sent, after 5 attempts"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_url_that_cannot_be_used_is_not_tried_again() {
    for url in ["ftp://127.0.0.1", "127.0.0.1:80", "rds.example.com", ""] {
        let error = call(&client(url, local()), Rule::Read).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}: {error}");
        assert!(error.attempts() <= 1, "{url}: {error:?}");
    }
}

#[tokio::test]
async fn attempts_end_and_the_last_failure_is_reported_with_their_number() {
    let failures = [
        "500 Internal Server Error",
        "502 Bad Gateway",
        "503 Service Unavailable",
    ];
    let script = Script::start(
        failures
            .map(|status| http(status, &["x-request-id: r-9"], ""))
            .to_vec(),
    );
    let script = script.await;
    let options = local().with_attempts(3);
    let error = call(&client(&script.url, options), Rule::Read)
        .await
        .unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 3));
    assert_eq!(
        error.to_string(),
        "rds-v3 get_job: refused with 503, after 3 attempts (request r-9)"
    );
}

#[tokio::test]
async fn not_found_means_deleted_only_after_an_attempt_whose_outcome_is_unknown() {
    let gone = || refusal("404 Not Found", "DBS.201010");
    let unknown: [Act; 3] = [
        Act::Answer(Vec::new()),
        http("502 Bad Gateway", &[], "").into(),
        Act::CloseMidway,
    ];
    for first in unknown {
        let script = Script::start(vec![first, gone()]).await;
        call(&client(&script.url, local()), Rule::Delete)
            .await
            .unwrap();
        assert_eq!(count(&script), 2);
    }
    // The service did not act on these.
    let throttled = refusal("429 Too Many Requests", "APIGW.0308");
    for acts in [vec![gone()], vec![throttled, gone()]] {
        let script = Script::start(acts).await;
        let error = call(&client(&script.url, local()), Rule::Delete).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn a_delete_that_may_have_been_acted_on_stays_so() {
    let refusals = [
        (refusal("403 Forbidden", "DBS.200010"), Unauthorized),
        (refusal("409 Conflict", "DBS.201208"), Conflict),
        (refusal("404 Not Found", "APIGW.0101"), Refused),
    ];
    for (last, kind) in refusals {
        for (first, may_have_acted) in [
            (http("502 Bad Gateway", &[], "").into(), true),
            (refusal("429 Too Many Requests", "APIGW.0308"), false),
        ] {
            let script = Script::start(vec![first, last.clone()]).await;
            let error = call(&client(&script.url, local()), Rule::Delete).await;
            let error = error.unwrap_err();
            let seen = (error.kind(), error.may_have_acted());
            assert_eq!(seen, (kind, may_have_acted), "{error}");
        }
    }
}

#[tokio::test]
async fn an_error_names_what_to_do_next() {
    let cases = [
        (
            "403 Forbidden",
            "DBS.200010",
            Unauthorized,
            "have the permission",
        ),
        ("409 Conflict", "DBS.201201", Conflict, "choose another one"),
        ("400 Bad Request", "DBS.280404", Refused, "not of a node"),
        (
            "429 Too Many Requests",
            "APIGW.0308",
            Throttled,
            "fewer calls",
        ),
    ];
    for (status, code, kind, step) in cases {
        let script = Script::start(vec![refusal(status, code)]).await;
        let options = local().with_attempts(1);
        let error = call(&client(&script.url, options), Rule::Change)
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind, Some(code)));
        assert!(error.remedy().unwrap().contains(step), "{error}");
        let text = error.to_string();
        assert!(
            text.contains(step) && text.ends_with("(request r-1)"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 1);
    }
}
