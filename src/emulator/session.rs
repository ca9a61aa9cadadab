//! The state of a service under its lock, for the length of one action.

use std::sync::MutexGuard;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::backend::Backend;
use super::clock::later;
use super::identity::{self, id_like};
use super::operation::{CheckedRequest, ContractOperation};
use super::refusal::{Reason, Refusal};
use super::server::BackupOutcome;
use super::store::{DELETING, Store, StoredBackup, StoredInstance, StoredJob};

/// The body of an answer, `null` for none.
pub(crate) type ActionResult = Result<Value, Refusal>;

/// The state of a service at one time, for one action.
pub(crate) struct ServiceSession<'a> {
    pub(crate) backend: &'a Backend,
    pub(crate) operation: &'a ContractOperation,
    pub(crate) store: MutexGuard<'a, Store>,
    pub(crate) now: Timestamp,
    /// Outcome of a backup that the action makes.
    pub(crate) outcome: BackupOutcome,
}

impl ServiceSession<'_> {
    /// Id of the instance in the path or the query.
    pub(crate) fn instance_in<'r>(&self, request: &'r CheckedRequest) -> Option<&'r str> {
        request.text(self.backend.profile.instance_parameter)
    }

    /// Id of the backup in the path or the query.
    pub(crate) fn backup_in<'r>(&self, request: &'r CheckedRequest) -> Option<&'r str> {
        request.text(self.backend.profile.backup_parameter)
    }

    /// Whether the contract lists a code of the reason for this operation.
    pub(crate) fn knows(&self, reason: Reason) -> bool {
        self.operation.code(reason).is_some()
    }

    /// Fails when there is no such instance.
    pub(crate) fn need_instance(&self, id: &str) -> Result<&StoredInstance, Refusal> {
        self.check_form(id)?;
        self.store
            .instance(id)
            .ok_or_else(|| Refusal::new(Reason::NoInstance, "The instance does not exist."))
    }

    /// Fails when no instance can have this id, and the operation has a code for that.
    pub(crate) fn check_form(&self, id: &str) -> Result<(), Refusal> {
        // The options may have given an instance any id.
        let is_one = self.store.instance(id).is_some() || identity::is_instance_id(id);
        if is_one || !self.knows(Reason::InstanceForm) {
            return Ok(());
        }
        let message = "The id of an instance must be 32 hexadecimal digits, `in` and two digits.";
        Err(Refusal::new(Reason::InstanceForm, message))
    }

    /// Fails when there is no such backup.
    pub(crate) fn need_backup(&self, id: &str) -> Result<&StoredBackup, Refusal> {
        self.store
            .backup(id)
            .ok_or_else(|| Refusal::new(Reason::NoBackup, "The backup does not exist."))
    }

    /// Fails when there is no such instance, or when it is being backed up or restored.
    pub(crate) fn need_idle(&self, id: &str) -> Result<(), Refusal> {
        if self.need_instance(id)?.is_restoring(self.now) {
            let message = "The instance is being restored.";
            return Err(Refusal::new(Reason::Restoring, message));
        }
        if self.store.running_backup(id, self.now).is_some() {
            let message = "A backup of the instance is in progress.";
            return Err(Refusal::new(Reason::BackupRuns, message));
        }
        Ok(())
    }

    /// End of a backup or a restore that starts now.
    pub(crate) fn done(&self) -> Timestamp {
        later(self.now, self.backend.shared.options.build_time)
    }

    /// Stores a job and gives its id, which has the form of the one shown.
    pub(crate) fn start_job(&mut self, shown: &Value, job: StoredJob) -> Value {
        let id = id_like(shown.as_str().unwrap_or_default());
        let answer = json!(id);
        self.store.add_job(StoredJob { id, ..job });
        answer
    }

    /// Whether a backup is listed while it is being deleted.
    pub(crate) fn shows_deleting(&self) -> bool {
        self.backend.has_word("BackupStatus", DELETING)
    }
}
