//! The bodies of all operations, found by walking a contract.

use std::sync::LazyLock;

use dbbackup::Service;
use dbbackup::contract::{self, Schema, resolve};
use serde_json::Value;

/// A contract, parsed once.
pub(crate) fn document(service: Service) -> &'static Value {
    static ALL: LazyLock<Vec<Value>> = LazyLock::new(|| {
        Service::ALL
            .iter()
            .copied()
            .map(contract::document)
            .collect()
    });
    &ALL[service as usize]
}

/// A JSON body of a request or of a successful answer.
pub(crate) struct Body {
    pub(crate) service: Service,
    pub(crate) operation: String,
    pub(crate) is_request: bool,
    /// Name of its schema.
    pub(crate) schema: String,
    /// Names and values of its examples.
    pub(crate) examples: Vec<(String, Value)>,
}

/// Operations with their ids.
pub(crate) fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let id = |operation: &Value| operation["operationId"].as_str().unwrap().to_owned();
    operations
        .map(|operation| (id(operation), operation.clone()))
        .collect()
}

/// The bodies of a service.
pub(crate) fn bodies(service: Service) -> Vec<Body> {
    let document = document(service);
    let mut bodies = Vec::new();
    for (operation, content) in operations(document) {
        let responses = content["responses"].as_object().unwrap().iter();
        let accepted = responses.filter(|(status, _)| status.starts_with('2'));
        let holders = std::iter::once((true, &content["requestBody"]))
            .chain(accepted.map(|(_, response)| (false, response)));
        for (is_request, holder) in holders {
            let json = &holder["content"]["application/json"];
            let Some(schema) = json["schema"]["$ref"].as_str() else {
                continue;
            };
            let examples = json["examples"].as_object().unwrap().values();
            let example = |example: &Value| {
                let name = example["$ref"]
                    .as_str()
                    .unwrap()
                    .rsplit('/')
                    .next()
                    .unwrap();
                (name.to_owned(), resolve(document, example)["value"].clone())
            };
            bodies.push(Body {
                service,
                operation: operation.clone(),
                is_request,
                schema: schema.rsplit('/').next().unwrap().to_owned(),
                examples: examples.map(example).collect(),
            });
        }
    }
    bodies
}

impl Body {
    pub(crate) fn schema(&self) -> Schema {
        super::schema(self.service, &self.schema)
    }

    /// The schema of a place in the body, references resolved, or null below free-form values.
    pub(crate) fn schema_at(&self, pointer: &str) -> Value {
        let document = document(self.service);
        let mut schema = document["components"]["schemas"][&self.schema].clone();
        for key in pointer.split('/').skip(1) {
            let next = match key.parse::<usize>() {
                Ok(_) => &schema["items"],
                Err(_) => &schema["properties"][key],
            };
            let first = next.pointer("/allOf/0").unwrap_or(next);
            schema = resolve(document, first).clone();
        }
        schema
    }
}
