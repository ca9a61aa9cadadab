//! Instances that are overwritten, and backups that are stopped.

use std::time::Duration;

use dbbackup::emulator::{Fault, Options, Reply};
use dbbackup::{Operation, Service};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Stand, named};
use crate::support::operations::JOB;
use crate::support::{http, serve};

#[tokio::test]
async fn restore_names_what_it_overwrites() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let restore = ["restore", "--instance", &instance, "--backup", &backup];

        let ran = stand.run(&restore).await;
        assert_eq!((ran.code, stand.emulator.requests().len()), (Some(2), 0));
        assert!(ran.stderr.contains("give --yes"), "{ran:?}");

        let dry = stand.run(&[&restore[..], &["--dry-run"]].concat()).await;
        assert_eq!(
            stand.emulator.calls((service, Operation::RestoreInstance)),
            0
        );
        let ran = stand.run(&[&restore[..], &["--yes"]].concat()).await;
        assert_eq!(
            stand.emulator.calls((service, Operation::RestoreInstance)),
            1
        );
        let shown = [dry.whole(), ran.whole()].join("\n");
        assert_snapshot!(named("restore", service), shown);
    }
}

#[tokio::test]
async fn a_backup_whose_instance_is_not_told_is_restored_and_the_question_says_so() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let instance = stand.instance();
        for odd in [None, Some(json!(null)), Some(json!([])), Some(json!({}))] {
            let mut backup = json!({ "id": "b1", "name": "nightly", "status": "COMPLETED" });
            if let Some(odd) = odd {
                backup["instance_id"] = odd;
            }
            let body = json!({
                "instances": [{ "id": instance, "name": "orders" }], "backups": [backup],
                "total_count": 1, "job_id": JOB, "extendparam": { "jobs": [{ "id": JOB }] },
            });
            let url = serve(move |_| http("200 OK", &[], &body.to_string())).await;
            let restore = [
                "restore",
                "--instance",
                &instance,
                "--backup",
                "b1",
                "--yes",
            ];
            let ran = stand
                .run(&[&restore[..], &["--endpoint", &url]].concat())
                .await;
            ran.done();
            assert!(
                ran.stderr
                    .contains("of which the service tells no instance"),
                "{service}: {ran:?}"
            );
        }
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
    assert_eq!(
        stand
            .emulator
            .calls((Service::RdsV3, Operation::RestoreInstance)),
        0
    );
}

#[tokio::test]
async fn a_backup_of_another_instance_is_refused() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let (instance, other) = (stand.instance(), stand.emulator.add_instance(service));
        let backup = stand.emulator.add_backups(service, &other, 1).remove(0);
        let restore = [
            "restore",
            "--instance",
            &instance,
            "--backup",
            &backup,
            "--yes",
        ];
        let ran = stand.run(&restore).await;
        assert_ne!(ran.code, Some(0), "{ran:?}");
        let expected = match service {
            // It is not in the list of the instance.
            Service::RdsV3 => "does not exist",
            _ => "is one of",
        };
        assert!(ran.stderr.contains(expected), "{ran:?}");
        assert_eq!(
            stand.emulator.calls((service, Operation::RestoreInstance)),
            0
        );
    }
}

#[tokio::test]
async fn a_restore_is_waited_for() {
    for service in [Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3] {
        let build_time = Duration::from_millis(200);
        let options = Options {
            build_time,
            ..Options::default()
        };
        let stand = Stand::with(service, options).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let restore = ["restore", "--instance", &instance, "--backup", &backup];
        let wait = ["--yes", "--wait", "--interval=20ms", "--output", "json"];
        let ran = stand.run(&[&restore[..], &wait].concat()).await;
        let shown: Value = serde_json::from_str(ran.done()).unwrap();
        assert_eq!(shown["is_done"], true, "{ran:?}");
        assert!(ran.stderr.contains("is Completed"), "{ran:?}");
    }
}

#[tokio::test]
async fn the_end_of_another_job_is_not_that_of_the_restore() {
    for service in [Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3] {
        let stand = Stand::slow(service).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let other = r#"{"job": {"id": "some-other-job", "status": "Completed"}}"#;
        let fault = Fault::reply(Reply::new(200).with_body(other)).with_times(99);
        stand
            .emulator
            .inject((service, Operation::GetJob), fault)
            .unwrap();
        let restore = ["restore", "--instance", &instance, "--backup", &backup];
        let wait = ["--yes", "--wait", "--wait-timeout=1s", "--interval=50ms"];
        let ran = stand.run(&[&restore[..], &wait].concat()).await;
        assert_eq!(ran.code, Some(3), "{ran:?}");
        assert!(
            ran.stderr.contains("its answer is about another job"),
            "{ran:?}"
        );
        assert!(stand.emulator.calls((service, Operation::GetJob)) > 1);
    }
}

#[tokio::test]
async fn a_restore_that_lasts_prints_the_command_that_goes_on() {
    let stand = Stand::slow(Service::RdsV3).await;
    let (instance, backup) = (stand.instance(), stand.backup());
    let restore = ["restore", "--instance", &instance, "--backup", &backup];
    let wait = ["--yes", "--wait", "--wait-timeout", "1s"];
    let ran = stand.run(&[&restore[..], &wait].concat()).await;
    assert_snapshot!("restore__expired", ran.whole());

    let job = stand.emulator.state().services[&Service::RdsV3].jobs[0]
        .id
        .clone();
    let wait = ["wait", "--job", &job];
    let jobs = stand
        .run(&[&wait[..], &["--wait-timeout", "1s"]].concat())
        .await;
    assert_eq!(jobs.code, Some(3), "{jobs:?}");
    let years = Duration::from_secs(2 * 365 * 24 * 3600);
    stand.emulator.advance(years);
    assert_snapshot!("wait__job", stand.run(&wait).await.whole());
}

#[tokio::test]
async fn each_of_several_jobs_is_told_of_when_it_changes() {
    let stand = Stand::slow(Service::GaussdbV3).await;
    let instances = [stand.instance(), stand.emulator.add_instance(stand.service)];
    for (instance, name) in instances.iter().zip(["first", "second"]) {
        let create = ["create", "--instance", instance, "--name", name];
        stand.run(&create).await.done();
    }
    let jobs = &stand.emulator.state().services[&stand.service].jobs;
    let [first, second] = [0, 1].map(|index| format!("--job={}", jobs[index].id));
    let wait = ["wait", &first, &second];
    let limits = ["--wait-timeout=1s", "--interval=50ms"];
    let ran = stand.run(&[&wait[..], &limits].concat()).await;
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert_eq!(ran.stderr.matches("is Running, 0 %").count(), 2, "{ran:?}");
    assert!(stand.emulator.calls((stand.service, Operation::GetJob)) > 4);
}

#[tokio::test]
async fn jobs_of_rds_v1_cannot_be_waited_for() {
    let stand = Stand::new(Service::RdsV1).await;
    let (instance, backup) = (stand.instance(), stand.backup());
    for arguments in [
        &["wait", "--job", "x"][..],
        &[
            "restore",
            "--instance",
            &instance,
            "--backup",
            &backup,
            "--wait",
            "--yes",
        ],
    ] {
        let ran = stand.run(arguments).await;
        assert_eq!((ran.code, stand.emulator.requests().len()), (Some(2), 0));
        assert!(ran.stderr.contains("rds-v1 has no get_job"), "{ran:?}");
    }
}

#[tokio::test]
async fn stop_ends_the_backup_that_is_being_made() {
    for &service in Service::ALL {
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
        assert_eq!(stand.emulator.calls((service, Operation::StopBackup)), 0);
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
