//! Faults as text, the fates of backups, and the rate limit.

use std::num::NonZeroU32;
use std::time::Duration;

use dbbackup::emulator::{Fault, InvalidFault, Options, RateLimit};
use dbbackup::{Operation, Service};

use super::{HOUR, Stand, error_code, parameter};
use crate::support::time;

#[tokio::test]
async fn a_plan_says_all_that_a_fault_can_be() {
    let stand = Stand::new().await;
    let plan = r#"
        # As a person writes it.
        faults:
          - {target: rds-v3, operation: list_backups, effect: {delay: 1s 500ms}, moment: after_acting}
          - target: iam
            operation: create_token
            effect: {reply: {status: 429, headers: {Retry-After: "7"}, body: wait}}
            times: 3
            chance: 0.5
          - {target: taurusdb-v3, operation: create_backup, effect: reset}
          - {target: gaussdb-v3, operation: create_backup, effect: {cut_body: 10}}
          - {target: rds-v1, operation: create_backup, effect: {hide: 2m}}
          - {target: rds-v1, operation: create_backup, effect: stick}
          - {target: rds-v1, operation: create_backup, effect: fail}
        rate_limit: {calls: 60, per: 1m}
    "#;
    stand.emulator.inject_plan(plan).unwrap();
    let state = stand.emulator.state();
    let limit = state.rate_limit.unwrap();
    assert_eq!(
        (limit.calls.get(), limit.per),
        (60, Duration::from_secs(60))
    );
    assert_eq!(state.faults.len(), 7);
    // What is shown is a plan again.
    let shown = serde_json::json!({ "faults": state.faults }).to_string();
    let other = Stand::new().await;
    other.emulator.inject_plan(&shown).unwrap();
    assert_eq!(other.emulator.state().faults, state.faults);
}

#[tokio::test]
async fn a_plan_that_cannot_be_followed_names_the_place_in_one_line() {
    let stand = Stand::new().await;
    for (plan, words) in [
        ("faults: [", "line 1"),
        ("faults:\n- {target: rds-v3}", "line 2"),
        ("fault: []", "fault"),
        (
            "faults:\n- {target: rds-v2, operation: x, effect: reset}",
            "target must be one of",
        ),
        (
            "faults:\n- {target: rds-v3, operation: x, effect: reset}",
            "faults[0]: there is no operation x",
        ),
        (
            "faults:\n- {target: rds-v3, operation: list_backups, effect: explode}",
            "explode",
        ),
        (
            "faults:\n- {target: rds-v3, operation: list_backups, effect: fail}",
            "faults[0]: list_backups makes no backup",
        ),
        (
            "faults:\n- {target: rds-v3, operation: list_backups, effect: reset, chance: 2}",
            "from 0 to 1",
        ),
        (
            "faults:\n- {target: rds-v3, operation: list_backups, effect: {reply: {status: 99}}}",
            "99",
        ),
        (
            "faults:\n- {target: rds-v3, operation: list_backups, effect: {reply: {status: 503, headers: {Content-Length: '9'}}}}",
            "\"Content-Length\" cannot be sent",
        ),
        (
            "faults:\n- {target: rds-v3, operation: list_backups, effect: {delay: 5}}",
            "line 2",
        ),
        (
            "faults:\n- {target: rds-v3, operation: list_backups, effect: reset, odd: 1}",
            "odd",
        ),
        (
            "faults:\n- {target: rds-v3, operation: list_backups, effect: reset, times: 0}",
            "faults[0]: times must not be 0",
        ),
        ("", "neither faults nor rate_limit"),
        ("# Nothing.\n", "neither faults nor rate_limit"),
        ("faults: []", "neither faults nor rate_limit"),
        ("{}", "neither faults nor rate_limit"),
        ("rate_limit: {calls: 0, per: 1m}", "line 1"),
        ("rate_limit: {calls: 1, per: 0s}", "per must not be 0"),
    ] {
        let error = stand.emulator.inject_plan(plan).unwrap_err().to_string();
        assert!(
            error.contains(words) && !error.contains('\n'),
            "{plan}: {error}"
        );
    }
    let one = "- {target: iam, operation: create_token, effect: reset}\n";
    let many = format!("faults:\n{}", one.repeat(10_001));
    let error = stand.emulator.inject_plan(&many).unwrap_err().to_string();
    assert_eq!(error, "faults: more than 10000, or 16 MiB, would be queued");
    let body = "x".repeat(16 << 20);
    let large = format!(
        "faults: [{{target: iam, operation: create_token, effect: {{reply: {{status: 503, body: {body}y}}}}}}]"
    );
    let error = stand.emulator.inject_plan(&large).unwrap_err().to_string();
    assert_eq!(error, "faults: more than 10000, or 16 MiB, would be queued");
    assert_eq!(stand.emulator.state().faults.len(), 0);
}

#[tokio::test]
async fn a_backup_sticks_until_it_is_stopped() {
    let stand = Stand::new().await;
    let service = Service::GaussdbV3;
    let inject = |fault| {
        stand
            .emulator
            .inject((service, Operation::CreateBackup), fault)
            .unwrap()
    };
    inject(Fault::stick());
    stand.begin(service).await;
    stand.emulator.advance(HOUR * 24 * 365);
    assert_eq!(stand.backups(service).await[0]["status"], "BUILDING");
    let instance = stand.instance(service);
    let busy = super::request(service, &instance, "another");
    let refused = stand
        .refuse(service, "create_backup", &[], Some(busy))
        .await;
    assert_eq!(refused.0, 409);
    let arguments = [("instance_id", instance.as_str())];
    stand.accept(service, "stop_backup", &arguments, None).await;
    assert_eq!(stand.backups(service).await[0]["status"], "FAILED");
}

#[tokio::test]
async fn a_backup_fails_when_its_time_is_over_and_its_job_with_it() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let fault = Fault::fail();
        stand
            .emulator
            .inject((service, Operation::CreateBackup), fault)
            .unwrap();
        stand.begin(service).await;
        assert_eq!(stand.backups(service).await[0]["status"], "BUILDING");
        stand.emulator.advance(HOUR);
        assert_eq!(stand.backups(service).await[0]["status"], "FAILED");
        let state = stand.emulator.state();
        let jobs = &state.services[&service].jobs;
        assert!(jobs.iter().all(|job| job.status == "Failed"), "{jobs:?}");
        // And it stays so when the backup is gone.
        let failed = stand.emulator.backups(service).remove(0).id;
        let arguments = [(parameter(service, "backup"), failed.as_str())];
        stand
            .accept(service, "delete_backup", &arguments, None)
            .await;
        stand.emulator.advance(HOUR);
        assert!(stand.backups(service).await.is_empty());
        let state = stand.emulator.state();
        let jobs = &state.services[&service].jobs;
        assert!(jobs.iter().all(|job| job.status == "Failed"), "{jobs:?}");
    }
}

#[tokio::test]
async fn only_a_create_decides_the_fate_of_a_backup() {
    let stand = Stand::new().await;
    for fault in [Fault::stick(), Fault::fail()] {
        let list = (Service::RdsV3, Operation::ListBackups);
        let refused = stand.emulator.inject(list, fault);
        assert_eq!(refused, Err(InvalidFault::NoBackup(list.into())));
    }
}

#[tokio::test]
async fn one_request_too_many_has_to_wait() {
    let limit = RateLimit {
        calls: NonZeroU32::new(2).unwrap(),
        per: Duration::from_secs(60),
    };
    let options = Options {
        rate_limit: Some(limit),
        ..Options::default()
    };
    let stand = Stand::with(options).await;
    let list = async |service| stand.send(service, "list_instances", &[], None).await;
    for _ in 0..2 {
        assert_eq!(list(Service::RdsV3).await.status(), 200);
    }
    let refused = list(Service::RdsV3).await;
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(error_code(refused).await, (429, "APIGW.0308".to_owned()));
    assert_eq!(list(Service::GaussdbV3).await.status(), 200);
    stand.emulator.advance(Duration::from_secs(wait));
    assert_eq!(list(Service::RdsV3).await.status(), 200);
    stand.emulator.limit_rate(None);
    for _ in 0..5 {
        assert_eq!(list(Service::RdsV3).await.status(), 200);
    }
    stand.emulator.limit_rate(Some(limit));
    stand.emulator.inject_plan("rate_limit: null").unwrap();
    assert_eq!(stand.emulator.state().rate_limit, None);
}

#[test]
fn whoever_waits_as_long_as_told_is_heard_at_any_speed() {
    for speed in [0.0, 0.5, 60.0] {
        time::run(async {
            let limit = RateLimit {
                calls: NonZeroU32::MIN,
                per: Duration::from_secs(4),
            };
            let options = Options {
                rate_limit: Some(limit),
                speed,
                ..Options::default()
            };
            let stand = Stand::with(options).await;
            let list = async || {
                stand
                    .send(Service::RdsV3, "list_instances", &[], None)
                    .await
            };
            assert_eq!(list().await.status(), 200);
            let refused = list().await;
            assert_eq!(refused.status(), 429, "{speed}");
            let text = |name: &str| refused.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(text("retry-after"), "4");
            let date = jiff::fmt::rfc2822::parse(&text("date")).unwrap();
            tokio::time::sleep(Duration::from_secs(4)).await;
            let heard = list().await;
            assert_eq!(heard.status(), 200, "{speed}");
            let later = heard.headers()["date"].to_str().unwrap();
            let passed = jiff::fmt::rfc2822::parse(later)
                .unwrap()
                .duration_since(&date);
            assert!((4..=5).contains(&passed.as_secs()), "{speed}: {passed}");
        });
    }
}
