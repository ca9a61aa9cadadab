//! Backups and points in time, restored to an instance.

use dbbackup::Service;
use serde_json::{Value, json};

use super::{ABSENT, HOUR, Stand, V3, code, request};

/// A request to restore a backup of one instance to another.
fn restore(service: Service, source: &str, target: &str, backup: &str) -> Value {
    match service {
        Service::RdsV1 => json!({ "restore": { "backupRef": backup } }),
        Service::TaurusdbV3 => json!({
            "source_instance_id": source,
            "target_instance_id": target,
            "type": "backup",
            "backup_id": backup,
        }),
        Service::RdsV3 | Service::GaussdbV3 => json!({
            "source": { "instance_id": source, "type": "backup", "backup_id": backup },
            "target": { "instance_id": target },
        }),
        other => panic!("no case for {other:?}"),
    }
}

/// Status and answer of a restore; rds-v1 names the instance in the path.
async fn send(stand: &Stand, service: Service, target: &str, body: Value) -> (u16, Value) {
    let path = [("instanceId", target)];
    let path = if service == Service::RdsV1 {
        path.as_slice()
    } else {
        &[]
    };
    stand
        .call(service, "restore_instance", path, Some(body))
        .await
}

/// Fails unless a restore is refused in this way.
async fn refused(stand: &Stand, service: Service, target: &str, body: Value, as_: (u16, String)) {
    let (status, answer) = send(stand, service, target, body).await;
    let code = answer.get("error_code").unwrap_or(&answer["errCode"]);
    assert_eq!((status, code), (as_.0, &json!(as_.1)), "{service} {answer}");
}

async fn status(stand: &Stand, service: Service) -> Value {
    let listed = stand.accept(service, "list_instances", &[], None).await;
    listed["instances"][0]["status"].clone()
}

#[tokio::test]
async fn a_restored_instance_is_restoring_and_then_active() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        let backup = stand.emulator.add_backups(service, &instance, 1).remove(0);
        let body = restore(service, &instance, &instance, &backup);
        let (got, answer) = send(&stand, service, &instance, body.clone()).await;
        assert_eq!(got, 200, "{service} {answer}");
        let shown = status(&stand, service).await;
        // TaurusDB does not document the words.
        let expected = if service == Service::TaurusdbV3 {
            "ACTIVE"
        } else {
            "RESTORING"
        };
        assert_eq!(shown, expected, "{service}");
        let busy = code(service, (409, "DBS.200011"), (409, "RDS.1002"));
        refused(&stand, service, &instance, body, busy.clone()).await;
        let create = request(service, &instance, "meanwhile");
        let create = stand
            .refuse(service, "create_backup", &[], Some(create))
            .await;
        assert_eq!(create, busy);
        stand.emulator.advance(HOUR);
        assert_eq!(status(&stand, service).await, "ACTIVE");
    }
}

#[tokio::test]
async fn the_job_of_a_restore_runs_and_completes() {
    let stand = Stand::new().await;
    for service in V3 {
        let instance = stand.instance(service);
        let backup = stand.emulator.add_backups(service, &instance, 1).remove(0);
        let body = restore(service, &instance, &instance, &backup);
        let (_, answer) = send(&stand, service, &instance, body).await;
        let job = [("id", answer["job_id"].as_str().unwrap())];
        for expected in ["Running", "Completed"] {
            let shown = stand.accept(service, "get_job", &job, None).await;
            assert_eq!(shown["job"]["status"], expected, "{service}");
            stand.emulator.advance(HOUR);
        }
    }
}

#[tokio::test]
async fn a_backup_is_restored_to_another_instance() {
    let stand = Stand::new().await;
    for service in V3 {
        let source = stand.emulator.add_instance(service);
        let target = stand.instance(service);
        let backup = stand.emulator.add_backups(service, &source, 1).remove(0);
        let body = restore(service, &source, &target, &backup);
        assert_eq!(send(&stand, service, &target, body).await.0, 200);
        let missing = code(service, (404, "DBS.200002"), (0, ""));
        for (source, target) in [(ABSENT, target.as_str()), (&source, ABSENT)] {
            let body = restore(service, source, target, &backup);
            refused(&stand, service, target, body, missing.clone()).await;
        }
    }
}

#[tokio::test]
async fn a_backup_that_is_unknown_or_of_another_instance_is_not_restored() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        let other = stand.emulator.add_instance(service);
        let foreign = stand.emulator.add_backups(service, &other, 1).remove(0);
        let missing = code(service, (404, "DBS.201010"), (400, "RDS.3026"));
        for backup in ["unknown", &foreign] {
            let body = restore(service, &instance, &instance, backup);
            refused(&stand, service, &instance, body, missing.clone()).await;
        }
    }
}

#[tokio::test]
async fn a_backup_that_is_not_completed_is_not_restored() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        let backup = stand.begin(service).await;
        let body = restore(service, &instance, &instance, &backup);
        let expected = match service {
            Service::RdsV1 => (409, "RDS.0056"),
            Service::GaussdbV3 => (400, "DBS.301024"),
            Service::RdsV3 | Service::TaurusdbV3 => (400, "DBS.201203"),
            other => panic!("no case for {other:?}"),
        };
        let expected = (expected.0, expected.1.to_owned());
        refused(&stand, service, &instance, body, expected).await;
    }
}

#[tokio::test]
async fn an_instance_that_is_being_backed_up_is_not_restored() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        let backup = stand.emulator.add_backups(service, &instance, 1).remove(0);
        stand.begin(service).await;
        let body = restore(service, &instance, &instance, &backup);
        let busy = code(service, (409, "DBS.200011"), (409, "RDS.0011"));
        refused(&stand, service, &instance, body, busy).await;
    }
}

#[tokio::test]
async fn a_point_in_time_needs_no_backup_but_a_time() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        let time = match service {
            Service::GaussdbV3 => json!("1532001446987"),
            _ => json!(1_532_001_446_987_u64),
        };
        let [given, missing] = [Some(time), None].map(|time| match service {
            Service::RdsV1 => match time {
                Some(time) => json!({ "restore": { "restoreTime": time } }),
                None => json!({ "restore": {} }),
            },
            _ => {
                let mut body = restore(service, &instance, &instance, "unknown");
                let flat = service == Service::TaurusdbV3;
                let source = if flat { &mut body } else { &mut body["source"] };
                source["type"] = json!("timestamp");
                if let Some(time) = time {
                    source["restore_time"] = time;
                }
                body
            }
        });
        let wrong = code(service, (400, "DBS.200001"), (400, "RDS.0001"));
        refused(&stand, service, &instance, missing, wrong).await;
        assert_eq!(
            send(&stand, service, &instance, given).await.0,
            200,
            "{service}"
        );
    }
}
