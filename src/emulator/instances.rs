//! The instances of a service: those of the contract's examples, further ones, and their states.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::backend::Backend;
use super::identity::{engine_digits, id_like};
use super::operation::{self, new_backup};
use super::store::{Store, StoredInstance};
use crate::contract;
use crate::service::Operation;

impl Backend {
    /// Ids in the contract's examples of a create.
    pub(crate) fn documented_instances(&self) -> Vec<String> {
        let create = operation::find(&self.document, Operation::CreateBackup);
        let examples = &create["requestBody"]["content"][operation::JSON]["examples"];
        let mut ids = Vec::new();
        for example in examples.as_object().into_iter().flat_map(Map::values) {
            let body = &contract::resolve(&self.document, example)["value"];
            let (id, _) = new_backup(self.profile, body);
            if !ids.iter().any(|known| known == id) {
                ids.push(id.to_owned());
            }
        }
        ids
    }

    /// Adds an instance in the shape of the documented one.
    pub(crate) fn add_instance(&self, id: String) {
        let (mut store, _) = self.lock();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut shown = self.instance.shown.clone();
        let mut name = text(&self.instance.shown["name"]);
        if !store.instances.is_empty() {
            name += &format!("-{}", store.instances.len() + 1);
        }
        let engine = self
            .profile
            .engines
            .iter()
            .find(|(digits, ..)| engine_digits(&id) == Some(digits));
        let mut words = [String::new(), String::new()];
        for field in ["datastore", "dataStoreInfo"] {
            let Some(datastore) = shown.get_mut(field) else {
                continue;
            };
            if let Some((_, name, version)) = engine
                && datastore["type"] != *name
            {
                *datastore = json!({ "type": name, "version": version });
            }
            words = [text(&datastore["type"]), text(&datastore["version"])];
        }
        if let Some(nodes) = shown.get_mut("nodes").and_then(Value::as_array_mut) {
            for node in nodes {
                node["id"] = json!(id_like(node["id"].as_str().unwrap_or_default()));
                node["name"] = json!(format!("{name}_node0"));
            }
        }
        shown.insert("id".to_owned(), json!(id));
        shown.insert("name".to_owned(), json!(name));
        let [engine, version] = words;
        store.instances.push(StoredInstance {
            id,
            name,
            engine,
            version,
            shown: Value::Object(shown),
            policy: self.policy.clone(),
            restored_at: None,
        });
    }

    /// Status of an instance in the list of instances.
    pub(crate) fn instance_status(
        &self,
        store: &Store,
        instance: &StoredInstance,
        now: Timestamp,
    ) -> &'static str {
        let is_backed_up = store.running_backup(&instance.id, now).is_some();
        let words = [
            (instance.is_restoring(now), "RESTORING"),
            (is_backed_up, "BACKING UP"),
        ];
        words
            .into_iter()
            .find(|(holds, word)| *holds && self.has_word("InstanceStatus", word))
            .map_or("ACTIVE", |(_, word)| word)
    }
}
