//! The action of each operation on a request that obeys the contract.
//!
//! There is one function for each operation, for all services that have it. Names that differ
//! between the services are in their profiles, or follow from the fields that the contract has.

mod backups;
mod deletions;
mod lists;
mod policies;
mod restores;

use super::operation::CheckedRequest;
use super::session::{ActionResult, ServiceSession};
use crate::service::Operation;

/// The work of an operation.
pub(crate) type Action = fn(&mut ServiceSession<'_>, &CheckedRequest) -> ActionResult;

/// The action of an operation.
pub(crate) fn find(operation: Operation) -> Action {
    match operation {
        Operation::CreateBackup => backups::create,
        Operation::ListBackups => lists::backups,
        Operation::DeleteBackup => deletions::delete,
        Operation::DeleteBackups => deletions::delete_several,
        Operation::StopBackup => backups::stop,
        Operation::ListBackupFiles => lists::files,
        Operation::GetBackupPolicy => policies::get,
        Operation::SetBackupPolicy => policies::set,
        Operation::ListInstances => lists::instances,
        Operation::RestoreInstance => restores::restore,
        Operation::GetJob => lists::job,
    }
}
