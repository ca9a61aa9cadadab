//! Waiting against a server with prepared answers: what a wait bears, and what it does not.

use std::time::Duration;

use dbbackup::model::{BackupFilter, BackupRef, BackupStatus, ProjectId};
use dbbackup::{BackupClient, Error, ErrorKind, Service, Wait};
use futures_util::StreamExt;
use serde_json::json;

use crate::support::{Script, answer_if, http, project_id, transport};

const LIMIT: Duration = Duration::from_secs(60);

fn at_once<'a>() -> Wait<'a> {
    Wait::up_to(LIMIT).with_poll_intervals(Duration::ZERO, Duration::ZERO)
}

/// A client of a server that answers call after call from a list.
fn scripted(service: Service, script: &Script) -> (BackupClient, BackupRef) {
    let project: ProjectId = project_id(service).parse().unwrap();
    let client = BackupClient::new(service, &script.url, project, transport());
    let backup = BackupRef {
        service,
        instance: Some("fd26e3bf26e5467587eec857e4f66ef0in14".parse().unwrap()),
        id: "e76112bfb2074871bf54cb8df5af7f64br14".parse().unwrap(),
    };
    (client, backup)
}

fn listed(status: Option<&str>) -> Vec<u8> {
    let backups: Vec<_> = status
        .map(|status| {
            json!({
                "id": "e76112bfb2074871bf54cb8df5af7f64br14",
                "instance_id": "fd26e3bf26e5467587eec857e4f66ef0in14",
                "status": status,
            })
        })
        .into_iter()
        .collect();
    let body = json!({ "total_count": backups.len(), "backups": backups });
    http("200 OK", &[], &body.to_string())
}

#[tokio::test]
async fn passing_failures_and_late_visibility_are_borne() {
    let answers = vec![
        listed(None),
        http("503 Service Unavailable", &[], "<html>down</html>"),
        http(
            "429 Too Many Requests",
            &["retry-after: 0"],
            r#"{"error_code":"APIGW.0308"}"#,
        ),
        Vec::new(), // The connection ends without an answer.
        http("200 OK", &[], r#"{"backups": 7}"#),
        listed(Some("BUILDING")),
        http("500 Internal Server Error", &[], ""),
        listed(Some("COMPLETED")),
    ];
    let looks = answers.len() as u32;
    let script = Script::start(answers).await;
    let (client, backup) = scripted(Service::GaussdbV3, &script);
    let mut failures = Vec::new();
    let wait = at_once().on_progress(|progress| {
        failures.push((progress.polls, progress.error.map(Error::kind)));
    });
    let done = client.wait(&backup, wait).await.unwrap();
    assert_eq!(done.status, BackupStatus::Completed);
    let expected = [
        None,
        Some(ErrorKind::Unavailable),
        Some(ErrorKind::Throttled),
        Some(ErrorKind::NoAnswer),
        Some(ErrorKind::UnreadableAnswer),
        None,
        Some(ErrorKind::Unavailable),
        None,
    ];
    let expected: Vec<_> = (1..=looks).zip(expected).collect();
    assert_eq!(failures, expected);
}

#[tokio::test]
async fn refusals_end_the_wait_at_once() {
    let rows = [
        (
            "401 Unauthorized",
            r#"{"error_code":"APIGW.0301"}"#,
            ErrorKind::Unauthorized,
        ),
        (
            "403 Forbidden",
            r#"{"error_code":"DBS.280056"}"#,
            ErrorKind::Unauthorized,
        ),
        (
            "400 Bad Request",
            r#"{"error_code":"DBS.200001"}"#,
            ErrorKind::Refused,
        ),
        (
            "404 Not Found",
            r#"{"error_code":"APIGW.0101"}"#,
            ErrorKind::Refused,
        ),
    ];
    for (status, body, kind) in rows {
        let script = Script::start(vec![http(status, &[], body)]).await;
        let (client, backup) = scripted(Service::GaussdbV3, &script);
        let error = client.wait(&backup, at_once()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[tokio::test]
async fn retry_after_outlasts_a_shorter_pause_but_not_the_limit() {
    let throttled = http("429 Too Many Requests", &["retry-after: 3600"], "{}");
    let script = Script::start(vec![throttled; 2]).await;
    let (client, backup) = scripted(Service::GaussdbV3, &script);
    let mut looks = 0;
    let wait = Wait::up_to(Duration::from_millis(200))
        .with_poll_intervals(Duration::ZERO, Duration::ZERO)
        .on_progress(|progress| looks = progress.polls);
    let error = client.wait(&backup, wait).await.unwrap_err();
    assert_eq!(
        (error.kind(), looks),
        (ErrorKind::WaitExpired, 2),
        "{error}"
    );
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("429"), "{cause}");
}

#[tokio::test]
async fn what_one_list_showed_is_kept_when_the_limit_cuts_off_another() {
    // An instance whose list never comes, and one whose backup is done.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let done =
        r#"{"total_count":1,"backups":[{"id":"b1","instance_id":"a1","status":"COMPLETED"}]}"#;
    let url = format!("http://{}", silent.local_addr().unwrap());
    tokio::spawn(async move {
        let mut kept = Vec::new();
        loop {
            let (stream, _) = silent.accept().await.unwrap();
            if let Some(stream) = answer_if(stream, "instance_id=a1", done).await {
                kept.push(stream);
            }
        }
    });
    let project: ProjectId = project_id(Service::RdsV3).parse().unwrap();
    let client = BackupClient::new(Service::RdsV3, &url, project, transport());
    let place = |instance: &str, id: &str| BackupRef {
        service: Service::RdsV3,
        instance: Some(instance.parse().unwrap()),
        id: id.parse().unwrap(),
    };
    let backups = [place("a0", "b0"), place("a1", "b1"), place("a2", "b1")];
    let limit = Wait::up_to(Duration::from_millis(500));
    let results = client.wait_all(&backups, limit).await;
    let kinds: Vec<_> = results
        .iter()
        .map(|r| r.as_ref().err().map(Error::kind))
        .collect();
    // The third has the id of the second, but is of another instance.
    let expired = Some(ErrorKind::WaitExpired);
    assert_eq!(kinds, [expired, None, expired], "{results:?}");
}

#[tokio::test]
async fn a_wait_looks_once_more_before_its_limit() {
    let script = Script::start(vec![listed(Some("BUILDING")), listed(Some("COMPLETED"))]).await;
    let (client, backup) = scripted(Service::GaussdbV3, &script);
    let wait = Wait::up_to(Duration::from_millis(400)).with_poll_intervals(LIMIT, LIMIT);
    let done = client.wait(&backup, wait).await.unwrap();
    assert_eq!(done.status, BackupStatus::Completed);
}

#[tokio::test]
async fn an_answer_without_a_list_and_an_entry_without_an_id_are_no_absence() {
    let answers = vec![
        listed(Some("BUILDING")),
        http("200 OK", &[], "{}"),
        http("200 OK", &[], r#"{"backups": null}"#),
        http(
            "200 OK",
            &[],
            r#"{"total_count": 1, "backups": [{"name": "odd"}]}"#,
        ),
        listed(Some("COMPLETED")),
    ];
    let script = Script::start(answers).await;
    let (client, backup) = scripted(Service::GaussdbV3, &script);
    let mut failures = Vec::new();
    let wait = at_once().on_progress(|p| failures.push(p.error.map(Error::kind)));
    client.wait(&backup, wait).await.unwrap();
    let unreadable = Some(ErrorKind::UnreadableAnswer);
    assert_eq!(failures, [None, unreadable, unreadable, unreadable, None]);
}

#[tokio::test]
async fn an_odd_entry_does_not_hide_the_others() {
    let body = r#"{"total_count": 2, "backups": [{"id": "a/b", "instance_id": "x"},
        {"id": "e76112bfb2074871bf54cb8df5af7f64br14", "instance_id": "x", "status": "COMPLETED"}]}"#;
    let answers = vec![http("200 OK", &[], body), http("200 OK", &[], body)];
    let script = Script::start(answers).await;
    let (client, backup) = scripted(Service::GaussdbV3, &script);
    assert_eq!(
        client.get(&backup).await.unwrap().status,
        BackupStatus::Completed
    );

    let listed: Vec<_> = client.list(BackupFilter::all()).collect().await;
    let [Ok(backup), Err(odd)] = &listed[..] else {
        panic!("{listed:?}")
    };
    assert_eq!(backup.status, BackupStatus::Completed);
    assert_eq!(odd.kind(), ErrorKind::UnreadableAnswer, "{odd}");
}
