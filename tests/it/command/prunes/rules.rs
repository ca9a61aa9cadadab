//! What the rules keep.

use super::*;

/// Prunes a list whose `Date` is right.
async fn prune_now(service: Service, entries: &[Value], rules: &[&str]) -> (Output, Vec<String>) {
    prune(service, list(Some(&date(now())), entries), rules).await
}

#[tokio::test]
async fn the_newest_one_stays_whatever_its_age() {
    let entries = [
        entry("newest", "2020-01-02T00:00:00Z"),
        entry("older", "2020-01-01T00:00:00Z"),
    ];
    for age in ["0h", "30d"] {
        let (ran, deleted) = prune_now(Service::RdsV3, &entries[..1], &["--older-than", age]).await;
        assert_eq!((ran.status.code(), deleted.len()), (Some(0), 0), "{ran:?}");
        let (ran, deleted) = prune_now(Service::RdsV3, &entries, &["--older-than", age]).await;
        assert_eq!(
            (ran.status.code(), deleted),
            (Some(0), vec!["older".to_owned()]),
            "{ran:?}"
        );
    }
}

#[tokio::test]
async fn failed_ones_go_when_asked_for_and_are_counted_otherwise() {
    let mut entries = vec![entry("good", "2020-01-01T00:00:00Z")];
    for (name, age) in [("failed-1", 3), ("failed-2", 40), ("failed-3", 50)] {
        let mut failed = entry(name, now() - minutes(age * 24 * 60));
        failed["status"] = json!("FAILED");
        entries.push(failed);
    }
    for (service, rules, deleted, words) in [
        (
            Service::RdsV3,
            &["--older-than", "30d"][..],
            0,
            "2 FAILED ones that are old enough stay: --failed",
        ),
        (
            Service::GaussdbV3,
            &["--keep", "1"],
            0,
            "3 FAILED ones stay: --failed with --older-than",
        ),
        (
            Service::TaurusdbV3,
            &["--older-than", "30d", "--failed"],
            2,
            "2 of 4 manual backups",
        ),
        (
            Service::RdsV3,
            &["--older-than", "30d", "--failed", "--prefix", "failed-3"],
            1,
            "1 of 4",
        ),
    ] {
        let (ran, gone) = prune_now(service, &entries, rules).await;
        assert_eq!(ran.status.code(), Some(0), "{ran:?}");
        assert_eq!(gone.len(), deleted, "{ran:?}");
        assert!(
            gone.iter()
                .all(|id| id.starts_with("failed-") && id != "failed-1"),
            "{gone:?}"
        );
        assert!(said(&ran).contains(words), "{ran:?}");
        assert_eq!(said(&ran).contains("FAILED"), deleted == 0, "{ran:?}");
    }
    let stand = Stand::new(Service::RdsV3).await;
    let alone = [
        "prune",
        "--instance",
        INSTANCE,
        "--keep",
        "1",
        "--failed",
        "--yes",
    ];
    let ran = stand.run(&alone).await;
    assert_eq!(
        (ran.code, stand.emulator.requests().len()),
        (Some(2), 0),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("--older-than"), "{ran:?}");
}

#[tokio::test]
async fn what_names_no_instance_stays() {
    let odd = [
        Some(json!(null)),
        Some(json!("")),
        Some(json!(" ")),
        Some(json!("no id!")),
        None,
    ];
    let untold = |name: String, odd: &Option<Value>, age| {
        let mut untold = entry(&name, now() - minutes(age));
        match odd {
            Some(odd) => untold["instance_id"] = odd.clone(),
            None => _ = untold.as_object_mut().unwrap().remove("instance_id"),
        }
        untold
    };
    let mut entries = vec![entry("told", now() - minutes(200))];
    for (place, odd) in odd.iter().enumerate() {
        entries.push(untold(format!("newer-{place}"), odd, 100));
        entries.push(untold(format!("older-{place}"), odd, 300));
        let mut failed = untold(format!("failed-{place}"), odd, 300);
        failed["status"] = json!("FAILED");
        entries.push(failed);
    }
    for service in [Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3] {
        // Those that are newer take no place among the newest either.
        for rules in [&["--older-than", "1h", "--failed"][..], &["--keep", "1"]] {
            let (ran, deleted) = prune_now(service, &entries, rules).await;
            assert_eq!((ran.status.code(), deleted.len()), (Some(0), 0), "{ran:?}");
            let words = "15 stay because the service does not tell of which instance they are";
            assert!(said(&ran).contains(words), "{service}: {ran:?}");
        }
    }
}

#[tokio::test]
async fn rds_v1_shows_what_names_no_instance_and_lets_it_stay() {
    let stand = Stand::new(Service::RdsV1).await;
    let node = stand.instance();
    let entry = |id: &str, instance: Value| {
        json!({
            "id": id, "name": id, "instance_id": instance, "backuptype": "1", "status": "COMPLETED",
            "created": "2020-01-01T00:00:00+0000",
        })
    };
    let mut untold = entry("untold", json!(null));
    untold.as_object_mut().unwrap().remove("instance_id");
    let other = "00000000000000000000000000000000no01";
    let entries = json!([
        entry("told", json!(node)),
        entry("other", json!(other)),
        entry("list", json!([])),
        entry("text", json!("no id!")),
        untold,
    ]);
    let body = json!({ "backups": entries }).to_string();
    let url = serve(move |_| http("200 OK", &[], &body)).await;
    let place = ["--instance", &node, "--endpoint", &url];
    let ran = stand
        .run(&[&["list", "--output", "json"], &place[..]].concat())
        .await;
    let listed: Vec<Value> = serde_json::from_str(ran.done()).unwrap();
    let is_assumed = |backup: &Value| backup["instance_assumed"] == true;
    let shown: Vec<_> = listed
        .iter()
        .map(|backup| (backup["name"].as_str().unwrap(), is_assumed(backup)))
        .collect();
    let expected = [
        ("told", false),
        ("list", true),
        ("text", true),
        ("untold", true),
    ];
    assert_eq!(shown, expected);

    let rules = ["prune", "--keep", "1", "--yes"];
    let ran = stand.run(&[&rules, &place[..]].concat()).await;
    ran.done();
    let words = "3 stay because the service does not tell of which instance they are";
    assert!(ran.stderr.contains(words), "{ran:?}");
    assert!(ran.stderr.contains("0 of 4 manual backups"), "{ran:?}");
}

#[tokio::test]
async fn what_a_page_says_in_two_ways_is_not_deleted() {
    let mut other = entry("twice", now() - minutes(1));
    other["status"] = json!("BUILDING");
    let entries = [
        entry("newest", now() - minutes(100)),
        entry("twice", now() - minutes(300)),
        other,
        entry("older", now() - minutes(200)),
    ];
    let told = date(now());
    for service in [Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3] {
        let (ran, deleted) = prune(service, list(Some(&told), &entries), &["--keep", "1"]).await;
        assert_eq!(deleted, ["older"], "{ran:?}");
        assert!(
            said(&ran).contains("1 are listed without a usable id, or in two ways"),
            "{ran:?}"
        );
    }
}

#[tokio::test]
async fn databases_that_cannot_be_read_make_no_backup_a_full_one() {
    for odd in [
        json!("d1"),
        json!(true),
        json!(1),
        json!([null]),
        json!({ "x": 1 }),
    ] {
        let mut newer = entry("newer", now() - minutes(100));
        newer["databases"] = odd;
        let entries = [newer, entry("full", now() - minutes(200))];
        let told = date(now());
        let (ran, deleted) = prune(
            Service::RdsV3,
            list(Some(&told), &entries),
            &["--keep", "1"],
        )
        .await;
        assert_eq!(deleted, [""; 0], "{ran:?}");
    }
}
