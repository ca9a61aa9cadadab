//! The limit of a wait, and what may be said before it, in time of its own.

use std::num::NonZeroU32;
use std::time::Duration;

use dbbackup::emulator::{Emulator, Fault, IamOperation, Reply, Target};
use dbbackup::model::{BackupRef, BackupStatus, NewBackup};
use dbbackup::transport::Transport;
use dbbackup::{BackupClient, ErrorKind, Operation, Service, Wait};
use tokio::time::{Instant, sleep};

use super::{emulator, instance};
use crate::support::{local, time};

const SECOND: Duration = Duration::from_secs(1);

/// A backup that no list shows.
fn typo(emulator: &Emulator, service: Service) -> BackupRef {
    BackupRef {
        service,
        instance: Some(instance(emulator, service)),
        id: "ffffffff-0000-0000-0000-000000000000".parse().unwrap(),
    }
}

#[test]
fn what_no_list_shows_does_not_exist_once_it_has_had_its_time_to_show_up() {
    for &service in Service::ALL {
        time::run(async {
            let emulator = emulator().await;
            let client = emulator.client(service).unwrap();
            let backup = typo(&emulator, service);
            for (limit, end, kind) in [
                (5, 5, ErrorKind::WaitExpired),
                (60, 60, ErrorKind::WaitExpired),
                (62, 60, ErrorKind::NotFound),
                (7200, 60, ErrorKind::NotFound),
            ] {
                let begun = Instant::now();
                let wait = Wait::up_to(limit * SECOND).for_unverified_id();
                let error = client.wait(&backup, wait).await.unwrap_err();
                let said = error.to_string();
                assert_eq!(
                    (error.kind(), begun.elapsed().as_secs()),
                    (kind, end),
                    "{said}"
                );
                let is_absent = said.ends_with("does not exist");
                assert_eq!(is_absent, kind == ErrorKind::NotFound, "{said}");
            }
            // Whoever knows that there is one is told no such thing.
            let wait = Wait::up_to(100 * SECOND);
            let error = client.wait(&backup, wait).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WaitExpired, "{error}");
        });
    }
}

#[test]
fn lists_that_fail_are_no_absence() {
    time::run(async {
        let (emulator, service) = (emulator().await, Service::GaussdbV3);
        let failure = Fault::reply(Reply::new(503)).with_times(usize::MAX);
        emulator
            .inject((service, Operation::ListBackups), failure)
            .unwrap();
        let client = emulator.client(service).unwrap();
        let wait = Wait::up_to(300 * SECOND).for_unverified_id();
        let error = client.wait(typo(&emulator, service), wait).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::WaitExpired);
    });
}

#[test]
fn a_backup_that_is_listed_late_is_waited_for() {
    for &service in Service::ALL {
        time::run(async {
            let emulator = emulator().await;
            let hidden = Fault::hide(59 * SECOND);
            emulator
                .inject((service, Operation::CreateBackup), hidden)
                .unwrap();
            let client = emulator.client(service).unwrap();
            let new = NewBackup::new(instance(&emulator, service), "nightly".parse().unwrap());
            let backup = client.create(&new).await.unwrap();
            let wait = Wait::up_to(3600 * SECOND).for_unverified_id();
            let done = client.wait(&backup, wait).await.unwrap();
            assert_eq!(done.status, BackupStatus::Completed, "{service}");
        });
    }
}

#[test]
fn the_time_of_a_wait_runs_before_its_first_look() {
    time::run(async {
        let (emulator, service) = (emulator().await, Service::RdsV3);
        let client = emulator.client(service).unwrap();
        let begun = Instant::now();
        let wait = Wait::up_to(5 * SECOND);
        sleep(2 * SECOND).await;
        assert_eq!(wait.left(), 3 * SECOND);
        let error = client
            .wait(typo(&emulator, service), wait)
            .await
            .unwrap_err();
        assert_eq!(begun.elapsed().as_secs(), 5);
        assert!(error.to_string().contains("not done after 5s"), "{error}");
    });
}

#[test]
fn nothing_that_stalls_outlasts_the_limit() {
    let service = Service::TaurusdbV3;
    let stalls: [Option<Target>; 3] = [
        Some((service, Operation::ListBackups).into()),
        Some(IamOperation::CreateToken.into()),
        // Then it is the budget of one call a minute.
        None,
    ];
    for stall in stalls {
        time::run(async {
            let emulator = emulator().await;
            if let Some(target) = stall {
                let delay = Fault::delay(3600 * SECOND).with_times(99);
                emulator.inject(target, delay).unwrap();
            }
            let options = local().with_calls_per_minute(NonZeroU32::new(1));
            let credentials = emulator.config().credentials.unwrap();
            let transport = Transport::with(credentials, options).unwrap();
            let project = emulator.project_id().parse().unwrap();
            let url = emulator.url(service);
            let client = BackupClient::new(service, url, project, transport);
            let begun = Instant::now();
            let wait = Wait::up_to(3 * SECOND).for_unverified_id();
            let error = client
                .wait(typo(&emulator, service), wait)
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WaitExpired, "{stall:?}: {error}");
            assert_eq!(begun.elapsed().as_secs(), 3, "{stall:?}: {error}");
        });
    }
}

#[test]
fn a_wait_looks_once_more_although_the_service_asks_for_more_time_than_is_left() {
    time::run(async {
        let (emulator, service) = (emulator().await, Service::GaussdbV3);
        let client = emulator.client(service).unwrap();
        let ids = emulator.add_backups(service, instance(&emulator, service).as_str(), 1);
        let throttled = Reply::new(429).with_header("Retry-After", "3600");
        let fault = Fault::reply(throttled);
        emulator
            .inject((service, Operation::ListBackups), fault)
            .unwrap();
        let backup = BackupRef {
            id: ids[0].parse().unwrap(),
            ..typo(&emulator, service)
        };
        let begun = Instant::now();
        let done = client.wait(&backup, Wait::up_to(60 * SECOND)).await;
        assert_eq!(done.unwrap().status, BackupStatus::Completed);
        assert_eq!(begun.elapsed().as_secs(), 55);
    });
}
