//! Waiting for jobs: what ends it, in time of its own.

use std::time::Duration;

use dbbackup::emulator::{Emulator, Fault, Reply};
use dbbackup::model::{JobStatus, NewBackup, Restore};
use dbbackup::{BackupClient, ErrorKind, Operation, Service, Wait};
use tokio::time::Instant;

use super::{BUILD, emulator, instance};
use crate::support::time;

const SECOND: Duration = Duration::from_secs(1);

fn at_once<'a>() -> Wait<'a> {
    Wait::up_to(60 * SECOND).with_poll_intervals(Duration::ZERO, Duration::ZERO)
}

fn with_jobs() -> impl Iterator<Item = Service> {
    let services = Service::ALL.iter().copied();
    services.filter(|service| service.supports(Operation::GetJob))
}

/// Jobs of a restore that has just begun.
async fn restore(emulator: &Emulator, client: &BackupClient) -> Vec<String> {
    let instance = instance(emulator, client.service());
    let new = NewBackup::new(instance, "nightly".parse().unwrap());
    let backup = client.create(&new).await.unwrap();
    emulator.advance(BUILD);
    let restore = Restore::backup(&backup);
    client.restore(&restore).await.unwrap()
}

#[tokio::test]
async fn jobs_are_waited_for_in_order_and_progress_is_told() {
    let emulator = emulator().await;
    for service in with_jobs() {
        let client = emulator.client(service).unwrap();
        let mut jobs = restore(&emulator, &client).await;
        jobs.push(jobs[0].clone());
        let mut told = Vec::new();
        let wait = at_once().on_progress(|progress| {
            assert!(jobs.iter().any(|job| job == progress.id));
            told.push((progress.polls, progress.status.unwrap().to_owned()));
            if told.len() == jobs.len() {
                emulator.advance(BUILD);
            }
        });
        let done = client.wait_jobs(&jobs, wait).await;
        let ended: Vec<_> = done.into_iter().map(Result::unwrap).collect();
        assert!(ended.iter().all(|job| job.status == JobStatus::Completed));
        let ids: Vec<_> = ended.into_iter().map(|job| job.id).collect();
        assert_eq!(ids, jobs, "{service}");
        let (first, last) = (&told[0], &told[told.len() - 1]);
        assert_eq!(first, &(1, "Running".to_owned()), "{service}");
        assert_eq!(last, &(2, "Completed".to_owned()), "{service}");
    }
}

#[tokio::test]
async fn a_job_that_fails_ends_the_wait_for_it_alone() {
    let (emulator, service) = (emulator().await, Service::GaussdbV3);
    let client = emulator.client(service).unwrap();
    let restored = restore(&emulator, &client).await;
    emulator.advance(BUILD);
    let instance = instance(&emulator, service);
    let new = NewBackup::new(instance.clone(), "stopped".parse().unwrap());
    let stopped = client.create(&new).await.unwrap().job_id.unwrap();
    client.stop(&instance).await.unwrap();
    // The wait can be moved to another thread, too.
    let ids = [stopped, restored[0].clone()];
    let task = tokio::spawn(async move { client.wait_jobs(&ids, at_once()).await });
    let results = task.await.unwrap();
    let error = results[0].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::JobFailed, "{error}");
    assert!(error.to_string().contains("has failed: "), "{error}");
    assert_eq!(results[1].as_ref().unwrap().status, JobStatus::Completed);
}

#[test]
fn a_job_that_was_never_shown_does_not_exist_once_it_has_had_its_time_to_show_up() {
    for service in with_jobs() {
        time::run(async {
            let emulator = emulator().await;
            let client = emulator.client(service).unwrap();
            let ids = ["00000000-0000-0000-0000-000000000000"];
            for (limit, is_given, end, kind) in [
                (5, true, 5, ErrorKind::WaitExpired),
                (7200, true, 60, ErrorKind::NotFound),
                (100, false, 100, ErrorKind::WaitExpired),
            ] {
                let begun = Instant::now();
                let mut wait = Wait::up_to(limit * SECOND);
                if is_given {
                    wait = wait.for_unverified_id();
                }
                let error = client.wait_jobs(&ids, wait).await.remove(0).unwrap_err();
                let ended = (error.kind(), begun.elapsed().as_secs());
                assert_eq!(ended, (kind, end), "{error}");
                let is_unlisted = error.to_string().ends_with("it was never listed");
                assert_eq!(is_unlisted, kind == ErrorKind::WaitExpired, "{error}");
            }
        });
    }
}

#[tokio::test]
async fn a_job_that_was_seen_and_is_no_more_ends_the_wait() {
    let (emulator, service) = (emulator().await, Service::RdsV3);
    let client = emulator.client(service).unwrap();
    let jobs = restore(&emulator, &client).await;
    let body = r#"{"error_code": "DBS.200543", "error_msg": "The job does not exist."}"#;
    let wait = at_once().on_progress(|progress| {
        assert_eq!(progress.status, Some("Running"));
        let gone = Fault::reply(Reply::new(404).with_body(body));
        emulator.inject((service, Operation::GetJob), gone).unwrap();
    });
    let error = client.wait_jobs(&jobs, wait).await.remove(0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert_eq!(error.code(), Some("DBS.200543"));
}

#[test]
fn failures_of_the_service_are_told_and_borne_until_the_limit() {
    time::run(async {
        let (emulator, service) = (emulator().await, Service::TaurusdbV3);
        let client = emulator.client(service).unwrap();
        let jobs = restore(&emulator, &client).await;
        let failure = Fault::reply(Reply::new(503)).with_times(usize::MAX);
        emulator
            .inject((service, Operation::GetJob), failure)
            .unwrap();
        let (begun, mut told) = (Instant::now(), 0);
        let wait = Wait::up_to(300 * SECOND).on_progress(|progress| {
            assert_eq!(progress.error.unwrap().kind(), ErrorKind::Unavailable);
            told += 1;
        });
        let error = client.wait_jobs(&jobs, wait).await.remove(0).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitExpired, "{error}");
        assert_eq!(begun.elapsed(), 300 * SECOND);
        // Pauses of 2 s at first and of 30 s later, up to twice as long by chance.
        assert!((8..=17).contains(&told), "{told}");
        assert_eq!(emulator.calls((service, Operation::GetJob)), told);
    });
}

#[tokio::test]
async fn rds_v1_has_no_jobs_to_wait_for() {
    let emulator = emulator().await;
    let client = emulator.client(Service::RdsV1).unwrap();
    let none: [&str; 0] = [];
    assert!(client.wait_jobs(&none, at_once()).await.is_empty());
    let error = client.wait_jobs(&["job"], at_once()).await.remove(0);
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(emulator.requests().len(), 0);
}
