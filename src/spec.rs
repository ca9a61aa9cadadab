//! The texts of the contracts, embedded.
//!
//! They are the files below `openapi/`, unchanged and unparsed. The emulator and the tests read
//! them from here.

use crate::Service;

/// OpenAPI document of a service, as YAML.
///
/// # Examples
///
/// ```
/// let text = dbbackup::spec::text(dbbackup::Service::RdsV3);
/// assert!(text.starts_with("openapi: 3.0.3"));
/// ```
pub fn text(service: Service) -> &'static str {
    match service {
        Service::RdsV1 => include_str!("../openapi/rds-v1.yaml"),
        Service::RdsV3 => include_str!("../openapi/rds-v3.yaml"),
        Service::TaurusdbV3 => include_str!("../openapi/taurusdb-v3.yaml"),
        Service::GaussdbV3 => include_str!("../openapi/gaussdb-v3.yaml"),
    }
}
