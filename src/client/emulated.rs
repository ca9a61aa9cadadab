//! A client for the emulator, for tests without a cloud.

use super::BackupClient;
use crate::Service;
use crate::emulator::Emulator;
use crate::error::{Error, ErrorKind, InvalidValue};
use crate::service::Operation;
use crate::transport::Transport;

impl Emulator {
    /// Transport with the emulator's token, for generated clients and [`BackupClient::new`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the emulator's token cannot be a header, and
    /// [`ErrorKind::Network`] when TLS cannot be set up on this machine.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, api::rds_v3, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = rds_v3::Client::new(emulator.url(Service::RdsV3), emulator.transport()?);
    /// let list = client.list_instances().project_id(emulator.project_id()).send().await?;
    /// assert!(!list.into_inner().instances.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport(&self) -> Result<Transport, Error> {
        self.transport_of(Service::RdsV3)
    }

    /// Client of one of the emulated services.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the emulator's project id or token cannot be one, and
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
        let project = self.project_id().parse();
        let project = project.map_err(|fault| invalid(service, &fault))?;
        Ok(BackupClient::new(
            service,
            self.url(service),
            project,
            self.transport_of(service)?,
        ))
    }

    /// Transport whose errors name this service.
    fn transport_of(&self, service: Service) -> Result<Transport, Error> {
        let no_tls = |source| error(ErrorKind::Network, service, "no TLS").with_source(source);
        let transport = Transport::local().map_err(no_tls)?;
        let transport = transport.with_token(self.token());
        transport.map_err(|fault| invalid(service, &fault))
    }
}

fn invalid(service: Service, fault: &InvalidValue) -> Error {
    error(ErrorKind::InvalidInput, service, &fault.to_string())
}

fn error(kind: ErrorKind, service: Service, reason: &str) -> Error {
    Error::new(kind, service, Operation::ListInstances, reason)
}
