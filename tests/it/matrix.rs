//! Which service has which operation: the README, the contracts, the client and the emulator agree.

use std::collections::BTreeSet;

use dbbackup::contract::document;
use dbbackup::emulator::Emulator;
use dbbackup::{Operation, Service};

use crate::support::{operation_with, with_token};

/// A row of the README's table: operation, methods of the client, and a cell for each service.
struct Row {
    operation: String,
    methods: Vec<String>,
    services: Vec<String>,
}

fn readme() -> Vec<Row> {
    let code = |cell: &str| Some(cell.strip_prefix('`')?.strip_suffix('`')?.to_owned());
    let rows = include_str!("../../README.md").lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [operation, methods, services @ ..] = &cells[..] else {
            return None;
        };
        let operation = code(operation)?;
        let known = Operation::ALL
            .iter()
            .any(|known| known.as_str() == operation);
        let is_row = known && services.len() == Service::ALL.len();
        is_row.then(|| Row {
            operation,
            methods: methods.split(", ").filter_map(code).collect(),
            services: services.iter().copied().map(str::to_owned).collect(),
        })
    });
    rows.collect()
}

fn client() -> Vec<(String, Vec<bool>)> {
    let row = |operation: Operation| {
        let has = Service::ALL
            .iter()
            .map(|&service| service.supports(operation));
        (operation.as_str().to_owned(), has.collect())
    };
    Operation::ALL.iter().copied().map(row).collect()
}

#[test]
fn the_readme_has_the_client_s_matrix() {
    let has = |cell: &String| cell.starts_with("yes");
    let rows = readme().into_iter();
    let rows: Vec<_> = rows
        .map(|row| (row.operation, row.services.iter().map(has).collect()))
        .collect();
    assert_eq!(rows, client());
}

#[test]
fn the_readme_says_what_only_one_cloud_has_and_names_the_methods() {
    let sources = [
        include_str!("../../src/client/backups.rs"),
        include_str!("../../src/client/creation/mod.rs"),
        include_str!("../../src/client/instances.rs"),
        include_str!("../../src/client/jobs.rs"),
        include_str!("../../src/client/listing.rs"),
        include_str!("../../src/client/lists.rs"),
        include_str!("../../src/client/wait.rs"),
    ]
    .concat();
    for row in readme() {
        assert!(!row.methods.is_empty(), "{}", row.operation);
        for method in &row.methods {
            let is_public = ["(", "<"].iter().any(|end| {
                let name = format!("fn {method}{end}");
                sources.contains(&format!("    pub {name}"))
                    || sources.contains(&format!("    pub async {name}"))
            });
            assert!(is_public, "{}: {method}", row.operation);
        }
        for (service, cell) in Service::ALL.iter().zip(&row.services) {
            let operations = crate::support::operations(&document(*service));
            let operation = operations.into_iter().find(|(id, _)| *id == row.operation);
            let availability = operation.map(|(_, operation)| operation["x-availability"].clone());
            let only_huawei = availability.is_some_and(|only| only == "Huawei Cloud only.");
            assert_eq!(
                cell.contains("Huawei Cloud"),
                only_huawei,
                "{service} {}",
                row.operation
            );
        }
    }
}

#[test]
fn each_contract_has_the_client_s_operations_and_no_others() {
    for &service in Service::ALL {
        let document = document(service);
        let paths = document["paths"].as_object().unwrap().values();
        let operations = paths.flat_map(|path| path.as_object().unwrap().values());
        let ids: Vec<_> = operations
            .map(|o| o["operationId"].as_str().unwrap().to_owned())
            .collect();
        let unique: BTreeSet<_> = ids.iter().cloned().collect();
        assert_eq!(
            unique.len(),
            ids.len(),
            "{service}: an operation stands twice"
        );
        let supported = Operation::ALL
            .iter()
            .copied()
            .filter(|o| service.supports(*o));
        assert_eq!(
            unique,
            supported.map(|o| o.as_str().to_owned()).collect(),
            "{service}"
        );
    }
}

/// What the client makes of the matrix is seen in `client::life_cycle`; here each path of a contract
/// is called without anything that it needs.
#[tokio::test]
async fn the_emulator_answers_each_operation_of_the_contracts() {
    let emulator = Emulator::start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for &service in Service::ALL {
        let document = document(service);
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let id = operation_with(operation["operationId"].as_str().unwrap());
                let path = path.replace("{project_id}", emulator.project_id());
                let path = path.replace(['{', '}'], "");
                let url = format!("{}{path}", emulator.url(service));
                let method = method.to_uppercase().parse().unwrap();
                let before = emulator.calls((service, id));
                let request = with_token(&emulator, http.request(method, url));
                let answer = request.send().await.unwrap();
                let status = answer.status();
                let body = answer.text().await.unwrap();
                assert!(!body.contains("APIGW."), "{service} {id}: {status} {body}");
                assert!(!status.is_server_error(), "{service} {id}: {status} {body}");
                assert_eq!(emulator.calls((service, id)), before + 1, "{service} {id}");
            }
        }
    }
}
