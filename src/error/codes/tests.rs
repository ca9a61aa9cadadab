use std::collections::BTreeSet;

use http::StatusCode;

use super::super::{ApiError, RefusedAnswer};
use super::*;
use crate::service::Service::{GaussdbV3, RdsV1, RdsV3, TaurusdbV3};

fn refused(service: Service, status: u16, code: &str) -> Error {
    let body = ApiError {
        error_code: Some(code.to_owned()),
        ..ApiError::default()
    };
    let status = StatusCode::from_u16(status).unwrap_or_default();
    let call = Some((service, Operation::CreateBackup));
    let refusal = RefusedAnswer {
        body,
        ..RefusedAnswer::with_status(status)
    };
    Error::refused(call, refusal)
}

/// A code that two rows have means something else in each, and never because of an earlier row alone.
#[test]
fn no_row_is_hidden_by_an_earlier_one() {
    let mut seen = BTreeSet::new();
    for row in MEANINGS {
        assert!(!row.codes.is_empty());
        for code in row.codes {
            assert!(
                !seen.contains(code),
                "{code}: a row for all services and operations comes first"
            );
            if row.on.is_empty() && row.only_for.is_none() {
                seen.insert(code);
            }
        }
    }
}

#[test]
fn a_busy_instance_has_codes_of_its_service_and_409() {
    let rows = [
        (RdsV1, 409, "RDS.3004", true),
        (RdsV3, 409, "DBS.201205", true),
        (RdsV3, 409, "DBS.200463", true),
        (GaussdbV3, 409, "DBS.200463", false),
        (TaurusdbV3, 409, "DBS.201014", true),
        (GaussdbV3, 409, "DBS.201014", false),
        (RdsV3, 400, "DBS.201205", false),
        (RdsV3, 409, "DBS.201201", false),
        (RdsV3, 409, "DBS.200316", false),
    ];
    for (service, status, code, is_busy) in rows {
        let error = refused(service, status, code);
        assert_eq!(error.is_busy(), is_busy, "{error}");
    }
}

#[test]
fn a_name_that_exists_is_no_busy_instance() {
    let taken = |status, code| refused(RdsV3, status, code).is_name_taken();
    assert!(taken(409, "DBS.201201") && taken(409, "RDS.0031"));
    assert!(!taken(409, "DBS.201205") && !taken(503, "DBS.201201"));
}

#[test]
fn refused_credentials_are_no_missing_permission() {
    let rows = [
        (401, "DBS.0", true),
        (403, "APIGW.0301", true),
        (403, "DBS.280056", true),
        (403, "DBS.200010", false),
        (429, "APIGW.0308", false),
        (500, "APIGW.0301", false),
    ];
    for (status, code, is_refused) in rows {
        let error = refused(RdsV3, status, code);
        assert_eq!(error.refuses_credentials(), is_refused, "{error}");
    }
}

#[test]
fn a_missing_permission_is_named_where_it_is_documented() {
    let step = |service, operation| remedy(service, operation, "DBS.200010").unwrap_or_default();
    let create = step(RdsV3, Operation::CreateBackup);
    assert!(create.contains("rds:backup:create"), "{create}");
    let other = step(GaussdbV3, Operation::CreateBackup);
    assert!(other.contains("have the permission"), "{other}");
}

/// Each code that a contract lists for an operation has a remedy, and each code with a remedy is listed
/// by a contract, unless it is one of the gateway.
#[cfg(any(feature = "emulator", feature = "spec"))]
#[test]
fn the_table_has_the_codes_of_the_contracts() {
    let mut listed = BTreeSet::new();
    for &service in Service::ALL {
        let document: serde_json::Value =
            serde_json::from_str(crate::spec::json(service)).unwrap_or_default();
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(_, path)| path.as_object().into_iter().flatten());
        for (_, described) in operations {
            let id = described["operationId"].as_str().unwrap_or_default();
            let Some(operation) = Operation::with_id(id) else {
                continue;
            };
            let codes = described["x-error-codes"].as_array().into_iter().flatten();
            for code in codes.filter_map(|code| code.as_str()) {
                let step = remedy(service, operation, code);
                assert!(step.is_some(), "{service} {operation} {code}");
                listed.insert(code.to_owned());
            }
        }
    }
    let known = MEANINGS
        .iter()
        .filter(|row| !matches!(row.remedy, Unknown))
        .flat_map(|row| row.codes);
    for code in known.filter(|code| !code.starts_with("APIGW.")) {
        assert!(listed.contains(*code), "no contract lists {code}");
    }
}
