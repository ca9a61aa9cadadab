//! A stand-in for the services on loopback, driven by the contracts.
//!
//! It reads the YAML, never the generated types: routes, checks, codes and the shape of each
//! answer come from there. It remembers backups, jobs and policies until it is dropped, and a
//! backup passes through its states by a clock that tests can move. Credentials are not checked.

mod actions;
mod backend;
mod clock;
mod controls;
mod identity;
mod operation;
mod parameters;
mod refusal;
mod render;
mod routes;
mod state;

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::Service;
use backend::Backend;
use clock::Clock;

/// The services behind one host name each: RDS serves both versions of its API.
const HOSTS: [&[Service]; 3] = [
    &[Service::RdsV1, Service::RdsV3],
    &[Service::TaurusdbV3],
    &[Service::GaussdbV3],
];

/// How an emulator behaves.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use dbbackup::emulator::Options;
///
/// let slow = Options { build_time: Duration::from_secs(600), ..Options::default() };
/// assert_eq!(slow.delete_time, Duration::from_secs(1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The only project whose requests are accepted.
    pub project_id: String,
    /// How long a backup is BUILDING, and how long a restore takes.
    pub build_time: Duration,
    /// How long a backup is DELETING, for the services that show this state.
    pub delete_time: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            project_id: "0483b6b16e954cb88930a360d2c4e663".to_owned(),
            build_time: Duration::from_secs(2),
            delete_time: Duration::from_secs(1),
        }
    }
}

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
    backends: [Arc<Backend>; Service::ALL.len()],
    clock: Arc<Clock>,
    project_id: String,
    servers: JoinSet<()>,
}

impl Emulator {
    /// Starts the services on free ports of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Fails when no port can be opened.
    pub async fn start() -> io::Result<Self> {
        Self::with(Options::default()).await
    }

    /// Starts the services with other options.
    ///
    /// # Errors
    ///
    /// Fails when no port can be opened.
    pub async fn with(options: Options) -> io::Result<Self> {
        let clock = Arc::new(Clock::new());
        let mut emulator = Self {
            urls: vec![String::new(); Service::ALL.len()],
            backends: Service::ALL
                .map(|service| Backend::new(service, options.clone(), Arc::clone(&clock)).into()),
            clock,
            project_id: options.project_id,
            servers: JoinSet::new(),
        };
        for services in HOSTS {
            emulator.open(services).await?;
        }
        Ok(emulator)
    }

    /// Serves these services on a port of their own.
    async fn open(&mut self, services: &[Service]) -> io::Result<()> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let mut router = Router::new();
        for service in services {
            router = routes::serve(router, self.backend(*service));
            self.urls[*service as usize].clone_from(&url);
        }
        let router = routes::refuse_the_rest(router);
        self.servers.spawn(async move {
            // Serving ends only with the task.
            let _ = axum::serve(listener, router).await;
        });
        Ok(())
    }

    /// Base URL of a service.
    pub fn url(&self, service: Service) -> &str {
        &self.urls[service as usize]
    }

    /// The project whose requests are accepted.
    pub fn project_id(&self) -> &str {
        &self.project_id
    }

    fn backend(&self, service: Service) -> &Arc<Backend> {
        &self.backends[service as usize]
    }
}
