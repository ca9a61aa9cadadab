//! Backups deleted, one by one or together.

use dbbackup::Service;
use serde_json::json;

use super::{HOUR, Stand, code, parameter};

const GAUSSDB: Service = Service::GaussdbV3;
const RDS: Service = Service::RdsV3;
const TAURUSDB: Service = Service::TaurusdbV3;

#[tokio::test]
async fn a_deleted_backup_is_deleting_until_it_vanishes() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let id = stand
            .emulator
            .add_backups(service, &stand.instance(service), 1)
            .remove(0);
        let arguments = [(parameter(service, "backup"), id.as_str())];
        let answer = stand
            .accept(service, "delete_backup", &arguments, None)
            .await;
        if matches!(service, TAURUSDB | GAUSSDB) {
            assert_eq!(answer["backup_id"], json!(id));
        }
        if service != TAURUSDB {
            assert_eq!(stand.backups(service).await[0]["status"], "DELETING");
            let again = stand
                .refuse(service, "delete_backup", &arguments, None)
                .await;
            assert_eq!(again, code(service, (400, "DBS.201208"), (400, "RDS.3016")));
            stand.emulator.advance(HOUR);
        }
        // TaurusDB has no word for the state between.
        assert!(stand.backups(service).await.is_empty(), "{service}");
        let gone = stand
            .refuse(service, "delete_backup", &arguments, None)
            .await;
        assert_eq!(gone, code(service, (404, "DBS.201010"), (400, "RDS.3026")));
    }
}

#[tokio::test]
async fn a_backup_that_is_being_made_is_not_deleted() {
    let stand = Stand::new().await;
    for &service in Service::ALL {
        let id = stand.begin(service).await;
        let arguments = [(parameter(service, "backup"), id.as_str())];
        let refused = stand
            .refuse(service, "delete_backup", &arguments, None)
            .await;
        assert_eq!(
            refused,
            code(service, (409, "DBS.201205"), (409, "RDS.3004"))
        );
    }
}

#[tokio::test]
async fn an_automated_backup_of_gaussdb_is_not_deleted() {
    let stand = Stand::new().await;
    let instance = stand.instance(GAUSSDB);
    let id = stand
        .emulator
        .add_automated_backup(GAUSSDB, &instance)
        .unwrap();
    assert_eq!(stand.backups(GAUSSDB).await[0]["type"], "auto");
    let arguments = [("backup_id", id.as_str())];
    let refused = stand
        .refuse(GAUSSDB, "delete_backup", &arguments, None)
        .await;
    assert_eq!(refused, (400, "DBS.201218".to_owned()));
}

#[tokio::test]
async fn deleting_several_gives_a_result_for_each() {
    let stand = Stand::new().await;
    let instances = stand.emulator.instances(RDS);
    let of = |engine: &str| instances.iter().find(|id| id.ends_with(engine)).unwrap();
    let [kept, deleted]: [String; 2] = [of("in01"), of("in04")]
        .map(|instance| stand.emulator.add_backups(RDS, instance, 1).remove(0));
    let building = stand.create(RDS, of("in04"), "building").await["id"].clone();
    let body = json!({ "backup_ids": [deleted, kept, "unknown", deleted, building] });
    let answer = stand.accept(RDS, "delete_backups", &[], Some(body)).await;
    let results = answer["delete_results"].as_array().unwrap();
    let codes: Vec<_> = results.iter().map(|result| &result["error_code"]).collect();
    assert_eq!(
        codes,
        ["0", "DBS.200001", "DBS.201010", "DBS.201208", "DBS.201205"]
    );
    assert_eq!(results[0]["error_msg"], "Success");
    assert_eq!(results[1]["backup_id"], json!(kept));
}

#[tokio::test]
async fn deleting_several_takes_1_to_50_ids() {
    let stand = Stand::new().await;
    for (count, status) in [(0, 400), (1, 200), (50, 200), (51, 400)] {
        let body = json!({ "backup_ids": vec!["unknown"; count] });
        let (got, _) = stand.call(RDS, "delete_backups", &[], Some(body)).await;
        assert_eq!(got, status, "{count}");
    }
}
