//! One client for all services, in the words of the domain.
//!
//! `connect.rs` makes it; `backups.rs`, `lists.rs`, `listing.rs` and `instances.rs` hold its methods by subject,
//! `creation/` how a backup is made, `wait.rs`, `jobs.rs` and `watch.rs` the waiting, `look.rs` how a backup
//! is found, `find.rs` how an instance is found by its name, `pages.rs` how a list is read, `bounds.rs` what
//! it may cost, `call.rs` what every call has in common.

mod backups;
mod bounds;
mod call;
mod connect;
mod creation;
#[cfg(feature = "emulator")]
mod emulated;
mod find;
mod instances;
mod jobs;
mod listing;
mod lists;
mod look;
mod pages;
mod wait;
mod watch;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::sync::Mutex;

use crate::error::{Error, ErrorKind, InvalidValue};
use crate::lock::lock;
use crate::model::{BackupRef, ProjectId};
use crate::service::{Operation, Service};
use crate::transport::Transport;
use crate::variants::{Capabilities, Variant};

pub use creation::UnknownOutcome;
pub use wait::{Progress, Wait};

/// How long a new backup may take to show up, unless the caller knows better.
const WINDOW: Duration = Duration::from_secs(60);

/// Backups of the instances of a project, through one service.
///
/// Clones share connections. What a service does not have is refused with
/// [`ErrorKind::Unsupported`] before any call; the message names the services that have it. Waiting
/// needs a Tokio runtime with time enabled.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use dbbackup::{BackupClient, Service, Wait, emulator::Emulator, model::NewBackup};
///
/// let emulator = Emulator::start().await?;
/// let client = BackupClient::new(
///     Service::GaussdbV3,
///     emulator.url(Service::GaussdbV3),
///     "0483b6b16e954cb88930a360d2c4e663".parse()?,
///     emulator.transport()?,
/// );
/// let instance = "7e01ac5ac5274957ba506f3851d11d51in14".parse()?;
/// let backup = client.create(&NewBackup::new(instance, "before-migration".parse()?)).await?;
/// # emulator.advance(Duration::from_secs(60));
/// let backup = client.wait(&backup, Wait::up_to(Duration::from_secs(3600))).await?;
/// println!("{} has {:?} bytes", backup.name, backup.size);
/// client.delete(&backup).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct BackupClient {
    place: Arc<Place>,
    transport: Transport,
    /// The generated client of the service, over this transport.
    variant: Arc<Variant>,
    /// How long a new backup may take to show up in lists.
    window: Duration,
    /// For how long a create waits for a busy instance.
    idle_limit: Option<Duration>,
    /// Held from counting the backups in flight to creating one more.
    creating: Arc<Mutex<()>>,
}

/// Where the calls go.
#[derive(Debug)]
struct Place {
    service: Service,
    url: String,
    project: ProjectId,
}

/// The lock of a project, which all clients of the process share.
fn creating(url: &str, project: &ProjectId) -> Arc<Mutex<()>> {
    type Locks = HashMap<(String, ProjectId), Arc<Mutex<()>>>;
    static ALL: LazyLock<std::sync::Mutex<Locks>> = LazyLock::new(Default::default);
    let mut all = lock(&ALL);
    // A lock that no client holds is of no use any more.
    all.retain(|_, lock| Arc::strong_count(lock) > 1);
    let key = (url.trim_end_matches('/').to_owned(), project.clone());
    Arc::clone(all.entry(key).or_default())
}

impl BackupClient {
    /// Client of a service at a base URL, such as `https://rds.eu-de.otc.t-systems.com`, for the
    /// instances of a project.
    pub fn new(service: Service, url: &str, project: ProjectId, transport: Transport) -> Self {
        let transport = transport.for_project(&project);
        let variant = Variant::new(service, url, transport.clone());
        Self {
            creating: creating(url, &project),
            transport,
            variant: Arc::new(variant),
            window: WINDOW,
            idle_limit: None,
            place: Arc::new(Place {
                service,
                url: url.to_owned(),
                project,
            }),
        }
    }

    /// A client of the same project, with the same settings.
    fn remade(&self, service: Service, transport: Transport) -> Self {
        let Place { url, project, .. } = &*self.place;
        Self {
            window: self.window,
            idle_limit: self.idle_limit,
            ..Self::new(service, url, project.clone(), transport)
        }
    }

    /// A client whose calls take no longer than this, with all attempts, and its lists with all pages.
    #[must_use]
    pub fn with_time_limit(self, time_limit: Duration) -> Self {
        self.remade(
            self.service(),
            self.transport.clone().with_time_limit(time_limit),
        )
    }

    /// A client whose creates wait for an instance that is busy, for as long as this.
    ///
    /// While the service refuses the call with one of the codes for a busy instance, which say that
    /// nothing was started, they pause, list and send it again.
    #[must_use]
    pub fn with_idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_limit = Some(limit);
        self
    }

    /// A client for a service whose new backups show up in lists within this time, not 60 s.
    ///
    /// For so long a backup is looked for when nobody can tell whether a create has made it. No page
    /// of the vendor has a number. See [`create`](Self::create) and [`ensure`](Self::ensure).
    #[must_use]
    pub fn with_visibility_window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// The service that is called.
    pub fn service(&self) -> Service {
        self.place.service
    }

    /// What the service can do, and how it differs from the others.
    fn capabilities(&self) -> &'static Capabilities {
        self.service().capabilities()
    }

    /// The HTTP client below, with its TLS, proxy and time to connect, for links that need no
    /// credentials, such as those of [`files`](Self::files). It follows no redirect.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV3)?;
    /// let link = format!("{}/_emulator/state", emulator.url(Service::RdsV3));
    /// assert!(client.http().get(link).send().await?.status().is_success());
    /// # Ok(())
    /// # }
    /// ```
    pub fn http(&self) -> &reqwest::Client {
        self.transport.http()
    }

    fn invalid(&self, operation: Operation, reason: impl Into<String>) -> Error {
        Error::new(ErrorKind::InvalidInput, self.service(), operation, reason)
    }

    fn refuse(&self, operation: Operation, refused: &InvalidValue) -> Error {
        self.invalid(operation, refused.to_string())
    }

    /// Refuses a backup of another service.
    fn check(&self, operation: Operation, backup: &BackupRef) -> Result<(), Error> {
        self.check_service(operation, backup.service)
    }

    fn check_service(&self, operation: Operation, of_backup: Service) -> Result<(), Error> {
        if self.service() == of_backup {
            return Ok(());
        }
        let reason = format!("the backup is one of {of_backup}: use a client of {of_backup}");
        Err(self.invalid(operation, reason))
    }
}
