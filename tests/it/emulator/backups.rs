//! The life of a backup: made, completed or stopped, and its files.

use dbbackup::Service;
use dbbackup::model::Timestamp;
use serde_json::{Value, json};

use crate::support::named;

use super::{ABSENT, HOUR, Stand, code, request};

const GAUSSDB: Service = Service::GaussdbV3;
const RDS: Service = Service::RdsV3;
const TAURUSDB: Service = Service::TaurusdbV3;

/// Names of the fields with the start and the end.
fn times(service: Service) -> [&'static str; 2] {
    match service {
        Service::RdsV1 => ["created", "updated"],
        _ => ["begin_time", "end_time"],
    }
}

#[tokio::test]
async fn a_backup_is_building_without_an_end_and_a_size_and_then_completed_with_both() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let created = stand
            .create(service, &stand.instance(service), "nightly")
            .await;
        let [begin, end] = times(service);
        let building = stand.backups(service).await.remove(0);
        for field in ["id", "name", "instance_id", begin, "status"] {
            assert_eq!(building[field], created[field], "{service} {field}");
        }
        assert_eq!(building["status"], "BUILDING");
        // Left out where the contract does not allow null.
        let absent = match service {
            Service::RdsV1 | Service::RdsV3 => Some(&Value::Null),
            TAURUSDB | GAUSSDB => None,
            other => panic!("no case for {other:?}"),
        };
        assert_eq!(building.get(end), absent, "{service}");
        assert_eq!(building.get("take_up_time"), None);
        let nothing = if service == Service::RdsV1 {
            Value::Null
        } else {
            json!(0)
        };
        assert_eq!(building["size"], nothing, "{service}");
    }
    stand.emulator.advance(HOUR);
    for &service in Service::ALL {
        let completed = stand.backups(service).await.remove(0);
        assert_eq!(completed["status"], "COMPLETED", "{service}");
        assert!(completed["size"].as_f64().unwrap() > 0.0);
        let [begin, end] = times(service);
        let time = |field: &str| Timestamp::from(completed[field].as_str().unwrap());
        let civil = |field: &str| time(field).civil().unwrap();
        let took = civil(end).duration_since(civil(begin));
        assert_eq!(took.as_secs(), 3600);
        assert_eq!(time(end).offset().is_none(), service == Service::RdsV1);
        let minutes = completed.get("take_up_time");
        assert_eq!(minutes, (service == TAURUSDB).then_some(&json!(60)));
    }
}

#[tokio::test]
async fn a_description_is_kept_and_its_absence_is_shown_as_each_service_shows_it() {
    let stand = Stand::new().await;
    for (service, none, some) in [
        (Service::RdsV1, Some(json!("")), Some(json!("mine"))),
        (RDS, None, None),
        (TAURUSDB, Some(json!("")), Some(json!("mine"))),
        (GAUSSDB, Some(Value::Null), Some(json!("mine"))),
    ] {
        let instance = stand.instance(service);
        stand.create(service, &instance, "plain").await;
        assert_eq!(
            stand.backups(service).await[0].get("description"),
            none.as_ref()
        );
        stand.emulator.advance(HOUR);
        let mut body = request(service, &instance, "described");
        named(service, &mut body)["description"] = json!("mine");
        stand
            .accept(service, "create_backup", &[], Some(body))
            .await;
        assert_eq!(
            stand.backups(service).await[0].get("description"),
            some.as_ref()
        );
    }
}

#[tokio::test]
async fn databases_are_kept_in_a_partial_backup() {
    let stand = Stand::new().await;
    let instances = stand.emulator.instances(RDS);
    let instance = instances.iter().find(|id| id.ends_with("in04")).unwrap();
    let mut body = request(RDS, instance, "partial");
    body["databases"] = json!([{ "name": "db1" }]);
    stand
        .accept(RDS, "create_backup", &[], Some(body.clone()))
        .await;
    let arguments = [("instance_id", instance.as_str())];
    let listed = stand.accept(RDS, "list_backups", &arguments, None).await;
    assert_eq!(listed["backups"][0]["databases"], body["databases"]);
    assert_eq!(listed["backups"][0]["datastore"]["type"], "SQLServer");
}

#[tokio::test]
async fn an_unknown_instance_is_not_backed_up() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let body = request(service, ABSENT, "backup");
        let refused = stand
            .refuse(service, "create_backup", &[], Some(body))
            .await;
        assert_eq!(
            refused,
            code(service, (404, "DBS.200002"), (404, "RDS.0002"))
        );
    }
}

#[tokio::test]
async fn one_backup_of_an_instance_is_made_at_a_time() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        stand.create(service, &instance, "first").await;
        let second = request(service, &instance, "second");
        let refused = stand
            .refuse(service, "create_backup", &[], Some(second))
            .await;
        assert_eq!(
            refused,
            code(service, (409, "DBS.201205"), (409, "RDS.3004"))
        );
        let other = stand.emulator.add_instance(service);
        stand.create(service, &other, "other").await;
        stand.emulator.advance(HOUR);
        stand.create(service, &instance, "second").await;
    }
}

#[tokio::test]
async fn a_name_is_taken_where_the_contract_knows_a_code_for_it() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let instance = stand.instance(service);
        stand.create(service, &instance, "same").await;
        stand.emulator.advance(HOUR);
        let again = request(service, &instance, "same");
        let (status, answer) = stand.call(service, "create_backup", &[], Some(again)).await;
        if matches!(service, RDS | GAUSSDB) {
            assert_eq!((status, &answer["error_code"]), (409, &json!("DBS.201201")));
        } else {
            assert!(status < 300, "{service} {answer}");
        }
    }
}

#[tokio::test]
async fn the_job_of_a_backup_runs_until_the_backup_is_completed() {
    let stand = Stand::new().await;
    for (service, name) in [
        (TAURUSDB, "CreateGaussDBforMySQLBackup"),
        (GAUSSDB, "BackupSnapshotGaussDBV5InInstance"),
    ] {
        let instance = stand.instance(service);
        let body = request(service, &instance, "followed");
        let answer = stand
            .accept(service, "create_backup", &[], Some(body))
            .await;
        let id = answer["job_id"].as_str().unwrap();
        stand.emulator.advance(HOUR / 2);
        let running = stand.accept(service, "get_job", &[("id", id)], None).await;
        let progress = if service == TAURUSDB {
            "process"
        } else {
            "progress"
        };
        assert_eq!(running["job"]["status"], "Running");
        assert_eq!(running["job"][progress], "50%");
        assert_eq!(running["job"]["name"], name);
        assert_eq!(running["job"]["instance"]["id"], json!(instance));
        assert!(running["job"].get("ended").is_none());
        stand.emulator.advance(HOUR / 2);
        let done = stand.accept(service, "get_job", &[("id", id)], None).await;
        assert_eq!(done["job"]["status"], "Completed");
        assert_eq!(done["job"][progress], "");
        assert!(done["job"]["ended"].is_string());
    }
}

#[tokio::test]
async fn an_unknown_job_is_refused() {
    let stand = Stand::new().await;
    for service in super::V3 {
        let refused = stand.refuse(service, "get_job", &[("id", "unknown")], None);
        assert_eq!(refused.await, (400, "DBS.200543".to_owned()));
    }
}

#[tokio::test]
async fn a_stopped_backup_has_failed_and_so_has_its_job() {
    let stand = Stand::new().await;
    for service in [RDS, GAUSSDB] {
        let instance = stand.instance(service);
        let arguments = [("instance_id", instance.as_str())];
        let idle = stand.refuse(service, "stop_backup", &arguments, None).await;
        assert_eq!(idle, (400, "DBS.200086".to_owned()));
        let body = request(service, &instance, "stopped");
        let created = stand
            .accept(service, "create_backup", &[], Some(body))
            .await;
        let stopped = stand.accept(service, "stop_backup", &arguments, None).await;
        let backup = stand.backups(service).await.remove(0);
        assert_eq!(
            (&backup["status"], &backup["size"]),
            (&json!("FAILED"), &json!(0))
        );
        assert!(backup["end_time"].is_string());
        let job = [("id", stopped["job_id"].as_str().unwrap())];
        let job = stand.accept(service, "get_job", &job, None).await;
        assert_eq!(job["job"]["status"], "Completed");
        if let Some(job) = created["job_id"].as_str() {
            let job = stand.accept(service, "get_job", &[("id", job)], None).await;
            assert_eq!(job["job"]["status"], "Failed");
            assert!(job["job"]["fail_reason"].is_string());
        }
        let again = stand.refuse(service, "stop_backup", &arguments, None).await;
        assert_eq!(again, (400, "DBS.200086".to_owned()));
    }
}

#[tokio::test]
async fn files_of_a_completed_backup_have_its_size_and_a_link_for_an_hour() {
    let stand = Stand::new().await;
    for service in [RDS, GAUSSDB] {
        let id = stand.begin(service).await;
        let arguments = [("backup_id", id.as_str())];
        let early = stand
            .refuse(service, "list_backup_files", &arguments, None)
            .await;
        let expected = if service == GAUSSDB {
            "DBS.301024"
        } else {
            "DBS.201203"
        };
        assert_eq!(early, (400, expected.to_owned()));
        stand.emulator.advance(HOUR);
        let listed = stand.backups(service).await.remove(0);
        let files = stand
            .accept(service, "list_backup_files", &arguments, None)
            .await;
        let file = &files["files"][0];
        assert!(
            file["name"]
                .as_str()
                .unwrap()
                .starts_with(&format!("{id}."))
        );
        let size = listed["size"].as_f64().unwrap();
        assert_eq!(file["size"].as_f64().unwrap(), size.floor());
        let link = file["download_link"].as_str().unwrap();
        assert!(link.starts_with("https://obs.example.com/") && link.contains(&id));
        let instant = |value: &Value| Timestamp::from(value.as_str().unwrap()).instant().unwrap();
        let expires = instant(&file["link_expired_time"]);
        let left = expires.duration_since(instant(&listed["end_time"]));
        assert!((3600..3660).contains(&left.as_secs()), "{left:?}");
    }
}
