//! The texts of the contracts, embedded.
//!
//! They are the files below `openapi/`, unchanged and unparsed, and the same in JSON, which is read
//! ten times as fast.

use crate::service::Service;

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

/// The same as JSON, from `build.rs`.
#[cfg(any(feature = "emulator", feature = "spec"))]
pub(crate) fn json(service: Service) -> &'static str {
    match service {
        Service::RdsV1 => include_str!(concat!(env!("OUT_DIR"), "/rds-v1.json")),
        Service::RdsV3 => include_str!(concat!(env!("OUT_DIR"), "/rds-v3.json")),
        Service::TaurusdbV3 => include_str!(concat!(env!("OUT_DIR"), "/taurusdb-v3.json")),
        Service::GaussdbV3 => include_str!(concat!(env!("OUT_DIR"), "/gaussdb-v3.json")),
    }
}
