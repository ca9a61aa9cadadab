//! The whole life of a backup on each service, and what a service does not have.

use std::collections::BTreeSet;
use std::slice;
use std::time::Duration;

use dbbackup::emulator::Emulator;
use dbbackup::model::{
    Backup, BackupFilter, BackupStatus, BackupType, Engine, JobStatus, NewBackup, Restore,
};
use dbbackup::{BackupClient, ErrorKind, Operation, Service, Wait};
use futures_util::TryStreamExt;
use jiff::civil::{Weekday, time};

use super::refusals::has;
use super::{BUILD, emulator, instance};

/// Without pauses; the emulator's clock moves while the wait goes on.
fn wait(emulator: &Emulator) -> Wait<'_> {
    Wait::up_to(Duration::from_secs(60))
        .with_poll_intervals(Duration::ZERO, Duration::ZERO)
        .on_progress(|progress| {
            assert!(
                progress.polls < 10 && progress.error.is_none(),
                "{progress:?}"
            );
            emulator.advance(BUILD / 2);
        })
}

async fn all(client: &BackupClient, filter: BackupFilter) -> Vec<Backup> {
    client.list(filter).try_collect().await.unwrap()
}

#[tokio::test]
async fn a_backup_lives_from_create_to_delete_on_each_service() {
    let emulator = emulator().await;
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let instance = instance(&emulator, service);
        let new = NewBackup::new(instance.clone(), "life-cycle".parse().unwrap())
            .with_description("one of each".parse().unwrap());

        let created = client.create(&new).await.unwrap();
        assert_eq!(created.status, BackupStatus::Building, "{service}");
        assert_eq!(created.reference.instance, Some(instance.clone()));
        if let Some(job) = &created.job_id
            && service.supports(Operation::GetJob)
        {
            let job = client.job(job).await.unwrap();
            assert_eq!(job.status, JobStatus::Running, "{service}");
            assert_eq!(job.instance.as_deref(), Some(instance.as_str()));
        }

        let done = client.wait(&created, wait(&emulator)).await.unwrap();
        assert_eq!(done.status, BackupStatus::Completed, "{service}");
        assert_eq!(done.reference, created.reference);
        assert_eq!(
            (done.name.as_str(), &done.kind),
            ("life-cycle", &Some(BackupType::Manual))
        );
        assert!(done.size.is_some_and(|bytes| bytes > 0), "{done:?}");
        assert!(done.begin.is_some() && done.end.is_some(), "{done:?}");
        assert!(
            !matches!(done.engine, None | Some(Engine::Unknown(_))),
            "{done:?}"
        );
        if service != Service::RdsV3 {
            assert_eq!(
                done.description.as_deref(),
                Some("one of each"),
                "{service}"
            );
        }

        assert_eq!(client.get(&created).await.unwrap(), done);
        assert_eq!(
            all(&client, BackupFilter::all()).await,
            slice::from_ref(&done)
        );
        let of_instance = BackupFilter::all().with_instance(instance.clone());
        assert_eq!(
            all(&client, of_instance.with_kind(BackupType::Manual)).await,
            slice::from_ref(&done)
        );

        let files = client.files(&created).await;
        if let Some(files) = has(service, Operation::ListBackupFiles, files) {
            let [file] = &files.files[..] else {
                panic!("{files:?}")
            };
            assert!(file.link.is_some() && file.expires.is_some(), "{file:?}");
            let in_bytes = (service == Service::RdsV3).then_some(done.size).flatten();
            assert_eq!(file.size, in_bytes, "{service}");
        }

        let restore = Restore::backup(&done);
        let jobs = has(
            service,
            Operation::RestoreInstance,
            client.restore(&restore).await,
        )
        .unwrap();
        assert_eq!(jobs.len(), 1, "{service}");
        if let Some(job) = has(service, Operation::GetJob, client.job(&jobs[0]).await) {
            assert_eq!(job.status, JobStatus::Running, "{service}");
        }
        let busy = client.create(&new).await.unwrap_err();
        assert_eq!(busy.kind(), ErrorKind::Conflict, "{busy}");
        emulator.advance(BUILD);

        has(service, Operation::DeleteBackup, client.delete(&done).await).unwrap();
        emulator.advance(Duration::from_secs(60));
        assert_eq!(all(&client, BackupFilter::all()).await, []);
        let gone = client.get(&done).await.unwrap_err();
        assert_eq!(gone.kind(), ErrorKind::NotFound, "{gone}");
    }
}

#[tokio::test]
async fn a_policy_is_set_and_shown_again_on_each_service() {
    let emulator = emulator().await;
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let instance = instance(&emulator, service);
        let mut policy = client.policy(&instance).await.unwrap();
        assert!(
            policy.keep_days > Some(0) && policy.start.is_some(),
            "{service}: {policy:?}"
        );
        policy.keep_days = Some(21);
        policy.start = Some(time(23, 0, 0, 0));
        if service != Service::RdsV1 {
            policy.days = vec![Weekday::Monday, Weekday::Sunday];
        }
        if service == Service::TaurusdbV3 {
            policy.level1_backups = Some(1);
        }
        client.set_policy(&instance, &policy).await.unwrap();
        assert_eq!(client.policy(&instance).await.unwrap(), policy, "{service}");
    }
}

#[tokio::test]
async fn several_backups_are_deleted_with_a_result_for_each() {
    let emulator = emulator().await;
    let client = emulator.client(Service::RdsV3).unwrap();
    let sqlserver = emulator.instances(Service::RdsV3).into_iter();
    let sqlserver: Vec<_> = sqlserver.filter(|id| id.ends_with("in04")).collect();
    emulator.add_backups(Service::RdsV3, &sqlserver[0], 2);
    let mut backups = all(&client, BackupFilter::all()).await;
    let mut unknown = backups[0].clone();
    unknown.reference.id = "ffffffffffffffffffffffffffffffffbr04".parse().unwrap();
    backups.insert(1, unknown);

    let deletions = client.delete_many(&backups).await.unwrap();
    let ids: Vec<_> = deletions.iter().map(|deletion| &deletion.id).collect();
    let asked: Vec<_> = backups.iter().map(|backup| &backup.reference.id).collect();
    assert_eq!(ids, asked);
    let refused: Vec<_> = deletions
        .iter()
        .map(|deletion| deletion.refused.is_some())
        .collect();
    assert_eq!(refused, [false, true, false], "{deletions:?}");

    for count in [0, 51] {
        let many = vec![&backups[0]; count];
        let error = client.delete_many(&many).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert_eq!(
        emulator.calls((Service::RdsV3, Operation::DeleteBackups)),
        1
    );
}

#[tokio::test]
async fn a_running_backup_is_stopped() {
    let emulator = emulator().await;
    for service in Operation::StopBackup.services() {
        let client = emulator.client(*service).unwrap();
        let instance = instance(&emulator, *service);
        let new = NewBackup::new(instance.clone(), "stopped".parse().unwrap());
        let backup = client.create(&new).await.unwrap();
        assert!(client.stop(&instance).await.unwrap().is_some());
        let failed = client.wait(&backup, wait(&emulator)).await.unwrap_err();
        assert_eq!(failed.kind(), ErrorKind::BackupFailed, "{failed}");
    }
}

#[tokio::test]
async fn an_instance_is_listed_with_what_is_needed_to_back_it_up() {
    let emulator = emulator().await;
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let more: Vec<String> = (0..120).map(|_| emulator.add_instance(service)).collect();
        let instances: Vec<_> = client.instances().try_collect().await.unwrap();
        let ids: BTreeSet<_> = instances.iter().map(|i| i.id.to_string()).collect();
        let there = emulator.instances(service).len();
        assert_eq!((instances.len(), ids.len()), (there, there), "{service}");
        assert!(more.iter().all(|id| ids.contains(id)), "{service}");
        assert!(
            instances
                .iter()
                .all(|i| matches!(i.engine, Some(ref e) if !matches!(e, Engine::Unknown(_))))
        );
        if service == Service::RdsV3 {
            assert!(instances.iter().all(|i| i.primary_node().is_some()));
        }
    }
}
