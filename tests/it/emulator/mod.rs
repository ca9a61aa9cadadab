//! The emulator, seen by a client that knows the contracts and no types.
//!
//! [`Stand`] sends a request by operation id and checks each answer: status and body against the
//! schema of the contract, the code of a refusal against the list of the operation.

mod backups;
mod connections;
mod controls;
mod credentials;
mod deletions;
mod faults;
mod iam;
mod lists;
mod malformed;
mod over_http;
mod paths;
mod plans;
mod policies;
mod requests;
mod restores;
mod scoped;
mod tokens;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use dbbackup::Service;
use dbbackup::contract::{self, Schema};
use dbbackup::emulator::{Emulator, Options};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::{error_shape, operation_with, watch, with_token};

/// How long a backup and a deletion take here: long enough that no test is overtaken by it.
const HOUR: Duration = Duration::from_secs(3600);
/// An id that no instance has.
const ABSENT: &str = "ffffffffffffffffffffffffffffffffin01";
/// The services whose paths begin with `/v3`.
const V3: [Service; 3] = [Service::RdsV3, Service::TaurusdbV3, Service::GaussdbV3];

static DOCUMENTS: LazyLock<HashMap<Service, Value>> = LazyLock::new(|| {
    let documents = Service::ALL
        .iter()
        .map(|&service| (service, contract::document(service)));
    documents.into_iter().collect()
});

fn document(service: Service) -> &'static Value {
    &DOCUMENTS[&service]
}

/// Schemas by service and pointer.
type Schemas = HashMap<(Service, String), Arc<Schema>>;

/// A schema by its pointer; compiling one takes longer than a request.
fn schema(service: Service, pointer: &str) -> Arc<Schema> {
    static SCHEMAS: LazyLock<Mutex<Schemas>> = LazyLock::new(Mutex::default);
    let mut schemas = SCHEMAS.lock().unwrap();
    let schema = schemas
        .entry((service, pointer.to_owned()))
        .or_insert_with(|| Schema::at(document(service), pointer).unwrap().into());
    Arc::clone(schema)
}

/// All operations of a contract: path, method and description.
fn operations(service: Service) -> Vec<(&'static str, Method, &'static Value)> {
    let paths = document(service)["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| {
            let method = method.to_uppercase().parse().unwrap();
            (path.as_str(), method, operation)
        })
    });
    operations.collect()
}

fn operation(service: Service, id: &str) -> (&'static str, Method, &'static Value) {
    let mut operations = operations(service).into_iter();
    operations
        .find(|(.., operation)| operation["operationId"] == id)
        .unwrap_or_else(|| panic!("{service} has no {id}"))
}

/// Names and values of parameters.
type Arguments<'a> = &'a [(&'a str, &'a str)];

/// An emulator and a client of it.
struct Stand {
    emulator: Emulator,
    http: reqwest::Client,
}

impl Stand {
    /// An emulator whose work takes an hour unless its clock is moved.
    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// The same, with these options otherwise.
    async fn with(options: Options) -> Self {
        watch();
        let options = Options {
            build_time: HOUR,
            delete_time: HOUR,
            ..options
        };
        Self {
            emulator: Emulator::with(options).await.unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// A request that need not obey the contract, without credentials.
    fn request(&self, service: Service, id: &str, arguments: Arguments<'_>) -> RequestBuilder {
        let (path, method, _) = operation(service, id);
        let mut path = path.to_owned();
        let mut query = Vec::new();
        let project = ("project_id", self.emulator.project_id());
        // The last one wins, so that a test can ask for another project.
        for (name, value) in arguments.iter().chain([&project]) {
            let place = format!("{{{name}}}");
            if path.contains(&place) {
                path = path.replace(&place, value);
            } else if *name != "project_id" {
                query.push((name, value));
            }
        }
        assert!(!path.contains('{'), "{path}");
        let url = format!("{}{path}", self.emulator.url(service));
        let url = reqwest::Url::parse_with_params(&url, query).unwrap();
        self.http.request(method, url)
    }

    /// Sends a request that need not obey the contract, without looking at the answer.
    async fn send(
        &self,
        service: Service,
        id: &str,
        arguments: Arguments<'_>,
        body: Option<(&str, String)>,
    ) -> Response {
        let request = self.request(service, id, arguments);
        let mut request = with_token(&self.emulator, request);
        if let Some((kind, body)) = body {
            request = request.header("content-type", kind).body(body);
        }
        request.send().await.unwrap()
    }

    /// Status and body of an answer that obeys the contract.
    async fn call(
        &self,
        service: Service,
        id: &str,
        arguments: Arguments<'_>,
        body: Option<Value>,
    ) -> (u16, Value) {
        let body = body.map(|body| ("application/json", body.to_string()));
        let response = self.send(service, id, arguments, body).await;
        checked(service, id, response).await
    }

    /// The body of an answer to a request that is accepted.
    async fn accept(
        &self,
        service: Service,
        id: &str,
        arguments: Arguments<'_>,
        body: Option<Value>,
    ) -> Value {
        let (status, answer) = self.call(service, id, arguments, body).await;
        assert!((200..300).contains(&status), "{service} {id}: {answer}");
        answer
    }

    /// Status and code of a refusal.
    async fn refuse(
        &self,
        service: Service,
        id: &str,
        arguments: Arguments<'_>,
        body: Option<Value>,
    ) -> (u16, String) {
        let (status, answer) = self.call(service, id, arguments, body).await;
        assert!(status >= 400, "{service} {id}: {answer}");
        let [_, code, _] = error_shape(service);
        (status, answer[code].as_str().unwrap().to_owned())
    }

    /// The first instance of a service.
    fn instance(&self, service: Service) -> String {
        self.emulator.instances(service).remove(0)
    }

    /// Starts a backup of an instance and gives what is said about it.
    async fn create(&self, service: Service, instance: &str, name: &str) -> Value {
        let body = request(service, instance, name);
        let answer = self.accept(service, "create_backup", &[], Some(body)).await;
        answer["backup"].clone()
    }

    /// Starts a backup of the first instance and gives its id.
    async fn begin(&self, service: Service) -> String {
        let backup = self.create(service, &self.instance(service), "begun").await;
        backup["id"].as_str().unwrap().to_owned()
    }

    /// All backups of the first instance, as the list shows them.
    async fn backups(&self, service: Service) -> Vec<Value> {
        let instance = self.instance(service);
        let arguments = [("instance_id", instance.as_str())];
        let answer = self.accept(service, "list_backups", &arguments, None).await;
        answer["backups"].as_array().unwrap().clone()
    }
}

/// A request for a backup.
fn request(service: Service, instance: &str, name: &str) -> Value {
    match service {
        Service::RdsV1 => json!({ "backup": { "instance": instance, "name": name } }),
        _ => json!({ "instance_id": instance, "name": name }),
    }
}

/// Name of the parameter with the id of an instance, or of a backup.
fn parameter(service: Service, kind: &str) -> &'static str {
    match (service, kind) {
        (Service::RdsV1, "instance") => "instanceId",
        (Service::RdsV1, _) => "backupId",
        (_, "instance") => "instance_id",
        _ => "backup_id",
    }
}

/// Status and code of a refusal, by the code of the v3 services and that of rds-v1.
fn code(service: Service, v3: (u16, &str), v1: (u16, &str)) -> (u16, String) {
    let (status, code) = if service == Service::RdsV1 { v1 } else { v3 };
    (status, code.to_owned())
}

/// Status and code of an error in any form but that of IAM.
async fn error_code(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    let code = body.get("error_code").unwrap_or(&body["errCode"]);
    (status, code.as_str().unwrap_or_default().to_owned())
}

/// Ids of listed objects.
fn ids(listed: &[Value]) -> Vec<&str> {
    listed.iter().map(|o| o["id"].as_str().unwrap()).collect()
}

/// Status and body of an answer, once both obey the contract.
async fn checked(service: Service, id: &str, response: Response) -> (u16, Value) {
    let (.., operation) = operation(service, id);
    let status = response.status();
    assert_eq!(response.headers()["x-request-id"].len(), 32);
    let bytes = response.bytes().await.unwrap();
    if bytes.is_empty() {
        let documented = &operation["responses"][status.as_str()];
        assert!(
            documented.is_object() && documented["content"].is_null(),
            "{service} {id}"
        );
        return (status.as_u16(), Value::Null);
    }
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    if status.is_success() {
        let documented = &operation["responses"][status.as_str()];
        let reference = &documented["content"]["application/json"]["schema"]["$ref"];
        let pointer = reference.as_str().unwrap().trim_start_matches('#');
        let violations = schema(service, pointer).violations(&body);
        assert!(
            violations.is_empty(),
            "{service} {id} {violations:?}: {body}"
        );
        return (status.as_u16(), body);
    }
    let [name, code, message] = error_shape(service);
    let pointer = format!("/components/schemas/{name}");
    assert!(
        schema(service, &pointer).violations(&body).is_empty(),
        "{service} {id}: {body}"
    );
    assert!(!body[message].as_str().unwrap().is_empty());
    let code = &body[code];
    let listed = operation["x-error-codes"].as_array().unwrap();
    assert!(listed.contains(code), "{service} {id}: {body}");
    let table = &document(service)["components"]["x-error-codes"]["codes"];
    let documented = &table[code.as_str().unwrap()]["status"];
    // HTTP itself has these two.
    assert!(
        *documented == status.as_u16() || [413, 415].contains(&status.as_u16()),
        "{service} {id} {status}: {body}"
    );
    (status.as_u16(), body)
}

#[tokio::test]
async fn every_operation_of_every_contract_is_served() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        for (_, _, operation) in operations(service) {
            let id = operation["operationId"].as_str().unwrap();
            let arguments = ["instance_id", "instanceId", "backup_id", "backupId", "id"];
            let arguments = arguments.map(|name| (name, "unknown"));
            let status = stand.send(service, id, &arguments, None).await.status();
            assert_ne!(status, 405, "{service} {id}");
            let calls = stand.emulator.calls((service, operation_with(id)));
            assert_eq!(calls, 1, "{service} {id}");
        }
    }
}

#[tokio::test]
async fn a_dropped_emulator_stops() {
    let stand = Stand::new().await;
    let url = stand.emulator.url(Service::RdsV3).to_owned();
    drop(stand.emulator);
    // The servers are tasks of this runtime, and aborted ones end when it next runs.
    tokio::task::yield_now().await;
    assert!(stand.http.get(url).send().await.unwrap_err().is_connect());
}
