//! The policy for automated backups, read and replaced.

use dbbackup::Service;
use serde_json::{Map, Value, json};

use super::{ABSENT, Stand, V3, code, document, operation, parameter};

/// Name of the envelope.
fn envelope(service: Service) -> &'static str {
    match service {
        Service::RdsV1 => "policy",
        _ => "backup_policy",
    }
}

/// The request for a new policy that the contract shows.
fn documented(service: Service) -> Map<String, Value> {
    let (.., set) = operation(service, "set_backup_policy");
    let examples = &set["requestBody"]["content"]["application/json"]["examples"];
    let pointer = examples["documented"]["$ref"].as_str().unwrap();
    let example = document(service).pointer(&pointer[1..]).unwrap();
    let policy = &example["value"][envelope(service)];
    policy.as_object().unwrap().clone()
}

async fn get(stand: &Stand, service: Service, instance: &str) -> Value {
    let arguments = [(parameter(service, "instance"), instance)];
    let answer = stand
        .accept(service, "get_backup_policy", &arguments, None)
        .await;
    answer[envelope(service)].clone()
}

/// Status and answer of a change of the first instance's policy.
async fn set(stand: &Stand, service: Service, policy: Map<String, Value>) -> (u16, Value) {
    let instance = stand.instance(service);
    let arguments = [(parameter(service, "instance"), instance.as_str())];
    let body = Some(json!({ envelope(service): policy }));
    stand
        .call(service, "set_backup_policy", &arguments, body)
        .await
}

#[tokio::test]
async fn the_documented_policy_is_there_until_another_one_is_set() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let other = stand.emulator.add_instance(service);
        let before = get(&stand, service, &other).await;
        let days = if service == Service::RdsV1 {
            "keepday"
        } else {
            "keep_days"
        };
        assert_eq!(before[days], 7, "{service}");
        let mut policy = documented(service);
        policy.insert(days.to_owned(), json!(30));
        let (status, answer) = set(&stand, service, policy.clone()).await;
        assert_eq!(status, 200, "{service} {answer}");
        let after = get(&stand, service, &stand.instance(service)).await;
        for (field, value) in policy {
            // A text when it is set and a number when it is shown.
            let value = if field == "differential_period" {
                json!(30)
            } else {
                value
            };
            assert_eq!(after[&field], value, "{service} {field}");
        }
        assert_eq!(get(&stand, service, &other).await, before, "{service}");
    }
}

#[tokio::test]
async fn the_answer_to_a_change_is_that_of_the_service() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let (_, answer) = set(&stand, service, documented(service)).await;
        match service {
            Service::RdsV1 | Service::GaussdbV3 => assert_eq!(answer, json!({})),
            Service::RdsV3 => assert_eq!(answer, Value::Null),
            Service::TaurusdbV3 => {
                assert_eq!(answer["status"], "COMPLETED");
                assert_eq!(answer["instance_id"], json!(stand.instance(service)));
            }
            other => panic!("no case for {other:?}"),
        }
    }
}

#[tokio::test]
async fn fields_that_are_left_out_have_their_documented_default() {
    let stand = Stand::new().await;
    let mut policy = documented(Service::GaussdbV3);
    policy.insert("rate_limit".to_owned(), json!(1));
    policy.insert("file_split_size".to_owned(), json!(8));
    set(&stand, Service::GaussdbV3, policy.clone()).await;
    let fields = [
        "rate_limit",
        "prefetch_block",
        "file_split_size",
        "enable_standby_backup",
    ];
    policy.retain(|field, _| !fields.contains(&field.as_str()));
    set(&stand, Service::GaussdbV3, policy).await;
    let shown = get(
        &stand,
        Service::GaussdbV3,
        &stand.instance(Service::GaussdbV3),
    )
    .await;
    let shown = fields.map(|field| shown[field].clone());
    assert_eq!(shown, [json!(75), json!(64), json!(4), json!(false)]);
    set(&stand, Service::TaurusdbV3, documented(Service::TaurusdbV3)).await;
    let shown = get(
        &stand,
        Service::TaurusdbV3,
        &stand.instance(Service::TaurusdbV3),
    )
    .await;
    assert_eq!(shown["retention_num_backup_level1"], 0);
}

#[tokio::test]
async fn policies_that_break_a_rule_are_refused_and_change_nothing() {
    let stand = Stand::new().await;
    let (time, cycle, schema) = ("DBS.201103", "DBS.201101", "DBS.200001");
    for service in V3 {
        let before = get(&stand, service, &stand.instance(service)).await;
        for (field, value, expected) in [
            ("start_time", json!("19:00-21:00"), time),
            ("start_time", json!("19:10-20:10"), time),
            ("start_time", json!("25:00-26:00"), time),
            ("start_time", json!("soon"), time),
            ("period", json!("8"), cycle),
            ("period", json!("1;2"), cycle),
            ("period", json!(""), cycle),
            ("period", json!("1,1,1"), cycle),
            ("keep_days", json!(0), schema),
            ("keep_days", json!(3661), schema),
            ("keep_days", json!("7"), schema),
        ] {
            let mut policy = documented(service);
            policy.insert(field.to_owned(), value);
            let (status, answer) = set(&stand, service, policy).await;
            assert_eq!(
                (status, &answer["error_code"]),
                (400, &json!(expected)),
                "{answer}"
            );
        }
        assert_eq!(get(&stand, service, &stand.instance(service)).await, before);
    }
}

#[tokio::test]
async fn fields_that_the_contract_does_not_know_are_not_kept() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        let (status, _) = set(&stand, service, documented(service)).await;
        let before = get(&stand, service, &instance).await;
        let mut policy = documented(service);
        policy.insert("unknown".to_owned(), json!("x".repeat(100_000)));
        assert_eq!(set(&stand, service, policy).await.0, status, "{service}");
        assert_eq!(get(&stand, service, &instance).await, before, "{service}");
        let held = &stand.emulator.state().services[&service].instances[0].policy;
        assert_eq!(json!(held), before);
    }
}

#[tokio::test]
async fn a_quarter_of_an_hour_is_a_start_for_rds_alone() {
    let stand = Stand::new().await;
    for service in V3 {
        for (window, quarter) in [("23:00-00:00", false), ("23:45-00:45", true)] {
            let mut policy = documented(service);
            policy.insert("start_time".to_owned(), json!(window));
            let (status, _) = set(&stand, service, policy).await;
            let refused = quarter && service != Service::RdsV3;
            assert_eq!(
                status,
                if refused { 400 } else { 200 },
                "{service} {window}"
            );
        }
    }
}

#[tokio::test]
async fn rds_v1_takes_a_time_of_day_and_shows_it_with_the_instance() {
    let stand = Stand::new().await;
    let service = Service::RdsV1;
    for (time, shown) in [("01:02:03", "01:02:03"), ("04:05", "04:05:00")] {
        let mut policy = documented(service);
        policy.insert("starttime".to_owned(), json!(time));
        assert_eq!(set(&stand, service, policy).await.0, 200);
        let listed = stand.accept(service, "list_instances", &[], None).await;
        let strategy = &listed["instances"][0]["backupStrategy"];
        assert_eq!(*strategy, json!({ "startTime": shown, "keepDays": 7 }));
    }
    let mut policy = documented(service);
    policy.insert("starttime".to_owned(), json!("24:00"));
    let (status, answer) = set(&stand, service, policy).await;
    assert_eq!((status, &answer["errCode"]), (400, &json!("RDS.3013")));
}

#[tokio::test]
async fn the_policy_of_an_unknown_instance_is_not_set() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let arguments = [(parameter(service, "instance"), ABSENT)];
        let body = Some(json!({ envelope(service): documented(service) }));
        let refused = stand
            .refuse(service, "set_backup_policy", &arguments, body)
            .await;
        assert_eq!(
            refused,
            code(service, (404, "DBS.200002"), (404, "RDS.0002"))
        );
    }
}
