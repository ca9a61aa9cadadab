//! The services and operations that this crate knows: closed sets that everything is keyed by.

mod operation;
mod product;

pub use operation::Operation;
pub use product::Product;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A service, together with the version of its API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Service {
    /// Relational Database Service, API v1.
    RdsV1,
    /// Relational Database Service, API v3.
    RdsV3,
    /// TaurusDB, also known as GaussDB(for MySQL), API v3.
    TaurusdbV3,
    /// GaussDB, also known as GaussDB(for openGauss), API v3.
    GaussdbV3,
}

impl Service {
    /// All services, in the order of the documentation.
    pub const ALL: &[Self] = &[Self::RdsV1, Self::RdsV3, Self::TaurusdbV3, Self::GaussdbV3];

    /// The name used for files, flags and output, such as `rds-v3`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RdsV1 => "rds-v1",
            Self::RdsV3 => "rds-v3",
            Self::TaurusdbV3 => "taurusdb-v3",
            Self::GaussdbV3 => "gaussdb-v3",
        }
    }

    /// The product whose API it is.
    pub const fn product(self) -> Product {
        match self {
            Self::RdsV1 | Self::RdsV3 => Product::Rds,
            Self::TaurusdbV3 => Product::TaurusDb,
            Self::GaussdbV3 => Product::GaussDb,
        }
    }

    /// Whether the service has an operation.
    ///
    /// # Examples
    ///
    /// ```
    /// use dbbackup::{Operation, Service};
    ///
    /// assert!(Service::RdsV3.supports(Operation::ListBackupFiles));
    /// assert!(!Service::RdsV1.supports(Operation::ListBackupFiles));
    /// ```
    pub fn supports(self, operation: Operation) -> bool {
        operation.services().contains(&self)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Reads the name of a service, such as `rds-v3`.
///
/// # Examples
///
/// ```
/// use dbbackup::Service;
///
/// assert_eq!("rds-v3".parse(), Ok(Service::RdsV3));
/// assert!("rds".parse::<Service>().is_err());
/// ```
impl FromStr for Service {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let found = Self::ALL.iter().find(|service| service.as_str() == name);
        found.copied().ok_or_else(|| UnknownName {
            name: name.to_owned(),
            known: Self::ALL.iter().map(|service| service.as_str()).collect(),
        })
    }
}

/// The name of no service or operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    name: String,
    known: Vec<&'static str>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known.join(", ");
        write!(f, "must be one of {known}, but it is {:?}", self.name)
    }
}

impl std::error::Error for UnknownName {}
