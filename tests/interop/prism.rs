//! Every operation of every generated client, called on Prism, which serves the contracts.
//!
//! Needs the command `prism` in `DBBACKUP_TEST_PRISM`; `.ci/run` installs it. Not part of `cargo test`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
#[path = "../it/support/mod.rs"]
mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use dbbackup::Service;

/// Prism with a contract, until it is dropped.
struct Prism {
    process: Child,
    url: String,
}

impl Prism {
    fn start(service: Service) -> Self {
        let command = std::env::var("DBBACKUP_TEST_PRISM").expect("DBBACKUP_TEST_PRISM is not set");
        let contract = format!("{}/openapi/{service}.yaml", env!("CARGO_MANIFEST_DIR"));
        // With `--errors` it refuses what breaks the contract.
        let mut process = Command::new(command)
            .args([
                "mock",
                "--errors",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                &contract,
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, url) = line.split_once("Prism is listening on ")?;
            Some(url.trim().to_owned())
        });
        // It writes a line for each request, and would stop where nobody reads.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            url: url.expect("Prism does not listen"),
        }
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Calls each operation; fails also when Prism finds fault with a request or a header of it.
async fn call_all(service: Service) {
    let prism = Prism::start(service);
    let operations = support::operations(support::document(service));
    assert!(!operations.is_empty());
    for (operation, _) in operations {
        let sent = support::call(service, &operation, &prism.url).await;
        assert_eq!(sent, Ok(()), "{operation}");
    }
}

#[tokio::test]
async fn rds_v1_calls_are_accepted() {
    call_all(Service::RdsV1).await;
}

#[tokio::test]
async fn rds_v3_calls_are_accepted() {
    call_all(Service::RdsV3).await;
}

#[tokio::test]
async fn taurusdb_v3_calls_are_accepted() {
    call_all(Service::TaurusdbV3).await;
}

#[tokio::test]
async fn gaussdb_v3_calls_are_accepted() {
    call_all(Service::GaussdbV3).await;
}
