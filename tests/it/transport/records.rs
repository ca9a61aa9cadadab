//! The record of a call is its own, whatever else a client does at the same time.

use dbbackup::api::rds_v3;
use dbbackup::auth::Credentials;
use dbbackup::model::BackupRef;
use dbbackup::transport::Transport;
use dbbackup::{BackupClient, Error, ErrorKind, Service};
use futures_util::future::{join, join_all};
use progenitor_client::Error as Generated;

use super::logins::{login, scripted};
use super::{Rule, accepted, call, client, client_of, count, instance, transport};
use crate::support::{Act, Script, http, local, project_id, serve};

/// A backup with a number for an id.
fn backup(number: usize) -> BackupRef {
    BackupRef {
        service: Service::RdsV3,
        instance: Some(instance()),
        id: format!("{number:032}br01").parse().unwrap(),
    }
}

/// Deletes by number: every third works, the next is refused, and of the last nobody knows.
async fn deleting() -> String {
    serve(|request| {
        let path = request.split(' ').nth(1).unwrap();
        let id = path.rsplit('/').next().unwrap();
        let number: usize = id[..32].parse().unwrap();
        let header = format!("x-request-id: {number}");
        match number % 3 {
            0 => http("200 OK", &[&header], "{}"),
            1 => http(
                "409 Conflict",
                &[&header],
                r#"{"error_code": "DBS.200047"}"#,
            ),
            _ => http("503 Unavailable", &[&header], ""),
        }
    })
    .await
}

#[track_caller]
fn assert_own(number: usize, result: Result<(), Error>) {
    let (attempts, may_have_acted) = match number % 3 {
        0 => return result.unwrap(),
        1 => (1, false),
        _ => (local().attempts, true),
    };
    let error = result.unwrap_err();
    assert_eq!(error.request_id(), Some(&*number.to_string()), "{error}");
    assert_eq!(
        (error.attempts(), error.may_have_acted()),
        (attempts, may_have_acted),
        "{error}"
    );
}

#[tokio::test]
async fn calls_of_a_client_within_one_task_do_not_mix_their_failures() {
    let client = client(&deleting().await, local());
    let backups: Vec<_> = (0..30).map(backup).collect();
    let results = join_all(backups.iter().map(|backup| client.delete(backup))).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_own(number, result);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_of_a_client_in_several_tasks_do_not_mix_their_failures() {
    let client = client(&deleting().await, local());
    let calls = (0..30).map(|number| {
        let client = client.clone();
        tokio::spawn(async move { client.delete(backup(number)).await })
    });
    for (number, result) in join_all(calls).await.into_iter().enumerate() {
        assert_own(number, result.unwrap());
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_leaves_nothing_to_the_next_one() {
    let gone = http("400 Bad Request", &[], r#"{"error_code": "DBS.201010"}"#);
    let acts = vec![Act::CloseMidway, Act::KeepSilent, gone.into()];
    let script = Script::start(acts).await;
    let client = client(&script.url, local());
    let is_sent_again = async {
        while count(&script) < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        result = call(&client, Rule::Delete) => panic!("{result:?}"),
        () = is_sent_again => {}
    }
    // With the doubts of the dropped call it would count as deleted.
    let error = call(&client, Rule::Delete).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotFound, 1));
}

#[tokio::test]
async fn a_generated_client_beside_a_call_keeps_its_own_failure() {
    let url = deleting().await;
    let (client, generated) = (
        client(&url, local()),
        rds_v3::Client::new(&url, transport(local())),
    );
    let refused = async {
        let delete = generated
            .delete_backup()
            .project_id(project_id(Service::RdsV3));
        delete.backup_id(backup(4).id).send().await
    };
    let (of_client, of_generated) = join(client.delete(backup(7)), refused).await;
    assert_own(7, of_client);
    match of_generated.unwrap_err() {
        Generated::ErrorResponse(refused) => {
            assert_eq!(refused.status(), 409);
            assert_eq!(refused.headers()["x-request-id"], "4");
            assert_eq!(refused.error_code.as_deref(), Some("DBS.200047"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn requests_to_iam_are_no_attempts_of_the_call_that_needs_them() {
    let unavailable = || http("503 Unavailable", &["x-request-id: iam"], "");
    let acts = vec![
        unavailable(),
        login("a-token", "2026-01-03T03:04:05.000000Z"),
        http("409 Conflict", &["x-request-id: call"], "{}"),
        accepted(Rule::Read),
    ];
    let script = Script::start(acts).await;
    let credentials = Credentials::Password(scripted(&script.url));
    // One attempt is for the calls; a login has its own.
    let transport = Transport::with(credentials, local())
        .unwrap()
        .without_retries();
    let client: BackupClient = client_of(&script.url, transport);
    let error = call(&client, Rule::Change).await.unwrap_err();
    assert_eq!((error.attempts(), error.request_id()), (1, Some("call")));
    assert!(!error.may_have_acted());
    call(&client, Rule::Read).await.unwrap();
    assert_eq!(count(&script), 4);
}
