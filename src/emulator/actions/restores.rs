//! A backup, or a point in time, restored to an instance.

use serde_json::Value;

use crate::emulator::operation::CheckedRequest;
use crate::emulator::refusal::{Reason, Refusal};
use crate::emulator::services::RestoreFields;
use crate::emulator::session::{ActionResult, ServiceSession};
use crate::emulator::store::{COMPLETED, DELETING, StoredJob};

const AVAILABLE: &str = "AVAILABLE";

/// Source and target of a restore.
struct RestoreRequest<'a> {
    source: &'a str,
    target: &'a str,
    /// The backup, unless a point in time is restored.
    backup: Option<&'a str>,
}

/// Starts to overwrite an instance.
pub(crate) fn restore(session: &mut ServiceSession<'_>, request: &CheckedRequest) -> ActionResult {
    let profile = session.backend.profile;
    let path = session.instance_in(request);
    let asked = RestoreRequest::read(&profile.restore, path, &request.body)?;
    let engine = session.need_instance(asked.source)?.engine.as_str();
    if session.need_instance(asked.target)?.engine != engine {
        let message = "The engines of the two instances differ.";
        return Err(Refusal::new(Reason::Engine, message));
    }
    if !profile.restores_sql_server && engine == "SQLServer" {
        let message = "SQL Server cannot be restored by this call.";
        return Err(Refusal::new(Reason::Engine, message));
    }
    if let Some(backup) = asked.backup {
        check_backup(session, backup, asked.source)?;
    }
    session.need_idle(asked.target)?;
    let done = session.done();
    if let Some(target) = session.store.instance_mut(asked.target) {
        target.restored_at = Some(done);
    }
    let job = StoredJob {
        id: String::new(),
        name: profile.restore_job,
        instance: asked.target.to_owned(),
        backup: None,
        begins: session.now,
        ends: done,
        failed: false,
    };
    let mut answer = session.operation.example.clone();
    for pointer in ["/job_id", "/extendparam/jobs/0/id"] {
        if let Some(shown) = answer.pointer_mut(pointer) {
            *shown = session.start_job(shown, job);
            break;
        }
    }
    Ok(answer)
}

impl<'a> RestoreRequest<'a> {
    /// Reads the fields of a body; `path` is the instance in the path, if the service has it there.
    fn read(
        fields: &RestoreFields,
        path: Option<&'a str>,
        body: &'a Value,
    ) -> Result<Self, Refusal> {
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
        let [source, target] = fields.instances.map_or([path; 2], |both| both.map(text));
        let backup = text(fields.backup);
        let by_time = match fields.kind {
            Some(kind) => text(kind) == Some("timestamp"),
            None => backup.is_none(),
        };
        let is_number = |time: &Value| match time.as_str() {
            Some(text) => text.parse::<u64>().is_ok(),
            None => time.as_u64().is_some(),
        };
        if by_time && !body.pointer(fields.time).is_some_and(is_number) {
            return Err(Refusal::parameter("restore_time: milliseconds are needed"));
        }
        if !by_time && backup.is_none() {
            return Err(Refusal::parameter("backup_id: is needed"));
        }
        Ok(Self {
            source: source.unwrap_or_default(),
            target: target.unwrap_or_default(),
            backup: backup.filter(|_| !by_time),
        })
    }
}

/// Fails unless the backup is one of the source and is complete.
fn check_backup(session: &ServiceSession<'_>, id: &str, source: &str) -> Result<(), Refusal> {
    let backup = session.need_backup(id)?;
    if backup.instance != source {
        let message = "The backup is not one of this instance.";
        return Err(Refusal::new(Reason::NoBackup, message));
    }
    match backup.status(session.now) {
        COMPLETED => Ok(()),
        // Where the service has this state, it means that the backup can be used.
        word if word == AVAILABLE && session.backend.has_word("BackupStatus", AVAILABLE) => Ok(()),
        DELETING if session.knows(Reason::Deleting) => {
            let message = "The backup is being deleted.";
            Err(Refusal::new(Reason::Deleting, message))
        }
        _ => {
            let message = "The backup is not completed.";
            Err(Refusal::new(Reason::NotCompleted, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::emulator::backend::Backend;
    use crate::emulator::options::Options;
    use crate::emulator::server::BackupOutcome;
    use crate::emulator::shared::SharedState;
    use crate::service::Operation;
    use crate::service::Service;

    /// No documented node of rds-v1 has this engine, so only this test can ask.
    #[test]
    fn rds_v1_does_not_restore_sql_server() {
        let shared = Arc::new(SharedState::new(Options::default()));
        let backend = Backend::new(Service::RdsV1, shared);
        let node = "d8e6ca5a624745bcb546a227aa3ae1cfin04";
        backend.add_instance(node.to_owned());
        let operation = backend
            .operation(Operation::RestoreInstance)
            .expect("in the contract");
        let (store, now) = backend.lock();
        let mut session = ServiceSession {
            backend: &backend,
            operation,
            store,
            now,
            outcome: BackupOutcome::default(),
        };
        let request = CheckedRequest {
            arguments: [("instanceId".to_owned(), node.to_owned())].into(),
            body: json!({ "restore": { "restoreTime": 1 } }),
        };
        let refused = restore(&mut session, &request).map_err(|refusal| refusal.reason);
        assert_eq!(refused, Err(Reason::Engine));
        assert_eq!(operation.code(Reason::Engine), Some("RDS.0056"));
    }
}
