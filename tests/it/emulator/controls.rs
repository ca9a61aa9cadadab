//! What a test can do to an emulator from outside.

use std::time::Duration;

use dbbackup::emulator::{Emulator, EmulatorState, Fault, Options};
use dbbackup::{Operation, Service};
use serde_json::json;

use super::{HOUR, Stand, ids, parameter, request};

#[tokio::test]
async fn options_have_the_documented_project_and_short_times() {
    let options = Options::default();
    assert_eq!(options.build_time, Duration::from_secs(2));
    assert_eq!(options.delete_time, Duration::from_secs(1));
    let emulator = Emulator::start().await.unwrap();
    assert_eq!(emulator.project_id(), "0483b6b16e954cb88930a360d2c4e663");
}

#[tokio::test]
async fn the_documented_instances_are_there_from_the_start() {
    let stand = Stand::new().await;
    for (service, ends) in [
        (Service::RdsV1, ["61b43651d7", "5bf577baac"].as_slice()),
        (Service::RdsV3, &["cfin01", "cfin04"]),
        (Service::TaurusdbV3, &["6ddain07"]),
        (Service::GaussdbV3, &["d51in14", "ef0in14"]),
    ] {
        let instances = stand.emulator.instances(service);
        assert_eq!(instances.len(), ends.len(), "{service}");
        for end in ends {
            assert!(
                instances.iter().any(|id| id.ends_with(end)),
                "{service} {end}"
            );
        }
    }
}

#[tokio::test]
async fn added_instances_are_of_the_kind_of_the_service_and_come_last() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let first = stand.instance(service);
        let added = stand.emulator.add_instance(service);
        assert_ne!(added, first);
        assert_eq!(added.len(), first.len());
        if service != Service::RdsV1 {
            assert_eq!(added[32..], first[32..]);
        }
        assert_eq!(stand.emulator.instances(service).last(), Some(&added));
    }
}

#[tokio::test]
async fn added_backups_are_completed_and_the_newest_is_the_last() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        let mut added = stand.emulator.add_backups(service, &instance, 3);
        let listed = stand.backups(service).await;
        added.reverse();
        assert_eq!(ids(&listed), added, "{service}");
        assert!(listed.iter().all(|backup| backup["status"] == "COMPLETED"));
        assert!(stand.emulator.add_backups(service, "unknown", 3).is_empty());
        assert_eq!(
            stand.emulator.add_automated_backup(service, "unknown"),
            None
        );
    }
}

#[tokio::test]
async fn a_status_is_shown_until_it_changes() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let id = stand.begin(service).await;
        let arguments = [(parameter(service, "backup"), id.as_str())];
        stand.emulator.set_status(service, "unknown", "FAILED");
        stand.emulator.set_status(service, &id, "FAILED");
        stand.emulator.advance(HOUR);
        assert_eq!(stand.backups(service).await[0]["status"], "FAILED");
        stand.emulator.set_status(service, &id, "BUILDING");
        let body = request(service, &stand.instance(service), "second");
        stand
            .refuse(service, "create_backup", &[], Some(body))
            .await;
        stand.emulator.set_status(service, &id, "COMPLETED");
        stand
            .accept(service, "delete_backup", &arguments, None)
            .await;
        stand.emulator.advance(HOUR);
        assert!(stand.backups(service).await.is_empty(), "{service}");
    }
}

#[tokio::test]
async fn an_instance_that_is_given_twice_is_there_once() {
    let service = Service::GaussdbV3;
    let given = ["one", "two", "one"].map(str::to_owned).to_vec();
    let options = Options {
        instances: [(service, given)].into(),
        ..Options::default()
    };
    let stand = Stand::with(options).await;
    assert_eq!(stand.emulator.instances(service), ["one", "two"]);
}

#[tokio::test]
async fn the_state_tells_what_becomes_of_instances_and_backups() {
    let stand = Stand::new().await;
    let service = Service::GaussdbV3;
    let hidden = Fault::hide(HOUR / 2);
    stand
        .emulator
        .inject((service, Operation::CreateBackup), hidden)
        .unwrap();
    stand.begin(service).await;
    let held = |state: EmulatorState| state.services[&service].clone();
    let before = held(stand.emulator.state());
    assert_eq!(before.instances[0].status, "BACKING UP");
    assert_eq!(before.instances[0].policy["keep_days"], 7);
    let backup = &before.backups[0];
    let takes = backup.ends.duration_since(backup.begins);
    assert_eq!((backup.hidden, takes.as_hours()), (true, 1));
    stand.emulator.advance(HOUR);
    let after = held(stand.emulator.state());
    assert_eq!(after.instances[0].status, "ACTIVE");
    assert!(!after.backups[0].hidden);
}

#[tokio::test]
async fn a_status_may_be_an_unknown_word() {
    let stand = Stand::new().await;
    let id = stand.begin(Service::RdsV3).await;
    stand.emulator.set_status(Service::RdsV3, &id, "ARCHIVING");
    let instance = stand.instance(Service::RdsV3);
    let arguments = [("instance_id", instance.as_str())];
    // The contract does not know the word, so its schema cannot check this answer.
    let listed = stand.send(Service::RdsV3, "list_backups", &arguments, None);
    let body = listed.await.text().await.unwrap();
    assert!(body.contains("\"status\":\"ARCHIVING\""), "{body}");
}

#[tokio::test]
async fn a_removed_backup_is_gone_at_once() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        let ids = stand.emulator.add_backups(service, &instance, 2);
        stand.emulator.remove_backup(service, &ids[0]);
        let left = stand.backups(service).await;
        assert_eq!(super::ids(&left), [ids[1].as_str()]);
    }
}

#[tokio::test]
async fn calls_are_counted_by_operation_whether_accepted_or_refused() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        assert_eq!(stand.emulator.calls((service, Operation::CreateBackup)), 0);
        stand.begin(service).await;
        let wrong = Some(json!({}));
        stand.refuse(service, "create_backup", &[], wrong).await;
        assert_eq!(stand.emulator.calls((service, Operation::CreateBackup)), 2);
        assert_eq!(stand.emulator.calls((service, Operation::ListBackups)), 0);
    }
}

#[tokio::test]
async fn a_backup_takes_the_time_of_the_options() {
    let mut stand = Stand::new().await;
    let options = Options {
        build_time: Duration::ZERO,
        ..Options::default()
    };
    stand.emulator = Emulator::with(options).await.unwrap();
    for &service in Service::ALL {
        let created = stand
            .create(service, &stand.instance(service), "quick")
            .await;
        assert_eq!(created["status"], "BUILDING");
        assert_eq!(stand.backups(service).await[0]["status"], "COMPLETED");
    }
}

#[tokio::test]
async fn a_time_beyond_the_calendar_stops_nothing() {
    let stand = Stand::new().await;
    stand.emulator.advance(Duration::MAX);
    for &service in Service::ALL {
        stand.begin(service).await;
        assert_eq!(stand.backups(service).await.len(), 1);
    }
}
