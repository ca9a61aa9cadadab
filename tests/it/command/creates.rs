//! `create`: on all services, with and without a key, and what it says meanwhile.

use std::time::Duration;

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{Operation, Service};
use insta::assert_snapshot;

use super::waits::once_said;
use super::{Stand, named};

#[tokio::test]
async fn create_waits_on_all_services_and_shows_the_backup() {
    for &service in Service::ALL {
        let stand = Stand::quick(service).await;
        let instance = stand.instance();
        let create = [
            "create",
            "--instance",
            &instance,
            "--name",
            "nightly",
            "--wait",
        ];
        let ran = stand.run(&create).await;
        assert_snapshot!(named("create", service), ran.whole());
        assert_eq!(stand.posts(), 1, "{service}");
    }
}

#[tokio::test]
async fn create_prints_an_object_with_the_fields_of_a_backup() {
    let stand = Stand::slow(Service::GaussdbV3).await;
    let instance = stand.instance();
    let create = [
        "create",
        "--instance",
        &instance,
        "--name",
        "nightly",
        "--output",
        "json",
    ];
    let ran = stand
        .run(&[&create[..], &["--description", "before 4.2"]].concat())
        .await;
    assert_snapshot!("create__json", ran.done());
}

#[tokio::test]
async fn a_line_tells_of_each_state() {
    let stand = Stand::slow(Service::RdsV3).await;
    let instance = stand.instance();
    let options = ["--wait", "--interval", "20ms"];
    let create = ["create", "--instance", &instance, "--name", "nightly"];
    let command = stand.command(&[&create[..], &options].concat());
    let years = Duration::from_secs(2 * 365 * 24 * 3600);
    let done = |_| stand.emulator.advance(years);
    let ran = once_said(&stand, command, "BUILDING", done).await;
    ran.done();
    assert_snapshot!(ran.stderr, @r"
    backup 00000000000000000000000000000000br01 of d8e6ca5a624745bcb546a227aa3ae1cfin01 is accepted
    backup 00000000000000000000000000000000br01 is BUILDING, after 0s
    backup 00000000000000000000000000000000br01 is COMPLETED, after 0s
    ");
}

#[tokio::test]
async fn quiet_says_nothing_but_the_result() {
    let stand = Stand::quick(Service::TaurusdbV3).await;
    let instance = stand.instance();
    let options = ["--wait", "--quiet"];
    let create = ["create", "--instance", &instance, "--name", "nightly"];
    let ran = stand.run(&[&create[..], &options].concat()).await;
    assert!(ran.done().contains("COMPLETED"), "{ran:?}");
    assert_eq!(ran.stderr, "");
}

#[tokio::test]
async fn the_same_key_makes_one_backup() {
    let stand = Stand::quick(Service::GaussdbV3).await;
    let instance = stand.instance();
    let create = [
        "create",
        "--instance",
        &instance,
        "--name",
        "nightly",
        "--key",
        "42",
    ];
    let first = stand.run(&create).await;
    let second = stand.run(&create).await;
    assert!(first.done().contains("nightly-"), "{first:?}");
    assert!(second.done().contains("nightly-"), "{second:?}");
    let third = stand.run(&[&create[..], &["--dry-run"]].concat()).await;
    assert_eq!(third.whole(), second.whole());
    assert!(third.stderr.ends_with("is that of the key\n"), "{third:?}");
    assert_eq!(stand.posts(), 1);
}

#[tokio::test]
async fn databases_reach_the_service_that_has_them() {
    let stand = Stand::quick(Service::RdsV3).await;
    // SQL Server.
    let instance = stand.emulator.instances(Service::RdsV3)[1].clone();
    let options = ["--database", "orders", "--database", "stock"];
    let create = ["create", "--instance", &instance, "--name", "nightly"];
    stand.run(&[&create[..], &options].concat()).await.done();
    let sent = stand.emulator.requests();
    let post = sent
        .iter()
        .find(|request| request.method == "POST")
        .unwrap();
    assert!(
        post.body.contains("orders") && post.body.contains("stock"),
        "{post:?}"
    );
}

#[tokio::test]
async fn a_busy_instance_is_waited_for_on_demand() {
    let busy = || {
        let reply = Reply::new(409).with_header("Retry-After", "0");
        let body = r#"{"error_code": "DBS.201202", "error_msg": "Another backup is running."}"#;
        Fault::reply(
            reply
                .with_body(body)
                .with_header("Content-Type", "application/json"),
        )
    };
    let stand = Stand::quick(Service::RdsV3).await;
    let instance = stand.instance();
    let create = ["create", "--instance", &instance, "--name", "nightly"];
    let inject = || {
        stand
            .emulator
            .inject((Service::RdsV3, Operation::CreateBackup), busy())
            .unwrap()
    };
    inject();
    let refused = stand.run(&create).await;
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("DBS.201202"), "{refused:?}");
    inject();
    stand
        .run(&[&create[..], &["--when-idle"]].concat())
        .await
        .done();
}
