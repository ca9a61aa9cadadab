//! The clients generated from the contracts, one module per service.
//!
//! `build.rs` writes this code from `openapi/*.yaml` with progenitor; nothing in it is edited by
//! hand. It follows the contracts, not the semantic versioning of this crate. [`shared`] holds the
//! schemas that several contracts have in common; each module's `types` names all that it uses.
//!
//! Every call counts any 2xx answer as accepted. Of the errors, `InvalidResponsePayload` and
//! `ResponseBodyError` say that the service *accepted* the call and that only its answer could not
//! be read: do not repeat a create after them.
#![allow(
    missing_docs,
    unreachable_pub,
    unused_imports,
    reason = "generated from the contracts"
)]

/// RDS, API v1: instances are addressed by the id of their primary node.
pub mod rds_v1 {
    const SERVICE: crate::service::Service = crate::service::Service::RdsV1;
    include!(concat!(env!("OUT_DIR"), "/rds-v1.rs"));
    include!("api/client.rs");
}

/// RDS, API v3.
pub mod rds_v3 {
    const SERVICE: crate::service::Service = crate::service::Service::RdsV3;
    include!(concat!(env!("OUT_DIR"), "/rds-v3.rs"));
    include!("api/client.rs");
}

/// TaurusDB, also known as GaussDB(for MySQL), API v3.
pub mod taurusdb_v3 {
    const SERVICE: crate::service::Service = crate::service::Service::TaurusdbV3;
    include!(concat!(env!("OUT_DIR"), "/taurusdb-v3.rs"));
    include!("api/client.rs");
}

/// GaussDB, also known as GaussDB(for openGauss), API v3.
pub mod gaussdb_v3 {
    const SERVICE: crate::service::Service = crate::service::Service::GaussdbV3;
    include!(concat!(env!("OUT_DIR"), "/gaussdb-v3.rs"));
    include!("api/client.rs");
}

/// Schemas that two or more contracts have in common.
pub mod shared {
    include!(concat!(env!("OUT_DIR"), "/shared.rs"));
}
