//! A refusal is one, whatever its body is: no subcommand takes it for done.

use std::time::Duration;

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{Operation, Service};
use futures_util::future::join_all;

use super::Stand;

/// Bodies that a lenient reader takes for JSON, and one that nobody does.
fn odd_bodies() -> [String; 4] {
    let deep = ["{\"a\":".repeat(200), "1".to_owned(), "}".repeat(200)].concat();
    [
        r#"{"error_code": "DBS.200010", "error_msg": "half \ud83d"}"#.to_owned(),
        r#"{"error_code": "DBS.200010", "error_msg": 1e999}"#.to_owned(),
        deep,
        r#"{"error_code": "DBS.2000"#.to_owned(),
    ]
}

/// Subcommands with the operation that is refused.
fn commands(instance: &str, backup: &str) -> Vec<(Operation, Vec<String>)> {
    let of = |operation, words: &str| {
        let words = words
            .replace("INSTANCE", instance)
            .replace("BACKUP", backup);
        (operation, words.split(' ').map(str::to_owned).collect())
    };
    vec![
        of(
            Operation::DeleteBackup,
            "delete BACKUP --instance INSTANCE --yes",
        ),
        of(
            Operation::DeleteBackup,
            "prune --instance INSTANCE --keep 1 --yes",
        ),
        of(
            Operation::SetBackupPolicy,
            "policy set --instance INSTANCE --start 05:00",
        ),
        of(
            Operation::CreateBackup,
            "create --instance INSTANCE --name nightly",
        ),
        of(
            Operation::RestoreInstance,
            "restore --instance INSTANCE --backup BACKUP --yes",
        ),
        of(Operation::StopBackup, "stop --instance INSTANCE --yes"),
        of(
            Operation::ListBackups,
            "wait BACKUP --instance INSTANCE --wait-timeout 1s",
        ),
        of(Operation::ListBackups, "list --instance INSTANCE"),
    ]
}

async fn assert_refused(service: Service) {
    let stand = Stand::quick(service).await;
    let instance = stand.instance();
    let backup = stand.backup();
    stand.emulator.advance(Duration::from_secs(24 * 3600));
    stand.backup();
    let commands = commands(&instance, &backup);
    let commands = commands
        .iter()
        .filter(|(operation, _)| service.supports(*operation));
    for ((operation, words), body) in commands.zip(odd_bodies().iter().cycle()) {
        let refusal = Fault::reply(Reply::new(403).with_body(body));
        stand
            .emulator
            .inject((service, *operation), refusal)
            .unwrap();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = stand.run(&words).await;
        assert_eq!(ran.code, Some(5), "{service} {words:?}: {ran:?}");
        assert!(
            !ran.stdout.contains("deleted"),
            "{service} {words:?}: {ran:?}"
        );
        let all = [&*ran.stdout, &*ran.stderr].concat();
        assert!(
            all.contains("refused with 403"),
            "{service} {words:?}: {ran:?}"
        );
    }
    assert_eq!(stand.emulator.backups(service).len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_call_is_never_reported_as_done() {
    join_all(Service::ALL.iter().copied().map(assert_refused)).await;
}

#[tokio::test]
async fn doctor_names_the_identity_whatever_the_refusal_says() {
    for body in odd_bodies() {
        let stand = Stand::new(Service::RdsV3).await;
        let refusal = Fault::reply(Reply::new(401).with_body(body));
        let list = Operation::ListInstances;
        stand
            .emulator
            .inject((Service::RdsV3, list), refusal)
            .unwrap();
        let ran = stand.run(&["doctor"]).await;
        assert_eq!(ran.code, Some(5), "{ran:?}");
        assert_eq!(ran.stderr, "dbbackup: failed: identity\n", "{ran:?}");
    }
}
