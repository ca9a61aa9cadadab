//! Creates whose answer is lost, and keys; in time of their own where a backup shows up late.

mod create;
mod ensure;
mod idle;
mod successors;

use std::time::Duration;

use dbbackup::emulator::{Emulator, Fault, Reply};
use dbbackup::model::NewBackup;
use dbbackup::{BackupClient, Operation, Service};

use super::{emulator, instance};

const CREATE: Operation = Operation::CreateBackup;
const LIST: Operation = Operation::ListBackups;

/// A service whose backups show up at once or never, with its first instance.
async fn stand(service: Service) -> (Emulator, BackupClient, NewBackup) {
    let emulator = emulator().await;
    let client = emulator.client(service).unwrap();
    let new = NewBackup::new(instance(&emulator, service), "nightly".parse().unwrap());
    (emulator, client.with_visibility_window(Duration::ZERO), new)
}

/// Everything that can happen to an answer after the service has acted.
fn lost_answers() -> Vec<Fault> {
    let reply = |status, body: &str| {
        let reply = Reply::new(status).with_header("Content-Type", "application/json");
        Fault::reply(reply.with_body(body)).after_acting()
    };
    vec![
        Fault::reset().after_acting(),
        Fault::cut_body(0),
        Fault::cut_body(60),
        reply(200, "{"),
        reply(202, ""),
        reply(200, "null"),
        reply(200, r#"{"backup": {"name": "nightly"}}"#),
        reply(200, r#"{"backup": {"id": "no/id"}}"#),
        reply(302, ""),
        reply(303, ""),
        reply(307, ""),
        reply(
            200,
            r#"{"error_code": "DBS.201202", "errCode": "DBS.201202"}"#,
        ),
        reply(408, ""),
        // A code that says something else counts for nothing.
        reply(
            408,
            r#"{"error_code": "APIGW.0308", "errCode": "APIGW.0308"}"#,
        ),
        reply(
            502,
            r#"{"error_code": "APIGW.0307", "errCode": "APIGW.0307"}"#,
        ),
        reply(500, "{}"),
        reply(502, "<html>"),
        reply(503, ""),
        reply(504, ""),
    ]
}
