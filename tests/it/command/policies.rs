//! Policies for automated backups.

use dbbackup::Service;
use insta::assert_snapshot;

use super::{Stand, named};

#[tokio::test]
async fn a_policy_is_shown_and_changed_in_part() {
    for service in Service::ALL {
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
    assert_eq!(stand.emulator.calls(service, "set_backup_policy"), 1);
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
            ["--keep-days", "733"],
            "keep_days must be 1 to 732 days",
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
