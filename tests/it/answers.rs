//! What a client makes of good, odd and broken answers. An accepted create never looks refused.

use dbbackup::Service;
use dbbackup::model::Timestamp;
use serde_json::{Value, json};

use crate::support::{
    FixedAnswer, Outcome, create, documented, error_shape, http, pointers, words,
};

async fn outcome(service: Service, answer: Vec<u8>) -> Outcome {
    let server = FixedAnswer::start(answer).await;
    let outcome = create(service, &server.url, documented(service).0).await;
    server.request().await;
    outcome
}

async fn outcome_of_body(service: Service, body: &Value) -> Outcome {
    outcome(
        service,
        http(
            "200 OK",
            &["content-type: application/json"],
            &body.to_string(),
        ),
    )
    .await
}

#[tokio::test]
async fn any_2xx_is_accepted() {
    for &service in Service::ALL {
        let (_, response) = documented(service);
        for status in [
            "200 OK",
            "201 Created",
            "202 Accepted",
            "203 Non-Authoritative Information",
        ] {
            let outcome = outcome(service, http(status, &[], &response.to_string())).await;
            assert_eq!(
                outcome,
                Outcome::Accepted(response.clone()),
                "{service} {status}"
            );
        }
    }
}

#[tokio::test]
async fn a_null_anywhere_is_accepted() {
    for &service in Service::ALL {
        let (_, response) = documented(service);
        for pointer in pointers(&response) {
            let mut odd = response.clone();
            *odd.pointer_mut(&pointer).unwrap() = Value::Null;
            let outcome = outcome_of_body(service, &odd).await;
            let Outcome::Accepted(read) = outcome else {
                panic!("{service} {pointer}: {outcome:?}")
            };
            // In a list it counts.
            let is_nothing = |value: &Value| value.is_null() || *value == json!({});
            assert!(
                read.pointer(&pointer).is_none_or(is_nothing),
                "{service} {pointer}: {read}"
            );
        }
    }
}

#[tokio::test]
async fn an_absent_field_is_accepted() {
    for &service in Service::ALL {
        let (_, response) = documented(service);
        for pointer in pointers(&response) {
            let (parent, field) = pointer.rsplit_once('/').unwrap();
            let mut odd = response.clone();
            let Value::Object(members) = odd.pointer_mut(parent).unwrap() else {
                continue;
            };
            members.remove(field);
            let outcome = outcome_of_body(service, &odd).await;
            let Outcome::Accepted(read) = outcome else {
                panic!("{service} {pointer}: {outcome:?}")
            };
            assert!(
                read.pointer(&pointer).is_none_or(Value::is_null),
                "{service} {pointer}: {read}"
            );
        }
        let nothing = outcome_of_body(service, &json!({})).await;
        assert_eq!(nothing, Outcome::Accepted(json!({})), "{service}");
    }
}

#[tokio::test]
async fn unknown_fields_and_words_are_accepted() {
    for &service in Service::ALL {
        let (_, mut response) = documented(service);
        response["backup"]["status"] = json!("RESTING");
        for word in words(service) {
            *response.pointer_mut(word).unwrap() = json!("New word");
        }
        let mut odd = response.clone();
        odd["new"] = json!([1]);
        odd["backup"]["new"] = json!({ "deep": null });
        assert_eq!(
            outcome_of_body(service, &odd).await,
            Outcome::Accepted(response),
            "{service}"
        );
    }
}

#[tokio::test]
async fn odd_timestamps_are_accepted_and_kept() {
    let forms = [
        ("2016-09-12T01:17:05", None),
        ("2020-07-07T01:17:05+0800", Some("2020-07-06T17:17:05Z")),
        ("2022-05-09T18:02:31Z", Some("2022-05-09T18:02:31Z")),
        ("2018 - 08 - 06 T12: 41: 14 + 0800", None),
        ("", None),
    ];
    for &service in Service::ALL {
        let field = if service == Service::RdsV1 {
            "created"
        } else {
            "begin_time"
        };
        for (text, instant) in forms {
            let (_, mut response) = documented(service);
            response["backup"][field] = json!(text);
            assert_eq!(
                outcome_of_body(service, &response).await,
                Outcome::Accepted(response),
                "{service}"
            );
            let read = Timestamp::from(text)
                .instant()
                .map(|instant| instant.to_string());
            assert_eq!(read.as_deref(), instant, "{text}");
        }
    }
}

#[tokio::test]
async fn a_cut_or_garbled_answer_to_an_accepted_create_is_unreadable_not_refused() {
    for &service in Service::ALL {
        let whole = documented(service).1.to_string();
        let cut = &whole[..whole.len() / 2];
        let mut shorter_than_said = http("200 OK", &[], &whole);
        shorter_than_said.truncate(shorter_than_said.len() - 20);
        for answer in [
            http("200 OK", &[], cut),
            http("202 Accepted", &[], "<html>fine</html>"),
            http("200 OK", &[], ""),
            shorter_than_said,
        ] {
            assert_eq!(
                outcome(service, answer).await,
                Outcome::Unreadable,
                "{service}"
            );
        }
    }
}

#[tokio::test]
async fn error_bodies_of_any_shape_keep_status_code_and_request_id() {
    for &service in Service::ALL {
        let [_, code, message] = error_shape(service);
        let rows = [
            (
                "400 Bad Request",
                r#"{"error_code":"A","error_msg":"no"}"#,
                json!({ code: "A", message: "no" }),
            ),
            (
                "404 Not Found",
                r#"{"errCode":"A","externalMessage":"no"}"#,
                json!({ code: "A", message: "no" }),
            ),
            (
                "409 Conflict",
                r#"{"error":{"code":404,"message":"no"}}"#,
                json!({ code: "404", message: "no" }),
            ),
            (
                "422 Unprocessable",
                r#"{"error_code":null,"error_msg":null}"#,
                json!({}),
            ),
            (
                "502 Bad Gateway",
                "<html>no</html>",
                json!({ message: "<html>no</html>" }),
            ),
            (
                "500 Server Error",
                r#"{"error_code":"A"#,
                json!({ message: r#"{"error_code":"A"# }),
            ),
            ("503 Unavailable", "[1]", json!({})),
            ("599 Unknown", "", json!({})),
        ];
        for (status, body, expected) in rows {
            let answer = http(
                status,
                &["x-request-id: 4711", "content-type: text/html"],
                body,
            );
            let number = status[..3].parse().unwrap();
            let refused = Outcome::Refused(number, Some("4711".into()), expected);
            assert_eq!(
                outcome(service, answer).await,
                refused,
                "{service} {status}"
            );
        }
    }
}

#[tokio::test]
async fn the_gateways_error_keeps_its_request_id() {
    let body = r#"{"error_code":"APIGW.0301","error_msg":"no","request_id":"4711"}"#;
    let outcome = outcome(Service::RdsV3, http("401 Unauthorized", &[], body)).await;
    let expected = json!({ "error_code": "APIGW.0301", "error_msg": "no", "request_id": "4711" });
    assert_eq!(outcome, Outcome::Refused(401, None, expected));
}

#[tokio::test]
async fn an_error_body_without_end_is_cut() {
    let long = "x".repeat(10_000_000);
    let outcome = outcome(
        Service::GaussdbV3,
        http("503 Service Unavailable", &[], &long),
    )
    .await;
    let Outcome::Refused(503, None, error) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(error["error_msg"].as_str().map(str::len), Some(64 * 1024));
}
