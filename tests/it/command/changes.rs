//! What changes something: dry runs, and the leave to destroy.

use std::fs::File;

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

#[tokio::test]
async fn what_was_done_is_told_where_it_cannot_be_shown() {
    let stand = Stand::slow(Service::RdsV3).await;
    let (instance, backup) = (stand.instance(), stand.backup());
    let of_instance = ["--instance", &instance];
    let rows: [(&[&str], &str); 5] = [
        // Whoever repeats it makes another backup.
        (&["create", "--name", "nightly"], "was accepted, but"),
        (&["stop", "--yes"], "is being stopped, but"),
        (&["policy", "set", "--start", "02:00"], "is set, but"),
        (
            &["restore", "--backup", &backup, "--yes"],
            "the restore was accepted (jobs: ",
        ),
        (&["delete", &backup, "--yes"], "is deleted, but"),
    ];
    for (change, words) in rows {
        let mut command = stand.command(&[change, &of_instance, &["--quiet"]].concat());
        command.stdout(File::options().write(true).open("/dev/full").unwrap());
        let ran = stand.finish(command).await;
        let is_created = change[0] == "create";
        assert_eq!(ran.code, Some(if is_created { 3 } else { 1 }), "{ran:?}");
        let has_next = ran.stderr.contains("\nwait for it with: dbbackup wait ");
        assert_eq!(has_next, is_created, "{ran:?}");
        let complaint = "cannot be shown: No space left on device";
        assert!(
            ran.stderr.contains(words) && ran.stderr.contains(complaint),
            "{ran:?}"
        );
    }
}
