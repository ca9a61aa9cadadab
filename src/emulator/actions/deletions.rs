//! Backups deleted, one or several at a time.

use serde_json::json;

use crate::emulator::clock::later;
use crate::emulator::operation::CheckedRequest;
use crate::emulator::refusal::{Reason, Refusal};
use crate::emulator::session::{ActionResult, ServiceSession};
use crate::emulator::store::{BUILDING, DELETING};
use crate::service::Operation;

/// Code and message of a backup that is being deleted together with others.
const SUCCESS: [&str; 2] = ["0", "Success"];
/// End of the id of a SQL Server instance.
const SQL_SERVER: &str = "in04";

/// Starts to delete a backup.
pub(crate) fn delete(session: &mut ServiceSession<'_>, request: &CheckedRequest) -> ActionResult {
    let id = session.backup_in(request).unwrap_or_default();
    let name = session.need_backup(id)?.name.clone();
    start_deletion(session, id)?;
    let mut answer = session.operation.example.clone();
    for (field, value) in answer.as_object_mut().into_iter().flatten() {
        match field.as_str() {
            "backup_id" => *value = json!(id),
            "backup_name" => *value = json!(name),
            _ => {}
        }
    }
    Ok(answer)
}

/// Starts to delete several backups, with a result for each of them.
pub(crate) fn delete_several(
    session: &mut ServiceSession<'_>,
    request: &CheckedRequest,
) -> ActionResult {
    let mut results = Vec::new();
    for id in request.body["backup_ids"].as_array().into_iter().flatten() {
        let deleted = match id.as_str() {
            Some(id) => delete_one_of_several(session, id),
            None => Err(Refusal::parameter("backup_ids: must be texts")),
        };
        let [code, message] = match deleted {
            Ok(()) => SUCCESS.map(str::to_owned),
            Err(refusal) => {
                // The contract lists only codes for the whole call; these are those of one deletion.
                let single = session.backend.operation(Operation::DeleteBackup);
                let code = single.and_then(|single| single.code(refusal.reason));
                [code.unwrap_or_default().to_owned(), refusal.message]
            }
        };
        results.push(json!({ "backup_id": id, "error_code": code, "error_msg": message }));
    }
    Ok(json!({ "delete_results": results }))
}

fn delete_one_of_several(session: &mut ServiceSession<'_>, id: &str) -> Result<(), Refusal> {
    if !session.need_backup(id)?.instance.ends_with(SQL_SERVER) {
        let message = "The backup is not one of a SQL Server instance.";
        return Err(Refusal::parameter(message));
    }
    start_deletion(session, id)
}

fn start_deletion(session: &mut ServiceSession<'_>, id: &str) -> Result<(), Refusal> {
    let backup = session.need_backup(id)?;
    let refused = match backup.status(session.now) {
        BUILDING => Some((Reason::BackupRuns, "The backup is being made.")),
        DELETING => Some((Reason::Deleting, "The backup is being deleted.")),
        _ if backup.automated => Some((Reason::NotManual, "The backup was made by the policy.")),
        _ => None,
    };
    if let Some((reason, message)) = refused {
        return Err(Refusal::new(reason, message));
    }
    if session.shows_deleting() {
        let gone = later(session.now, session.backend.shared.options.delete_time);
        if let Some(backup) = session.store.backup_mut(id) {
            backup.delete(gone);
        }
    } else {
        session.store.forget(|backup| backup.id == id);
    }
    Ok(())
}
