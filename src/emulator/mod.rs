//! A stand-in for the services on loopback, driven by the contracts.
//!
//! It reads the YAML, never the generated types: each request is checked against its schema, and
//! the answers have the shape of the documented examples. It accepts creates and remembers
//! nothing; credentials are not checked.

mod operation;
mod reply;

use std::io;
use std::net::Ipv4Addr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::Service;
use operation::Operation;

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
/// use dbbackup::{Service, api::gaussdb_v3, emulator::Emulator, transport::Transport};
/// use gaussdb_v3::types::CreateBackupRequest;
///
/// let emulator = Emulator::start().await?;
/// let client = gaussdb_v3::Client::new(emulator.url(Service::GaussdbV3), Transport::local()?);
/// let request = CreateBackupRequest::builder()
///     .instance_id("7e01ac5ac5274957ba506f3851d11d51in14")
///     .name("before-migration");
/// let project = "0483b6b16e954cb88930a360d2c4e663";
/// let accepted = client.create_backup().project_id(project).body(request).send().await?;
/// assert!(accepted.into_inner().backup.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Emulator {
    urls: Vec<(Service, String)>,
    _servers: JoinSet<()>,
}

impl Emulator {
    /// Starts the services on free ports of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Fails when no port can be opened.
    pub async fn start() -> io::Result<Self> {
        let mut urls = Vec::new();
        let mut servers = JoinSet::new();
        for services in HOSTS {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let url = format!("http://{}", listener.local_addr()?);
            let mut router = Router::new();
            for service in services {
                urls.push((*service, url.clone()));
                for operation in Operation::all(*service) {
                    router = operation.serve(router);
                }
            }
            let router = operation::refuse_the_rest(router);
            servers.spawn(async move {
                // Serving ends only with the task.
                let _ = axum::serve(listener, router).await;
            });
        }
        Ok(Self {
            urls,
            _servers: servers,
        })
    }

    /// Base URL of a service.
    pub fn url(&self, service: Service) -> &str {
        let mut urls = self.urls.iter();
        urls.find(|(of, _)| *of == service)
            .map(|(_, url)| url.as_str())
            .unwrap_or_default()
    }
}
