//! Instances that are overwritten, and backups that are stopped.

use dbbackup::Service;
use insta::assert_snapshot;

use super::{Stand, named};

#[tokio::test]
async fn restore_names_what_it_overwrites() {
    for service in Service::ALL {
        let stand = Stand::new(service).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let restore = ["restore", "--instance", &instance, "--backup", &backup];

        let ran = stand.run(&restore).await;
        assert_eq!((ran.code, stand.emulator.requests().len()), (Some(2), 0));
        assert!(ran.stderr.contains("give --yes"), "{ran:?}");

        let dry = stand.run(&[&restore[..], &["--dry-run"]].concat()).await;
        assert_eq!(stand.emulator.calls(service, "restore_instance"), 0);
        let ran = stand.run(&[&restore[..], &["--yes"]].concat()).await;
        assert_eq!(stand.emulator.calls(service, "restore_instance"), 1);
        let shown = [dry.whole(), ran.whole()].join("\n");
        assert_snapshot!(named("restore", service), shown);
    }
}

#[tokio::test]
async fn restore_takes_a_time_only_with_its_offset() {
    let stand = Stand::new(Service::RdsV3).await;
    let instance = stand.instance();
    let restore = ["restore", "--instance", &instance, "--dry-run", "--time"];
    let ran = stand
        .run(&[&restore[..], &["2026-11-28T03:00:00"]].concat())
        .await;
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(
        ran.stderr.contains("must be a time with its offset"),
        "{ran:?}"
    );
    let ran = stand
        .run(&[&restore[..], &["2026-11-28T04:00:00+01:00"]].concat())
        .await;
    assert!(
        ran.done().contains("\"restore_time\":1795834800000"),
        "{ran:?}"
    );
}

#[tokio::test]
async fn an_instance_that_is_not_there_cannot_be_overwritten() {
    let stand = Stand::new(Service::RdsV3).await;
    let (instance, backup) = (stand.instance(), stand.backup());
    let restore = [
        "restore",
        "--instance",
        &instance,
        "--backup",
        &backup,
        "--yes",
    ];
    let other = ["--to", "00000000000000000000000000000000in01"];
    let ran = stand.run(&[&restore[..], &other].concat()).await;
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(
        ran.stderr
            .contains("there is no instance 00000000000000000000000000000000in01"),
        "{ran:?}"
    );
    assert_eq!(stand.emulator.calls(Service::RdsV3, "restore_instance"), 0);
}

#[tokio::test]
async fn stop_ends_the_backup_that_is_being_made() {
    for service in Service::ALL {
        let stand = Stand::slow(service).await;
        let instance = stand.instance();
        let stop = ["stop", "--instance", &instance, "--yes"];
        if !service.supports(dbbackup::Operation::StopBackup) {
            let ran = stand.run(&stop).await;
            assert_eq!((ran.code, stand.emulator.requests().len()), (Some(2), 0));
            let expected =
                format!("{service} has no stop_backup, which rds-v3 and gaussdb-v3 alone have\n");
            assert!(ran.stderr.ends_with(&expected), "{ran:?}");
            continue;
        }
        let create = ["create", "--instance", &instance, "--name", "nightly"];
        stand.run(&create).await.done();
        let dry = stand.run(&[&stop[..3], &["--dry-run"]].concat()).await;
        assert_eq!(stand.emulator.calls(service, "stop_backup"), 0);
        let ran = stand.run(&stop).await;
        let shown = [dry.whole(), ran.whole()].join("\n");
        assert_snapshot!(named("stop", service), shown);
        let left = stand.emulator.backups(service);
        assert!(
            left.iter().all(|backup| backup.status != "BUILDING"),
            "{left:?}"
        );
    }
}
