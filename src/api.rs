//! The clients generated from the contracts, one module per service.
//!
//! `build.rs` lists the contracts and writes this code from `openapi/*.yaml` with progenitor; nothing
//! in it is edited by hand. It follows the contracts, not the semantic versioning of this crate.
//! [`shared`] holds the schemas that several contracts have in common; each module's `types` names
//! all that it uses. A call is about the project of its transport
//! ([`for_project`](crate::transport::Transport::for_project)), unless it names one.
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

include!(concat!(env!("OUT_DIR"), "/api.rs"));

/// Schemas that two or more contracts have in common, in the words of the first.
pub mod shared {
    include!(concat!(env!("OUT_DIR"), "/shared.rs"));
}
