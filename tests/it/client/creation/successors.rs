//! Names of a key that become free again.

use std::time::Duration;

use dbbackup::BackupClient;
use dbbackup::Service;
use dbbackup::emulator::{Emulator, Fault, HeldBackup, Options};
use dbbackup::model::NewBackup;

use super::{CREATE, instance};
use crate::support::time;

const WINDOW: Duration = Duration::from_secs(60);

/// A service whose backups are made in a moment, with a backup of a key that is being deleted.
async fn leaving(service: Service, delete_time: Duration) -> (Emulator, BackupClient, NewBackup) {
    let options = Options {
        build_time: Duration::from_secs(5),
        delete_time,
        ..Options::default()
    };
    let emulator = Emulator::with(options).await.unwrap();
    let client = emulator
        .client(service)
        .unwrap()
        .with_visibility_window(WINDOW);
    let new = NewBackup::new(instance(&emulator, service), "nightly".parse().unwrap());
    let first = client.ensure(&new, "key").await.unwrap();
    emulator.advance(WINDOW);
    client.delete(&first.reference).await.unwrap();
    (emulator, client, new)
}

/// Backups that are neither failed nor being deleted.
fn live(emulator: &Emulator, service: Service) -> Vec<HeldBackup> {
    let held = emulator.backups(service).into_iter();
    held.filter(|b| !["FAILED", "DELETING"].contains(&&*b.status))
        .collect()
}

#[test]
fn a_caller_that_crashes_while_a_name_is_vanishing_leaves_one_backup() {
    for &service in Service::ALL {
        time::run(async {
            let (emulator, client, new) = leaving(service, WINDOW / 2).await;
            // The backup is made, its caller never hears of it, and it is listed late.
            emulator
                .inject((service, CREATE), Fault::hide(WINDOW / 2))
                .unwrap();
            let late = Fault::delay(100 * WINDOW).after_acting();
            emulator.inject((service, CREATE), late).unwrap();
            let crash = tokio::time::timeout(2 * WINDOW, client.ensure(&new, "key")).await;
            assert!(crash.is_err());
            let again = client.ensure(&new, "key").await.unwrap();
            let live = live(&emulator, service);
            assert_eq!(live.len(), 1, "{service}: {live:#?}");
            assert_eq!(live[0].id, again.reference.id.as_str());
        });
    }
}

#[test]
fn a_successor_is_returned_when_it_has_shown_up() {
    for &service in Service::ALL {
        time::run(async {
            // Longer than anything waits for it.
            let (emulator, client, new) = leaving(service, 100 * WINDOW).await;
            emulator
                .inject((service, CREATE), Fault::hide(WINDOW / 3))
                .unwrap();
            let successor = client.ensure(&new, "key").await.unwrap();
            // Now the first name is free.
            emulator.advance(100 * WINDOW);
            let same = client.ensure(&new, "key").await.unwrap();
            assert_eq!(same.reference, successor.reference, "{service}");
            assert_eq!(live(&emulator, service).len(), 1);
        });
    }
}

#[test]
fn a_key_has_one_backup_under_whatever_name_it_is_asked_for() {
    for &service in Service::ALL {
        time::run(async {
            let (emulator, client, new) = leaving(service, Duration::ZERO).await;
            let first = client.ensure(&new, "key").await.unwrap();
            let instance = instance(&emulator, service);
            let other = NewBackup::new(instance, "release-2".parse().unwrap());
            let same = client.ensure(&other, "key").await.unwrap();
            assert_eq!(same.reference, first.reference);
            emulator.advance(WINDOW);
            let another = client.ensure(&other, "another key");
            assert!(
                another
                    .await
                    .is_ok_and(|b| b.name.starts_with("release-2-"))
            );
        });
    }
}
