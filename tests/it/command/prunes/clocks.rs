//! By which clock a backup is old.

use super::*;

#[tokio::test]
async fn age_is_refused_by_clocks_that_differ_and_a_number_is_not() {
    let wrong = [
        Some(-minutes(60 * 24 * 60)),
        Some(minutes(60 * 24 * 60)),
        Some(-minutes(10)),
        Some(minutes(10)),
        None,
    ];
    for skew in wrong {
        let here = now();
        let service_now = here + skew.unwrap_or_default();
        let told = skew.map(|_| date(service_now));
        let entries = [
            entry("newer", service_now - minutes(200)),
            entry("older", service_now - minutes(300)),
        ];
        let listed = list(told.as_deref(), &entries);
        // A number besides makes no difference.
        let rules = match skew {
            Some(_) => &["--older-than", "1h"][..],
            None => &["--older-than", "1h", "--keep", "1"],
        };
        let (ran, deleted) = prune(Service::RdsV3, listed.clone(), rules).await;
        let said = said(&ran);
        assert_eq!(
            (ran.status.code(), deleted.len()),
            (Some(2), 0),
            "{skew:?}: {said}"
        );
        assert!(ran.stdout.is_empty(), "{ran:?}");
        let of_service = match skew {
            Some(_) => format!("is of {service_now},"),
            None => "has no Date that can be read".to_owned(),
        };
        assert!(said.contains(&of_service), "{skew:?}: {said}");
        // The minute may have passed.
        let minute = |time: Timestamp| time.strftime("it is %Y-%m-%dT%H:%M").to_string();
        let is_told = said.contains(&minute(here)) || said.contains(&minute(now()));
        assert!(
            is_told && said.contains("clock of this machine"),
            "{skew:?}: {said}"
        );
        let (ran, deleted) = prune(Service::RdsV3, listed, &["--keep", "1"]).await;
        assert_eq!(
            (ran.status.code(), deleted),
            (Some(0), vec!["older".to_owned()]),
            "{skew:?}"
        );
    }
}

#[tokio::test]
async fn a_time_that_only_the_service_has_reached_pushes_no_other_out() {
    let entries = [
        entry("older", now() - minutes(300)),
        entry("newest", now() - minutes(200)),
        entry("wrong", "2099-01-01T00:00:00+0000"),
    ];
    let told = "Fri, 01 Jan 2100 00:00:00 GMT";
    let (ran, deleted) = prune(
        Service::GaussdbV3,
        list(Some(told), &entries),
        &["--keep", "1"],
    )
    .await;
    assert_eq!(deleted, ["older"], "{ran:?}");
}

#[tokio::test]
async fn a_date_that_is_none_is_no_time_to_measure_by() {
    let entries = [
        entry("newer", now() - minutes(200)),
        entry("older", now() - minutes(300)),
    ];
    for odd in [
        "",
        "soon",
        "2026-11-30T21:16:20Z",
        "Mon, 30 Nov 2026 25:00:00 GMT",
    ] {
        let listed = list(Some(odd), &entries);
        let (ran, deleted) = prune(Service::TaurusdbV3, listed, &["--older-than", "0h"]).await;
        assert_eq!(
            (ran.status.code(), deleted.len()),
            (Some(2), 0),
            "{odd:?}: {ran:?}"
        );
    }
}

#[tokio::test]
async fn age_is_measured_by_the_clock_of_the_service() {
    // By the clock of this machine, or by that of the service, an hour has passed since then.
    for (skew, begun, deleted) in [
        (-60, 60 * 60 - 45, 0),
        (-60, 60 * 60 + 45, 1),
        (60, 60 * 60 - 45, 0),
        (60, 60 * 60 + 45, 1),
    ] {
        let service_now = now() + SignedDuration::from_secs(skew);
        let entries = [
            entry("newer", service_now - minutes(1)),
            entry("older", service_now - SignedDuration::from_secs(begun)),
        ];
        let listed = list(Some(&date(service_now)), &entries);
        let (ran, gone) = prune(Service::RdsV3, listed, &["--older-than", "1h"]).await;
        assert_eq!(
            (ran.status.code(), gone.len()),
            (Some(0), deleted),
            "{skew} {begun}: {ran:?}"
        );
    }
}

#[tokio::test]
async fn what_begins_after_the_time_of_the_service_is_set_aside() {
    let entries = [
        entry("first", now() - minutes(300)),
        entry("second", now() - minutes(200)),
        entry("third", now() - minutes(100)),
        entry("wrong", "2099-01-01T00:00:00+0000"),
        // Nowhere on earth.
        entry("zoneless", "2099-01-01T00:00:00"),
    ];
    for told in [Some(date(now())), None] {
        let listed = list(told.as_deref(), &entries);
        for output in ["json", "table"] {
            let rules = ["--keep", "1", "--output", output];
            let (ran, deleted) = prune(Service::RdsV3, listed.clone(), &rules).await;
            assert_eq!(ran.status.code(), Some(0), "{ran:?}");
            assert_eq!(deleted, ["first", "second"], "{ran:?}");
            let said = said(&ran);
            assert!(
                said.contains("set aside: wrong wrong, it begins at 2099-01-01"),
                "{said}"
            );
            assert!(said.contains("set aside: zoneless"), "{said}");
            let shown = String::from_utf8(ran.stdout).unwrap();
            if output == "json" {
                let rows: Vec<Value> = serde_json::from_str(&shown).unwrap();
                let outcomes = rows.iter().map(|row| [&row["id"], &row["outcome"]]);
                let outcomes: Vec<_> = outcomes.collect();
                let expected = json!([
                    ["first", "deleted"],
                    ["second", "deleted"],
                    ["wrong", "set aside"],
                    ["zoneless", "set aside"],
                ]);
                assert_eq!(json!(outcomes), expected);
            } else {
                assert_eq!(shown.matches("set aside").count(), 2, "{shown}");
            }
        }
    }
}
