//! The client of the emulator in this process.

use super::BackupClient;
use crate::auth::{Credentials, NameOrId, Password};
use crate::config::Config;
use crate::emulator::Emulator;
use crate::error::{Error, ErrorKind, InvalidValue};
use crate::service::Service;
use crate::transport::{Options, Transport};

impl Emulator {
    /// Client of one of the emulated services.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the emulator's project id or token cannot be one, and
    /// [`ErrorKind::Unreachable`] when TLS cannot be set up on this machine.
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
        let project = project.map_err(|refused: InvalidValue| {
            Error::general(ErrorKind::InvalidInput, refused.to_string())
        })?;
        let transport = self.transport()?;
        Ok(BackupClient::new(
            service,
            self.url(service),
            project,
            transport,
        ))
    }

    /// Configuration of a client that logs in to the emulator with its password.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// assert_eq!(emulator.config().url(Service::RdsV3)?, emulator.url(Service::RdsV3));
    /// # Ok(())
    /// # }
    /// ```
    pub fn config(&self) -> Config {
        let options = self.options();
        let project = NameOrId::Name(options.region.clone());
        let password = Password {
            iam_url: self.iam_url().to_owned(),
            user: NameOrId::Name(options.username.clone()),
            domain: Some(NameOrId::Name(options.domain.clone())),
            password: options.password.as_str().into(),
            project: project.clone(),
        };
        let config = Config::default()
            .with_credentials(Credentials::Password(password))
            .with_region(&options.region)
            .with_project(project)
            .with_iam_url(self.iam_url());
        Service::ALL.iter().fold(config, |config, &service| {
            config.with_url(service.product(), self.url(service))
        })
    }

    /// Transport with the emulator's token, never through a proxy: for generated clients and
    /// [`BackupClient::new`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the emulator's token cannot be a header, and
    /// [`ErrorKind::Unreachable`] when TLS cannot be set up on this machine.
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
    /// assert!(list.into_inner().instances.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport(&self) -> Result<Transport, Error> {
        let options = Options {
            proxy: false,
            ..Options::default()
        };
        Transport::with(Credentials::token(self.token()), options)
    }
}
