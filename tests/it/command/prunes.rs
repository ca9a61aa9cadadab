//! What becomes of old backups.

use std::time::Duration;

use dbbackup::Service;
use dbbackup::emulator::{Fault, Reply};
use insta::assert_snapshot;
use serde_json::Value;

use super::{Stand, named};

#[tokio::test]
async fn prune_keeps_the_newest_on_every_service() {
    for service in Service::ALL {
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
        assert_eq!(stand.emulator.calls(service, "delete_backup"), 0);
        let ran = stand.run(&[&prune[..], &["--yes"]].concat()).await;
        assert_eq!(stand.emulator.calls(service, "delete_backup"), 1);
        let shown = [dry.whole(), ran.whole()].join("\n");
        assert_snapshot!(named("prune", service), shown);
        let left = stand.emulator.backups(service);
        let left = left.iter().filter(|backup| old.contains(&backup.id));
        let left = left.filter(|backup| backup.status != "DELETING").count();
        assert_eq!(left, 2, "{service}");

        let ran = stand.run(&[&prune[..], &["--yes"]].concat()).await;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(stand.emulator.calls(service, "delete_backup"), 1);
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
        .inject(service, "delete_backup", Fault::reply(refusal))
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
        .inject(service, "delete_backup", refusal)
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
    let reset = Fault::reset().after_acting().with_times(9);
    stand
        .emulator
        .inject(service, "delete_backup", reset)
        .unwrap();
    let prune = ["prune", "--instance", &instance, "--keep", "1", "--yes"];
    let ran = stand.run(&prune).await;
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(
        ran.stderr.contains("\nlook with: dbbackup list --service"),
        "{ran:?}"
    );
}
