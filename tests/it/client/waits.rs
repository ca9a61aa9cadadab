//! Waiting: what ends it, what it bears, and what it costs.

use std::time::Duration;

use dbbackup::model::{BackupRef, BackupStatus, NewBackup};
use dbbackup::{BackupClient, ErrorKind, Operation, Service, Wait};

use super::emulator;

const LIMIT: Duration = Duration::from_secs(60);

fn at_once<'a>() -> Wait<'a> {
    Wait::up_to(LIMIT).with_poll_intervals(Duration::ZERO, Duration::ZERO)
}

async fn create(client: &BackupClient, instance: &str) -> BackupRef {
    // Names are unique on some services.
    let name = format!("of-{instance}").parse().unwrap();
    let new = NewBackup::new(instance.parse().unwrap(), name);
    client.create(&new).await.unwrap().reference
}

#[tokio::test]
async fn progress_tells_state_time_and_number_of_looks() {
    let emulator = emulator().await;
    let client = emulator.client(Service::GaussdbV3).unwrap();
    let backup = create(&client, &emulator.instances(Service::GaussdbV3)[0]).await;
    let mut events = Vec::new();
    let wait = at_once().on_progress(|progress| {
        assert_eq!(progress.id, backup.id.as_str());
        events.push((
            progress.polls,
            progress.status.unwrap().to_string(),
            progress.elapsed,
        ));
        emulator.advance(Duration::from_secs(250));
    });
    client.wait(&backup, wait).await.unwrap();
    let seen: Vec<_> = events
        .iter()
        .map(|(polls, status, _)| (*polls, status.as_str()))
        .collect();
    let expected = [
        (1, "BUILDING"),
        (2, "BUILDING"),
        (3, "BUILDING"),
        (4, "COMPLETED"),
    ];
    assert_eq!(seen, expected);
    assert!(events.is_sorted_by_key(|(_, _, elapsed)| *elapsed));
}

#[tokio::test]
async fn states_end_the_wait_or_not() {
    let emulator = emulator().await;
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let available = (service == Service::TaurusdbV3).then_some(Ok(BackupStatus::Available));
        let rows = [
            ("COMPLETED", Some(Ok(BackupStatus::Completed))),
            ("AVAILABLE", available),
            ("FAILED", Some(Err(ErrorKind::BackupFailed))),
            ("DELETING", Some(Err(ErrorKind::BackupGone))),
            ("ARCHIVING", None),
        ];
        for (status, outcome) in rows {
            let instance = emulator.add_instance(service);
            let backup = create(&client, &instance).await;
            emulator.set_status(service, backup.id.as_str(), status);
            let mut looks = 0;
            let wait = at_once().on_progress(|progress| {
                looks = progress.polls;
                if looks == 3 {
                    emulator.set_status(service, backup.id.as_str(), "COMPLETED");
                }
            });
            let result = client.wait(&backup, wait).await;
            let result = result
                .map(|backup| backup.status)
                .map_err(|error| error.kind());
            let expected = outcome.clone().unwrap_or(Ok(BackupStatus::Completed));
            assert_eq!(result, expected, "{service} {status}");
            assert_eq!(
                looks,
                if outcome.is_some() { 1 } else { 4 },
                "{service} {status}"
            );
        }
    }
}

#[tokio::test]
async fn an_entry_that_was_seen_and_vanishes_is_gone() {
    let emulator = emulator().await;
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let backup = create(&client, &emulator.instances(service)[0]).await;
        let wait = at_once().on_progress(|progress| {
            if progress.polls == 2 {
                emulator.remove_backup(service, progress.id);
            }
        });
        let error = client.wait(&backup, wait).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BackupGone, "{error}");
    }
}

#[tokio::test]
async fn rds_v1_reports_a_backup_that_leaves_the_list_as_out_of_sight() {
    let emulator = emulator().await;
    let service = Service::RdsV1;
    let client = emulator.client(service).unwrap();
    let nodes = emulator.instances(service);
    let backup = create(&client, &nodes[0]).await;
    let wait = at_once().on_progress(|progress| {
        if progress.polls == 2 {
            emulator.set_status(service, progress.id, "BUILDING");
            emulator.advance(Duration::from_secs(3600));
            emulator.add_backups(service, &nodes[1], 100);
        }
    });
    let error = client.wait(&backup, wait).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfSight, "{error}");

    // Never seen, it may still come into sight: only the limit ends the wait.
    let limit =
        Wait::up_to(Duration::from_millis(200)).with_poll_intervals(Duration::ZERO, Duration::ZERO);
    let error = client.wait(&backup, limit).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfSight, "{error}");
}

#[tokio::test]
async fn the_limit_ends_the_wait_and_says_what_was_last_seen() {
    let emulator = emulator().await;
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let backup = create(&client, &emulator.instances(service)[0]).await;
        // A pause longer than the limit does not prolong the wait.
        let wait =
            Wait::up_to(Duration::from_millis(200)).with_poll_intervals(LIMIT * 60, LIMIT * 60);
        let error = client.wait(&backup, wait).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitExpired, "{error}");
        assert!(
            error.to_string().contains("last seen as BUILDING"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_dropped_wait_stops_looking_and_the_backup_goes_on() {
    let emulator = emulator().await;
    let service = Service::TaurusdbV3;
    let client = emulator.client(service).unwrap();
    let backup = create(&client, &emulator.instances(service)[0]).await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let wait = at_once().on_progress(move |progress| tell.send(progress.polls).unwrap());
    tokio::select! {
        result = client.wait(&backup, wait) => panic!("{result:?}"),
        _ = async { while told.recv().await < Some(2) {} } => {}
    }
    // The sender went with the wait: nothing is left that could look again.
    while let Some(polls) = told.recv().await {
        assert!(polls >= 2);
    }
    emulator.advance(Duration::from_secs(600));
    assert_eq!(
        client.get(&backup).await.unwrap().status,
        BackupStatus::Completed
    );
}

#[tokio::test]
async fn waiting_for_many_backups_shares_the_calls() {
    let emulator = emulator().await;
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let mut backups = Vec::new();
        for _ in 0..20 {
            backups.push(create(&client, &emulator.add_instance(service)).await);
        }
        let before = emulator.calls((service, Operation::ListBackups));
        emulator.advance(Duration::from_secs(600));
        emulator.set_status(service, backups[3].id.as_str(), "FAILED");
        let results = client.wait_all(&backups, at_once()).await;
        for (place, (backup, result)) in backups.iter().zip(results).enumerate() {
            match result {
                Ok(done) => assert_eq!(&done.reference, backup, "{service}"),
                Err(error) => assert_eq!((place, error.kind()), (3, ErrorKind::BackupFailed)),
            }
        }
        let calls = emulator.calls((service, Operation::ListBackups)) - before;
        assert_eq!(
            calls,
            if service == Service::RdsV3 { 20 } else { 1 },
            "{service}"
        );
    }
}

#[tokio::test]
async fn calls_can_be_spawned() {
    let emulator = emulator().await;
    let service = Service::RdsV3;
    let client = emulator.client(service).unwrap();
    let instance = emulator.instances(service).remove(0);
    let new = NewBackup::new(instance.parse().unwrap(), "spawned".parse().unwrap());
    let task = tokio::spawn(async move {
        let backup = client.create(&new).await?;
        let mut looks = 0;
        let wait = at_once().on_progress(|progress| looks = progress.polls);
        let backup = client.wait(&backup, wait).await?;
        assert!(looks > 0);
        client.wait_all(&[&backup], at_once()).await.remove(0)?;
        client.get(&backup).await
    });
    // The create lists, too.
    while emulator.calls((service, Operation::ListBackups)) < 2 && !task.is_finished() {
        tokio::task::yield_now().await;
    }
    emulator.advance(Duration::from_secs(600));
    assert_eq!(task.await.unwrap().unwrap().status, BackupStatus::Completed);
}
