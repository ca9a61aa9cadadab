//! What becomes of old backups.

mod clocks;
mod rules;

use std::fs::File;
use std::process::Output;
use std::time::Duration;

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{Operation, Service};
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::{Stand, named};
use crate::support::{Script, http, serve};

/// An instance that the answers below name.
const INSTANCE: &str = "d8e6ca5a624745bcb546a227aa3ae1cfin01";

/// A COMPLETED manual backup in a list of API v3; its id is the name.
fn entry(name: &str, begin: impl ToString) -> Value {
    json!({
        "id": name, "name": name, "instance_id": INSTANCE, "type": "manual", "status": "COMPLETED",
        "begin_time": begin.to_string(), "size": 10,
    })
}

/// The answer to a list with these entries, and with this `Date`, if any.
fn list(date: Option<&str>, entries: &[Value]) -> Vec<u8> {
    let body = json!({ "total_count": entries.len(), "backups": entries }).to_string();
    let date = date.map(|date| format!("Date: {date}"));
    let headers: Vec<&str> = date.as_deref().into_iter().collect();
    http("200 OK", &headers, &body)
}

/// A time in the words of a `Date`.
fn date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn now() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap()
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// Prunes what a server lists, which takes every deletion; gives the backups whose deletion was asked
/// for, besides what the command has said.
async fn prune(service: Service, listed: Vec<u8>, rules: &[&str]) -> (Output, Vec<String>) {
    let stand = Stand::new(service).await;
    let mut answers = vec![listed];
    answers.extend(std::iter::repeat_n(http("200 OK", &[], "{}"), 9));
    let server = Script::start(answers).await;
    let place = [
        "prune",
        "--instance",
        INSTANCE,
        "--endpoint",
        &server.url,
        "--yes",
    ];
    let mut command = stand.command(&[&place[..], rules].concat());
    let ran = spawn_blocking(move || command.output().unwrap()).await;
    let deleted = server.requests();
    let deleted = deleted
        .iter()
        .filter(|request| request.starts_with("DELETE "));
    let id = |request: &String| {
        let path = request.split(' ').nth(1).unwrap();
        path.rsplit('/').next().unwrap().to_owned()
    };
    (ran.unwrap(), deleted.map(id).collect())
}

/// What a command has written on standard error.
fn said(ran: &Output) -> String {
    String::from_utf8(ran.stderr.clone()).unwrap()
}

#[tokio::test]
async fn prune_keeps_the_newest_on_every_service() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let instance = stand.instance();
        // Nightly ones.
        let mut old = Vec::new();
        for _ in 0..3 {
            old.extend(stand.emulator.add_backups(service, &instance, 1));
            stand.emulator.advance(Duration::from_secs(24 * 3600));
        }
        let prune = ["prune", "--instance", &instance, "--keep", "2"];

        let ran = stand.run(&prune).await;
        assert_eq!((ran.code, stand.emulator.requests().len()), (Some(2), 0));
        assert!(ran.stderr.contains("give --yes"), "{ran:?}");

        let dry = stand.run(&[&prune[..], &["--dry-run"]].concat()).await;
        assert_eq!(stand.emulator.calls((service, Operation::DeleteBackup)), 0);
        let ran = stand.run(&[&prune[..], &["--yes"]].concat()).await;
        assert_eq!(stand.emulator.calls((service, Operation::DeleteBackup)), 1);
        let shown = [dry.whole(), ran.whole()].join("\n");
        assert_snapshot!(named("prune", service), shown);
        let left = stand.emulator.backups(service);
        let left = left.iter().filter(|backup| old.contains(&backup.id));
        let left = left.filter(|backup| backup.status != "DELETING").count();
        assert_eq!(left, 2, "{service}");

        let ran = stand.run(&[&prune[..], &["--yes"]].concat()).await;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(stand.emulator.calls((service, Operation::DeleteBackup)), 1);
    }
}

#[tokio::test]
async fn prune_goes_on_after_a_failure_and_tells_of_it() {
    let service = Service::TaurusdbV3;
    let stand = Stand::new(service).await;
    let instance = stand.instance();
    stand.emulator.add_backups(service, &instance, 3);
    let body = r#"{"error_code": "DBS.201208", "error_msg": "No."}"#;
    let refusal = Reply::new(400).with_body(body);
    stand
        .emulator
        .inject((service, Operation::DeleteBackup), Fault::reply(refusal))
        .unwrap();
    let prune = ["prune", "--instance", &instance, "--keep", "1", "--yes"];
    let ran = stand
        .run(&[&prune[..], &["--output", "json"]].concat())
        .await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.stderr.ends_with("1 of 2 backups were not deleted\n"),
        "{ran:?}"
    );
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let outcomes: Vec<&Value> = rows.iter().map(|row| &row["outcome"]).collect();
    assert_eq!(outcomes, ["failed", "deleted"]);
    assert!(rows[0]["detail"].as_str().unwrap().contains("DBS.201208"));
    assert!(rows[1]["detail"].is_null());
}

#[tokio::test]
async fn a_failure_counts_even_if_nobody_reads() {
    let service = Service::RdsV3;
    let stand = Stand::new(service).await;
    let instance = stand.instance();
    stand.emulator.add_backups(service, &instance, 2);
    let refusal = Fault::reply(Reply::new(403));
    stand
        .emulator
        .inject((service, Operation::DeleteBackup), refusal)
        .unwrap();
    let prune = ["prune", "--instance", &instance, "--keep", "1", "--yes"];
    let ran = stand.finish_unread(stand.command(&prune)).await;
    assert_eq!(ran.code, Some(5), "{ran:?}");
}

#[tokio::test]
async fn a_prune_without_an_answer_ends_with_4() {
    let service = Service::GaussdbV3;
    let stand = Stand::new(service).await;
    let instance = stand.instance();
    stand.emulator.add_backups(service, &instance, 2);
    let busy = Reply::new(503).with_header("Retry-After", "0");
    let busy = Fault::reply(busy).after_acting().with_times(4);
    // The last attempt, so that no pause comes after it.
    for fault in [busy, Fault::reset().after_acting()] {
        let injected = stand
            .emulator
            .inject((service, Operation::DeleteBackup), fault);
        injected.unwrap();
    }
    let prune = ["prune", "--instance", &instance, "--keep", "1", "--yes"];
    let ran = stand.run(&prune).await;
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(
        ran.stderr.contains("\nlook with: dbbackup list --service"),
        "{ran:?}"
    );
}

#[tokio::test]
async fn what_was_deleted_is_told_where_it_cannot_be_shown() {
    let service = Service::RdsV3;
    let stand = Stand::new(service).await;
    let instance = stand.instance();
    let ids = stand.emulator.add_backups(service, &instance, 4);
    let refusal = Fault::reply(Reply::new(400));
    stand
        .emulator
        .inject((service, Operation::DeleteBackup), refusal)
        .unwrap();
    let prune = [
        "prune",
        "--instance",
        &instance,
        "--keep",
        "1",
        "--yes",
        "--quiet",
    ];
    for (left, code) in [(2, 1), (1, 1)] {
        let mut command = stand.command(&prune);
        command.stdout(File::options().write(true).open("/dev/full").unwrap());
        let ran = spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        assert_eq!(ran.status.code(), Some(code), "{ran:?}");
        let gone = |id: &&String| {
            let held = stand.emulator.backups(service);
            held.iter()
                .any(|backup| backup.id == **id && backup.status == "DELETING")
        };
        let said = said(&ran);
        let deleted = said
            .lines()
            .find(|line| line.contains("backups are deleted ("))
            .unwrap();
        assert!(
            deleted.contains("but cannot be shown: No space left on device"),
            "{said}"
        );
        let told = ids
            .iter()
            .filter(|id| deleted.contains(id.as_str()))
            .count();
        assert_eq!(ids.iter().filter(gone).count(), 4 - left, "{said}");
        let expected = if left == 2 { 3 } else { 1 };
        assert_eq!(told, expected, "{said}");
        assert_eq!(
            said.contains("1 of 3 backups were not deleted"),
            left == 2,
            "{said}"
        );
    }
}
