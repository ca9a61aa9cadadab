//! One service behind its routes: its contract, and its state under a lock.
//!
//! A request opens a [`Session`], which holds the lock for as long as an action takes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::clock::later;
use super::identity::{self, engine_digits, id_like};
use super::operation::{self, Operation};
use super::refusal::{Reason, Refusal};
use super::render::Template;
use super::server::Fate;
use super::shared::Shared;
use super::state::{Backup, DELETING, Instance, Job, Store};
use crate::Service;
use crate::contract;

/// Engines that an id of an instance names, with a version for those that no example shows.
const ENGINES: [(&str, &str, &str); 5] = [
    ("01", "MySQL", "5.7"),
    ("03", "PostgreSQL", "16"),
    ("04", "SQLServer", "2014_WEB"),
    ("07", "gaussdb-mysql", "8.0"),
    ("14", "GaussDB", "1.4"),
];

/// A service.
#[derive(Debug)]
pub(super) struct Backend {
    pub(super) service: Service,
    pub(super) shared: Arc<Shared>,
    pub(super) operations: Vec<Operation>,
    /// A backup in the answer to create.
    pub(super) created: Template,
    /// A backup in a list.
    pub(super) listed: Template,
    pub(super) job: Template,
    instance: Template,
    policy: Map<String, Value>,
    pub(super) document: Value,
    store: Mutex<Store>,
}

/// The state of a service at one time, for one action.
pub(super) struct Session<'a> {
    pub(super) backend: &'a Backend,
    pub(super) operation: &'a Operation,
    pub(super) store: MutexGuard<'a, Store>,
    pub(super) now: Timestamp,
    /// What becomes of a backup that is made now.
    pub(super) fate: Fate,
}

impl Backend {
    pub(super) fn new(service: Service, shared: Arc<Shared>) -> Self {
        let document = contract::document(service);
        let operations = Operation::all(&document);
        let template = |id: &str, member: &str| {
            let example = operations.iter().find(|operation| operation.id == id);
            let example = example.map_or(Value::Null, |operation| operation.example.clone());
            Template::new(&document, answer_schema(&document, id), &example, member)
        };
        let policy = operations.iter().find(|o| o.id == "get_backup_policy");
        let policy = policy.and_then(|o| o.example.as_object()?.values().next()?.as_object());
        let backend = Self {
            service,
            shared,
            created: template("create_backup", "backup"),
            listed: template("list_backups", "backups"),
            job: template("get_job", "job"),
            instance: template("list_instances", "instances"),
            policy: policy.cloned().unwrap_or_default(),
            operations,
            document,
            store: Mutex::default(),
        };
        backend.reset();
        backend
    }

    /// Forgets all but the first instances.
    pub(super) fn reset(&self) {
        *self.lock().0 = Store::default();
        let given = self.shared.options.instances.get(&self.service).cloned();
        for id in given.unwrap_or_else(|| self.documented_instances()) {
            // One that is given twice is one instance all the same.
            if self.lock().0.instance(&id).is_none() {
                self.add_instance(id);
            }
        }
    }

    /// The state and the time at which it was locked.
    pub(super) fn lock(&self) -> (MutexGuard<'_, Store>, Timestamp) {
        // An action that panicked may have left a record half changed, which harms nobody here.
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.shared.now();
        store.sweep(now);
        (store, now)
    }

    pub(super) fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Status that the contract's table has for a code.
    pub(super) fn status(&self, code: &str) -> Option<u16> {
        let listed = &self.document["components"]["x-error-codes"]["codes"][code];
        u16::try_from(listed["status"].as_u64()?).ok()
    }

    /// Whether a schema of the contract lists a word.
    pub(super) fn has_word(&self, schema: &str, word: &str) -> bool {
        let words = self.document["components"]["schemas"][schema]["enum"].as_array();
        words.is_some_and(|words| words.iter().any(|known| known == word))
    }

    /// What the list of instances says about an instance.
    pub(super) fn instance_status(
        &self,
        store: &Store,
        instance: &Instance,
        now: Timestamp,
    ) -> &'static str {
        let backed_up = store.running_backup(&instance.id, now);
        let words = [
            (instance.is_restoring(now), "RESTORING"),
            (backed_up.is_some(), "BACKING UP"),
        ];
        let mut words = words.into_iter();
        let word = words.find(|(holds, word)| *holds && self.has_word("InstanceStatus", word));
        word.map_or("ACTIVE", |(_, word)| word)
    }

    /// The schema of a component.
    pub(super) fn schema(&self, name: &str) -> &Value {
        &self.document["components"]["schemas"][name]
    }

    /// Ids in the contract's requests for a backup.
    fn documented_instances(&self) -> Vec<String> {
        let create = find_operation(&self.document, "create_backup");
        let examples = &create["requestBody"]["content"][operation::JSON]["examples"];
        let mut ids = Vec::new();
        for example in examples.as_object().into_iter().flat_map(Map::values) {
            let request = &contract::resolve(&self.document, example)["value"];
            let id = super::actions::asked_backup(request).0.to_owned();
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// Adds an instance in the shape of the documented one.
    pub(super) fn add_instance(&self, id: String) {
        let (mut store, _) = self.lock();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut shown = self.instance.shown.clone();
        let mut name = text(&self.instance.shown["name"]);
        if !store.instances.is_empty() {
            name += &format!("-{}", store.instances.len() + 1);
        }
        let mut words = [String::new(), String::new()];
        for field in ["datastore", "dataStoreInfo"] {
            let Some(datastore) = shown.get_mut(field) else {
                continue;
            };
            let mut engines = ENGINES.iter();
            let engine = engines.find(|(digits, ..)| engine_digits(&id) == Some(digits));
            if let Some((_, engine, version)) = engine
                && datastore["type"] != *engine
            {
                *datastore = json!({ "type": engine, "version": version });
            }
            words = [text(&datastore["type"]), text(&datastore["version"])];
        }
        for node in shown
            .get_mut("nodes")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            node["id"] = json!(id_like(node["id"].as_str().unwrap_or_default()));
            node["name"] = json!(format!("{name}_node0"));
        }
        shown.insert("id".to_owned(), json!(id));
        shown.insert("name".to_owned(), json!(name));
        let [engine, version] = words;
        store.instances.push(Instance {
            id,
            name,
            engine,
            version,
            shown: Value::Object(shown),
            policy: self.policy.clone(),
            restored_at: None,
        });
    }
}

/// The description of an operation in a contract.
fn find_operation<'a>(document: &'a Value, id: &str) -> &'a Value {
    contract::operations(document)
        .find(|operation| operation.id() == id)
        .map_or(&Value::Null, |operation| operation.value)
}

/// The schema of the answer to an accepted request.
fn answer_schema<'a>(document: &'a Value, id: &str) -> &'a Value {
    let success = operation::success(find_operation(document, id));
    success.map_or(&Value::Null, |(_, success)| {
        &success["content"][operation::JSON]["schema"]
    })
}

impl Session<'_> {
    /// Whether the contract lists a code of the reason for this operation.
    pub(super) fn knows(&self, reason: Reason) -> bool {
        self.operation.code(reason).is_some()
    }

    /// Fails when there is no such instance.
    pub(super) fn need_instance(&self, id: &str) -> Result<&Instance, Refusal> {
        self.check_form(id)?;
        let refusal = || Refusal::new(Reason::NoInstance, "The instance does not exist.");
        self.store.instance(id).ok_or_else(refusal)
    }

    /// Fails when no instance can have this id, and the operation has a code for that.
    pub(super) fn check_form(&self, id: &str) -> Result<(), Refusal> {
        // The options may have given an instance any id.
        let is_one = self.store.instance(id).is_some() || identity::is_instance_id(id);
        if is_one || !self.knows(Reason::InstanceForm) {
            return Ok(());
        }
        let message = "The id of an instance must be 32 hexadecimal digits, `in` and two digits.";
        Err(Refusal::new(Reason::InstanceForm, message))
    }

    /// Fails when there is no such backup.
    pub(super) fn need_backup(&self, id: &str) -> Result<&Backup, Refusal> {
        let refusal = || Refusal::new(Reason::NoBackup, "The backup does not exist.");
        self.store.backup(id).ok_or_else(refusal)
    }

    /// Fails when there is no such instance, or when it is being backed up or restored.
    pub(super) fn need_idle(&self, id: &str) -> Result<(), Refusal> {
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

    /// When a backup or a restore that starts now is done.
    pub(super) fn done(&self) -> Timestamp {
        later(self.now, self.backend.shared.options.build_time)
    }

    /// Remembers a job and gives its id, which looks like the one shown.
    pub(super) fn start_job(&mut self, shown: &Value, job: Job) -> Value {
        let id = id_like(shown.as_str().unwrap_or_default());
        let answer = json!(id);
        self.store.add_job(Job { id, ..job });
        answer
    }

    /// Whether a backup is listed while it is being deleted.
    pub(super) fn shows_deleting(&self) -> bool {
        self.backend.has_word("BackupStatus", DELETING)
    }
}
