//! What the vendor's error codes mean: the one table that everything else looks up.
//!
//! Sources: the `x-error-codes` of the contracts, which cite the vendor's pages; for an instance that is
//! busy, also the codes that the vendor's
//! [Terraform provider](https://github.com/huaweicloud/terraform-provider-huaweicloud) retries; for the
//! gateway, the [codes of API Gateway](https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html).

mod table;

use super::Error;
use super::ErrorKind::{self, Conflict, Unauthorized};
use crate::service::{Operation, Service};
use Remedy::{Do, LookFirst, Permission, Unknown};
use table::MEANINGS;

/// What some codes mean.
#[derive(Debug)]
pub(crate) struct Meaning {
    codes: &'static [&'static str],
    /// The services on which they mean it; empty for all.
    on: &'static [Service],
    /// The only operation for which they mean it.
    only_for: Option<Operation>,
    /// The kind of the error, in place of the one that its status stands for.
    pub(super) kind: Option<ErrorKind>,
    pub(crate) signal: Option<Signal>,
    pub(super) remedy: Remedy,
}

/// What the client acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// With 409: the instance does something else, and nothing was done.
    Busy,
    /// A backup of this name exists, and nothing was done.
    NameTaken,
    /// The token is invalid or has expired: a new one may do.
    StaleToken,
    /// The credentials are not accepted, whatever they may do.
    BadCredentials,
    /// Too many calls.
    Throttled,
}

/// What the caller can do about it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Remedy {
    /// Nothing that is known.
    Unknown,
    /// This.
    Do(&'static str),
    /// Check the permission, with its name where it is known.
    Permission,
    /// Repeat what reads; look before a change is repeated.
    LookFirst,
}

/// What a code means in the answer to a call.
pub(crate) fn meaning(
    service: Option<Service>,
    operation: Option<Operation>,
    code: &str,
) -> Option<&'static Meaning> {
    MEANINGS.iter().find(|row| {
        row.codes.contains(&code)
            && (row.on.is_empty() || service.is_some_and(|service| row.on.contains(&service)))
            && (row.only_for.is_none() || row.only_for == operation)
    })
}

/// What a code of any service asks the transport to do.
pub(crate) fn signal(code: &str) -> Option<Signal> {
    meaning(None, None, code)?.signal
}

impl Error {
    fn signal(&self) -> Option<Signal> {
        meaning(self.service(), self.operation(), self.code()?)?.signal
    }

    /// Whether the service did nothing because the instance does something else.
    pub(crate) fn is_busy(&self) -> bool {
        self.status() == Some(409) && self.signal() == Some(Signal::Busy)
    }

    /// Whether the service did nothing because there is a backup of this name.
    pub(crate) fn is_name_taken(&self) -> bool {
        self.kind() == Conflict && self.signal() == Some(Signal::NameTaken)
    }

    /// Whether the credentials themselves were refused, and not a permission that they lack.
    pub fn refuses_credentials(&self) -> bool {
        let of_identity = [Some(Signal::BadCredentials), Some(Signal::StaleToken)];
        self.kind() == Unauthorized
            && (self.status() == Some(401) || of_identity.contains(&self.signal()))
    }
}

/// What to do about a code that a service answers a call with, if the vendor's tables say what it
/// means.
///
/// # Examples
///
/// ```
/// use dbbackup::{Operation, Service, error::remedy};
///
/// let step = remedy(Service::RdsV3, Operation::CreateBackup, "DBS.200019");
/// assert_eq!(step.as_deref(), Some("wait until the instance is idle; if it stays so, check its status"));
/// assert_eq!(remedy(Service::RdsV3, Operation::CreateBackup, "DBS.0"), None);
/// ```
pub fn remedy(service: Service, operation: Operation, code: &str) -> Option<String> {
    meaning(Some(service), Some(operation), code)?.step(service, operation)
}

impl Meaning {
    /// What to do about it.
    pub(super) fn step(&self, service: Service, operation: Operation) -> Option<String> {
        let step = match self.remedy {
            Unknown => return None,
            Do(step) => step.to_owned(),
            LookFirst if operation.changes() => {
                "look whether it was done before you repeat it".to_owned()
            }
            LookFirst => "repeat it a little later".to_owned(),
            Permission => {
                let permission = match service.product().iam_action(operation) {
                    Some(action) => format!("may do {action}"),
                    None => "have the permission".to_owned(),
                };
                format!(
                    "check the ids, and that the credentials belong to the project and {permission}"
                )
            }
        };
        Some(step)
    }
}

#[cfg(test)]
mod tests;
