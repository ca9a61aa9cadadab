//! Cases from public reports, each by its right value through the commands, with input of its own.
//!
//! B01, B02, B04 and B05, which are about logins, are in `config/` and `remedies.rs`; the kinds that
//! the others belong to have tests of their own where they are built.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use dbbackup::Service;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Ran, Stand, dbbackup};
use crate::support::{http, serve};

const INSTANCE: &str = "d8e6ca5a624745bcb546a227aa3ae1cfin01";

fn backup(id: &str, begin: &str) -> Value {
    json!({
        "id": id, "name": id, "instance_id": INSTANCE, "type": "manual", "status": "COMPLETED",
        "begin_time": begin, "size": 10,
    })
}

/// An rds-v3 with these backups, whose create makes one that is done at once; the requests that it got.
struct Rds {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Rds {
    async fn new(
        backups: Vec<Value>,
        answer: impl Fn(&str, &[Value]) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, held) = (requests.clone(), Mutex::new(backups));
        let url = serve(move |request| {
            seen.lock().unwrap().push(request.to_owned());
            let mut held = held.lock().unwrap();
            if let Some(answer) = answer(request, &held) {
                return answer;
            }
            let date = Timestamp::now().strftime("Date: %a, %d %b %Y %H:%M:%S GMT");
            let body = match request.split(' ').next().unwrap() {
                "GET" => json!({ "total_count": held.len(), "backups": *held }),
                "POST" => {
                    let (_, body) = request.split_once("\r\n\r\n").unwrap();
                    let asked: Value = serde_json::from_str(body).unwrap();
                    let mut new = backup("new", "2026-11-28T02:00:00+0000");
                    new["name"] = asked["name"].clone();
                    held.insert(0, new.clone());
                    json!({ "backup": new })
                }
                _ => json!({}),
            };
            http("200 OK", &[&date.to_string()], &body.to_string())
        });
        Self {
            url: url.await,
            requests,
        }
    }

    async fn run(&self, arguments: &[&str]) -> Ran {
        let stand = Stand::new(Service::RdsV3).await;
        let place = ["--endpoint", &self.url, "--instance", INSTANCE];
        stand.run(&[arguments, &place].concat()).await
    }

    /// How many requests there were of a method.
    fn count(&self, method: &str) -> usize {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .filter(|request| request.starts_with(method))
            .count()
    }
}

#[tokio::test]
async fn b08_one_odd_field_of_an_old_entry_takes_away_nothing() {
    let rds = async || {
        let mut odd = backup("old", "2026-11-01T02:00:00+0000");
        odd["size"] = json!(25.2);
        let backups = vec![backup("last", "2026-11-27T02:00:00+0000"), odd];
        Rds::new(backups, |_, _| None).await
    };
    let listed = rds().await.run(&["list", "--output", "json"]).await;
    let listed: Value = serde_json::from_str(listed.done()).unwrap();
    assert_eq!(listed[0]["size"], 10 * 1024);
    assert_eq!(
        (&listed[1]["id"], &listed[1]["size"]),
        (&json!("old"), &Value::Null)
    );
    let shown = rds().await.run(&["show", "old", "--output", "json"]).await;
    let shown: Value = serde_json::from_str(shown.done()).unwrap();
    assert_eq!(shown["status"], "COMPLETED");
    let prune = rds().await;
    prune.run(&["prune", "--keep", "1", "--yes"]).await.done();
    assert_eq!(prune.count("DELETE "), 1);
    let create = rds().await;
    create
        .run(&["create", "--name", "nightly", "--key", "monday", "--wait"])
        .await
        .done();
    assert_eq!(create.count("POST "), 1);
}

#[tokio::test]
async fn b11_what_nobody_typed_is_sent_back_unchecked() {
    let policy = json!({ "keep_days": 1095, "start_time": "01:00-02:00", "period": "1,2" });
    let rds = Rds::new(Vec::new(), move |request, _| {
        let shown = json!({ "backup_policy": policy }).to_string();
        request
            .starts_with("GET ")
            .then(|| http("200 OK", &[], &shown))
    });
    let rds = rds.await;
    rds.run(&["policy", "set", "--start", "03:00", "--days", "mon"])
        .await
        .done();
    let requests = rds.requests.lock().unwrap();
    let (_, sent) = requests[1].split_once("\r\n\r\n").unwrap();
    let sent: Value = serde_json::from_str(sent).unwrap();
    let expected = json!({ "keep_days": 1095, "start_time": "03:00-04:00", "period": "1" });
    assert_eq!(sent["backup_policy"], expected);
}

#[tokio::test]
async fn b12_a_token_that_expires_during_the_wait_does_not_hide_what_was_accepted() {
    let rds = Rds::new(Vec::new(), |request, held| {
        let body = r#"{"error_code": "APIGW.0307", "error_msg": "The token must be updated."}"#;
        let is_wait = request.starts_with("GET ") && !held.is_empty();
        is_wait.then(|| http("401 Unauthorized", &[], body))
    });
    let ran = rds
        .await
        .run(&["create", "--name", "nightly", "--wait"])
        .await;
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(
        ran.stdout.contains("new") && ran.stderr.contains("dbbackup wait"),
        "{ran:?}"
    );
}

#[test]
fn b13_the_canonical_request_of_the_gateway_is_compared_line_by_line() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("b13-canonical");
    let theirs =
        "GET|/v3/p/backups/||host:rds.example|x-sdk-date:20260102T030405Z||host;x-sdk-date|0000";
    std::fs::write(&file, theirs).unwrap();
    let mut command = dbbackup(&[
        "sign",
        "--method",
        "GET",
        "--url",
        "https://rds.example/v3/p/backups",
    ]);
    command.args([
        "--date",
        "20260102T030405Z",
        "--compare",
        file.to_str().unwrap(),
    ]);
    command
        .env("DBBACKUP_ACCESS_KEY", "AK")
        .env("DBBACKUP_SECRET_KEY", "SK");
    let ran = command.output().unwrap();
    assert_eq!(ran.status.code(), Some(1), "{ran:?}");
    let shown = String::from_utf8(ran.stdout).unwrap();
    assert!(
        shown.contains("line 8 differs, hash of the body"),
        "{shown}"
    );
}

#[tokio::test]
async fn b15_a_time_that_cannot_be_pushes_no_backup_out() {
    let hours = |hours| (Timestamp::now() - jiff::SignedDuration::from_hours(hours)).to_string();
    let backups = vec![
        backup("wrong", "2099-01-01T00:00:00+0000"),
        backup("newest", &hours(24)),
        backup("older", &hours(48)),
    ];
    let rds = Rds::new(backups, |_, _| None).await;
    let ran = rds.run(&["prune", "--keep", "1", "--yes"]).await;
    assert!(ran.stderr.contains("set aside: wrong"), "{ran:?}");
    ran.done();
    let requests = rds.requests.lock().unwrap();
    let deleted = requests
        .iter()
        .filter(|request| request.starts_with("DELETE "));
    let deleted: Vec<_> = deleted
        .map(|request| request.contains("/backups/older "))
        .collect();
    assert_eq!(deleted, [true]);
}

#[tokio::test]
async fn b17_a_download_that_gets_no_further_ends() {
    let tags = AtomicUsize::new(0);
    let rds = Rds::new(
        vec![backup("old", "2026-11-27T02:00:00+0000")],
        move |request, _| {
            let line = request.lines().next().unwrap();
            if line.contains("/backup-files") {
                let host = request.lines().find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("host: ")
                        .map(str::to_owned)
                });
                let link = format!("http://{}/store/a.qp", host.unwrap());
                let body = json!({ "bucket": "b", "files": [{ "name": "a.qp", "size": 10, "download_link": link }] });
                return Some(http("200 OK", &[], &body.to_string()));
            }
            // Another tag each time, and never more than a half.
            let tag = tags.fetch_add(1, Ordering::Relaxed);
            let head = format!(
                "HTTP/1.1 200 OK\r\nETag: \"{tag}\"\r\nContent-Length: 10240\r\nConnection: close\r\n\r\n"
            );
            line.contains("/store/")
                .then(|| [head.as_bytes(), &[7; 5000]].concat())
        },
    );
    let rds = rds.await;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("b17");
    let _ = std::fs::remove_dir_all(&folder);
    let ran = rds
        .run(&["files", "old", "--download", folder.to_str().unwrap()])
        .await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        rds.count("GET /store/") < 12,
        "{} requests",
        rds.count("GET /store/")
    );
}

#[test]
fn b18_and_b19_a_removal_is_no_rename_and_what_takes_more_breaks_nobody() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("b18");
    std::fs::create_dir_all(&folder).unwrap();
    let text = json!({ "type": "string" });
    let number = json!({ "type": "integer" });
    let either = json!({ "anyOf": [text, number] });
    let read_only = json!({ "type": "string", "readOnly": true });
    let rows = [
        (
            json!({ "a": text, "b": text, "c": text }),
            json!({ "b": text, "c": text }),
            json!([]),
            "The optional field `a` was removed.",
        ),
        (
            json!({ "n": number }),
            json!({ "n": either }),
            json!([]),
            "It may have other forms now.",
        ),
        (
            json!({ "a": text }),
            json!({ "a": text, "id": read_only }),
            json!(["id"]),
            "The optional field `id` was added.",
        ),
    ];
    for (before, after, required, sentence) in rows {
        let contract = |fields: &Value, required: &Value| {
            let schema = json!({ "type": "object", "properties": fields, "required": required });
            let body = json!({ "content": { "application/json": { "schema": schema } } });
            let post =
                json!({ "requestBody": body, "responses": { "200": { "description": "ok" } } });
            json!({ "openapi": "3.0.3", "info": { "title": "t", "version": "1" }, "paths": { "/t": { "post": post } } })
        };
        let [old, new] = [
            ("old.json", contract(&before, &json!([]))),
            ("new.json", contract(&after, &required)),
        ]
        .map(|(name, contract)| {
            let file = folder.join(name);
            std::fs::write(&file, contract.to_string()).unwrap();
            file
        });
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dbbackup-spec"));
        let ran = command.arg("diff").args([old, new]).output().unwrap();
        let shown = String::from_utf8(ran.stdout).unwrap();
        assert_eq!(ran.status.code(), Some(0), "{shown}");
        let changes: Vec<_> = shown
            .lines()
            .filter(|line| line.starts_with("- "))
            .collect();
        assert!(
            changes.len() == 1 && changes[0].contains(sentence),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn n01_age_alone_keeps_the_newest_backup() {
    let rds = Rds::new(vec![backup("only", "2026-11-01T02:00:00+0000")], |_, _| {
        None
    })
    .await;
    rds.run(&["prune", "--older-than", "0h", "--yes"])
        .await
        .done();
    assert_eq!(rds.count("DELETE "), 0);
}
