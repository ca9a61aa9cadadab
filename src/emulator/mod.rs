//! An emulator of the services on loopback, driven by the contracts: for tests of code that uses this
//! library and, with `dbbackup emulate`, of any other.
//!
//! It reads the YAML, never the generated types: routes, checks, codes and the shape of each
//! answer come from there. It holds backups, jobs and policies until it is dropped, and a
//! backup passes through its states by a clock that tests can move. Every request needs a token or a
//! signature, IAM issues tokens, and a [`Fault`] disturbs a request. [`Emulator::requests`] and
//! [`Emulator::state`] show the requests and their effect.
//!
//! Each server also has `GET /_emulator/state`, `GET /_emulator/requests`, `POST /_emulator/faults`
//! with a plan as for [`Emulator::inject_plan`], and `POST /_emulator/reset`.
//!
//! # Limits
//!
//! Callers cannot make it grow without end:
//!
//! | what | limit |
//! | --- | --- |
//! | backups of a service | 10,000 |
//! | jobs of a service | the last 10,000 |
//! | databases that a backup names | 100 of 128 characters, 100,000 in all |
//! | tokens of IAM | 10,000 |
//! | requests in the log | the last 1,000, with 16 MiB of text |
//! | a body | 256 KiB, within 30 seconds |
//! | bodies of more than 4 KiB together | 16 MiB, for which the next one waits |
//! | connections of a server | 2,000; an idle one ends after 120 seconds |
//! | callers that read the state or the requests | eight at a time, for 30 seconds |

mod access;
mod actions;
mod backend;
mod clock;
mod control;
mod faults;
mod iam;
mod identity;
mod instances;
mod operation;
mod options;
mod parameters;
mod refusal;
mod render;
mod routes;
mod server;
mod services;
mod session;
mod shared;
mod store;
mod target;
mod unknown;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use control::{EmulatorState, HeldBackup, HeldInstance, HeldJob, ServiceState};
pub use faults::{Effect, Fault, InvalidFault, InvalidPlan, Moment, RateLimit, Reply};
pub use options::Options;
pub use server::RecordedRequest;
pub use target::{IamOperation, Target};

use crate::service::Service;
use backend::Backend;
use control::Control;
use iam::Iam;
use shared::SharedState;

/// A running emulator; it stops when dropped.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use dbbackup::{Service, api::gaussdb_v3, emulator::Emulator};
/// use gaussdb_v3::types::CreateBackupRequest;
///
/// let emulator = Emulator::start().await?;
/// let client = gaussdb_v3::Client::new(emulator.url(Service::GaussdbV3), emulator.transport()?);
/// let request = CreateBackupRequest::builder()
///     .instance_id("7e01ac5ac5274957ba506f3851d11d51in14")
///     .name("before-migration");
/// let project = emulator.project_id();
/// let accepted = client.create_backup().project_id(project).body(request).send().await?;
/// assert!(accepted.into_inner().backup.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Emulator {
    urls: BTreeMap<Service, String>,
    iam_url: String,
    control: Control,
    servers: JoinSet<()>,
}

impl Emulator {
    /// Starts the services and IAM on free ports of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Fails when no port can be opened.
    pub async fn start() -> io::Result<Self> {
        Self::with(Options::default()).await
    }

    /// Starts the services and IAM with other options.
    ///
    /// # Errors
    ///
    /// Fails when no port can be opened.
    pub async fn with(options: Options) -> io::Result<Self> {
        let mut emulator = Self {
            urls: BTreeMap::new(),
            iam_url: String::new(),
            control: Control::new(Arc::new(SharedState::new(options))),
            servers: JoinSet::new(),
        };
        let first = emulator.options().listen;
        let hosts = services::by_host();
        for (index, services) in (0..).zip(&hosts) {
            let (listener, url) = listen(first, index, hosts.len()).await?;
            let mut router = Router::new();
            for service in services {
                router = routes::serve(router, emulator.control.backend(*service));
                emulator.urls.insert(*service, url.clone());
            }
            emulator.run(listener, routes::refuse_the_rest(router), false);
        }
        let (listener, url) = listen(first, hosts.len() as u16, hosts.len()).await?;
        let iam = Iam::new(Arc::clone(emulator.shared()), &url, &emulator.urls);
        emulator.iam_url = url;
        emulator.run(listener, iam::router(iam), true);
        Ok(emulator)
    }

    /// Serves these routes until the emulator is dropped.
    fn run(&mut self, listener: TcpListener, router: Router, is_iam: bool) {
        let control = control::router(self.control.clone());
        let router = server::complete(router, control, self.shared().intake(is_iam));
        self.servers.spawn(server::serve(listener, router));
    }

    /// Base URL of a service.
    pub fn url(&self, service: Service) -> &str {
        &self.urls[&service]
    }

    /// Base URL of IAM, without `/v3`.
    pub fn iam_url(&self) -> &str {
        &self.iam_url
    }

    /// Options that the emulator was started with.
    pub fn options(&self) -> &Options {
        &self.shared().options
    }

    /// Id of the only project whose requests are accepted.
    pub fn project_id(&self) -> &str {
        &self.options().project_id
    }

    /// Token of the options, which never expires.
    pub fn token(&self) -> &str {
        &self.options().token
    }

    fn backend(&self, service: Service) -> &Backend {
        self.control.backend(service)
    }

    fn shared(&self) -> &Arc<SharedState> {
        &self.control.shared
    }
}

/// A server of one of the hosts, or of IAM after them, on its port, counted from the first one.
async fn listen(
    mut address: SocketAddr,
    index: u16,
    hosts: usize,
) -> io::Result<(TcpListener, String)> {
    if address.port() != 0 {
        let port = address.port().checked_add(index).ok_or_else(|| {
            let message = format!("{address}: there are fewer than {} ports", hosts + 1);
            io::Error::new(io::ErrorKind::AddrNotAvailable, message)
        })?;
        address.set_port(port);
    }
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("{address}: {error}")))?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}
