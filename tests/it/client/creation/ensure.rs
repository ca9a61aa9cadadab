//! Keys.

use std::time::Duration;

use dbbackup::emulator::Fault;
use dbbackup::model::NewBackup;
use dbbackup::{BackupClient, ErrorKind, Service};
use serde_json::json;

use super::{CREATE, LIST, lost_answers, stand};
use crate::support::{http, project_id, serve, time, transport};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_key_stands_for_one_backup() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        let first = client.ensure(&new, "release 42").await.unwrap();
        assert!(first.name.starts_with("nightly-"), "{first:?}");
        emulator.advance(HOUR);
        let same = client.ensure(&new, "release 42").await.unwrap();
        assert_eq!(same.reference, first.reference);
        let other = client.ensure(&new, "release 43").await.unwrap();
        assert_ne!(other.reference, first.reference);
        assert_eq!(emulator.calls((service, CREATE)), 2);
    }
}

#[tokio::test]
async fn a_failed_backup_is_followed_by_one_with_the_next_name() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        let first = client.ensure(&new, "release 42").await.unwrap();
        let mut last = first.clone();
        for (number, status) in [(2, "FAILED"), (3, "DELETING"), (4, "FAILED")] {
            emulator.set_status(service, last.reference.id.as_str(), status);
            last = client.ensure(&new, "release 42").await.unwrap();
            assert_eq!(last.name, format!("{}-{number}", first.name));
            let same = client.ensure(&new, "release 42").await.unwrap();
            assert_eq!(same.reference, last.reference);
        }
        // The live one counts, also when those before it are gone.
        emulator.remove_backup(service, first.reference.id.as_str());
        let same = client.ensure(&new, "release 42").await.unwrap();
        assert_eq!(same.reference, last.reference);
    }
}

#[tokio::test]
async fn a_lost_answer_is_found_by_name() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        for fault in lost_answers() {
            emulator.inject((service, CREATE), fault).unwrap();
            let backup = client.ensure(&new, "release 42").await.unwrap();
            let held = emulator.backups(service);
            assert_eq!(held.len(), 1);
            assert_eq!(held[0].id, backup.reference.id.as_str());
            emulator.remove_backup(service, &held[0].id);
        }
    }
}

#[tokio::test]
async fn after_an_unknown_outcome_the_next_call_settles_it() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        emulator.inject((service, CREATE), Fault::reset()).unwrap();
        let error = client.ensure(&new, "release 42").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
        client.ensure(&new, "release 42").await.unwrap();
        assert_eq!(emulator.backups(service).len(), 1);
    }
}

/// A backup whose caller was killed before the answer came, and which shows up late.
#[test]
fn a_crash_leaves_no_second_backup_behind() {
    for &service in Service::ALL {
        time::run(async {
            let (emulator, client, new) = stand(service).await;
            let window = Duration::from_secs(60);
            let client = client.with_visibility_window(window);
            emulator
                .inject((service, CREATE), Fault::hide(window))
                .unwrap();
            let never = Fault::delay(HOUR).after_acting();
            emulator.inject((service, CREATE), never).unwrap();
            let acts = async {
                while emulator.backups(service).is_empty() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            };
            tokio::select! {
                result = client.ensure(&new, "release 42") => panic!("{result:?}"),
                () = acts => {}
            }
            // It is done before it shows up, so that the instance is idle again.
            let held = emulator.backups(service).remove(0);
            emulator.set_status(service, &held.id, "COMPLETED");
            let backup = client.ensure(&new, "release 42").await.unwrap();
            assert_eq!(backup.reference.id.as_str(), held.id);
            assert_eq!(emulator.backups(service).len(), 1);
            let unique = matches!(service, Service::RdsV3 | Service::GaussdbV3);
            assert_eq!(
                emulator.calls((service, CREATE)),
                if unique { 2 } else { 1 }
            );
        });
    }
}

#[tokio::test]
async fn a_busy_instance_is_an_answer_unless_the_backup_is_ours() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        client.create(&new).await.unwrap();
        let error = client.ensure(&new, "release 42").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        assert!(error.to_string().contains("busy"), "{error}");
        assert_eq!(emulator.backups(service).len(), 1);
    }
}

#[tokio::test]
async fn without_a_list_nothing_is_sent() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        let odd = dbbackup::emulator::Reply::new(403).with_body("{}");
        emulator.inject((service, LIST), Fault::reply(odd)).unwrap();
        let error = client.ensure(&new, "release 42").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{error}");
        assert!(error.to_string().contains("nothing was created"), "{error}");
        assert_eq!(emulator.calls((service, CREATE)), 0);
    }
}

#[tokio::test]
async fn out_of_sight_is_not_absent() {
    let service = Service::RdsV1;
    let (emulator, client, new) = stand(service).await;
    let first = client.ensure(&new, "release 42").await.unwrap();
    emulator.advance(HOUR);
    emulator.add_backups(service, &emulator.instances(service)[0], 99);
    let same = client.ensure(&new, "release 42").await.unwrap();
    assert_eq!(
        same.reference, first.reference,
        "the list is full, and it is in it"
    );
    emulator.add_backups(service, &emulator.instances(service)[0], 1);
    let error = client.ensure(&new, "release 42").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfSight, "{error}");
    assert_eq!(emulator.calls((service, CREATE)), 1);
}

#[tokio::test]
async fn what_cannot_be_a_key_is_refused_before_any_call() {
    for &service in Service::ALL {
        let (emulator, client, new) = stand(service).await;
        let error = client.ensure(&new, "").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("key"), "{error}");
        let several: NewBackup = new.with_databases(["db1", "db2"]).with_individual_backups();
        assert!(client.ensure(&several, "release 42").await.is_err());
        assert_eq!(
            emulator.calls((service, LIST)) + emulator.calls((service, CREATE)),
            0
        );
    }
}

#[tokio::test]
async fn a_hundredth_failure_asks_for_a_person() {
    let service = Service::GaussdbV3;
    let (emulator, client, new) = stand(service).await;
    for _ in 0..99 {
        let backup = client.ensure(&new, "release 42").await.unwrap();
        emulator.set_status(service, backup.reference.id.as_str(), "FAILED");
    }
    let error = client.ensure(&new, "release 42").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert!(error.to_string().contains("failed backups"), "{error}");
    assert_eq!(emulator.calls((service, CREATE)), 99);
}

#[tokio::test]
async fn a_name_of_the_key_that_is_taken_and_not_listed_is_no_choice_of_the_caller() {
    let entry = json!({ "id": "b1", "name": {}, "type": "manual", "status": "COMPLETED" });
    let list = json!({ "backups": [entry], "total_count": 1 }).to_string();
    let taken = json!({ "error_code": "DBS.201201", "error_msg": "taken" }).to_string();
    let url = serve(move |request| {
        if request.starts_with("GET ") {
            http("200 OK", &[], &list)
        } else {
            http("409 Conflict", &[], &taken)
        }
    })
    .await;
    for service in [Service::RdsV3, Service::GaussdbV3] {
        let project = project_id(service).parse().unwrap();
        let client = BackupClient::new(service, &url, project, transport());
        let client = client.with_visibility_window(Duration::ZERO);
        let (_, _, new) = stand(service).await;
        let error = client.ensure(&new, "42").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        let next = error.remedy().unwrap_or_default();
        assert!(next.contains("backup of the key seems to exist"), "{error}");
        assert!(next.contains("list the backups of the instance"), "{error}");
        let error = client.create(&new).await.unwrap_err();
        let next = error.remedy().unwrap_or_default();
        assert!(next.contains("choose another one"), "{error}");
    }
}
