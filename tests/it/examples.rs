//! The vendor's nine examples: valid by their schemas, and unchanged by the generated types.

use dbbackup::Service::{self, GaussdbV3, RdsV1, RdsV3, TaurusdbV3};
use dbbackup::api::{gaussdb_v3, rds_v1, rds_v3, taurusdb_v3};
use dbbackup::contract::document;
use insta::assert_json_snapshot;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{example, schema};

type RoundTrip = fn(&Value) -> Value;

const DOCUMENTED: [(Service, &str, &str, RoundTrip); 9] = [
    (
        RdsV1,
        "DocumentedRequest",
        "rds_v1_request",
        round_trip::<rds_v1::types::CreateBackupRequest>,
    ),
    (
        RdsV1,
        "DocumentedResponse",
        "rds_v1_response",
        round_trip::<rds_v1::types::CreateBackupResponse>,
    ),
    (
        RdsV3,
        "DocumentedRequestSqlServer",
        "rds_v3_request_sqlserver",
        round_trip::<rds_v3::types::CreateBackupRequest>,
    ),
    (
        RdsV3,
        "DocumentedRequestMysqlPostgresql",
        "rds_v3_request_mysql_postgresql",
        round_trip::<rds_v3::types::CreateBackupRequest>,
    ),
    (
        RdsV3,
        "DocumentedResponse",
        "rds_v3_response",
        round_trip::<rds_v3::types::CreateBackupResponse>,
    ),
    (
        TaurusdbV3,
        "DocumentedRequest",
        "taurusdb_v3_request",
        round_trip::<taurusdb_v3::types::CreateBackupRequest>,
    ),
    (
        TaurusdbV3,
        "DocumentedResponse",
        "taurusdb_v3_response",
        round_trip::<taurusdb_v3::types::CreateBackupResponse>,
    ),
    (
        GaussdbV3,
        "DocumentedRequest",
        "gaussdb_v3_request",
        round_trip::<gaussdb_v3::types::CreateBackupRequest>,
    ),
    (
        GaussdbV3,
        "DocumentedResponse",
        "gaussdb_v3_response",
        round_trip::<gaussdb_v3::types::CreateBackupResponse>,
    ),
];

fn round_trip<T: DeserializeOwned + Serialize>(documented: &Value) -> Value {
    json!(serde_json::from_value::<T>(documented.clone()).unwrap())
}

#[test]
fn documented_examples_come_back_unchanged() {
    for (service, name, snapshot, round_trip) in DOCUMENTED {
        let documented = example(service, name);
        let back = round_trip(&documented);
        assert_eq!(back, documented, "{service} {name}");
        assert_json_snapshot!(format!("documented__{snapshot}"), back);
    }
}

#[test]
fn every_example_is_valid_by_its_own_schema() {
    for service in Service::ALL {
        let document = document(service);
        for name in document["components"]["examples"]
            .as_object()
            .unwrap()
            .keys()
        {
            let of = if name.contains("Request") {
                "CreateBackupRequest"
            } else {
                "CreateBackupResponse"
            };
            let violations = schema(service, of).violations(&example(service, name));
            assert!(violations.is_empty(), "{service} {name}: {violations:?}");
        }
        let error = &document["components"]["responses"]["Error"]["content"]["application/json"];
        let of = error["schema"]["$ref"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap();
        let violations = schema(service, of).violations(&error["examples"]["refused"]["value"]);
        assert!(violations.is_empty(), "{service} error: {violations:?}");
    }
}
