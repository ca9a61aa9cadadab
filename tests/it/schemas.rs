//! The schemas refuse broken bodies, field by field.

use dbbackup::Service;
use serde_json::{Value, json};

use crate::support::{documented, error_shape, named, pointers, schema, words};

/// Places of a request body, relative to the object with the name, and values that break it there.
fn broken_requests(service: Service) -> Vec<(&'static str, Value)> {
    let instance = if service == Service::RdsV1 {
        "/instance"
    } else {
        "/instance_id"
    };
    let mut rows = vec![
        (instance, json!(7)),
        (instance, Value::Null),
        ("/name", json!(7)),
        ("/name", Value::Null),
        ("/name", json!("abc")),
        ("/name", json!("a".repeat(65))),
        ("/name", json!("1abc")),
        ("/name", json!("my name")),
        ("/name", json!("näme")),
        ("/description", json!(7)),
        ("/description", Value::Null),
        ("/description", json!("a".repeat(257))),
        ("/description", json!("ü".repeat(257))),
    ];
    rows.extend("!<>='&\"".chars().map(|c| ("/description", json!(c))));
    if matches!(service, Service::RdsV1 | Service::RdsV3) {
        let broken = [
            json!("db1"),
            json!({ "name": "db1" }),
            json!([{}]),
            json!(["db1"]),
            json!([{ "name": 7 }]),
        ];
        rows.extend(broken.map(|value| ("/databases", value)));
    }
    if service == Service::RdsV3 {
        rows.push(("/backup_database_individually", json!("yes")));
    }
    rows
}

#[test]
fn broken_requests_are_refused_with_the_name_of_the_field() {
    for &service in Service::ALL {
        let schema = schema(service, "CreateBackupRequest");
        let (request, _) = documented(service);
        for (pointer, value) in broken_requests(service) {
            let mut broken = request.clone();
            let field = pointer.trim_start_matches('/');
            named(service, &mut broken)[field] = value.clone();
            let violations = schema.violations(&broken);
            assert!(
                violations.iter().any(|v| v.pointer.contains(pointer)),
                "{service} {field}={value}: {violations:?}"
            );
        }
    }
}

#[test]
fn requests_without_a_mandatory_field_are_refused() {
    for &service in Service::ALL {
        let schema = schema(service, "CreateBackupRequest");
        let (request, _) = documented(service);
        let fields = named(service, &mut request.clone())
            .as_object()
            .unwrap()
            .clone();
        for field in fields.keys() {
            let mut shorter = request.clone();
            named(service, &mut shorter)
                .as_object_mut()
                .unwrap()
                .remove(field);
            let mandatory = !matches!(field.as_str(), "description" | "databases");
            assert_eq!(
                schema.violations(&shorter).is_empty(),
                !mandatory,
                "{service} {field}"
            );
        }
        for empty in [json!({}), json!([]), json!("backup"), Value::Null] {
            assert!(!schema.violations(&empty).is_empty(), "{service} {empty}");
        }
    }
}

#[test]
fn responses_with_a_wrong_type_are_refused() {
    for &service in Service::ALL {
        let schema = schema(service, "CreateBackupResponse");
        let (_, response) = documented(service);
        for pointer in pointers(&response) {
            let mut broken = response.clone();
            let value = broken.pointer_mut(&pointer).unwrap();
            *value = if value.is_object() {
                json!("wrong")
            } else {
                json!({ "wrong": true })
            };
            assert!(
                !schema.violations(&broken).is_empty(),
                "{service} {pointer}"
            );
        }
    }
}

#[test]
fn responses_may_have_null_only_where_the_page_shows_it() {
    for &service in Service::ALL {
        let schema = schema(service, "CreateBackupResponse");
        let (_, response) = documented(service);
        for pointer in pointers(&response) {
            let shown = response.pointer(&pointer).unwrap().is_null();
            let mut with_null = response.clone();
            *with_null.pointer_mut(&pointer).unwrap() = Value::Null;
            assert_eq!(
                schema.violations(&with_null).is_empty(),
                shown,
                "{service} {pointer}"
            );
        }
    }
}

#[test]
fn responses_with_an_undocumented_word_are_refused() {
    for &service in Service::ALL {
        let schema = schema(service, "CreateBackupResponse");
        let (_, response) = documented(service);
        for pointer in words(service) {
            let mut odd = response.clone();
            *odd.pointer_mut(pointer).unwrap() = json!("NEW");
            assert!(!schema.violations(&odd).is_empty(), "{service} {pointer}");
        }
    }
}

#[test]
fn error_bodies_of_a_wrong_type_are_refused() {
    for &service in Service::ALL {
        let [name, code, message] = error_shape(service);
        let schema = schema(service, name);
        assert!(
            schema
                .violations(&json!({ code: "X", message: "Y" }))
                .is_empty(),
            "{service}"
        );
        for broken in [
            json!({ code: 7 }),
            json!({ message: null }),
            json!("text"),
            json!([]),
        ] {
            assert!(!schema.violations(&broken).is_empty(), "{service} {broken}");
        }
    }
}
