//! The four generated clients behind one function, and a server with a fixed answer.

mod bodies;
mod calls;
mod facts;
pub(crate) mod operations;
mod secrets;
mod served;
mod server;
mod spelled;
pub(crate) mod time;

pub(crate) use bodies::{Body, bodies, document, operations};
pub(crate) use calls::call;
pub(crate) use facts::facts;
pub(crate) use secrets::{assert_no_secret, secret_in, watch};
pub(crate) use served::{miscounting, served};
pub(crate) use server::{Act, FixedAnswer, Script, answer_if, http, serve, whole_request};
pub(crate) use spelled::{SPELLINGS, shown_as};

use std::process::{Command, Output};
use std::time::Duration;

use dbbackup::api::{gaussdb_v3, rds_v1, rds_v3, taurusdb_v3};
use dbbackup::auth::Credentials;
use dbbackup::contract::Schema;
use dbbackup::emulator::Emulator;
use dbbackup::transport::{Options, Transport};
use dbbackup::{Operation, Service};
use progenitor_client::{Error, ResponseValue};
use reqwest::RequestBuilder;
use serde::Serialize;
use serde_json::{Value, json};

/// The size or the beginning of a test that can be larger, from a variable.
pub(crate) fn setting(variable: &str) -> Option<usize> {
    let given = std::env::var(variable).ok()?;
    Some(given.parse().unwrap())
}

/// A request to an emulator with its token.
pub(crate) fn with_token(emulator: &Emulator, request: RequestBuilder) -> RequestBuilder {
    request.header("X-Auth-Token", emulator.token())
}

/// What came of a call.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The generated type of the answer, as JSON.
    Accepted(Value),
    /// Status, request id, and the generated error type as JSON.
    Refused(u16, Option<String>, Value),
    /// Accepted, but the answer could not be read.
    Unreadable,
    /// Anything else, in words.
    Other(String),
}

/// Options for a server on this machine: no proxy, and no pause between two attempts.
pub(crate) fn local() -> Options {
    watch();
    Options::default()
        .with_proxy(false)
        .with_pauses(Duration::ZERO, Duration::ZERO)
}

/// Transport that sends each call once, and never through a proxy.
pub(crate) fn transport() -> Transport {
    let options = local().with_attempts(1);
    Transport::with(Credentials::token("token-of-a-test"), options).unwrap()
}

/// Runs one of the tests in a process of its own, with variables that would disturb the others.
pub(crate) fn run_test(name: &str, variables: &[(&str, &str)]) -> Output {
    let mut test = Command::new(std::env::current_exe().unwrap());
    test.args(["--exact", name, "--nocapture"]);
    test.envs(variables.iter().copied()).output().unwrap()
}

/// Sends a create through the generated client of a service.
pub(crate) async fn create(service: Service, url: &str, request: Value) -> Outcome {
    let transport = transport();
    let project = project_id(service);
    match service {
        Service::RdsV1 => {
            let body: rds_v1::types::CreateBackupRequest = serde_json::from_value(request).unwrap();
            let client = rds_v1::Client::new(url, transport);
            outcome(
                client
                    .create_backup()
                    .project_id(&*project)
                    .body(body)
                    .send()
                    .await,
            )
        }
        Service::RdsV3 => {
            let body: rds_v3::types::CreateBackupRequest = serde_json::from_value(request).unwrap();
            let client = rds_v3::Client::new(url, transport);
            outcome(
                client
                    .create_backup()
                    .project_id(&*project)
                    .body(body)
                    .send()
                    .await,
            )
        }
        Service::TaurusdbV3 => {
            let body: taurusdb_v3::types::CreateBackupRequest =
                serde_json::from_value(request).unwrap();
            let client = taurusdb_v3::Client::new(url, transport);
            outcome(
                client
                    .create_backup()
                    .project_id(&*project)
                    .body(body)
                    .send()
                    .await,
            )
        }
        Service::GaussdbV3 => {
            let body: gaussdb_v3::types::CreateBackupRequest =
                serde_json::from_value(request).unwrap();
            let client = gaussdb_v3::Client::new(url, transport);
            outcome(
                client
                    .create_backup()
                    .project_id(&*project)
                    .body(body)
                    .send()
                    .await,
            )
        }
        other => panic!("no case for {other:?}"),
    }
}

fn outcome<T: Serialize, E: Serialize + std::fmt::Debug>(
    result: Result<ResponseValue<T>, Error<E>>,
) -> Outcome {
    match result {
        Ok(accepted) => Outcome::Accepted(json!(accepted.into_inner())),
        Err(Error::ErrorResponse(refused)) => {
            let id = refused
                .headers()
                .get("x-request-id")
                .map(|id| id.to_str().unwrap().to_owned());
            Outcome::Refused(refused.status().as_u16(), id, json!(refused.into_inner()))
        }
        Err(Error::InvalidResponsePayload(..) | Error::ResponseBodyError(_)) => Outcome::Unreadable,
        Err(other) => Outcome::Other(other.to_string()),
    }
}

/// Project id of a contract's examples.
pub(crate) fn project_id(service: Service) -> String {
    let document = document(service);
    document["components"]["parameters"]["ProjectId"]["example"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Value of an example of a contract.
pub(crate) fn example(service: Service, name: &str) -> Value {
    let document = document(service);
    let value = document["components"]["examples"][name]["value"].clone();
    assert!(value.is_object(), "{service} has no example {name}");
    value
}

/// The vendor's first request and response of a service.
pub(crate) fn documented(service: Service) -> (Value, Value) {
    let request = match service {
        Service::RdsV3 => "DocumentedRequestMysqlPostgresql",
        _ => "DocumentedRequest",
    };
    (
        example(service, request),
        example(service, "DocumentedResponse"),
    )
}

/// A schema of a contract.
pub(crate) fn schema(service: Service, name: &str) -> Schema {
    let pointer = format!("/components/schemas/{name}");
    Schema::at(document(service), &pointer).unwrap()
}

/// The object of a request that names the backup.
pub(crate) fn named(service: Service, request: &mut Value) -> &mut Value {
    if service == Service::RdsV1 {
        &mut request["backup"]
    } else {
        request
    }
}

/// Schema of the error body, and its fields with the code and the message.
pub(crate) fn error_shape(service: Service) -> [&'static str; 3] {
    match service {
        Service::RdsV1 => ["ApiErrorV1", "errCode", "externalMessage"],
        _ => ["ApiError", "error_code", "error_msg"],
    }
}

/// Pointers to the words of a response that are one of a documented list.
pub(crate) fn words(service: Service) -> &'static [&'static str] {
    match service {
        Service::RdsV1 => &[
            "/backup/status",
            "/backup/backuptype",
            "/backup/dataStore/type",
        ],
        _ => &["/backup/status", "/backup/type"],
    }
}

/// JSON pointers of all values below `value`, itself excluded.
pub(crate) fn pointers(value: &Value) -> Vec<String> {
    let escape = |key: &String| key.replace('~', "~0").replace('/', "~1");
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(k, v)| (escape(k), v)).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, v)| (i.to_string(), v))
            .collect(),
        _ => Vec::new(),
    };
    let below = |(key, value): &(String, &Value)| {
        let deeper: Vec<_> = pointers(value)
            .iter()
            .map(|rest| format!("/{key}{rest}"))
            .collect();
        std::iter::once(format!("/{key}"))
            .chain(deeper)
            .collect::<Vec<_>>()
    };
    members.iter().flat_map(below).collect()
}

/// The operation with an `operationId`.
pub(crate) fn operation_with(id: &str) -> Operation {
    let mut operations = Operation::ALL.iter().copied();
    operations
        .find(|operation| operation.as_str() == id)
        .unwrap()
}
