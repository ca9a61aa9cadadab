//! A client from a configuration: endpoint, credentials, and the id of the project.

use super::BackupClient;
use crate::config::Config;
use crate::error::{Error, ErrorKind, InvalidValue};
use crate::service::Service;
use crate::transport::{Options, Transport};

impl BackupClient {
    /// Client of a service, as a configuration says.
    ///
    /// A project that is given by name, or not at all, costs a login or a call to IAM.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoCredentials`] and [`ErrorKind::InvalidInput`] when the configuration lacks
    /// something, [`ErrorKind::NotFound`] when IAM does not know the project, and those of a call
    /// when IAM is asked for it.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{BackupClient, Service, config::Config, emulator::Emulator};
    ///
    /// let emulator = Emulator::start().await?;
    /// // In production: Config::from_env()?
    /// let config = emulator.config();
    /// let client = BackupClient::connect(Service::TaurusdbV3, &config).await?;
    /// assert_eq!(client.service(), Service::TaurusdbV3);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect(service: Service, config: &Config) -> Result<Self, Error> {
        let credentials = config.credentials.clone().ok_or_else(|| {
            let message = "no credentials: set them in the configuration, or use Config::from_env";
            Error::general(ErrorKind::NoCredentials, message)
        })?;
        let options = Options {
            ca_file: config.ca_file.clone(),
            ..Options::default()
        };
        Self::connect_with(service, config, Transport::with(credentials, options)?).await
    }

    /// Client of a service, as a configuration says, over a transport with options of its own or
    /// one that clients of other services share. The credentials are those of the transport. With a
    /// password, the project must be that of its login.
    ///
    /// # Errors
    ///
    /// Like [`BackupClient::connect`].
    pub async fn connect_with(
        service: Service,
        config: &Config,
        transport: Transport,
    ) -> Result<Self, Error> {
        let url = config.url(service)?;
        let transport = transport.with_names(&config.names);
        let place = || project_by_name(config);
        let project = transport.find_project(config.project.as_ref(), place);
        let project = project.await?.parse().map_err(|refused: InvalidValue| {
            Error::general(ErrorKind::InvalidInput, refused.to_string())
        })?;
        Ok(Self::new(service, &url, project, transport))
    }
}

/// URL of IAM, and the name of the project to look for there.
fn project_by_name(config: &Config) -> Result<(String, String), Error> {
    let name = config
        .project
        .clone()
        .or_else(|| config.region_as_project());
    let name = name.ok_or_else(|| {
        let message = format!("no project: set {}", config.names.of("project"));
        Error::general(ErrorKind::InvalidInput, message)
    })?;
    Ok((config.iam_url()?, name.to_string()))
}
