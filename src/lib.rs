//! Clients for backups of managed databases on Huawei Cloud and Open Telekom Cloud.
//!
//! [`BackupClient`] creates, finds, waits for, fetches, deletes and restores backups through one of
//! four services: RDS (v1 and v3), TaurusDB and GaussDB. What differs between them, it hides; what
//! one of them lacks, it says. A [`Config`](config::Config) says who calls and where; below all
//! clients there is a [`Transport`](transport::Transport), which proves the caller's identity and
//! sends a call again only when that is safe.
//!
//! The OpenAPI files in `openapi/` are the source of truth; [`api`] holds the client generated from
//! each of them. A request that breaks a documented rule cannot be built, and an answer to an
//! accepted create is read leniently.
//!
//! [`retention`] decides which backups are not needed any more.
//!
//! What is special about a service are its [`Capabilities`].
//!
//! Types of other crates in this interface: times of [`jiff`], HTTP clients of [`reqwest`], secrets of
//! [`secrecy`], streams of `futures`, whose methods [`TryStreamExt`] has, and in [`api`] the errors and
//! answers of [`progenitor_client`].
//!
//! Features, all off but `rustls`: `emulator` for a local stand-in of the services, `cli` for the
//! command `dbbackup`, `spec` for the command `dbbackup-spec`.
#![forbid(unsafe_code)]

// Generated code refers to the types of this crate by their absolute path.
extern crate self as dbbackup;

pub mod api;
pub mod auth;
mod client;
pub mod config;
#[cfg(any(feature = "emulator", feature = "spec"))]
pub mod contract;
#[cfg(feature = "emulator")]
pub mod emulator;
pub mod error;
mod file;
mod lock;
pub mod model;
pub mod retention;
pub mod service;
pub mod spec;
pub mod transport;
mod variants;

pub use client::{BackupClient, Progress, UnknownOutcome, Wait};
pub use error::{Error, ErrorKind};
/// The methods of lists, such as `try_next` and `try_collect`.
pub use futures_util::TryStreamExt;
pub use service::{Operation, Product, Service};
pub use variants::{AddressedBy, Capabilities, Lists, PolicyRules};

/// Runs the examples of the README as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
