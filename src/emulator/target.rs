//! The operations that can be counted and disturbed, of the services and of IAM.

use serde::de::Error as _;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::service::{Operation, Service};

/// An operation of a service or of IAM.
///
/// A pair of a [`Service`] and an [`Operation`] and an [`IamOperation`] convert into it.
///
/// # Examples
///
/// ```
/// use dbbackup::emulator::{IamOperation, Target};
/// use dbbackup::{Operation, Service};
///
/// let create = (Service::RdsV3, Operation::CreateBackup);
/// assert_ne!(Target::from(create), Target::from(IamOperation::CreateToken));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// An operation of a service.
    Service(Service, Operation),
    /// An operation of IAM.
    Iam(IamOperation),
}

/// An operation of the emulated IAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IamOperation {
    /// Log in with a password or a token.
    CreateToken,
    /// Show the scope of a token.
    ValidateToken,
    /// List the projects of the domain.
    ListProjects,
    /// List the projects that a token may be scoped to.
    ListOwnProjects,
    /// List the domains that a token may be scoped to.
    ListOwnDomains,
    /// Show the catalog of the services.
    ShowCatalog,
    /// Show the version of the API.
    ShowVersion,
    /// List the versions of the API.
    ListVersions,
}

/// A server as plans name it: a service, or IAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Server {
    Service(Service),
    Iam,
}

impl Target {
    pub(crate) fn server(self) -> Server {
        match self {
            Self::Service(service, _) => Server::Service(service),
            Self::Iam(_) => Server::Iam,
        }
    }

    /// Name of the operation, which is its `operationId` for a service.
    pub(crate) fn operation_id(self) -> &'static str {
        match self {
            Self::Service(_, operation) => operation.as_str(),
            Self::Iam(operation) => operation.as_str(),
        }
    }

    /// The operation with this name, whether or not the service has it.
    pub(crate) fn named(server: Server, operation_id: &str) -> Option<Self> {
        match server {
            Server::Service(service) => {
                Operation::with_id(operation_id).map(|operation| Self::Service(service, operation))
            }
            Server::Iam => IamOperation::ALL
                .iter()
                .find(|operation| operation.as_str() == operation_id)
                .map(|operation| Self::Iam(*operation)),
        }
    }
}

impl IamOperation {
    pub(crate) const ALL: &[Self] = &[
        Self::CreateToken,
        Self::ValidateToken,
        Self::ListProjects,
        Self::ListOwnProjects,
        Self::ListOwnDomains,
        Self::ShowCatalog,
        Self::ShowVersion,
        Self::ListVersions,
    ];

    /// Name in plans and in the log of requests, such as `create_token`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateToken => "create_token",
            Self::ValidateToken => "validate_token",
            Self::ListProjects => "list_projects",
            Self::ListOwnProjects => "list_own_projects",
            Self::ListOwnDomains => "list_own_domains",
            Self::ShowCatalog => "show_catalog",
            Self::ShowVersion => "show_version",
            Self::ListVersions => "list_versions",
        }
    }
}

impl From<(Service, Operation)> for Target {
    fn from((service, operation): (Service, Operation)) -> Self {
        Self::Service(service, operation)
    }
}

impl From<IamOperation> for Target {
    fn from(operation: IamOperation) -> Self {
        Self::Iam(operation)
    }
}

/// Writes a target as two fields of JSON, both `null` for none.
pub(crate) fn write_fields<S: Serializer>(
    target: &Option<Target>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("Target", 2)?;
    fields.serialize_field("target", &target.map(Target::server))?;
    fields.serialize_field("operation", &target.map(Target::operation_id))?;
    fields.end()
}

impl Server {
    fn as_str(self) -> &'static str {
        match self {
            Self::Service(service) => service.as_str(),
            Self::Iam => "iam",
        }
    }
}

impl Serialize for Server {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Server {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let services = Service::ALL.iter().copied().map(Self::Service);
        let mut servers = services.clone().chain([Self::Iam]);
        servers
            .find(|server| server.as_str() == name)
            .ok_or_else(|| {
                let names: Vec<_> = services.map(Self::as_str).collect();
                D::Error::custom(format!("target must be one of {}, iam", names.join(", ")))
            })
    }
}
