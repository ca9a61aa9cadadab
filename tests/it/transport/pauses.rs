//! How long a call waits before its next attempt, and when it does not wait at all.

use std::num::NonZeroU32;
use std::time::Duration;

use dbbackup::ErrorKind;
use dbbackup::transport::Options;

use super::{RULES, Rule, accepted, call, client, count};
use crate::support::{Script, http, local};

/// Options with pauses that no test would survive.
fn endless_pauses() -> Options {
    local()
        .with_pauses(Duration::from_secs(3000), Duration::from_secs(3000))
        .with_time_limit(Duration::from_secs(100_000))
}

#[tokio::test]
async fn retry_after_wins_over_the_pauses_as_seconds_and_as_a_date() {
    for value in ["0", "Fri, 31 Dec 1999 23:59:59 GMT"] {
        for rule in RULES {
            let header = format!("retry-after: {value}");
            let throttled = http("429 Too Many Requests", &[&header], "");
            let script = Script::start(vec![throttled, accepted(rule)]).await;
            call(&client(&script.url, endless_pauses()), rule)
                .await
                .unwrap();
            assert_eq!(count(&script), 2, "{value}, {rule:?}");
        }
    }
}

#[tokio::test]
async fn the_time_limit_wins_over_retry_after_and_over_the_pauses() {
    let answers = [
        (
            "429 Too Many Requests",
            "retry-after: 3600",
            ErrorKind::Throttled,
        ),
        (
            "429 Too Many Requests",
            "retry-after: Tue, 31 Dec 2999 23:59:59 GMT",
            ErrorKind::Throttled,
        ),
        (
            "503 Service Unavailable",
            "x-request-id: r-2",
            ErrorKind::Unavailable,
        ),
    ];
    for (status, header, kind) in answers {
        let script = Script::start(vec![http(status, &[header], ""); 2]).await;
        let client =
            client(&script.url, endless_pauses()).with_time_limit(Duration::from_secs(600));
        let error = call(&client, Rule::Read).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (kind, 1), "{header}");
        assert_eq!(count(&script), 1, "{header}");
        let asked = error.retry_after().map(|wait| wait.as_secs());
        assert_eq!(asked.is_some(), header.starts_with("retry-after"));
        assert!(asked.is_none_or(|seconds| seconds >= 3600), "{asked:?}");
    }
}

#[tokio::test]
async fn an_attempt_ends_with_the_time_limit_of_its_call() {
    let script = Script::start(vec![crate::support::Act::KeepSilent]).await;
    let client = client(&script.url, local()).with_time_limit(Duration::from_millis(200));
    let error = call(&client, Rule::Change).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NoAnswer, 1));
    assert!(
        error.to_string().ends_with("no answer came in time"),
        "{error}"
    );
}

#[tokio::test]
async fn a_budget_is_shared_by_clones_and_bounded_by_the_time_limit() {
    let answers: Vec<_> = RULES.map(accepted).to_vec();
    let script = Script::start(answers).await;
    let options = local()
        .with_calls_per_minute(NonZeroU32::new(3))
        .with_time_limit(Duration::from_secs(30));
    let client = client(&script.url, options);
    for rule in RULES {
        call(&client.clone(), rule).await.unwrap();
    }
    let error = call(&client, Rule::Read).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 0));
    let text = error.to_string();
    assert!(
        text.starts_with("rds-v3 get_job: the budget of calls to 127.0.0.1 is used up for 6"),
        "{text}"
    );
    assert_eq!(count(&script), 3);
}

#[tokio::test]
async fn an_unknown_host_has_no_budget() {
    let script = Script::start(vec![accepted(Rule::Read); 70]).await;
    let client = client(&script.url, local()).with_time_limit(Duration::from_secs(30));
    for _ in 0..70 {
        call(&client, Rule::Read).await.unwrap();
    }
    assert_eq!(count(&script), 70);
}

#[tokio::test]
async fn a_time_limit_may_be_nothing_or_endless() {
    for rule in RULES {
        let script = Script::start(vec![accepted(rule)]).await;
        let client = client(&script.url, local());
        let error = call(&client.clone().with_time_limit(Duration::ZERO), rule).await;
        let error = error.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Unreachable, 0)
        );
        assert!(error.to_string().ends_with("nothing was sent"), "{error}");
        assert_eq!(count(&script), 0);
        call(&client.with_time_limit(Duration::MAX), rule)
            .await
            .unwrap();
    }
}
