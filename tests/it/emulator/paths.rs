//! Paths and methods that the contracts have, those of other clients, and no others.

use dbbackup::{Operation, Service};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::{Stand, checked, operation};
use crate::support::with_token;

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_as_the_gateway_does() {
    let stand = Stand::new().await;
    let project = stand.emulator.project_id();
    for &service in Service::ALL {
        let instances = operation(service, "list_instances").0;
        let instances = instances.replace("{project_id}", project);
        for (method, path, status) in [
            (Method::PUT, instances.as_str(), 405),
            (Method::DELETE, &instances, 405),
            (Method::POST, "/v3/backups", 404),
            (Method::GET, "/", 404),
        ] {
            let url = format!("{}{path}", stand.emulator.url(service));
            let response = stand.http.request(method, url).send().await.unwrap();
            assert_eq!(response.headers()["x-request-id"].len(), 32);
            assert_eq!(response.status(), StatusCode::from_u16(status).unwrap());
            let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
            assert_eq!(body["error_code"], "APIGW.0101", "{service} {path}");
        }
    }
}

#[tokio::test]
async fn other_clients_have_other_paths() {
    let stand = Stand::new().await;
    let project = stand.emulator.project_id();
    for (service, path, operation) in [
        (
            Service::TaurusdbV3,
            format!("/mysql/v3/{project}/backups"),
            "list_backups",
        ),
        (
            Service::TaurusdbV3,
            format!("/mysql/v3/{project}/instances"),
            "list_instances",
        ),
        (
            Service::GaussdbV3,
            format!("/v3.1/{project}/backups"),
            "list_backups",
        ),
        (
            Service::GaussdbV3,
            format!("/v3.2/{project}/backups"),
            "list_backups",
        ),
    ] {
        let url = format!("{}{path}", stand.emulator.url(service));
        let request = with_token(&stand.emulator, stand.http.get(url));
        let answer = request.send().await.unwrap();
        assert_eq!(checked(service, operation, answer).await.0, 200, "{path}");
    }
    let url = format!(
        "{}/v3.1/{project}/instances",
        stand.emulator.url(Service::GaussdbV3)
    );
    let request = with_token(&stand.emulator, stand.http.get(url));
    assert_eq!(request.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn head_is_no_method_of_the_contracts() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let url = stand
            .request(service, "list_instances", &[])
            .build()
            .unwrap();
        let head = with_token(&stand.emulator, stand.http.head(url.url().clone()));
        let refused = head.send().await.unwrap();
        assert_eq!(refused.status(), 405);
        assert_eq!(refused.headers()["x-request-id"].len(), 32);
        assert_eq!(refused.headers()["allow"], "GET");
        let patch = stand.http.patch(url.url().clone()).send().await.unwrap();
        assert_eq!(
            (patch.status().as_u16(), &patch.headers()["allow"]),
            (405, &"GET".parse().unwrap())
        );
        assert_eq!(stand.emulator.calls((service, Operation::ListInstances)), 0);
    }
}
