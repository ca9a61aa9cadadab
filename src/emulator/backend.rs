//! A service behind its routes: its contract, and its state under a lock.

use std::sync::{Arc, Mutex, MutexGuard};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::operation::{self, ContractOperation};
use super::render::Template;
use super::services::{self, Profile};
use super::shared::SharedState;
use super::store::Store;
use crate::contract;
use crate::lock::lock;
use crate::service::{Operation, Service};

/// A service: what is fixed about it, and its state.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) service: Service,
    pub(crate) profile: &'static Profile,
    pub(crate) shared: Arc<SharedState>,
    pub(crate) operations: Vec<ContractOperation>,
    /// A backup in the answer to create.
    pub(crate) created: Template,
    /// A backup in a list.
    pub(crate) listed: Template,
    pub(crate) job: Template,
    pub(crate) instance: Template,
    /// The policy of a new instance.
    pub(crate) policy: Map<String, Value>,
    pub(crate) document: Value,
    store: Mutex<Store>,
}

impl Backend {
    pub(crate) fn new(service: Service, shared: Arc<SharedState>) -> Self {
        let document = contract::document(service);
        let operations = ContractOperation::all(&document);
        let example = |id| {
            let operation = operations.iter().find(|operation| operation.id == id);
            operation.map_or(&Value::Null, |operation| &operation.example)
        };
        let template = |id, member: &str| {
            Template::new(&document, answer_schema(&document, id), example(id), member)
        };
        let policy = example(Operation::GetBackupPolicy)
            .as_object()
            .and_then(|answer| answer.values().next()?.as_object());
        let backend = Self {
            service,
            profile: services::profile(service),
            shared,
            created: template(Operation::CreateBackup, "backup"),
            listed: template(Operation::ListBackups, "backups"),
            job: template(Operation::GetJob, "job"),
            instance: template(Operation::ListInstances, "instances"),
            policy: policy.cloned().unwrap_or_default(),
            operations,
            document,
            store: Mutex::default(),
        };
        backend.reset();
        backend
    }

    /// Forgets all but the first instances.
    pub(crate) fn reset(&self) {
        *self.lock().0 = Store::default();
        let given = self.shared.options.instances.get(&self.service).cloned();
        for id in given.unwrap_or_else(|| self.documented_instances()) {
            // One that is given twice is one instance all the same.
            if self.lock().0.instance(&id).is_none() {
                self.add_instance(id);
            }
        }
    }

    /// The state, and the time at which it was locked.
    pub(crate) fn lock(&self) -> (MutexGuard<'_, Store>, Timestamp) {
        let mut store = lock(&self.store);
        let now = self.shared.now();
        store.sweep(now);
        (store, now)
    }

    pub(crate) fn operation(&self, id: Operation) -> Option<&ContractOperation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Status that the contract's table has for a code.
    pub(crate) fn status(&self, code: &str) -> Option<u16> {
        let listed = &self.document["components"]["x-error-codes"]["codes"][code];
        u16::try_from(listed["status"].as_u64()?).ok()
    }

    /// A schema of the contract.
    pub(crate) fn schema(&self, name: &str) -> &Value {
        &self.document["components"]["schemas"][name]
    }

    /// Whether a schema of the contract lists a word.
    pub(crate) fn has_word(&self, schema: &str, word: &str) -> bool {
        let words = self.schema(schema)["enum"].as_array();
        words.is_some_and(|words| words.iter().any(|known| known == word))
    }
}

/// The schema of the answer to an accepted request.
fn answer_schema(document: &Value, id: Operation) -> &Value {
    operation::success(operation::find(document, id)).map_or(&Value::Null, |(_, success)| {
        &success["content"][operation::JSON]["schema"]
    })
}
