//! What the client makes of the words and units of each service, and of ours for the service.

use dbbackup::Service::{self, GaussdbV3, RdsV1, RdsV3, TaurusdbV3};
use dbbackup::model::{BackupFilter, BackupRef, InstanceId, Policy, Restore};
use dbbackup::{BackupClient, ErrorKind, Operation};
use futures_util::TryStreamExt;
use jiff::civil::{Weekday, time};
use serde_json::{Value, json};

use crate::support::{FixedAnswer, http, project_id, transport};

fn client(service: Service, url: &str) -> BackupClient {
    let project = project_id(service).parse().unwrap();
    BackupClient::new(service, url, project, transport())
}

fn instance() -> InstanceId {
    "some-instance".parse().unwrap()
}

async fn answering(body: &Value) -> FixedAnswer {
    FixedAnswer::start(http("200 OK", &[], &body.to_string())).await
}

#[tokio::test]
async fn sizes_are_bytes() {
    let rows = [
        (RdsV1, json!(0.25), 268_435_456),
        (RdsV1, json!(3.73e-4), 400_506),
        (RdsV3, json!(2803), 2_870_272),
        (TaurusdbV3, json!(2803), 2_939_158_528),
        (TaurusdbV3, json!(0.5), 524_288),
        (GaussdbV3, json!(2803.5), 2_939_682_816_u64),
    ];
    for (service, size, bytes) in rows {
        let entry = json!({ "id": "b1", "instance_id": "some-instance", "size": size });
        let server = answering(&json!({ "backups": [entry], "total_count": 1 })).await;
        let list = client(service, &server.url).list(BackupFilter::all().with_instance(instance()));
        let backups: Vec<_> = list.try_collect().await.unwrap();
        assert_eq!(backups[0].size, Some(bytes), "{service} {size}");
    }
}

#[tokio::test]
async fn a_database_without_a_name_makes_no_backup_a_full_one() {
    for unnamed in [
        json!([{}]),
        json!([{ "name": null }]),
        json!([{ "title": "a" }]),
    ] {
        let entry = json!({ "id": "b1", "instance_id": "some-instance", "databases": unnamed });
        let server = answering(&json!({ "backups": [entry], "total_count": 1 })).await;
        let list = client(RdsV3, &server.url).list(BackupFilter::all().with_instance(instance()));
        let backups: Vec<_> = list.try_collect().await.unwrap();
        assert_eq!(backups[0].databases, [""], "{unnamed}");
    }
}

#[tokio::test]
async fn sizes_of_files_are_bytes_where_the_unit_is_known() {
    for (service, sizes) in [
        (RdsV3, (Some(2_870_272), None)),
        (GaussdbV3, (None, Some(2803))),
    ] {
        let server = answering(&json!({ "files": [{ "name": "f", "size": 2803 }] })).await;
        let (instance, id) = (instance(), "b1".parse().unwrap());
        let backup = BackupRef {
            service,
            instance: Some(instance),
            id,
        };
        let files = client(service, &server.url)
            .files(&backup)
            .await
            .unwrap()
            .files;
        assert_eq!(
            (files[0].size, files[0].size_without_unit),
            sizes,
            "{service}"
        );
    }
}

#[tokio::test]
async fn progress_is_a_number() {
    for service in Operation::GetJob.services() {
        let field = if *service == GaussdbV3 {
            "progress"
        } else {
            "process"
        };
        for (text, percent) in [
            ("60%", Some(60)),
            ("60", Some(60)),
            ("", None),
            ("soon", None),
        ] {
            let server = answering(&json!({ "job": { "id": "j1", field: text } })).await;
            let job = client(*service, &server.url).job("j1").await.unwrap();
            assert_eq!(job.progress, percent, "{service} {text:?}");
        }
    }
}

#[tokio::test]
async fn a_point_in_time_is_sent_in_milliseconds() {
    let at = "2018-07-19T11:57:26.987Z".parse().unwrap();
    let rows = [
        (RdsV1, "/restore/restoreTime", json!(1_532_001_446_987_u64)),
        (RdsV3, "/source/restore_time", json!(1_532_001_446_987_u64)),
        (TaurusdbV3, "/restore_time", json!(1_532_001_446_987_u64)),
        (GaussdbV3, "/source/restore_time", json!("1532001446987")),
    ];
    for (service, place, milliseconds) in rows {
        let server = answering(&json!({ "job_id": "j1" })).await;
        let restore = Restore::time(instance(), at);
        client(service, &server.url)
            .restore(&restore)
            .await
            .unwrap();
        let request = server.request().await;
        let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(
            body.pointer(place),
            Some(&milliseconds),
            "{service}: {body}"
        );
        if service != RdsV1 {
            let kind = body.pointer("/source/type").or_else(|| body.get("type"));
            assert_eq!(kind, Some(&json!("timestamp")), "{service}: {body}");
        }
    }
}

#[tokio::test]
async fn a_restore_over_another_instance_names_both() {
    let target: InstanceId = "other-instance".parse().unwrap();
    for &service in Service::ALL {
        let server = answering(&json!({ "job_id": "j1" })).await;
        let client = client(service, &server.url);
        let (instance, id) = (instance(), "b1".parse().unwrap());
        let restore = Restore::backup(BackupRef {
            service,
            instance: Some(instance),
            id,
        })
        .with_target(target.clone());
        let result = client.restore(&restore).await;
        if service == RdsV1 {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            continue;
        }
        assert_eq!(result.unwrap(), ["j1"]);
        let request = server.request().await;
        let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
        let expected = match service {
            TaurusdbV3 => json!({
                "source_instance_id": "some-instance",
                "target_instance_id": "other-instance",
                "type": "backup",
                "backup_id": "b1",
            }),
            _ => json!({
                "source": { "instance_id": "some-instance", "type": "backup", "backup_id": "b1" },
                "target": { "instance_id": "other-instance" },
            }),
        };
        assert_eq!(body, expected, "{service}");
    }
}

#[tokio::test]
async fn a_policy_that_taurusdb_could_not_set_is_an_error() {
    let policy = Policy::new(7, time(1, 0, 0, 0), [Weekday::Monday]);
    for (status, is_set) in [("COMPLETED", true), ("BUILDING", true), ("FAILED", false)] {
        let server = answering(&json!({ "status": status })).await;
        let result = client(TaurusdbV3, &server.url)
            .set_policy(&instance(), &policy)
            .await;
        assert_eq!(result.is_ok(), is_set, "{status}");
        // The service knows.
        let is_unknown = result.is_err_and(|error| error.may_have_acted());
        assert!(!is_unknown, "{status}");
    }
}

#[tokio::test]
async fn a_policy_is_read_in_each_form() {
    let rows = [
        (
            RdsV1,
            json!({ "policy": { "keepday": 7, "starttime": "01:15" } }),
            vec![],
        ),
        (
            RdsV1,
            json!({ "policy": { "keepday": 7, "starttime": "01:15:00" } }),
            vec![],
        ),
        (
            RdsV3,
            json!({ "backup_policy": { "keep_days": 7, "start_time": "01:15-02:15", "period": "1,7" } }),
            vec![Weekday::Monday, Weekday::Sunday],
        ),
    ];
    for (service, body, days) in rows {
        let server = answering(&body).await;
        let policy = client(service, &server.url)
            .policy(&instance())
            .await
            .unwrap();
        assert_eq!(policy, Policy::new(7, time(1, 15, 0, 0), days), "{service}");
    }
    let off = answering(&json!({ "backup_policy": { "keep_days": 0 } })).await;
    let policy = client(TaurusdbV3, &off.url)
        .policy(&instance())
        .await
        .unwrap();
    assert_eq!((policy.keep_days, policy.start), (Some(0), None));

    let odd = json!({ "keep_days": [], "start_time": "noon", "period": "1,8" });
    let odd = answering(&json!({ "backup_policy": odd })).await;
    let policy = client(RdsV3, &odd.url).policy(&instance()).await.unwrap();
    assert_eq!(policy, Policy::default());
}

#[tokio::test]
async fn an_answer_about_another_job_is_none_about_this_one() {
    let asked = "dff1d289-4d03-4942-8b9f-463ea07c000d";
    for service in [RdsV3, TaurusdbV3, GaussdbV3] {
        for (id, is_this) in [
            (json!(asked), true),
            (json!(asked.to_uppercase()), true),
            (json!(null), true),
            (json!(" "), true),
            (json!("31b8ae23-c687-4d80-b7b4-42a66c9bb886"), false),
            (json!("dff1d289"), false),
        ] {
            let body = json!({ "job": { "id": id, "status": "Completed" } });
            let server = answering(&body).await;
            let result = client(service, &server.url).job(asked).await;
            let result = result.map(|job| job.id).map_err(|error| error.kind());
            let expected = if is_this {
                Ok(asked.to_owned())
            } else {
                Err(ErrorKind::UnreadableAnswer)
            };
            assert_eq!(result, expected, "{service} {id}");
        }
    }
}
