//! Lists that a service counts wrongly, that never end, or that take too long.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dbbackup::emulator::{Emulator, Fault};
use dbbackup::model::{Backup, BackupFilter, BackupRef, NewBackup};
use dbbackup::{BackupClient, Error, ErrorKind, Operation, Service, Wait};
use futures_util::TryStreamExt;
use serde_json::json;
use tokio::time::Instant;

use super::{emulator, instance};
use crate::support::{http, miscounting, project_id, served, time, transport};

/// The services whose lists have pages.
const PAGED: [Service; 3] = [Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3];

/// A client of a service that counts the entries of each page for all.
async fn miscounted(emulator: &Emulator, service: Service) -> BackupClient {
    let url = miscounting(emulator, service).await;
    let project = emulator.project_id().parse().unwrap();
    BackupClient::new(service, &url, project, emulator.transport().unwrap())
}

async fn all(client: &BackupClient, filter: BackupFilter) -> Result<Vec<Backup>, Error> {
    client.list(filter).try_collect().await
}

#[tokio::test]
async fn a_count_that_is_too_small_ends_no_list() {
    let emulator = emulator().await;
    for service in PAGED {
        let client = miscounted(&emulator, service).await;
        let instance = instance(&emulator, service);
        let ids = emulator.add_backups(service, instance.as_str(), 210);
        let filter = BackupFilter::all().with_instance(instance.clone());
        assert_eq!(all(&client, filter).await.unwrap().len(), 210, "{service}");

        // Two of them, so that the list has no filter that could find them on its first page.
        let old = ids[..2].iter().map(|id| BackupRef {
            service,
            instance: Some(instance.clone()),
            id: id.parse().unwrap(),
        });
        let old: Vec<_> = old.collect();
        let wait = Wait::up_to(Duration::from_secs(60));
        let wait = wait.with_poll_intervals(Duration::ZERO, Duration::ZERO);
        let done = client.wait_all(&old, wait).await;
        assert!(done.iter().all(Result::is_ok), "{service}: {done:?}");

        let there = (0..110).map(|_| emulator.add_instance(service));
        let there: BTreeSet<String> = there.collect();
        let listed: Vec<_> = client.instances().try_collect().await.unwrap();
        let listed: BTreeSet<_> = listed.iter().map(|found| found.id.to_string()).collect();
        assert!(there.is_subset(&listed), "{service}");
    }
}

#[tokio::test]
async fn a_key_is_not_doubled_by_a_count_that_is_too_small() {
    let emulator = emulator().await;
    for service in PAGED {
        let direct = emulator.client(service).unwrap();
        let direct = direct.with_visibility_window(Duration::ZERO);
        let instance = instance(&emulator, service);
        let new = NewBackup::new(instance.clone(), "nightly".parse().unwrap());
        let first = direct.ensure(&new, "key").await.unwrap();
        emulator.advance(Duration::from_secs(3600));
        emulator.add_backups(service, instance.as_str(), 110);

        let client = miscounted(&emulator, service).await;
        // A create would be no read, which the server does not pass on.
        let client = client.with_visibility_window(Duration::ZERO);
        let again = client.ensure(&new, "key").await.unwrap();
        assert_eq!(again.reference, first.reference, "{service}");
    }
}

/// A client of a service that gives this list of backups to every call.
async fn listing(service: Service, answer: serde_json::Value) -> BackupClient {
    let answer = http("200 OK", &[], &answer.to_string());
    let url = served(move |_| std::future::ready(answer.clone())).await;
    let project = project_id(service).parse().unwrap();
    let client = BackupClient::new(service, &url, project, transport());
    client.with_visibility_window(Duration::ZERO)
}

#[tokio::test]
async fn a_null_in_a_list_counts() {
    let entry = |number| json!({"id": format!("b{number}"), "instance_id": "a1in01"});
    let mut entries: Vec<_> = (0..99).map(entry).collect();
    entries.push(serde_json::Value::Null);
    let body = json!({ "backups": entries });
    // It may be on the second page, which this server does not have.
    let client = listing(Service::TaurusdbV3, body.clone()).await;
    let error = all(&client, BackupFilter::all()).await.unwrap_err();
    assert!(
        error.to_string().contains("a page for all offsets"),
        "{error}"
    );
    // It may be an older one than rds-v1 lists.
    let client = listing(Service::RdsV1, body).await;
    let other = client.reference("other".parse().unwrap(), None).unwrap();
    let error = client.get(&other).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
    assert!(client.lists_incompletely().await.unwrap());
}

#[tokio::test]
async fn a_key_is_not_doubled_because_its_backup_has_no_id() {
    let emulator = emulator().await;
    // Whether the service itself refuses a second backup of a name.
    for (service, is_guarded) in [(Service::TaurusdbV3, false), (Service::RdsV3, true)] {
        let direct = emulator.client(service).unwrap();
        let direct = direct.with_visibility_window(Duration::ZERO);
        let new = NewBackup::new(instance(&emulator, service), "nightly".parse().unwrap());
        let made = direct.ensure(&new, "key").await.unwrap();
        let place = made.reference.instance.as_ref().unwrap().as_str();
        let odd = json!({ "name": made.name, "instance_id": place, "type": "manual" });
        let other = json!({ "name": "another", "instance_id": place, "type": "manual" });
        let nameless = json!({ "id": "b1", "instance_id": place, "type": "manual" });
        for (entries, creates) in [
            (json!([odd]), false),
            (json!([other]), true),
            (json!([other, null]), is_guarded),
            (json!([nameless]), is_guarded),
            (json!({ "0": odd }), is_guarded),
        ] {
            let client = listing(service, json!({ "total_count": 1, "backups": entries })).await;
            let error = client.ensure(&new, "key").await.unwrap_err();
            // To the create, too, it answers with a list.
            let is_sent = error.operation() == Some(Operation::CreateBackup)
                && !error.to_string().contains("nothing was created");
            assert_eq!(is_sent, creates, "{service} {entries}: {error}");
        }
    }
}

/// Pages that come in turn, each of which begins with an entry of the other.
async fn in_turn(service: Service) -> BackupClient {
    let page = |numbers: Vec<u32>| {
        let entry = |number| json!({"id": format!("b{number}"), "instance_id": "a1in01"});
        let entries: Vec<_> = numbers.into_iter().map(entry).collect();
        let body = json!({"total_count": 1_000_000, "backups": entries});
        http("200 OK", &[], &body.to_string())
    };
    let first = page((0..100).collect());
    let second = page([1].into_iter().chain(100..199).collect());
    let is_second = Arc::new(AtomicBool::new(false));
    let url = served(move |_| {
        let answer = if is_second.fetch_xor(true, Ordering::Relaxed) {
            &second
        } else {
            &first
        };
        std::future::ready(answer.clone())
    });
    let project = project_id(service).parse().unwrap();
    BackupClient::new(service, &url.await, project, transport())
}

#[tokio::test]
async fn pages_that_bring_nothing_new_end_in_an_error_and_nothing_is_created() {
    let client = in_turn(Service::TaurusdbV3).await;
    let error = all(&client, BackupFilter::all()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert!(error.to_string().contains("list changes faster"), "{error}");

    let new = NewBackup::new("a1in01".parse().unwrap(), "nightly".parse().unwrap());
    let error = client.ensure(&new, "key").await.unwrap_err();
    let said = error.to_string();
    assert!(said.contains("nothing was created"), "{said}");
}

#[tokio::test]
async fn all_answers_of_a_list_count() {
    let filler = "x".repeat(15 * 1024 * 1024);
    let url = served(move |request| {
        // The last entry of the page before, and one more.
        let offset = request.split("offset=").nth(1).unwrap();
        let offset: u32 = offset.split(['&', ' ']).next().unwrap().parse().unwrap();
        let [first, second] = [offset, offset + 1].map(|n| format!(r#"{{"id": "a{n}in01"}}"#));
        let page =
            format!(r#"{{"total_count": 99, "instances": [{first}, {second}], "x": "{filler}"}}"#);
        std::future::ready(http("200 OK", &[], &page))
    });
    let project = project_id(Service::TaurusdbV3).parse().unwrap();
    let client = BackupClient::new(Service::TaurusdbV3, &url.await, project, transport());
    let listed: Result<Vec<_>, _> = client.instances().try_collect().await;
    let error = listed.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
    let said = error.to_string();
    let expected = "taurusdb-v3 list_instances: the list has more than 128 MiB";
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn a_list_with_all_its_pages_has_the_time_of_a_call() {
    for &service in Service::ALL {
        time::run(async {
            let emulator = emulator().await;
            let first = instance(&emulator, service);
            emulator.add_backups(service, first.as_str(), 1050);
            while emulator.instances(service).len() < 12 {
                emulator.add_instance(service);
            }
            let late = Fault::delay(Duration::from_secs(100)).with_times(99);
            emulator
                .inject((service, Operation::ListBackups), late)
                .unwrap();
            let client = emulator.client(service).unwrap();
            let whole = match service {
                // It has one page.
                Service::RdsV1 => return,
                // The list of each instance, too, is part of one over all of them.
                Service::RdsV3 => BackupFilter::all(),
                _ => BackupFilter::all().with_instance(first),
            };
            let begun = Instant::now();
            let error = all(&client, whole).await.unwrap_err();
            assert_eq!(begun.elapsed().as_secs(), 600, "{error}");
            let said = error.to_string();
            assert!(said.contains("not read to its end within 600s"), "{said}");
        });
    }
}
