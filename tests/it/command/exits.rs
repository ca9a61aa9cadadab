//! The exit codes that the other modules do not see.

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{Operation, Service};
use insta::assert_snapshot;

use super::{Stand, named};

/// A list that is refused, so that nobody can tell what came of a create.
fn refused() -> Fault {
    let reply = Reply::new(403).with_header("Content-Type", "application/json");
    let body = r#"{"error_code": "DBS.200010", "error_msg": "You may not list."}"#;
    Fault::reply(reply.with_body(body)).with_times(9)
}

#[tokio::test]
async fn an_outcome_that_is_unknown_ends_with_4_and_how_to_look() {
    for service in [Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3] {
        let stand = Stand::new(service).await;
        let inject = |operation, fault| stand.emulator.inject((service, operation), fault).unwrap();
        inject(Operation::ListBackups, refused());
        inject(
            Operation::CreateBackup,
            Fault::reply(Reply::new(502)).after_acting(),
        );
        let instance = stand.instance();
        let ran = stand
            .run(&["create", "--instance", &instance, "--name", "nightly"])
            .await;
        assert_snapshot!(named("unknown", service), ran.whole());
        assert_eq!(stand.posts(), 1);
    }
}

#[tokio::test]
async fn a_delete_without_an_answer_is_unknown() {
    let stand = Stand::new(Service::RdsV3).await;
    let (instance, backup) = (stand.instance(), stand.backup());
    let lost = Fault::reply(Reply::new(501)).with_times(9);
    stand
        .emulator
        .inject((Service::RdsV3, Operation::DeleteBackup), lost)
        .unwrap();
    let ran = stand
        .run(&["delete", &backup, "--instance", &instance, "--yes"])
        .await;
    assert_snapshot!("delete__unknown", ran.whole());
}

#[tokio::test]
async fn a_change_that_may_have_been_done_ends_with_4_and_how_to_look() {
    let error = r#"{"error_code": "DBS.200010", "errCode": "DBS.200010"}"#;
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let changes: [(Operation, &[&str]); 5] = [
            (Operation::DeleteBackup, &["delete", &backup, "--yes"]),
            (Operation::StopBackup, &["stop", "--yes"]),
            (
                Operation::SetBackupPolicy,
                &["policy", "set", "--start", "02:00"],
            ),
            (
                Operation::RestoreInstance,
                &["restore", "--backup", &backup, "--yes"],
            ),
            (Operation::CreateBackup, &["create", "--name", "nightly"]),
        ];
        for (operation, change) in changes {
            for (status, body, said) in [
                (302, "", "refused with 302"),
                (308, "", "refused with 308"),
                (200, error, "its answer is an error: DBS.200010"),
            ] {
                let inject = |operation, fault| stand.emulator.inject((service, operation), fault);
                let reply = Reply::new(status).with_body(body);
                match operation {
                    Operation::StopBackup if !service.supports(Operation::StopBackup) => continue,
                    // Which needs the list to begin with.
                    Operation::CreateBackup if service == Service::RdsV1 => continue,
                    Operation::CreateBackup => inject(Operation::ListBackups, refused()).unwrap(),
                    _ => {}
                }
                inject(operation, Fault::reply(reply)).unwrap();
                let ran = stand
                    .run(&[change, &["--instance", &instance]].concat())
                    .await;
                assert_eq!((ran.code, &*ran.stdout), (Some(4), ""), "{ran:?}");
                assert!(ran.stderr.contains(said), "{ran:?}");
                let last = ran.stderr.lines().last().unwrap();
                assert!(
                    last.contains("look") && last.contains(": dbbackup "),
                    "{ran:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn credentials_that_are_refused_or_missing_end_with_5() {
    let stand = Stand::new(Service::RdsV3).await;
    let mut wrong = stand.command(&["list"]);
    wrong.env("DBBACKUP_TOKEN", "not-the-token");
    let wrong = stand.finish(wrong).await;
    assert_eq!((wrong.code, &*wrong.stdout), (Some(5), ""));
    assert!(wrong.stderr.contains("DBS.280056"), "{wrong:?}");

    let mut none = stand.command(&["list"]);
    none.env_remove("DBBACKUP_TOKEN");
    let none = stand.finish(none).await;
    assert_snapshot!("no_credentials", none.whole());
}

#[tokio::test]
async fn what_does_not_exist_ends_with_1() {
    let stand = Stand::new(Service::TaurusdbV3).await;
    let ran = stand
        .run(&["show", "11ae9ff5-9b3a-4eb1-9b4a-73e9c6c9ffcb"])
        .await;
    assert_snapshot!(ran.whole(), @r"
    --- standard error
    dbbackup: taurusdb-v3 list_backups: backup 11ae9ff5-9b3a-4eb1-9b4a-73e9c6c9ffcb does not exist
    --- exit code 1
    ");
}

#[tokio::test]
async fn what_a_service_does_not_have_ends_with_2() {
    let stand = Stand::new(Service::TaurusdbV3).await;
    let instance = stand.instance();
    let create = ["create", "--instance", &instance, "--name", "nightly"];
    let ran = stand
        .run(&[&create[..], &["--database", "orders"]].concat())
        .await;
    assert_snapshot!("not_on_this_service", ran.whole());
    assert_eq!(stand.emulator.requests().len(), 0);
}

#[tokio::test]
async fn verbose_logs_each_call_without_secrets() {
    let stand = Stand::new(Service::RdsV3).await;
    let ran = stand.run(&["instances", "-vv"]).await;
    ran.done();
    assert!(
        ran.stderr.contains("operation=\"list_instances\""),
        "{ran:?}"
    );
}

#[tokio::test]
async fn a_web_page_is_no_answer_of_the_service() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        // Whatever it says of itself.
        let page = Reply::new(200).with_body("<html>Log in</html>");
        let page = page.with_header("content-type", "application/json");
        let fault = Fault::reply(page);
        stand
            .emulator
            .inject((service, Operation::DeleteBackup), fault.clone())
            .unwrap();
        let delete = ["delete", &backup, "--instance", &instance, "--yes"];
        let ran = stand.run(&delete).await;
        assert_eq!(ran.code, Some(4), "{ran:?}");
        assert!(ran.stderr.contains("a web page, has answered"), "{ran:?}");

        stand
            .emulator
            .inject((service, Operation::SetBackupPolicy), fault)
            .unwrap();
        let set = ["policy", "set", "--instance", &instance, "--start", "05:00"];
        let ran = stand.run(&set).await;
        assert_eq!((ran.code, &*ran.stdout), (Some(4), ""), "{ran:?}");
    }
}

#[tokio::test]
async fn what_a_service_writes_moves_no_cursor() {
    let stand = Stand::new(Service::TaurusdbV3).await;
    let body = r#"{"error_code": "DBS.1\u001b[2J", "error_msg": "No.\nwait again with: rm"}"#;
    let refusal = Fault::reply(Reply::new(400).with_body(body));
    let service = Service::TaurusdbV3;
    stand
        .emulator
        .inject((service, Operation::DeleteBackup), refusal)
        .unwrap();
    let ran = stand.run(&["delete", &stand.backup(), "--yes"]).await;
    assert_eq!((ran.code, ran.stderr.lines().count()), (Some(1), 1));
    assert!(
        ran.stderr.contains("DBS.1\u{fffd}[2J") && !ran.stderr.contains('\u{1b}'),
        "{ran:?}"
    );
}

#[tokio::test]
async fn nothing_is_looked_for_under_an_empty_name() {
    let stand = Stand::new(Service::RdsV3).await;
    let instance = stand.instance();
    for arguments in [
        &["prune", "--instance", "", "--keep", "1", "--yes"][..],
        &[
            "prune",
            "--instance",
            &instance,
            "--keep",
            "1",
            "--yes",
            "--prefix=",
        ],
        &["list", "--instance="],
        &[
            "create",
            "--instance",
            &instance,
            "--name",
            "nightly",
            "--key=",
        ],
        &[
            "create",
            "--instance",
            &instance,
            "--name",
            "nightly",
            "--database=",
        ],
    ] {
        let ran = stand.run(arguments).await;
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("a value is required for"), "{ran:?}");
    }
    assert_eq!(stand.emulator.requests().len(), 0);
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_called_so() {
    let stand = Stand::new(Service::TaurusdbV3).await;
    let large = Reply::new(200)
        .with_body("[".repeat(17 * 1024 * 1024))
        .with_header("content-type", "application/json");
    stand
        .emulator
        .inject(
            (Service::TaurusdbV3, Operation::ListBackups),
            Fault::reply(large).with_times(9),
        )
        .unwrap();
    let ran = stand.run(&["list"]).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("its answer is over 16 MiB"), "{ran:?}");
}
