//! A stand-in for the services on loopback, driven by the contracts.
//!
//! It reads the YAML, never the generated types: routes, checks, codes and the shape of each
//! answer come from there. It remembers backups, jobs and policies until it is dropped, and a
//! backup passes through its states by a clock that tests can move. Every request needs a token or a
//! signature, IAM gives tokens, and a [`Fault`] lets a request go wrong.

mod actions;
mod backend;
mod clock;
mod controls;
mod credentials;
mod faults;
mod iam;
mod identity;
mod operation;
mod options;
mod parameters;
mod received;
mod refusal;
mod render;
mod respond;
mod routes;
mod shared;
mod signature;
mod state;
mod tokens;
mod traffic;
mod wire;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::DATE;
use axum::middleware::map_response_with_state;
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use controls::HeldBackup;
pub use faults::{Effect, Fault, InvalidFault, Moment, Reply, Target};
pub use options::Options;

use crate::Service;
use backend::Backend;
use iam::Iam;
use shared::Shared;
use wire::{Wire, WireListener};

/// The services behind one host name each: RDS serves both versions of its API.
const HOSTS: [&[Service]; 3] = [
    &[Service::RdsV1, Service::RdsV3],
    &[Service::TaurusdbV3],
    &[Service::GaussdbV3],
];

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
    urls: Vec<String>,
    iam_url: String,
    backends: [Arc<Backend>; Service::ALL.len()],
    shared: Arc<Shared>,
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
        let shared = Arc::new(Shared::new(options));
        let mut emulator = Self {
            urls: vec![String::new(); Service::ALL.len()],
            iam_url: String::new(),
            backends: Service::ALL.map(|service| Backend::new(service, Arc::clone(&shared)).into()),
            shared,
            servers: JoinSet::new(),
        };
        let address = emulator.options().listen;
        for (place, services) in (0..).zip(HOSTS) {
            let (listener, url) = listen(address, place).await?;
            let mut router = Router::new();
            for service in services {
                router = routes::serve(router, emulator.backend(*service));
                emulator.urls[*service as usize].clone_from(&url);
            }
            emulator.run(listener, routes::refuse_the_rest(router));
        }
        let (listener, url) = listen(address, HOSTS.len() as u16).await?;
        let iam = Iam::new(Arc::clone(&emulator.shared), &url, &emulator.urls);
        emulator.iam_url = url;
        emulator.run(listener, iam::router(iam));
        Ok(emulator)
    }

    /// Serves these routes until the emulator is dropped.
    fn run(&mut self, listener: WireListener, router: Router) {
        let router = router.layer(map_response_with_state(Arc::clone(&self.shared), dated));
        let service = router.into_make_service_with_connect_info::<Wire>();
        self.servers.spawn(async move {
            // Serving ends only with the task.
            let _ = axum::serve(listener, service).await;
        });
    }

    /// Base URL of a service.
    pub fn url(&self, service: Service) -> &str {
        &self.urls[service as usize]
    }

    /// Base URL of IAM, without `/v3`.
    pub fn iam_url(&self) -> &str {
        &self.iam_url
    }

    /// What the emulator was started with.
    pub fn options(&self) -> &Options {
        &self.shared.options
    }

    /// The project whose requests are accepted.
    pub fn project_id(&self) -> &str {
        &self.options().project_id
    }

    /// The token that never expires.
    pub fn token(&self) -> &str {
        &self.options().token
    }

    fn backend(&self, service: Service) -> &Arc<Backend> {
        &self.backends[service as usize]
    }
}

/// The port of a server, counted from the first one, and its URL.
async fn listen(mut address: SocketAddr, place: u16) -> io::Result<(WireListener, String)> {
    if address.port() != 0 {
        let port = address.port().checked_add(place);
        address.set_port(port.ok_or(io::ErrorKind::AddrNotAvailable)?);
    }
    let refused = |error: io::Error| io::Error::new(error.kind(), format!("{address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((WireListener(listener), url))
}

/// The answer with the time of the emulator's clock, unless it has another one already.
async fn dated(State(shared): State<Arc<Shared>>, mut answer: Response) -> Response {
    let date = shared.now().strftime("%a, %d %b %Y %H:%M:%S GMT");
    if let Ok(date) = HeaderValue::try_from(date.to_string()) {
        answer.headers_mut().entry(DATE).or_insert(date);
    }
    answer
}
