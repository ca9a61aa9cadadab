//! Requests that break the contract, and those that it shows.

use dbbackup::Service;
use dbbackup::emulator::{Emulator, Options};
use dbbackup::model::Timestamp;
use serde_json::{Value, json};

use super::{
    ABSENT, HOUR, Stand, V3, checked, code, document, error_code, operation, parameter, request,
};
use crate::support::{documented, error_shape, named, with_token};

const JSON: &str = "application/json";

#[tokio::test]
async fn every_example_request_is_accepted_with_an_answer_about_it() {
    for &service in Service::ALL {
        let (.., create) = operation(service, "create_backup");
        let examples = &create["requestBody"]["content"][JSON]["examples"];
        for example in examples.as_object().unwrap().values() {
            let stand = Stand::new().await;
            let name = example["$ref"].as_str().unwrap().trim_start_matches('#');
            let request = document(service).pointer(name).unwrap()["value"].clone();
            let (status, body) = stand
                .call(service, "create_backup", &[], Some(request.clone()))
                .await;
            let taurusdb = service == Service::TaurusdbV3;
            assert_eq!(status, if taurusdb { 201 } else { 200 }, "{service} {name}");
            let asked = request.get("backup").unwrap_or(&request);
            let instance = asked.get("instance").unwrap_or(&asked["instance_id"]);
            assert_eq!(body["backup"]["instance_id"], *instance);
            for field in ["name", "description", "databases"] {
                let (got, asked) = (body["backup"].get(field), asked.get(field));
                assert_eq!(got, asked, "{service} {name}");
            }
            assert_eq!(body["backup"]["status"], "BUILDING");
        }
    }
}

#[tokio::test]
async fn answers_have_the_marks_of_their_service() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let (request, _) = documented(service);
        let kind = "Application/JSON;charset=UTF-8";
        let body = Some((kind, request.to_string()));
        let response = stand.send(service, "create_backup", &[], body).await;
        let (_, body) = checked(service, "create_backup", response).await;
        let id = body["backup"]["id"].as_str().unwrap();
        let job = body["job_id"].as_str().map(str::len);
        match service {
            Service::RdsV1 => {
                assert_eq!(id.len(), 36);
                let created = Timestamp::from(body["backup"]["created"].as_str().unwrap());
                assert!(created.civil().is_some() && created.offset().is_none());
                assert_eq!(body["extendparam"]["jobs"][0].as_str().unwrap().len(), 32);
                continue;
            }
            // No job id comes back today, and the id names the engine of the instance.
            Service::RdsV3 => assert!(id.ends_with("br01") && id.len() == 36 && job.is_none()),
            Service::TaurusdbV3 => assert!(id.len() == 36 && job == Some(36)),
            Service::GaussdbV3 => {
                assert!(id.ends_with("br14") && id.len() == 36 && job == Some(36))
            }
            other => panic!("no case for {other:?}"),
        }
        let time = body["backup"]["begin_time"].as_str().unwrap();
        assert!(Timestamp::from(time).instant().is_some() && time.ends_with("+0000"));
    }
}

#[tokio::test]
async fn bodies_that_break_the_schema_are_refused_with_the_field() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let wrong = code(service, (400, "DBS.200001"), (400, "RDS.0001"));
        let empty = code(service, (400, "DBS.200006"), (400, "RDS.0006"));
        let name = match service {
            Service::RdsV1 => "RDS.5044",
            Service::RdsV3 | Service::TaurusdbV3 => "DBS.280277",
            Service::GaussdbV3 => "DBS.201210",
            other => panic!("no case for {other:?}"),
        };
        let name = (400, name.to_owned());
        let description = code(service, (400, "DBS.280127"), (400, "RDS.0001"));
        let (request, _) = documented(service);
        let changed = |field: &str, value: Value| {
            let mut request = request.clone();
            named(service, &mut request)[field] = value;
            request.to_string()
        };
        let mut unnamed = request.clone();
        let fields = named(service, &mut unnamed).as_object_mut().unwrap();
        fields.remove("name");
        for (body, expected, mentions) in [
            (changed("name", json!("abc")), &name, "name"),
            (
                changed("description", json!("a&b")),
                &description,
                "description",
            ),
            (unnamed.to_string(), &wrong, "name"),
            ("{".to_owned(), &wrong, "JSON"),
            ("\"text\"".to_owned(), &wrong, "body"),
            (" ".to_owned(), &empty, "empty"),
        ] {
            let sent = Some((JSON, body.clone()));
            let response = stand.send(service, "create_backup", &[], sent).await;
            let (status, answer) = checked(service, "create_backup", response).await;
            let [_, code, message] = error_shape(service);
            let message = answer[message].as_str().unwrap();
            let got = (status, answer[code].as_str().unwrap().to_owned());
            assert_eq!(got, *expected, "{service} {body}");
            assert!(
                message.contains(mentions) && !message.contains("a&b"),
                "{message}"
            );
        }
    }
}

#[tokio::test]
async fn a_wrong_name_of_a_database_is_no_wrong_name_of_a_backup() {
    let stand = Stand::new().await;
    for service in [Service::RdsV1, Service::RdsV3] {
        let (mut request, _) = documented(service);
        named(service, &mut request)["databases"] = json!([{ "name": 7 }]);
        let sent = Some((JSON, request.to_string()));
        let response = stand.send(service, "create_backup", &[], sent).await;
        let wrong = code(service, (400, "DBS.200001"), (400, "RDS.0001"));
        assert_eq!(error_code(response).await, wrong);
    }
}

#[tokio::test]
async fn only_names_of_databases_are_kept_and_not_too_many_or_too_long_ones() {
    let stand = Stand::new().await;
    let service = Service::RdsV3;
    let request = |databases: Value| {
        let (mut request, _) = documented(service);
        request["instance_id"] = json!(stand.emulator.instances(service)[1]);
        request["databases"] = databases;
        request
    };
    let named = |name: String, count| vec![json!({ "name": name }); count];
    for (databases, words) in [
        (
            named("x".to_owned(), 101),
            "databases: must not have more than 100",
        ),
        (
            named("x".repeat(129), 2),
            "databases.0.name: must have 1 to 128",
        ),
        (
            named(String::new(), 1),
            "databases.0.name: must have 1 to 128",
        ),
    ] {
        let body = Some(request(json!(databases)));
        let (status, answer) = stand.call(service, "create_backup", &[], body).await;
        assert_eq!((status, &answer["error_code"]), (400, &json!("DBS.200001")));
        assert!(answer.to_string().contains(words), "{answer}");
    }
    let longest = "ä".repeat(128);
    let more = json!([{ "name": longest, "more": "x".repeat(1000) }]);
    let created = stand.accept(service, "create_backup", &[], Some(request(more)));
    let kept = json!([{ "name": longest }]);
    assert_eq!(created.await["backup"]["databases"], kept);
}

#[tokio::test]
async fn other_media_types_and_large_bodies_are_refused() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let (request, _) = documented(service);
        for (kind, body, status) in [
            ("text/plain", request.to_string(), 415),
            ("application/jsonp", request.to_string(), 415),
            ("", request.to_string(), 415),
            (JSON, " ".repeat(3 << 20), 413),
        ] {
            let sent = Some((kind, body));
            let response = stand.send(service, "create_backup", &[], sent).await;
            let (got, _) = checked(service, "create_backup", response).await;
            assert_eq!(got, status, "{service} {kind:?}");
        }
    }
}

#[tokio::test]
async fn another_project_is_refused() {
    let options = Options {
        project_id: "mine".to_owned(),
        ..Options::default()
    };
    let stand = Stand {
        emulator: Emulator::with(options).await.unwrap(),
        ..Stand::new().await
    };
    for &service in Service::ALL {
        stand.accept(service, "list_instances", &[], None).await;
        let arguments = [("project_id", "0483b6b16e954cb88930a360d2c4e663")];
        let refused = stand.refuse(service, "list_instances", &arguments, None);
        let expected = code(service, (403, "DBS.200010"), (403, "RDS.0010"));
        assert_eq!(refused.await, expected);
    }
}

#[tokio::test]
async fn parameters_that_break_their_schema_are_refused() {
    let stand = Stand::new().await;
    let (limit, offset) = ("DBS.280439", "DBS.280440");
    for service in V3 {
        let instance = stand.instance(service);
        for (id, name, value, special) in [
            ("list_backups", "limit", "0", limit),
            ("list_backups", "limit", "101", limit),
            ("list_backups", "limit", "ten", limit),
            ("list_backups", "limit", "", limit),
            ("list_backups", "offset", "-1", offset),
            ("list_backups", "offset", "1.5", offset),
            ("list_backups", "backup_type", "odd", ""),
            ("list_instances", "limit", "101", limit),
            ("list_instances", "offset", "-1", offset),
            ("list_instances", "type", "odd", ""),
            ("list_instances", "datastore_type", "odd", ""),
        ] {
            let mut arguments = vec![(name, value)];
            if id == "list_backups" {
                arguments.push(("instance_id", &instance));
            }
            let (.., described) = operation(service, id);
            let listed = described["x-error-codes"].as_array().unwrap();
            let special_is_listed = listed.contains(&json!(special));
            let expected = if special_is_listed {
                special
            } else {
                "DBS.200001"
            };
            let refused = stand.refuse(service, id, &arguments, None).await;
            assert_eq!(
                refused,
                (400, expected.to_owned()),
                "{service} {id} {name}={value}"
            );
        }
    }
}

#[tokio::test]
async fn mandatory_parameters_and_repeated_ones_are_refused() {
    let stand = Stand::new().await;
    let wrong = (400, "DBS.200001".to_owned());
    for service in V3 {
        assert_eq!(stand.refuse(service, "get_job", &[], None).await, wrong);
        let twice = [("id", "a"), ("id", "b")];
        assert_eq!(stand.refuse(service, "get_job", &twice, None).await, wrong);
    }
    let missing = stand.refuse(Service::RdsV3, "list_backups", &[], None);
    assert_eq!(missing.await, wrong);
    for service in [Service::RdsV3, Service::GaussdbV3] {
        let missing = stand.refuse(service, "list_backup_files", &[], None);
        assert_eq!(missing.await, wrong);
    }
}

#[tokio::test]
async fn periods_are_refused_unless_they_have_two_ends_in_their_order() {
    let stand = Stand::new().await;
    let (early, late) = ("2026-01-01T00:00:00+0000", "2026-01-02T00:00:00+0000");
    for service in V3 {
        let instance = stand.instance(service);
        // TaurusDB does not say that one needs the other.
        let alone = if service == Service::TaurusdbV3 {
            200
        } else {
            400
        };
        for (begin, end, status) in [
            (Some(early), Some(late), 200),
            (Some(late), Some(early), 400),
            (Some(early), Some(early), 400),
            (Some(early), None, alone),
            (None, Some(late), alone),
            (Some("2026-01-01T00:00:00"), Some(late), 400),
            (Some("yesterday"), Some(late), 400),
        ] {
            let times = [("begin_time", begin), ("end_time", end)];
            let times = times
                .iter()
                .filter_map(|(name, time)| Some((*name, (*time)?)));
            let mut arguments: Vec<_> = times.collect();
            arguments.push(("instance_id", &instance));
            let (got, body) = stand.call(service, "list_backups", &arguments, None).await;
            assert_eq!(got, status, "{service} {arguments:?}: {body}");
        }
    }
}

#[tokio::test]
async fn unknown_instances_and_backups_are_refused_by_every_operation_that_takes_one() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = [(parameter(service, "instance"), ABSENT)];
        let expected = code(service, (404, "DBS.200002"), (404, "RDS.0002"));
        let mut operations = vec!["get_backup_policy"];
        match service {
            Service::RdsV3 => operations.extend(["stop_backup", "list_backups"]),
            Service::GaussdbV3 => operations.push("stop_backup"),
            Service::RdsV1 | Service::TaurusdbV3 => {}
            other => panic!("no case for {other:?}"),
        }
        for id in operations {
            let refused = stand.refuse(service, id, &instance, None).await;
            assert_eq!(refused, expected, "{service} {id}");
        }
        let backup = [(parameter(service, "backup"), "unknown")];
        let refused = stand.refuse(service, "delete_backup", &backup, None).await;
        assert_eq!(
            refused,
            code(service, (404, "DBS.201010"), (400, "RDS.3026"))
        );
    }
}

#[tokio::test]
async fn a_language_that_is_not_documented_is_refused() {
    let stand = Stand::new().await;
    for service in V3 {
        for (language, status) in [("zh-cn", 200), ("en-us", 200), ("xx", 400), ("", 400)] {
            let request = stand.request(service, "list_instances", &[]);
            let request = with_token(&stand.emulator, request).header("X-Language", language);
            let answer = request.send().await.unwrap();
            let (answered, body) = checked(service, "list_instances", answer).await;
            assert_eq!(answered, status, "{service} {language}: {body}");
            assert!(status == 200 || body["error_msg"].to_string().contains("X-Language"));
        }
    }
}

#[tokio::test]
async fn the_backups_of_a_service_are_bounded() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        stand.emulator.add_backups(service, &instance, 10_000);
        let body = request(service, &instance, "one-more");
        let refused = stand
            .refuse(service, "create_backup", &[], Some(body))
            .await;
        assert_eq!(
            refused,
            code(service, (409, "DBS.200316"), (413, "RDS.3003"))
        );
        let oldest = stand.emulator.backups(service).remove(0).id;
        let arguments = [(parameter(service, "backup"), oldest.as_str())];
        stand
            .accept(service, "delete_backup", &arguments, None)
            .await;
        stand.emulator.advance(HOUR);
        stand.begin(service).await;
    }
}
