//! Lists of backups and of instances: filters, order and pages.

use dbbackup::Service;
use dbbackup::model::Timestamp;
use serde_json::{Value, json};

use super::{ABSENT, HOUR, Stand, V3, ids};

const TAURUSDB: Service = Service::TaurusdbV3;

/// Ids of the backups that a list shows, and their number on all pages.
async fn list(stand: &Stand, service: Service, filters: &[(&str, &str)]) -> (Vec<String>, Value) {
    let answer = stand.accept(service, "list_backups", filters, None).await;
    let listed = ids(answer["backups"].as_array().unwrap());
    let listed = listed.into_iter().map(str::to_owned).collect();
    (listed, answer["total_count"].clone())
}

#[tokio::test]
async fn pages_are_parts_of_one_list_with_the_newest_first() {
    let stand = Stand::new().await;
    for service in V3 {
        let instance = stand.instance(service);
        let mut added = stand.emulator.add_backups(service, &instance, 105);
        added.reverse();
        for (offset, limit, expected) in [
            ("0", "2", &added[..2]),
            ("2", "2", &added[2..4]),
            ("100", "100", &added[100..]),
            ("105", "1", &[]),
            ("99999999999", "1", &[]),
        ] {
            let filters = [
                ("instance_id", instance.as_str()),
                ("offset", offset),
                ("limit", limit),
            ];
            let (listed, total) = list(&stand, service, &filters).await;
            assert_eq!(
                (listed.as_slice(), total),
                (expected, json!(105)),
                "{service}"
            );
        }
        let (listed, _) = list(&stand, service, &[("instance_id", &instance)]).await;
        assert_eq!(listed, added[..100], "{service}");
    }
}

#[tokio::test]
async fn rds_v1_shows_the_100_newest_manual_backups_of_the_project() {
    let stand = Stand::new().await;
    let service = Service::RdsV1;
    let instances = stand.emulator.instances(service);
    let oldest = stand.emulator.add_backups(service, &instances[0], 61);
    let older = stand.emulator.add_backups(service, &instances[1], 60);
    stand
        .emulator
        .add_automated_backup(service, &instances[0])
        .unwrap();
    let (listed, total) = list(&stand, service, &[]).await;
    assert_eq!((listed.len(), total), (100, Value::Null));
    assert!(listed.contains(&oldest[60]) && listed.contains(&older[59]));
    assert!(!listed.contains(&oldest[0]) && !listed.contains(&older[0]));
}

#[tokio::test]
async fn backups_are_found_by_instance_id_and_kind() {
    let stand = Stand::new().await;
    for service in V3 {
        let [first, second] = [
            stand.instance(service),
            stand.emulator.add_instance(service),
        ];
        let manual = stand.emulator.add_backups(service, &first, 1).remove(0);
        let automated = stand
            .emulator
            .add_automated_backup(service, &first)
            .unwrap();
        let other = stand.emulator.add_backups(service, &second, 1).remove(0);
        let first = ("instance_id", first.as_str());
        for (filters, expected) in [
            (vec![first, ("backup_type", "manual")], vec![&manual]),
            (vec![first, ("backup_type", "auto")], vec![&automated]),
            (vec![first, ("backup_id", &manual)], vec![&manual]),
            (vec![first, ("backup_id", &other)], vec![]),
            (vec![("instance_id", &second)], vec![&other]),
        ] {
            let (listed, total) = list(&stand, service, &filters).await;
            assert_eq!(
                listed.iter().collect::<Vec<_>>(),
                expected,
                "{service} {filters:?}"
            );
            assert_eq!(total, json!(expected.len()));
        }
        if service != Service::RdsV3 {
            assert_eq!(list(&stand, service, &[]).await.0.len(), 3);
            let unknown = [("instance_id", ABSENT)];
            assert!(list(&stand, service, &unknown).await.0.is_empty());
        }
    }
}

#[tokio::test]
async fn backups_of_rds_are_found_by_their_state() {
    let stand = Stand::new().await;
    let service = Service::RdsV3;
    let instance = stand.instance(service);
    let done = stand.emulator.add_backups(service, &instance, 1).remove(0);
    let building = stand.begin(service).await;
    for (status, expected) in [
        ("COMPLETED", vec![done]),
        ("BUILDING", vec![building]),
        ("FAILED", vec![]),
    ] {
        let filters = [("instance_id", instance.as_str()), ("status", status)];
        assert_eq!(list(&stand, service, &filters).await.0, expected);
    }
}

#[tokio::test]
async fn backups_of_taurusdb_are_found_by_name_and_by_the_name_of_the_instance() {
    let stand = Stand::new().await;
    let id = stand.begin(TAURUSDB).await;
    for (filter, value, count) in [
        ("name", "begun", 1),
        ("name", "beg", 0),
        ("instance_name", "taurusdb-instance01", 1),
        ("instance_name", "other", 0),
    ] {
        let (listed, _) = list(&stand, TAURUSDB, &[(filter, value)]).await;
        assert_eq!(listed, vec![id.clone(); count], "{filter}={value}");
    }
}

#[tokio::test]
async fn a_period_holds_the_backups_that_began_in_it() {
    let stand = Stand::new().await;
    for service in V3 {
        let instance = stand.instance(service);
        let added = stand.emulator.add_backups(service, &instance, 3);
        let listed = stand.backups(service).await;
        let times = listed.iter().map(|backup| {
            let time = backup["begin_time"].as_str().unwrap();
            Timestamp::from(time).instant().unwrap()
        });
        let times: Vec<_> = times.collect();
        // Another offset than that of the answers.
        let text = |time: jiff::Timestamp| {
            let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
            time.to_zoned_datetime(zone)
                .strftime("%Y-%m-%dT%H:%M:%S%z")
                .to_string()
        };
        let (begin, end) = (text(times[2]), text(times[1]));
        let filters = [
            ("instance_id", instance.as_str()),
            ("begin_time", &begin),
            ("end_time", &end),
        ];
        let expected = [added[1].clone(), added[0].clone()];
        assert_eq!(
            list(&stand, service, &filters).await.0,
            expected,
            "{service}"
        );
    }
}

/// Ids of the instances that match.
async fn find(stand: &Stand, service: Service, filters: &[(&str, &str)]) -> Vec<String> {
    let answer = stand.accept(service, "list_instances", filters, None).await;
    let listed = ids(answer["instances"].as_array().unwrap());
    listed.into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn every_instance_is_listed_with_its_engine() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let answer = stand.accept(service, "list_instances", &[], None).await;
        let listed = answer["instances"].as_array().unwrap();
        assert_eq!(ids(listed), stand.emulator.instances(service));
        let mut names: Vec<_> = listed.iter().map(|i| i["name"].as_str().unwrap()).collect();
        names.dedup();
        assert_eq!(names.len(), listed.len(), "{service}");
        for instance in listed {
            let id = instance["id"].as_str().unwrap();
            let datastore = instance
                .get("datastore")
                .unwrap_or(&instance["dataStoreInfo"]);
            let engine = match id.rsplit_once("in").map(|(_, engine)| engine) {
                Some("04") => "SQLServer",
                Some("07") => "gaussdb-mysql",
                Some("14") => "GaussDB",
                _ => "MySQL",
            };
            assert_eq!(datastore["type"], engine, "{id}");
            assert_eq!(instance["status"], "ACTIVE");
        }
    }
}

#[tokio::test]
async fn instances_are_found_by_id_name_type_and_engine() {
    let stand = Stand::new().await;
    for service in V3 {
        let all = stand.emulator.instances(service);
        let answer = stand.accept(service, "list_instances", &[], None).await;
        let first = &answer["instances"][0];
        let [name, kind] = ["name", "type"].map(|field| first[field].as_str().unwrap());
        let engine = first["datastore"]["type"].as_str().unwrap();
        let part = format!("*{}", &name[1..]);
        let same_engine: Vec<_> = all.iter().filter(|id| id[32..] == all[0][32..]).collect();
        assert_eq!(find(&stand, service, &[("id", &all[0])]).await, all[..1]);
        assert_eq!(find(&stand, service, &[("name", name)]).await, all[..1]);
        assert_eq!(find(&stand, service, &[("name", &part)]).await, all);
        assert_eq!(
            find(&stand, service, &[("name", &part[1..])]).await,
            [""; 0]
        );
        assert_eq!(find(&stand, service, &[("type", kind)]).await, all);
        let found = find(&stand, service, &[("datastore_type", engine)]).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), same_engine, "{service}");
        assert_eq!(find(&stand, service, &[("limit", "1")]).await, all[..1]);
        assert_eq!(find(&stand, service, &[("offset", "1")]).await, all[1..]);
    }
}

#[tokio::test]
async fn an_instance_is_backing_up_where_the_contract_has_the_word() {
    let stand = Stand::new().await;
    for (service, word) in [
        (Service::RdsV1, "ACTIVE"),
        (Service::RdsV3, "BACKING UP"),
        (TAURUSDB, "ACTIVE"),
        (Service::GaussdbV3, "BACKING UP"),
    ] {
        stand.begin(service).await;
        let answer = stand.accept(service, "list_instances", &[], None).await;
        assert_eq!(answer["instances"][0]["status"], word, "{service}");
    }
    stand.emulator.advance(HOUR);
    for &service in Service::ALL {
        let answer = stand.accept(service, "list_instances", &[], None).await;
        assert_eq!(answer["instances"][0]["status"], "ACTIVE", "{service}");
    }
}

#[tokio::test]
async fn the_instances_of_rds_v1_have_no_pages() {
    let stand = Stand::new().await;
    for _ in 0..120 {
        stand.emulator.add_instance(Service::RdsV1);
    }
    let found = find(&stand, Service::RdsV1, &[]).await;
    assert_eq!(found, stand.emulator.instances(Service::RdsV1));
    assert_eq!(found.len(), 122);
}
