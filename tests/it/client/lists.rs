//! Lists: every entry once, whatever happens meanwhile; and what a list cannot tell.

use std::collections::BTreeSet;
use std::slice;
use std::time::Duration;

use dbbackup::model::{BackupFilter, BackupRef, BackupType, NewBackup, Restore};
use dbbackup::{BackupClient, ErrorKind, Operation, Service};
use futures_util::{StreamExt, TryStreamExt};

use super::emulator;
use crate::support::{Script, http, project_id, transport};

/// The services whose lists have pages.
const PAGED: [Service; 3] = [Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3];

#[tokio::test]
async fn each_of_1050_backups_comes_once_while_others_are_added() {
    let emulator = emulator().await;
    for service in PAGED {
        let client = emulator.client(service).unwrap();
        let instance = emulator.instances(service).remove(0);
        let there: BTreeSet<String> = emulator
            .add_backups(service, &instance, 1050)
            .into_iter()
            .collect();
        let filter = BackupFilter::all().with_instance(instance.parse().unwrap());
        let mut backups = client.list(filter);
        let mut seen = BTreeSet::new();
        let mut count = 0;
        while let Some(backup) = backups.try_next().await.unwrap() {
            let id = backup.reference.id.to_string();
            assert!(seen.insert(id.clone()), "{service}: {id} comes twice");
            count += usize::from(there.contains(&id));
            // Newer than all others, so they push entries to the next page: few, or more than fit.
            let more = match seen.len() {
                400 => 150,
                seen if seen % 40 == 0 => 3,
                _ => 0,
            };
            if more > 0 {
                emulator.advance(Duration::from_secs(1));
                emulator.add_backups(service, &instance, more);
            }
        }
        assert_eq!(count, 1050, "{service}");
        let calls = emulator.calls((service, Operation::ListBackups));
        assert!((11..=16).contains(&calls), "{service}: {calls} calls");
    }
}

#[tokio::test]
async fn none_is_missed_while_others_are_removed() {
    let emulator = emulator().await;
    for service in PAGED {
        let client = emulator.client(service).unwrap();
        let instance = emulator.instances(service).remove(0);
        let ids = emulator.add_backups(service, &instance, 350);
        let mut backups = client.list(BackupFilter::all());
        let mut seen = BTreeSet::new();
        while let Some(backup) = backups.try_next().await.unwrap() {
            assert!(seen.insert(backup.reference.id.to_string()), "{service}");
            if matches!(seen.len(), 100 | 199) {
                // Entries that were seen: what follows them moves to pages that were read.
                for id in ids.iter().rev().filter(|id| seen.contains(*id)).take(20) {
                    emulator.remove_backup(service, id);
                }
            }
        }
        assert_eq!(seen, ids.into_iter().collect(), "{service}");
    }
}

#[tokio::test]
async fn a_list_without_an_instance_walks_all_of_them() {
    let emulator = emulator().await;
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let mut there = BTreeSet::new();
        for instance in emulator.instances(service) {
            there.extend(emulator.add_backups(service, &instance, 2));
        }
        let backups: Vec<_> = client
            .list(BackupFilter::all())
            .try_collect()
            .await
            .unwrap();
        let listed: BTreeSet<_> = backups.iter().map(|b| b.reference.id.to_string()).collect();
        assert_eq!(listed, there, "{service}");
        let expected = match service {
            Service::RdsV3 => emulator.instances(service).len(),
            _ => 1,
        };
        assert_eq!(
            emulator.calls((service, Operation::ListBackups)),
            expected,
            "{service}"
        );
    }
}

#[tokio::test]
async fn filters_choose_backups() {
    let emulator = emulator().await;
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let instances = emulator.instances(service);
        let (first, other) = (&instances[0], emulator.add_instance(service));
        let ids = emulator.add_backups(service, first, 3);
        emulator.add_backups(service, &other, 2);
        let of_first = BackupFilter::all().with_instance(first.parse().unwrap());
        let list = async |filter| -> Vec<_> { client.list(filter).try_collect().await.unwrap() };

        let backups: Vec<dbbackup::model::Backup> = list(of_first.clone()).await;
        assert_eq!(backups.len(), 3, "{service}");
        let one = list(of_first.clone().with_id(ids[1].parse().unwrap())).await;
        assert_eq!(
            (one.len(), one[0].reference.id.as_str()),
            (1, ids[1].as_str()),
            "{service}"
        );
        if service == Service::RdsV1 {
            continue;
        }
        let newest = backups[0].begin.as_ref().unwrap().instant().unwrap();
        let second = jiff::SignedDuration::from_secs(1);
        let period = of_first.clone().with_period(newest, newest + second);
        assert_eq!(
            list(period).await,
            slice::from_ref(&backups[0]),
            "{service}"
        );
        assert_eq!(
            list(of_first.with_kind(BackupType::Auto)).await,
            [],
            "{service}"
        );
    }
}

#[tokio::test]
async fn filters_that_a_service_lacks_are_refused_before_any_call() {
    let emulator = emulator().await;
    let now = jiff::Timestamp::now();
    let hour = jiff::SignedDuration::from_hours(1);
    for &service in Service::ALL {
        let client = emulator.client(service).unwrap();
        let kind_of = async |filter| {
            let error = client.list(filter).next().await.unwrap().unwrap_err();
            (error.kind(), error.to_string())
        };
        let rows = [
            (
                BackupFilter::all().with_kind(BackupType::Incremental),
                &[Service::RdsV3][..],
            ),
            (BackupFilter::all().with_kind(BackupType::Auto), &PAGED),
            (BackupFilter::all().with_period(now - hour, now), &PAGED),
        ];
        for (filter, services) in rows {
            if !services.contains(&service) {
                let (kind, message) = kind_of(filter).await;
                assert_eq!(kind, ErrorKind::Unsupported, "{message}");
                assert!(
                    services.iter().all(|s| message.contains(s.as_str())),
                    "{message}"
                );
            }
        }
        let unknown = BackupFilter::all().with_kind(BackupType::Unknown("odd".to_owned()));
        assert_eq!(
            kind_of(unknown).await.0,
            ErrorKind::InvalidInput,
            "{service}"
        );
        if service != Service::RdsV1 {
            let (kind, message) = kind_of(BackupFilter::all().with_period(now, now)).await;
            assert_eq!(kind, ErrorKind::InvalidInput, "{message}");
        }
        assert_eq!(
            emulator.calls((service, Operation::ListBackups)),
            0,
            "{service}"
        );
        assert_eq!(
            emulator.calls((service, Operation::ListInstances)),
            0,
            "{service}"
        );
    }
}

#[tokio::test]
async fn rds_v1_says_that_an_old_backup_is_out_of_sight() {
    let emulator = emulator().await;
    let client = emulator.client(Service::RdsV1).unwrap();
    let node = emulator.instances(Service::RdsV1).remove(0);
    let ids = emulator.add_backups(Service::RdsV1, &node, 101);
    let place = |id: &str| BackupRef {
        service: Service::RdsV1,
        instance: Some(node.parse().unwrap()),
        id: id.parse().unwrap(),
    };
    assert!(client.get(place(&ids[100])).await.is_ok());
    let hidden = client.get(place(&ids[0])).await.unwrap_err();
    assert_eq!(hidden.kind(), ErrorKind::OutOfSight, "{hidden}");
    let unknown = client
        .get(place("ffffffff-0000-0000-0000-000000000000"))
        .await
        .unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::OutOfSight, "{unknown}");

    // With fewer than 100 the list shows all, and absence means absence.
    for id in &ids[1..] {
        emulator.remove_backup(Service::RdsV1, id);
    }
    assert!(client.get(place(&ids[0])).await.is_ok());
    let gone = client.get(place(&ids[1])).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound, "{gone}");
}

#[tokio::test]
async fn rds_v1_makes_at_most_50_backups_at_a_time() {
    let emulator = emulator().await;
    let nodes: Vec<String> = (0..60)
        .map(|_| emulator.add_instance(Service::RdsV1))
        .collect();
    let transport = emulator.transport().unwrap();
    let creates = nodes.iter().map(|node| {
        // Clients made one by one, not clones.
        let (url, project) = (emulator.url(Service::RdsV1), emulator.project_id());
        let project = project.parse().unwrap();
        let client = BackupClient::new(Service::RdsV1, url, project, transport.clone());
        let new = NewBackup::new(node.parse().unwrap(), "at-once".parse().unwrap());
        async move { client.create(&new).await }
    });
    let results = futures_util::future::join_all(creates).await;
    let refused: Vec<_> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 10, "{refused:?}");
    assert!(
        refused
            .iter()
            .all(|error| error.kind() == ErrorKind::Conflict),
        "{refused:?}"
    );
    assert_eq!(
        emulator.calls((Service::RdsV1, Operation::CreateBackup)),
        50
    );
}

#[tokio::test]
async fn rds_v1_explains_that_it_wants_the_id_of_a_node() {
    let emulator = emulator().await;
    let client = emulator.client(Service::RdsV1).unwrap();
    let instance = "d8e6ca5a624745bcb546a227aa3ae1cfin01";
    let new = NewBackup::new(instance.parse().unwrap(), "nightly".parse().unwrap());
    let error = client.create(&new).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("primary node"), "{error}");
    for operation in [Operation::CreateBackup, Operation::ListBackups] {
        assert_eq!(
            emulator.calls((Service::RdsV1, operation)),
            0,
            "{operation}"
        );
    }

    let unknown = "11111111-2222-3333-4444-555555555555";
    let new = NewBackup::new(unknown.parse().unwrap(), "nightly".parse().unwrap());
    let error = client.create(&new).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::NotFound, Some(404)),
        "{error}"
    );
    assert!(error.to_string().contains("primary node"), "{error}");

    // A backup that does not exist is no question of nodes.
    let backup = BackupRef {
        service: Service::RdsV1,
        instance: Some(emulator.instances(Service::RdsV1)[0].parse().unwrap()),
        id: unknown.parse().unwrap(),
    };
    let error = client.delete(&backup).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(!error.to_string().contains("node"), "{error}");
}

#[tokio::test]
async fn a_stream_ends_with_its_first_error() {
    let instances = r#"{"total_count": 2, "instances": [{"id": "a1in01"}, {"id": "b2in01"}]}"#;
    let failure = http("500 Internal Server Error", &[], "<html>\nsorry</html>");
    let script = Script::start(vec![http("200 OK", &[], instances), failure]).await;
    let project = project_id(Service::RdsV3).parse().unwrap();
    let client = BackupClient::new(Service::RdsV3, &script.url, project, transport());
    let results: Vec<_> = client.list(BackupFilter::all()).collect().await;
    let [Err(error)] = &results[..] else {
        panic!("{results:?}")
    };
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        error.to_string(),
        "rds-v3 list_backups: refused with 500 <html> sorry</html>"
    );
}

#[tokio::test]
async fn a_walk_goes_on_when_an_instance_is_deleted_meanwhile() {
    let instances = r#"{"total_count": 2, "instances": [{"id": "a1in01"}, {"id": "b2in01"}]}"#;
    let gone = r#"{"error_code": "DBS.200002", "error_msg": "The instance does not exist."}"#;
    let backups = r#"{"total_count": 1, "backups": [{"id": "c3br01"}]}"#;
    let answers = vec![
        http("200 OK", &[], instances),
        http("404 Not Found", &[], gone),
        http("200 OK", &[], backups),
    ];
    let script = Script::start(answers).await;
    let project = project_id(Service::RdsV3).parse().unwrap();
    let client = BackupClient::new(Service::RdsV3, &script.url, project, transport());
    let found: Vec<_> = client
        .list(BackupFilter::all())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].reference.instance, Some("b2in01".parse().unwrap()));
}

#[tokio::test]
async fn a_backup_of_another_service_is_refused_before_any_call() {
    let emulator = emulator().await;
    let client = emulator.client(Service::RdsV3).unwrap();
    let other = BackupRef {
        service: Service::GaussdbV3,
        instance: Some("7e01ac5ac5274957ba506f3851d11d51in14".parse().unwrap()),
        id: "e76112bfb2074871bf54cb8df5af7f64br14".parse().unwrap(),
    };
    let errors = [
        client.get(&other).await.err(),
        client.delete(&other).await.err(),
        client.files(&other).await.err(),
        client.delete_many(&[&other]).await.err(),
        client.restore(&Restore::backup(&other)).await.err(),
        client
            .wait(&other, dbbackup::Wait::up_to(Duration::from_secs(60)))
            .await
            .err(),
    ];
    for error in errors {
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(
            error.to_string().contains("use a client of gaussdb-v3"),
            "{error}"
        );
    }
    assert_eq!(emulator.calls((Service::RdsV3, Operation::ListBackups)), 0);
}
