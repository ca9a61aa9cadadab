//! Policies for automated backups.

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{Operation, Service};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Stand, named};
use crate::support::{Script, http};

#[tokio::test]
async fn a_policy_is_shown_and_changed_in_part() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let instance = stand.instance();
        let get = ["policy", "get", "--instance", &instance];
        let set = ["policy", "set", "--instance", &instance, "--start", "02:00"];
        let before = stand.run(&get).await;
        let dry = stand.run(&[&set[..], &["--dry-run"]].concat()).await;
        let changed = stand.run(&set).await;
        let json = stand.run(&[&get[..], &["--output", "json"]].concat()).await;
        let shown = [&before, &dry, &changed, &json].map(|ran| ran.done().to_owned());
        assert_snapshot!(named("policy", service), shown.join("\n"));
    }
}

#[tokio::test]
async fn fewer_days_want_a_yes_and_more_do_not() {
    let service = Service::RdsV3;
    let stand = Stand::new(service).await;
    let instance = stand.instance();
    let set = |days| {
        [
            "policy",
            "set",
            "--instance",
            &instance,
            "--keep-days",
            days,
        ]
        .map(str::to_owned)
    };
    let run = async |days, more: &[&str]| {
        let arguments = set(days);
        let arguments = arguments
            .iter()
            .map(String::as_str)
            .chain(more.iter().copied());
        stand.run(&arguments.collect::<Vec<_>>()).await
    };
    assert_eq!(run("30", &[]).await.code, Some(0));
    let ran = run("3", &[]).await;
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("give --yes"), "{ran:?}");
    assert_eq!(
        stand.emulator.calls((service, Operation::SetBackupPolicy)),
        1
    );
    assert_eq!(run("3", &["--yes"]).await.code, Some(0));
}

#[tokio::test]
async fn rules_of_the_service_are_kept_before_anything_is_changed() {
    for (service, part, expected) in [
        (
            Service::RdsV1,
            ["--days", "mon"],
            "days of the week in a policy must be left out",
        ),
        (
            Service::RdsV3,
            ["--keep-days", "3661"],
            "keep_days must be 1 to 3660 days",
        ),
        (
            Service::TaurusdbV3,
            ["--start", "01:30"],
            "start must be a full hour in UTC",
        ),
        (
            Service::GaussdbV3,
            ["--level1-backups", "1"],
            "is a part that only taurusdb-v3 has",
        ),
    ] {
        let stand = Stand::new(service).await;
        let instance = stand.instance();
        let set = ["policy", "set", "--instance", &instance];
        let ran = stand.run(&[&set[..], &part].concat()).await;
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(expected), "{ran:?}");
        assert_eq!(stand.emulator.requests().len(), 0);
    }
}

#[tokio::test]
async fn a_start_may_be_a_whole_hour() {
    let stand = Stand::new(Service::TaurusdbV3).await;
    let instance = stand.instance();
    let set = ["policy", "set", "--instance", &instance, "--start"];
    for hour in ["05:00", "05:00-06:00"] {
        let ran = stand
            .run(&[&set[..], &[hour, "--output", "json"]].concat())
            .await;
        assert!(ran.done().contains("\"start\": \"05:00:00\""), "{ran:?}");
    }
    for other in [
        "05:00+01:00",
        "2026-11-28T05:00",
        "05:00-07:00",
        "05:00-",
        "5",
        "23:00-00:30",
    ] {
        let ran = stand.run(&[&set[..], &[other]].concat()).await;
        assert_eq!(ran.code, Some(2), "{ran:?}");
        let expected =
            "must be a time of day in UTC, such as 01:00, or its hour, such as 01:00-02:00";
        assert!(ran.stderr.contains(expected), "{ran:?}");
    }
}

/// Sets parts of a policy that a service returns, and gives the body that was sent, if one was.
async fn set(service: Service, returned: &Value, parts: &[&str]) -> (super::Ran, Option<Value>) {
    let stand = Stand::new(service).await;
    let envelope = match service {
        Service::RdsV1 => "policy",
        _ => "backup_policy",
    };
    let shown = http("200 OK", &[], &json!({ envelope: returned }).to_string());
    let done = http("200 OK", &[], r#"{"status": "COMPLETED"}"#);
    let server = Script::start(vec![shown, done]).await;
    let instance = stand.instance();
    let set = [
        "policy",
        "set",
        "--instance",
        &instance,
        "--endpoint",
        &server.url,
    ];
    let ran = stand.run(&[&set[..], parts].concat()).await;
    let sent = server.requests();
    let sent = sent
        .get(1)
        .and_then(|request| request.split_once("\r\n\r\n"));
    let body = sent.map(|(_, body)| serde_json::from_str::<Value>(body).unwrap()[envelope].take());
    (ran, body)
}

#[tokio::test]
async fn what_is_not_given_goes_back_as_the_service_returned_it() {
    let days = json!({ "keep_days": 1095, "start_time": "19:10-21:10", "period": "7,1" });
    let gauss = json!({
        "keep_days": 20000, "start_time": "19:30-20:30", "period": "1, 2", "differential_period": 30,
        "rate_limit": 4096, "prefetch_block": 9000, "file_split_size": 2047, "enable_standby_backup": true,
    });
    let odd = json!({ "keep_days": 7, "start_time": "24:00-01:00", "period": "mon" });
    let rows: [(Service, &Value, &[&str], Value); 9] = [
        (
            Service::RdsV3,
            &odd,
            &["--keep-days", "8"],
            json!({ "keep_days": 8, "start_time": "24:00-01:00", "period": "mon" }),
        ),
        (
            Service::TaurusdbV3,
            &odd,
            &["--days", "tue"],
            json!({ "keep_days": 7, "start_time": "24:00-01:00", "period": "2" }),
        ),
        (
            Service::RdsV1,
            &json!({ "keepday": 2562, "starttime": "01:15" }),
            &["--start", "03:00"],
            json!({ "keepday": 2562, "starttime": "03:00:00" }),
        ),
        (
            Service::RdsV1,
            &json!({ "keepday": 800, "starttime": "01:15" }),
            &["--keep-days", "700", "--yes"],
            json!({ "keepday": 700, "starttime": "01:15" }),
        ),
        (
            Service::RdsV3,
            &days,
            &["--start", "03:00", "--days", "mon"],
            json!({ "keep_days": 1095, "start_time": "03:00-04:00", "period": "1" }),
        ),
        (
            Service::RdsV3,
            &days,
            &["--keep-days", "3660"],
            json!({ "keep_days": 3660, "start_time": "19:10-21:10", "period": "7,1" }),
        ),
        (
            Service::RdsV3,
            &json!({ "keep_days": 0, "start_time": null }),
            &["--keep-days", "7"],
            json!({ "keep_days": 7 }),
        ),
        (
            Service::TaurusdbV3,
            &json!({ "keep_days": 5000, "start_time": "19:10-21:10", "period": "7,1", "retention_num_backup_level1": 1 }),
            &["--days", "tue"],
            json!({ "keep_days": 5000, "start_time": "19:10-21:10", "period": "2", "retention_num_backup_level1": 1 }),
        ),
        (
            Service::GaussdbV3,
            &gauss,
            &["--differential-minutes", "60"],
            json!({
                "keep_days": 20000, "start_time": "19:30-20:30", "period": "1, 2", "differential_period": "60",
                "rate_limit": 4096, "prefetch_block": 9000, "file_split_size": 2047, "enable_standby_backup": true,
            }),
        ),
    ];
    for (service, returned, parts, expected) in rows {
        let (ran, body) = set(service, returned, parts).await;
        assert_eq!(ran.code, Some(0), "{service} {parts:?}: {ran:?}");
        assert_eq!(body, Some(expected), "{service} {parts:?}");
    }
}

#[tokio::test]
async fn what_no_request_can_say_has_to_be_given() {
    let gauss = |minutes: Value| {
        json!({
            "keep_days": 7, "start_time": "19:00-20:00", "period": "1", "differential_period": minutes,
        })
    };
    let rows: [(Service, Value, &str, [&str; 2]); 6] = [
        (
            Service::RdsV3,
            json!({ "keep_days": 0, "start_time": "01:00-02:00", "period": "1" }),
            "keep_days must be 1 to 3660 days, but it is 0",
            ["--keep-days", "8"],
        ),
        (
            Service::TaurusdbV3,
            json!({ "keep_days": 7, "period": "1" }),
            "start must be a full hour in UTC, but it is missing",
            ["--start", "03:00"],
        ),
        (
            Service::GaussdbV3,
            gauss(json!(45)),
            "differential_minutes must be 15, 30, 60, 180, 360, 720 or 1440 minutes, but it is 45",
            ["--differential-minutes", "60"],
        ),
        (
            Service::GaussdbV3,
            gauss(Value::Null),
            "differential_minutes must be 15, 30, 60, 180, 360, 720 or 1440 minutes, but it is missing",
            ["--differential-minutes", "60"],
        ),
        (
            Service::GaussdbV3,
            json!({ "keep_days": 7, "start_time": "19:00-20:00", "period": "1",
                "differential_period": 30, "prefetch_block": 0 }),
            "prefetch_pages must be 1 to 8192 pages, but it is 0",
            ["--prefetch-pages", "64"],
        ),
        (
            Service::TaurusdbV3,
            json!({ "keep_days": 7, "start_time": "19:00-20:00", "period": "1",
                "retention_num_backup_level1": 3 }),
            "level1_backups must be 0 or 1, but it is 3",
            ["--level1-backups", "1"],
        ),
    ];
    for (service, returned, fault, remedy) in rows {
        let (ran, body) = set(service, &returned, &["--days", "tue"]).await;
        assert_eq!((ran.code, body), (Some(2), None), "{ran:?}");
        let said = format!("{fault} in the policy that the service has returned: set it, too\n");
        assert!(ran.stderr.ends_with(&said), "{ran:?}");
        let both = [&["--days", "tue"][..], &remedy].concat();
        let (ran, body) = set(service, &returned, &both).await;
        assert!(ran.code == Some(0) && body.is_some(), "{ran:?}");
    }
}

#[tokio::test]
async fn the_service_has_the_last_word() {
    let service = Service::RdsV3;
    let stand = Stand::new(service).await;
    let instance = stand.instance();
    let set = [
        "policy",
        "set",
        "--instance",
        &instance,
        "--keep-days",
        "3660",
    ];
    let refusal = r#"{"error_code": "DBS.280250", "error_msg": "No."}"#;
    let refusal = Fault::reply(Reply::new(400).with_body(refusal));
    stand
        .emulator
        .inject((service, Operation::SetBackupPolicy), refusal)
        .unwrap();
    let ran = stand.run(&set).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("DBS.280250"), "{ran:?}");
    assert_eq!(stand.run(&set).await.code, Some(0));
}
