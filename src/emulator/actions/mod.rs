//! What each operation does with a request that obeys the contract.
//!
//! There is one function for each operation id, for all services that have it. Fields that the
//! services name differently are looked up under each of their names.

mod backups;
mod lists;
mod policies;
mod restores;

use serde_json::Value;

use super::backend::Session;
use super::operation::Call;
use super::refusal::Refusal;

/// The body of an answer, `null` for none.
pub(super) type Answer = Result<Value, Refusal>;
/// The work of an operation.
pub(super) type Action = fn(&mut Session<'_>, &Call) -> Answer;

/// The action of an operation.
pub(super) fn find(operation_id: &str) -> Option<Action> {
    Some(match operation_id {
        "create_backup" => backups::create,
        "delete_backup" => backups::delete,
        "delete_backups" => backups::delete_several,
        "stop_backup" => backups::stop,
        "list_backups" => lists::backups,
        "list_backup_files" => lists::files,
        "list_instances" => lists::instances,
        "get_job" => lists::job,
        "get_backup_policy" => policies::get,
        "set_backup_policy" => policies::set,
        "restore_instance" => restores::restore,
        _ => return None,
    })
}

/// Instance and backup that a request for a backup is about.
pub(super) fn asked_backup(request: &Value) -> (&str, &Value) {
    let asked = request.get("backup").unwrap_or(request);
    let instance = asked.get("instance").unwrap_or(&asked["instance_id"]);
    (instance.as_str().unwrap_or_default(), asked)
}
