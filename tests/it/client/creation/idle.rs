//! Creates that wait for a busy instance.

use std::time::Duration;

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{ErrorKind, Service};

use super::super::BUILD;
use super::{CREATE, LIST, stand};
use crate::support::time;

#[test]
fn a_create_waits_for_an_idle_instance_when_it_is_told_to() {
    for &service in Service::ALL {
        time::run(async {
            let (emulator, client, new) = stand(service).await;
            let first = client.ensure(&new, "first").await.unwrap();
            let begun = tokio::time::Instant::now();
            let patient = client.clone().with_idle_timeout(2 * BUILD);
            let second = patient.create(&new).await.unwrap();
            assert_ne!(second.reference, first.reference);
            assert!(begun.elapsed() >= BUILD && begun.elapsed() < 2 * BUILD);
            // Each POST has a list of its own, as evidence if its answer is lost.
            let posts = emulator.calls((service, CREATE)) - 1;
            assert!((3..100).contains(&posts), "{posts}");
            assert!(emulator.calls((service, LIST)) >= posts);

            // Without patience, and with too little of it.
            let error = client.create(&new).await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Conflict, 1));
            let hasty = client.clone().with_idle_timeout(BUILD / 2);
            let begun = tokio::time::Instant::now();
            let error = hasty.create(&new).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
            assert!(begun.elapsed() <= BUILD / 2);
            assert_eq!(emulator.backups(service).len(), 2);
        });
    }
}

#[test]
fn a_key_that_is_waited_for_is_found_when_another_caller_is_first() {
    for &service in Service::ALL {
        time::run(async {
            let (emulator, client, new) = stand(service).await;
            let late = Fault::hide(BUILD / 2);
            emulator.inject((service, CREATE), late).unwrap();
            let first = client.ensure(&new, "release 42").await.unwrap();
            let patient = client.clone().with_idle_timeout(Duration::MAX);
            let same = patient.ensure(&new, "release 42").await.unwrap();
            assert_eq!(same.reference, first.reference);
        });
    }
}

#[test]
fn the_services_wish_for_a_pause_is_honoured_within_the_limit() {
    time::run(async {
        let service = Service::RdsV3;
        for (asked, kind) in [("30", None), ("3600", Some(ErrorKind::Conflict))] {
            let (emulator, client, new) = stand(service).await;
            let busy = Reply::new(409)
                .with_header("Retry-After", asked)
                .with_body(r#"{"error_code": "DBS.201202"}"#);
            emulator
                .inject((service, CREATE), Fault::reply(busy))
                .unwrap();
            let begun = tokio::time::Instant::now();
            let patient = client.with_idle_timeout(Duration::from_secs(60));
            let result = patient.create(&new).await;
            assert_eq!(result.err().map(|error| error.kind()), kind);
            let pause = Duration::from_secs(if kind.is_none() { 30 } else { 0 });
            assert!(begun.elapsed() >= pause && begun.elapsed() < pause + Duration::from_secs(2));
        }
    });
}

#[test]
fn a_pause_of_no_time_is_none() {
    let service = Service::GaussdbV3;
    time::run(async {
        let (emulator, client, new) = stand(service).await;
        let busy = Reply::new(409).with_header("Retry-After", "0");
        let busy = busy.with_body(r#"{"error_code": "DBS.201202"}"#);
        let fault = Fault::reply(busy).with_times(1000);
        emulator.inject((service, CREATE), fault).unwrap();
        let patient = client.with_idle_timeout(Duration::from_secs(60));
        let error = patient.create(&new).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        let posts = emulator.calls((service, CREATE));
        assert!((3..30).contains(&posts), "{posts}");
    });
}
