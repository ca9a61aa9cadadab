//! A client for the emulator, for tests without a cloud.

use super::BackupClient;
use crate::Service;
use crate::emulator::Emulator;
use crate::error::{Error, ErrorKind};
use crate::service::Operation;
use crate::transport::Transport;

impl Emulator {
    /// Client of one of the emulated services.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the emulator's project id is none, and
    /// [`ErrorKind::Network`] when TLS cannot be set up on this machine.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::TaurusdbV3)?;
    /// assert_eq!(client.service(), Service::TaurusdbV3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn client(&self, service: Service) -> Result<BackupClient, Error> {
        let new = |kind, reason: &str| Error::new(kind, service, Operation::ListInstances, reason);
        let project = self.project_id().parse();
        let project = project.map_err(|e: crate::error::InvalidValue| {
            new(ErrorKind::InvalidInput, &e.to_string())
        })?;
        let transport =
            Transport::local().map_err(|e| new(ErrorKind::Network, "no TLS").with_source(e))?;
        Ok(BackupClient::new(
            service,
            self.url(service),
            project,
            transport,
        ))
    }
}
