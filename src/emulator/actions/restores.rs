//! A backup, or a point in time, restored to an instance.

use serde_json::Value;

use super::Answer;
use crate::emulator::backend::Session;
use crate::emulator::operation::Call;
use crate::emulator::refusal::{Reason, Refusal};
use crate::emulator::state::{COMPLETED, DELETING, Job};
use crate::service::Service;

const AVAILABLE: &str = "AVAILABLE";

/// What is restored, and where.
struct Restore<'a> {
    source: &'a str,
    target: &'a str,
    /// The backup, unless a point in time is restored.
    backup: Option<&'a str>,
}

/// Starts to overwrite an instance.
pub(super) fn restore(session: &mut Session<'_>, call: &Call) -> Answer {
    let asked = Restore::read(call)?;
    let engine = session.need_instance(asked.source)?.engine.as_str();
    if session.need_instance(asked.target)?.engine != engine {
        let message = "The engines of the two instances differ.";
        return Err(Refusal::new(Reason::Engine, message));
    }
    if session.backend.service == Service::RdsV1 && engine == "SQLServer" {
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
    let job = Job {
        id: String::new(),
        name: restore_job(session.backend.service),
        instance: asked.target.to_owned(),
        backup: None,
        begins: session.now,
        ends: done,
        failed: false,
    };
    let mut answer = session.operation.example.clone();
    for place in ["/job_id", "/extendparam/jobs/0/id"] {
        if let Some(shown) = answer.pointer_mut(place) {
            *shown = session.start_job(shown, job);
            break;
        }
    }
    Ok(answer)
}

impl<'a> Restore<'a> {
    /// Reads the fields, whatever a service calls them and wherever it has them.
    fn read(call: &'a Call) -> Result<Self, Refusal> {
        let body = &call.body;
        let from = body.get("source").or_else(|| body.get("restore"));
        let from = from.unwrap_or(body);
        let path = call.instance();
        let text = |value: Option<&'a Value>| value.and_then(Value::as_str);
        let source = text(
            from.get("instance_id")
                .or_else(|| from.get("source_instance_id")),
        );
        let target = text(body.pointer("/target/instance_id"));
        let target = target.or_else(|| text(body.get("target_instance_id")));
        let backup = text(from.get("backup_id").or_else(|| from.get("backupRef")));
        let time = from.get("restore_time").or_else(|| from.get("restoreTime"));
        let by_time = match text(from.get("type")) {
            Some(kind) => kind == "timestamp",
            // rds-v1 has no type; the backup wins over the time there.
            None => path.is_some() && backup.is_none(),
        };
        let is_number = |time: &Value| match time.as_str() {
            Some(text) => text.parse::<u64>().is_ok(),
            None => time.as_u64().is_some(),
        };
        if by_time && !time.is_some_and(is_number) {
            return Err(Refusal::parameter("restore_time: milliseconds are needed"));
        }
        if !by_time && backup.is_none() {
            return Err(Refusal::parameter("backup_id: is needed"));
        }
        Ok(Self {
            source: source.or(path).unwrap_or_default(),
            target: target.or(path).unwrap_or_default(),
            backup: if by_time { None } else { backup },
        })
    }
}

/// Fails unless the backup is one of the source and is complete.
fn check_backup(session: &Session<'_>, id: &str, source: &str) -> Result<(), Refusal> {
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

/// Name of a job that restores an instance.
fn restore_job(service: Service) -> &'static str {
    match service {
        Service::TaurusdbV3 => "RestoreGaussDBforMySQLInstance",
        Service::GaussdbV3 => "RestoreGaussDBV5InInstance",
        Service::RdsV1 | Service::RdsV3 => "RestoreInstance",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::emulator::Options;
    use crate::emulator::backend::Backend;
    use crate::emulator::server::Fate;
    use crate::emulator::shared::Shared;

    /// No documented node of rds-v1 has this engine, so only this test can ask.
    #[test]
    fn rds_v1_does_not_restore_sql_server() {
        let shared = Arc::new(Shared::new(Options::default()));
        let backend = Backend::new(Service::RdsV1, shared);
        let node = "d8e6ca5a624745bcb546a227aa3ae1cfin04";
        backend.add_instance(node.to_owned());
        let operation = backend
            .operation("restore_instance")
            .expect("in the contract");
        let (store, now) = backend.lock();
        let mut session = Session {
            backend: &backend,
            operation,
            store,
            now,
            fate: Fate::default(),
        };
        let call = Call {
            arguments: [("instanceId".to_owned(), node.to_owned())].into(),
            body: json!({ "restore": { "restoreTime": 1 } }),
        };
        let refused = restore(&mut session, &call).map_err(|refusal| refusal.reason);
        assert_eq!(refused, Err(Reason::Engine));
        assert_eq!(operation.code(Reason::Engine), Some("RDS.0056"));
    }
}
