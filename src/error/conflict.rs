//! What a refusal to make a backup says of the instance and of the name.

use super::{Error, ErrorKind};
use crate::service::Service;

/// Codes that the pages list with 409 for an instance that does something else.
const BUSY: [&str; 8] = [
    "DBS.200011",
    "DBS.200019",
    "DBS.200047",
    "DBS.201202",
    "DBS.201205",
    "RDS.0011",
    "RDS.1002",
    "RDS.3004",
];
/// More of them on RDS, as the vendor's Terraform provider knows them.
const BUSY_ON_RDS: [&str; 13] = [
    "DBS.01010337",
    "DBS.01280030",
    "DBS.200018",
    "DBS.200076",
    "DBS.200080",
    "DBS.200463",
    "DBS.200611",
    "DBS.201015",
    "DBS.201206",
    "DBS.212033",
    "DBS.280011",
    "DBS.280343",
    "DBS.280816",
];
/// Likewise on TaurusDB.
const BUSY_ON_TAURUSDB: [&str; 3] = ["DBS.05000084", "DBS.201014", "DBS.201015"];
/// Likewise on GaussDB.
const BUSY_ON_GAUSSDB: [&str; 1] = ["DBS.201015"];

/// Codes for a backup whose name exists: DBS on rds-v3 and gaussdb-v3, RDS on rds-v1.
const NAME_TAKEN: [&str; 2] = ["DBS.201201", "RDS.0031"];

impl Error {
    /// Whether the service did nothing because the instance does something else.
    pub(crate) fn is_busy(&self) -> bool {
        let more: &[&str] = match self.service() {
            Some(Service::RdsV1 | Service::RdsV3) => &BUSY_ON_RDS,
            Some(Service::TaurusdbV3) => &BUSY_ON_TAURUSDB,
            Some(Service::GaussdbV3) => &BUSY_ON_GAUSSDB,
            None => &[],
        };
        let has = |code| BUSY.contains(&code) || more.contains(&code);
        self.status() == Some(409) && self.code().is_some_and(has)
    }

    /// Whether the service did nothing because there is a backup of this name.
    pub(crate) fn is_name_taken(&self) -> bool {
        self.kind() == ErrorKind::Conflict && self.code().is_some_and(|c| NAME_TAKEN.contains(&c))
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::super::{ApiError, Refusal};
    use super::*;
    use crate::service::Operation;

    fn refused(service: Service, status: u16, code: &str) -> Error {
        let body = ApiError {
            error_code: Some(code.to_owned()),
            ..ApiError::default()
        };
        let status = StatusCode::from_u16(status).unwrap_or_default();
        let call = Some((service, Operation::CreateBackup));
        let refusal = Refusal {
            body,
            ..Refusal::with_status(status)
        };
        Error::refused(call, refusal)
    }

    #[test]
    fn a_busy_instance_has_codes_of_its_service_and_409() {
        use Service::{GaussdbV3, RdsV1, RdsV3, TaurusdbV3};
        let rows = [
            (RdsV1, 409, "RDS.3004", true),
            (RdsV3, 409, "DBS.201205", true),
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
        let taken = |status, code| refused(Service::RdsV3, status, code).is_name_taken();
        assert!(taken(409, "DBS.201201") && taken(409, "RDS.0031"));
        assert!(!taken(409, "DBS.201205") && !taken(503, "DBS.201201"));
    }
}
