//! Requests checked and answered as the contracts say, seen by a client that knows no types.

use dbbackup::Service;
use dbbackup::contract::document;
use dbbackup::emulator::Emulator;
use dbbackup::model::Timestamp;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{documented, error_shape, named, project_id, schema};

fn path(service: Service) -> String {
    let document = document(service);
    let path = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    path.replace("{project_id}", &project_id(service))
}

/// A client that knows neither types nor proxies.
fn http_client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn send(emulator: &Emulator, service: Service, kind: &str, body: String) -> Response {
    let url = format!("{}{}", emulator.url(service), path(service));
    let request = http_client()
        .post(url)
        .header("content-type", kind)
        .body(body);
    request.send().await.unwrap()
}

/// Status, code and message; the body must fit the contract and the answer must have an id.
async fn refusal(service: Service, response: Response) -> (u16, String, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["x-request-id"].len(), 32);
    let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    let [name, code, message] = error_shape(service);
    assert!(
        schema(service, name).violations(&body).is_empty(),
        "{service}: {body}"
    );
    let text = |field: &str| body[field].as_str().unwrap().to_owned();
    (status, text(code), text(message))
}

/// Codes for a wrong parameter and for an empty request.
fn codes(service: Service) -> [&'static str; 2] {
    if service == Service::RdsV1 {
        ["RDS.0001", "RDS.0006"]
    } else {
        ["DBS.200001", "DBS.200006"]
    }
}

#[tokio::test]
async fn every_example_request_is_accepted_with_an_answer_about_it() {
    let emulator = Emulator::start().await.unwrap();
    for service in Service::ALL {
        let document = document(service);
        let schema = schema(service, "CreateBackupResponse");
        let examples = document["components"]["examples"].as_object().unwrap();
        let requests: Vec<_> = examples
            .iter()
            .filter(|(name, _)| name.contains("Request"))
            .collect();
        let mut ids = Vec::new();
        for (name, example) in &requests {
            let request = &example["value"];
            let response = send(&emulator, service, "application/json", request.to_string()).await;
            let status = response.status().as_u16();
            assert_eq!(
                status,
                if service == Service::TaurusdbV3 {
                    201
                } else {
                    200
                },
                "{service} {name}"
            );
            let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
            assert!(
                schema.violations(&body).is_empty(),
                "{service} {name}: {body}"
            );
            let asked = request.get("backup").unwrap_or(request);
            let instance = asked.get("instance").unwrap_or(&asked["instance_id"]);
            assert_eq!(body["backup"]["instance_id"], *instance);
            for field in ["name", "description", "databases"] {
                assert_eq!(
                    body["backup"].get(field),
                    asked.get(field),
                    "{service} {name}"
                );
            }
            assert_eq!(body["backup"]["status"], "BUILDING");
            ids.push(body["backup"]["id"].as_str().unwrap().to_owned());
        }
        assert!(!ids.is_empty(), "{service} has no example request");
        ids.dedup();
        assert_eq!(ids.len(), requests.len(), "{service} gives an id twice");
    }
}

#[tokio::test]
async fn answers_have_the_marks_of_their_service() {
    let emulator = Emulator::start().await.unwrap();
    for service in Service::ALL {
        let (request, _) = documented(service);
        let response = send(
            &emulator,
            service,
            "Application/JSON;charset=UTF-8",
            request.to_string(),
        )
        .await;
        let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        let (id, time) = (
            body["backup"]["id"].as_str().unwrap(),
            &body["backup"]["begin_time"],
        );
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
        }
        assert!(
            Timestamp::from(time.as_str().unwrap()).instant().is_some(),
            "{service} {time}"
        );
    }
}

#[tokio::test]
async fn violations_are_refused_with_the_documented_code_and_the_field() {
    let emulator = Emulator::start().await.unwrap();
    for service in Service::ALL {
        let [wrong, empty] = codes(service);
        let (request, _) = documented(service);
        let changed = |field: &str, value: Value| {
            let mut request = request.clone();
            named(service, &mut request)[field] = value;
            request.to_string()
        };
        let mut unnamed = request.clone();
        named(service, &mut unnamed)
            .as_object_mut()
            .unwrap()
            .remove("name");
        for (body, code, mentions) in [
            (changed("name", json!("abc")), wrong, "name"),
            (changed("description", json!("a&b")), wrong, "description"),
            (unnamed.to_string(), wrong, "name"),
            ("{".to_owned(), wrong, "JSON"),
            ("\"text\"".to_owned(), wrong, "body"),
            (" ".to_owned(), empty, "empty"),
        ] {
            let response = send(&emulator, service, "application/json", body.clone()).await;
            let (status, got, message) = refusal(service, response).await;
            assert_eq!((status, got.as_str()), (400, code), "{service} {body}");
            assert!(
                message.contains(mentions) && !message.contains("a&b"),
                "{service} {body}: {message}"
            );
        }
    }
}

#[tokio::test]
async fn other_media_types_and_large_bodies_are_refused() {
    let emulator = Emulator::start().await.unwrap();
    for service in Service::ALL {
        let (request, _) = documented(service);
        for kind in ["text/plain", "application/jsonp", ""] {
            let (status, ..) = refusal(
                service,
                send(&emulator, service, kind, request.to_string()).await,
            )
            .await;
            assert_eq!(status, 415, "{service} {kind:?}");
        }
        let large = send(&emulator, service, "application/json", " ".repeat(3 << 20)).await;
        assert_eq!(refusal(service, large).await.0, 413, "{service}");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_as_the_gateway_does() {
    let emulator = Emulator::start().await.unwrap();
    let http = http_client();
    for service in Service::ALL {
        let base = emulator.url(service);
        for (method, path, status) in [
            (Method::GET, path(service), 405),
            (Method::DELETE, path(service), 405),
            (Method::POST, "/v3/backups".to_owned(), 404),
            (Method::GET, "/".to_owned(), 404),
        ] {
            let response = http
                .request(method, format!("{base}{path}"))
                .send()
                .await
                .unwrap();
            let (got, code, _) = refusal(Service::RdsV3, response).await;
            assert_eq!(
                (got, code.as_str()),
                (status, "APIGW.0101"),
                "{service} {path}"
            );
        }
    }
}

#[tokio::test]
async fn a_dropped_emulator_stops() {
    let emulator = Emulator::start().await.unwrap();
    let url = emulator.url(Service::RdsV3).to_owned();
    drop(emulator);
    // The servers are tasks of this runtime, and aborted ones end when it next runs.
    tokio::task::yield_now().await;
    assert!(
        http_client()
            .get(url)
            .send()
            .await
            .unwrap_err()
            .is_connect()
    );
}
