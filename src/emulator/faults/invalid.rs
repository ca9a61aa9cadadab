//! Errors of faults and plans.

use std::fmt;

use crate::emulator::target::Target;

/// Error of a fault that cannot happen.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum InvalidFault {
    /// The service, or IAM, has no operation of this name.
    UnknownOperation(String),
    /// The operation makes no backup that could be hidden or fail.
    NoBackup(Target),
    /// HTTP has no such status code for an answer.
    Status(u16),
    /// HTTP does not allow a header of this name and value, or it would set how the body is sent.
    Header(String),
    /// The chance is not a number from 0 to 1.
    Chance(f64),
}

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation(id) => write!(f, "there is no operation {id}"),
            Self::NoBackup(target) => {
                let id = target.operation_id();
                write!(
                    f,
                    "{id} makes no backup that could be hidden, stick or fail"
                )
            }
            Self::Status(status) => write!(f, "{status} is not the status of an answer"),
            Self::Chance(chance) => {
                write!(f, "a chance is a number from 0 to 1, but it is {chance}")
            }
            Self::Header(name) => write!(f, "the header {name:?} cannot be sent like this"),
        }
    }
}

impl std::error::Error for InvalidFault {}

/// Error of a plan that cannot be followed: one line that names the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPlan(pub(crate) String);

impl fmt::Display for InvalidPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidPlan {}
