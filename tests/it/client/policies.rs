//! The rules for policies in the client are those of the contracts.

use dbbackup::Service::{self, GaussdbV3, RdsV1, RdsV3, TaurusdbV3};
use dbbackup::contract::document;
use dbbackup::model::Policy;
use jiff::civil::{Weekday, time};
use serde_json::Value;

/// A policy that the service takes.
fn good(service: Service) -> Policy {
    let days = [Weekday::Monday].into_iter().filter(|_| service != RdsV1);
    let mut policy = Policy::new(7, time(1, 0, 0, 0), days);
    policy.differential_minutes = (service == GaussdbV3).then_some(30);
    policy
}

fn schema(service: Service, field: &str) -> Value {
    let document = document(service);
    let schemas = &document["components"]["schemas"];
    let schema = &schemas["NewBackupPolicy"]["properties"][field];
    assert!(schema.is_object(), "{service} has no {field}");
    dbbackup::contract::resolve(&document, schema).clone()
}

type Set = fn(&mut Policy, u32);

/// Numbers of a policy: service, field of its contract, and how the client sets it.
const NUMBERS: [(Service, &str, Set); 8] = [
    (RdsV1, "keepday", |policy, n| policy.keep_days = Some(n)),
    (RdsV3, "keep_days", |policy, n| policy.keep_days = Some(n)),
    (TaurusdbV3, "keep_days", |policy, n| {
        policy.keep_days = Some(n)
    }),
    (GaussdbV3, "keep_days", |policy, n| {
        policy.keep_days = Some(n)
    }),
    (GaussdbV3, "rate_limit", |policy, n| {
        policy.rate_limit = Some(n)
    }),
    (GaussdbV3, "prefetch_block", |policy, n| {
        policy.prefetch_pages = Some(n)
    }),
    (GaussdbV3, "file_split_size", |policy, n| {
        policy.file_split_size = Some(n)
    }),
    (TaurusdbV3, "retention_num_backup_level1", |policy, n| {
        policy.level1_backups = Some(n)
    }),
];

#[test]
fn numbers_of_a_policy_have_the_bounds_of_the_contract() {
    for (service, field, set) in NUMBERS {
        let schema = schema(service, field);
        let number = |value: &Value| value.as_u64().map(|n| u32::try_from(n).unwrap());
        let words: Vec<u32> = schema["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(number)
            .collect();
        let least = number(&schema["minimum"])
            .or_else(|| words.first().copied())
            .unwrap();
        let most = number(&schema["maximum"])
            .or_else(|| words.last().copied())
            .unwrap();
        let step = number(&schema["multipleOf"]).unwrap_or(1);
        let is_taken = |n: u32| {
            let mut policy = good(service);
            set(&mut policy, n);
            policy.check(service).is_ok()
        };
        assert!(
            is_taken(least) && is_taken(most) && is_taken(least + step),
            "{service} {field}"
        );
        assert!(
            least == 0 || !is_taken(least - 1),
            "{service} {field}: {least}"
        );
        assert!(!is_taken(most + step), "{service} {field}: {most}");
        assert!(
            step == 1 || !is_taken(least + step - 1),
            "{service} {field}: {step}"
        );
    }
}

#[test]
fn differential_periods_are_those_of_the_contract() {
    let schema = schema(GaussdbV3, "differential_period");
    let words: Vec<u32> = schema["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w.as_str().unwrap().parse().unwrap())
        .collect();
    for minutes in 0..=1500 {
        let mut policy = good(GaussdbV3);
        policy.differential_minutes = Some(minutes);
        assert_eq!(
            policy.check(GaussdbV3).is_ok(),
            words.contains(&minutes),
            "{minutes}"
        );
    }
}
