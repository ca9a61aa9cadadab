//! What is changed in a contract, in memory, before progenitor reads it.

use serde_json::{Map, Value, json};

use super::{Result, SCHEMAS, Schemas, schemas};

const EMPTY: &str = "#/components/schemas/EmptyResponse";

/// Changes a contract into what makes progenitor generate the right client.
pub(super) fn prepare(contract: &mut Value) -> Result<()> {
    for (_, path) in members(contract, "paths") {
        for operation in path.as_object_mut().into_iter().flat_map(Map::values_mut) {
            prepare_operation(operation)?;
        }
    }
    prepare_schemas(contract);
    Ok(())
}

fn prepare_operation(operation: &mut Value) -> Result<()> {
    let page = operation["externalDocs"]["url"].as_str();
    if let (Some(page), Some(text)) = (page, operation["description"].as_str()) {
        operation["description"] = json!(format!("{text}\n\nThe vendor's page: <{page}>"));
    }
    // Any 2xx is an accepted call, and progenitor takes one success body per operation.
    let Some(Value::Object(responses)) = operation.get_mut("responses") else {
        return Ok(());
    };
    let (success, mut rest): (Schemas, Schemas) = std::mem::take(responses)
        .into_iter()
        .partition(|(status, _)| status.starts_with('2'));
    let body = |response: &Value| {
        let content = response.get("content")?;
        Some(
            content
                .pointer("/application~1json/schema")
                .cloned()
                .unwrap_or_default(),
        )
    };
    let mut bodies: Vec<Value> = success.values().filter_map(body).collect();
    // An object without fields says nothing that an accepted call does not.
    bodies.retain(|schema| schema["$ref"] != EMPTY);
    bodies.dedup();
    let mut accepted = json!({ "description": "Accepted." });
    if let Some(schema) = bodies.pop() {
        accepted["content"] = json!({ "application/json": { "schema": schema } });
    }
    if !bodies.is_empty() {
        return Err("the success responses of an operation have different bodies".to_owned());
    }
    rest.insert("2XX".to_owned(), accepted);
    *responses = rest;
    Ok(())
}

fn prepare_schemas(contract: &mut Value) {
    let nullable: Vec<String> = schemas(contract)
        .filter(|(_, schema)| schema["nullable"] == true)
        .map(|(name, _)| format!("{SCHEMAS}{name}"))
        .collect();
    let components = contract.get_mut("components").into_iter();
    for (_, schema) in components.flat_map(|components| members(components, "schemas")) {
        let mut kept_nulls = Vec::new();
        // A default would be sent although the caller left the field out, and a bound would refuse
        // an answer, which has no mandatory fields.
        let is_request = schema.get("required").is_some();
        for (name, property) in members(schema, "properties") {
            if let Some(all) = property.as_object_mut() {
                all.retain(|k, _| k != "default" && (is_request || k != "minimum"));
            }
            let target = property.pointer("/allOf/0/$ref").and_then(Value::as_str);
            let is_nullable =
                property["nullable"] == true || nullable.iter().any(|name| target == Some(name));
            // What only one cloud sends is often absent, and must not come back as null.
            if is_nullable && property.get("x-availability").is_none() {
                kept_nulls.push(json!(name));
            }
        }
        // An optional field that is null would be dropped on the way back; a required one is kept,
        // and `adjust.rs` lets it be absent.
        if let (false, Some(schema)) = (kept_nulls.is_empty(), schema.as_object_mut()) {
            let required = schema.entry("required").or_insert_with(|| json!([]));
            required
                .as_array_mut()
                .into_iter()
                .for_each(|names| names.append(&mut kept_nulls));
        }
    }
}

fn members<'a>(
    value: &'a mut Value,
    key: &str,
) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    let members = value.get_mut(key).and_then(Value::as_object_mut);
    members.into_iter().flatten()
}
