//! The bytes of every other call of every client, with all parameters and all fields of the body.

use dbbackup::Service;
use insta::assert_snapshot;

use crate::support::{FixedAnswer, bodies, call, document, http, operations};
use crate::wire::normalised;

/// An answer of the contract.
fn answer(service: Service, operation: &str) -> Vec<u8> {
    let mut bodies = bodies(service).into_iter();
    let body = bodies.find(|body| body.operation == operation && !body.is_request);
    let body = body.map(|body| body.examples[0].1.to_string());
    http("200 OK", &[], &body.unwrap_or_default())
}

/// Sends each call of a service and compares what arrives.
async fn compare(service: Service) {
    for (operation, _) in operations(document(service)) {
        // The creates have more forms than one, and a module of their own.
        if operation == "create_backup" {
            continue;
        }
        let server = FixedAnswer::start(answer(service, &operation)).await;
        let url = server.url.clone();
        assert_eq!(call(service, &operation, &url).await, Ok(()), "{operation}");
        let name = format!("{operation}__{service}");
        assert_snapshot!(name, normalised(&server.request().await, &url));
    }
}

#[tokio::test]
async fn rds_v1_calls_are_sent_as_documented() {
    compare(Service::RdsV1).await;
}

#[tokio::test]
async fn rds_v3_calls_are_sent_as_documented() {
    compare(Service::RdsV3).await;
}

#[tokio::test]
async fn taurusdb_v3_calls_are_sent_as_documented() {
    compare(Service::TaurusdbV3).await;
}

#[tokio::test]
async fn gaussdb_v3_calls_are_sent_as_documented() {
    compare(Service::GaussdbV3).await;
}
