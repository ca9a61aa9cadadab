//! What changes something: dry runs, and the leave to destroy.

use dbbackup::Service;
use insta::assert_snapshot;

use super::{Stand, named};

#[tokio::test]
async fn a_dry_run_prints_the_request_and_sends_nothing() {
    for service in Service::ALL {
        let stand = Stand::new(service).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let create = [
            "create",
            "--instance",
            &instance,
            "--name",
            "nightly",
            "--dry-run",
        ];
        let create = stand.run(&create).await;
        let key = [
            "create",
            "--instance",
            &instance,
            "--name",
            "nightly",
            "--key",
            "42",
        ];
        let key = stand.run(&[&key[..], &["--dry-run"]].concat()).await;
        let delete = ["delete", &backup, "--instance", &instance, "--dry-run"];
        let delete = stand.run(&delete).await;
        let shown = [&create, &key, &delete].map(|ran| ran.done().to_owned());
        assert_snapshot!(named("dry_run", service), shown.join("\n"));
        let sent = stand.emulator.requests();
        assert!(!sent.is_empty() && sent.iter().all(|request| request.method == "GET"));
    }
}

#[tokio::test]
async fn a_dry_run_is_an_object_for_programs() {
    let stand = Stand::new(Service::RdsV1).await;
    let instance = stand.instance();
    let create = ["create", "--instance", &instance, "--name", "nightly"];
    let options = ["--dry-run", "--output", "json", "--wait"];
    let ran = stand.run(&[&create[..], &options].concat()).await;
    assert_snapshot!("dry_run__json", ran.done());
}

#[tokio::test]
async fn delete_wants_a_yes_where_nobody_can_be_asked() {
    for service in Service::ALL {
        let stand = Stand::new(service).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let delete = ["delete", &backup, "--instance", &instance];
        let ran = stand.run(&delete).await;
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("give --yes"), "{ran:?}");
        assert_eq!(stand.emulator.requests().len(), 0);

        let ran = stand.run(&[&delete[..], &["--yes"]].concat()).await;
        assert_snapshot!(named("delete", service), ran.whole());
        assert_eq!(stand.emulator.calls(service, "delete_backup"), 1);
    }
}
