//! Every body of every operation: its examples, its schema, and the type generated from it.

use std::collections::BTreeSet;
use std::rc::Rc;

use dbbackup::Service;
use insta::assert_json_snapshot;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{Body, bodies, document, pointers, schema};

type RoundTrip = fn(&Value) -> Result<Value, serde_json::Error>;

/// Bodies of a service with the way through their generated types.
macro_rules! types {
    ($($module:ident: $($schema:ident)*;)*) => {
        &[$($((
            stringify!($module),
            stringify!($schema),
            round_trip::<dbbackup::api::$module::types::$schema> as RoundTrip,
        )),*),*]
    };
}

const TYPES: &[(&str, &str, RoundTrip)] = types! {
    rds_v1: CreateBackupRequest CreateBackupResponse ListBackupsResponse EmptyResponse
        GetBackupPolicyResponse SetBackupPolicyRequest ListInstancesResponse
        RestoreInstanceRequest RestoreInstanceResponse;
    rds_v3: CreateBackupRequest CreateBackupResponse ListBackupsResponse DeleteBackupsRequest
        DeleteBackupsResponse ListBackupFilesResponse GetBackupPolicyResponse
        SetBackupPolicyRequest GetJobResponse ListInstancesResponse RestoreInstanceRequest
        RestoreInstanceResponse StopBackupResponse;
    taurusdb_v3: CreateBackupRequest CreateBackupResponse ListBackupsResponse
        DeleteBackupResponse GetBackupPolicyResponse SetBackupPolicyRequest
        SetBackupPolicyResponse GetJobResponse ListInstancesResponse RestoreInstanceRequest
        RestoreInstanceResponse;
    gaussdb_v3: CreateBackupRequest CreateBackupResponse ListBackupsResponse
        DeleteBackupResponse EmptyResponse ListBackupFilesResponse GetBackupPolicyResponse
        SetBackupPolicyRequest GetJobResponse ListInstancesResponse RestoreInstanceRequest
        RestoreInstanceResponse StopBackupResponse;
};

fn round_trip<T: DeserializeOwned + Serialize>(body: &Value) -> Result<Value, serde_json::Error> {
    serde_json::to_value(serde_json::from_value::<T>(body.clone())?)
}

/// The way through the generated type of a body.
fn generated(body: &Body) -> RoundTrip {
    let module = body.service.as_str().replace('-', "_");
    let mut types = TYPES.iter();
    let found = types.find(|(of, schema, _)| *of == module && *schema == body.schema);
    found
        .unwrap_or_else(|| panic!("{module} {} is not in the table", body.schema))
        .2
}

/// All bodies with each of their examples.
fn examples() -> Vec<(Rc<Body>, String, Value)> {
    let bodies = Service::ALL.iter().copied().flat_map(bodies).map(Rc::new);
    let with_examples = bodies.flat_map(|body| {
        assert!(
            !body.examples.is_empty(),
            "{} {}",
            body.service,
            body.operation
        );
        let examples = body.examples.clone().into_iter();
        examples.map(move |(name, value)| (Rc::clone(&body), name, value))
    });
    with_examples.collect()
}

/// Places of a body that have a schema: nothing is said about what entities of jobs hold.
fn places(value: &Value) -> Vec<String> {
    let mut places = pointers(value);
    places.retain(|place| !place.contains("/entities/"));
    places
}

fn changed(value: &Value, place: &str, to: Value) -> Value {
    let mut changed = value.clone();
    *changed.pointer_mut(place).unwrap() = to;
    changed
}

#[test]
fn every_example_is_valid_and_comes_back_unchanged() {
    let mut seen = BTreeSet::new();
    for (body, name, value) in examples() {
        let violations = body.schema().violations(&value);
        assert!(
            violations.is_empty(),
            "{} {name}: {violations:?}",
            body.service
        );
        let back = generated(&body)(&value).unwrap();
        assert_eq!(back, value, "{} {name}", body.service);
        let is_the_vendor_s = !name.starts_with("Paired") && !name.starts_with("Huawei");
        if is_the_vendor_s && seen.insert((body.service, name.clone())) {
            assert_json_snapshot!(format!("{}__{name}", body.service), back);
        }
    }
    assert!(seen.len() >= 30, "{}", seen.len());
}

#[test]
fn every_example_belongs_to_a_body() {
    for &service in Service::ALL {
        let document = document(service);
        let named = document["components"]["examples"]
            .as_object()
            .unwrap()
            .keys()
            .cloned();
        let used = bodies(service).into_iter().flat_map(|body| body.examples);
        let used: BTreeSet<String> = used.map(|(name, _)| name).collect();
        assert_eq!(named.collect::<BTreeSet<_>>(), used, "{service}");
    }
}

#[test]
fn a_wrong_type_is_refused_at_every_place() {
    for (body, name, value) in examples() {
        let schema = body.schema();
        for place in places(&value) {
            let wrong = match value.pointer(&place).unwrap() {
                Value::Object(_) => json!("wrong"),
                _ => json!({ "wrong": true }),
            };
            let violations = schema.violations(&changed(&value, &place, wrong));
            assert!(!violations.is_empty(), "{} {name} {place}", body.service);
        }
    }
}

#[test]
fn null_is_refused_unless_the_contract_allows_it_and_always_read() {
    for (body, name, value) in examples() {
        let schema = body.schema();
        for place in places(&value) {
            let with_null = changed(&value, &place, Value::Null);
            let allowed = body.schema_at(&place)["nullable"] == true;
            let is_valid = schema.violations(&with_null).is_empty();
            assert_eq!(is_valid, allowed, "{} {name} {place}", body.service);
            if !body.is_request {
                let read = generated(&body)(&with_null);
                assert!(read.is_ok(), "{} {name} {place}: {read:?}", body.service);
            }
        }
    }
}

#[test]
fn an_undocumented_word_is_refused_by_the_schema_and_kept_by_the_reader() {
    let mut tried = 0;
    for (body, name, value) in examples() {
        let schema = body.schema();
        for place in places(&value) {
            if body.schema_at(&place)["enum"].is_array() {
                let odd = changed(&value, &place, json!("NEW"));
                assert!(
                    !schema.violations(&odd).is_empty(),
                    "{} {name} {place}",
                    body.service
                );
                let read = generated(&body)(&odd);
                assert_eq!(
                    read.is_ok_and(|read| read == odd),
                    !body.is_request,
                    "{name} {place}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn an_unknown_field_in_an_answer_is_no_failure() {
    for (body, name, value) in examples() {
        let objects = places(&value).into_iter().chain([String::new()]);
        for place in objects.filter(|place| value.pointer(place).unwrap().is_object()) {
            let mut more = value.clone();
            more.pointer_mut(&place).unwrap()["new_field"] = json!([1]);
            if !body.is_request {
                let read = generated(&body)(&more);
                assert!(read.is_ok(), "{} {name} {place}: {read:?}", body.service);
            }
        }
    }
}

#[test]
fn a_mandatory_field_of_a_request_is_missed_and_no_other() {
    for (body, name, value) in examples().into_iter().filter(|(body, ..)| body.is_request) {
        let schema = body.schema();
        for place in places(&value) {
            let (parent, field) = place.rsplit_once('/').unwrap();
            let mut shorter = value.clone();
            let Value::Object(members) = shorter.pointer_mut(parent).unwrap() else {
                continue;
            };
            members.remove(field);
            let required = body.schema_at(parent)["required"].clone();
            let is_required = required
                .as_array()
                .into_iter()
                .flatten()
                .any(|name| name == field);
            let violations = schema.violations(&shorter);
            assert_eq!(
                violations.is_empty(),
                !is_required,
                "{} {name} {place}",
                body.service
            );
        }
    }
}

type Bounds = (
    Service,
    &'static str,
    &'static str,
    &'static [i64],
    &'static [i64],
);

/// Numbers that the contracts bound: service, schema, place, and what is taken and refused.
const BOUNDS: [Bounds; 7] = [
    (
        Service::RdsV1,
        "SetBackupPolicyRequest",
        "/policy/keepday",
        &[0, 732],
        &[-1, 733],
    ),
    (
        Service::RdsV3,
        "SetBackupPolicyRequest",
        "/backup_policy/keep_days",
        &[1, 3660],
        &[0, 3661],
    ),
    (
        Service::TaurusdbV3,
        "SetBackupPolicyRequest",
        "/backup_policy/keep_days",
        &[1, 3660],
        &[0, 3661],
    ),
    (
        Service::GaussdbV3,
        "SetBackupPolicyRequest",
        "/backup_policy/keep_days",
        &[1, 732],
        &[0, 733],
    ),
    (
        Service::GaussdbV3,
        "SetBackupPolicyRequest",
        "/backup_policy/rate_limit",
        &[0, 1024],
        &[-1, 1025],
    ),
    (
        Service::GaussdbV3,
        "SetBackupPolicyRequest",
        "/backup_policy/prefetch_block",
        &[1, 8192],
        &[0, 8193],
    ),
    (
        Service::GaussdbV3,
        "SetBackupPolicyRequest",
        "/backup_policy/file_split_size",
        &[0, 4, 1024],
        &[-4, 2, 6, 1028],
    ),
];

#[test]
fn numbers_keep_their_bounds() {
    for (service, name, place, taken, refused) in BOUNDS {
        let body = bodies(service)
            .into_iter()
            .find(|body| body.schema == name)
            .unwrap();
        let (_, value) = &body.examples[0];
        let violations = |n: &i64| body.schema().violations(&changed(value, place, json!(n)));
        for n in taken {
            assert!(
                violations(n).is_empty(),
                "{service} {place} {n}: {:?}",
                violations(n)
            );
        }
        for n in refused {
            assert!(!violations(n).is_empty(), "{service} {place} {n}");
        }
    }
    let schema = schema(Service::RdsV3, "DeleteBackupsRequest");
    for (count, is_taken) in [(0, false), (1, true), (50, true), (51, false)] {
        let body = json!({ "backup_ids": vec!["b"; count] });
        assert_eq!(
            schema.violations(&body).is_empty(),
            is_taken,
            "{count} backups"
        );
    }
}
