//! Generates one typed client per contract in `openapi/`, and the types that contracts share.
//!
//! What progenitor makes of a contract is adjusted in two places only: [`prepare`] changes the
//! document in memory, `build/adjust.rs` the generated code. Both say why.

#[path = "build/adjust.rs"]
mod adjust;
#[path = "build/code.rs"]
mod code;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use adjust::Answers;
use serde_json::{Map, Value, json};

/// The contracts; each becomes `$OUT_DIR/<name>.rs`, and `<name>.json` for those who read it.
const CONTRACTS: [&str; 4] = ["rds-v1", "rds-v3", "taurusdb-v3", "gaussdb-v3"];

/// Schemas whose Rust type is written by hand in `src/`, because the generated one would be wrong:
/// ids could leave their place in the path, rejections would not name the field, new words would be
/// errors, times without an offset unreadable, links readable in logs, and errors of another shape
/// would lose their text.
const OWN_TYPES: &str = "
    ApiError            ::dbbackup::error::ApiError
    ApiErrorV1          ::dbbackup::error::ApiErrorV1
    BackupDescription   ::dbbackup::model::BackupDescription
    BackupId            ::dbbackup::model::BackupId
    BackupLevel         ::std::string::String
    BackupMode          ::std::string::String
    BackupName          ::dbbackup::model::BackupName
    BackupStatus        ::dbbackup::model::BackupStatus
    BackupType          ::dbbackup::model::BackupType
    BackupTypeCode      ::std::string::String
    DownloadLink        ::dbbackup::model::DownloadLink
    Engine              ::dbbackup::model::Engine
    InstanceId          ::dbbackup::model::InstanceId
    InstanceStatus      ::dbbackup::model::InstanceStatus
    InstanceTimestamp   ::dbbackup::model::Timestamp
    InstanceType        ::std::string::String
    JobEntities         ::serde_json::Value
    JobStatus           ::dbbackup::model::JobStatus
    ListedBackupType    ::dbbackup::model::BackupType
    NodeId              ::dbbackup::model::NodeId
    NullableTimestamp   ::std::option::Option<::dbbackup::model::Timestamp>
    PolicyStatus        ::std::string::String
    Port                ::serde_json::Value
    ProjectId           ::dbbackup::model::ProjectId
    Size                ::serde_json::Number
    Timestamp           ::dbbackup::model::Timestamp";

/// Names of schemas with the path of their own type.
fn own_types() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = OWN_TYPES.lines().map(str::trim);
    lines.filter_map(|line| Some((line.split_once(' ')?.0, line.rsplit_once(' ')?.1)))
}

const SCHEMAS: &str = "#/components/schemas/";
const EMPTY: &str = "#/components/schemas/EmptyResponse";

type Result<T> = std::result::Result<T, String>;
type Schemas = Map<String, Value>;
type Shared = BTreeMap<String, (Value, Value)>;

fn main() {
    println!("cargo::rerun-if-changed=openapi");
    println!("cargo::rerun-if-changed=build");
    if let Ok(script) = std::env::current_exe() {
        // The tests run this program on broken contracts.
        let script = script.display();
        println!("cargo::rustc-env=DBBACKUP_BUILD_SCRIPT={script}");
    }
    if let Err(message) = generate_all() {
        println!("cargo::error={}", message.replace('\n', " "));
        std::process::exit(1);
    }
}

fn generate_all() -> Result<()> {
    let out_dir = std::env::var("OUT_DIR").map_err(|e| format!("OUT_DIR: {e}"))?;
    let in_file = |name: &str, problem| format!("openapi/{name}.yaml: {problem}");
    let (mut contracts, mut outputs) = (Vec::new(), Vec::new());
    for name in CONTRACTS {
        let mut contract = read(name).map_err(|problem| in_file(name, problem))?;
        outputs.push((format!("{name}.json"), contract.to_string()));
        prepare(&mut contract).map_err(|problem| in_file(name, problem))?;
        contracts.push(contract);
    }
    let shared = shared_schemas(&contracts)?;
    let answers: Answers = contracts.iter().flat_map(answers).collect();
    outputs.push((
        "shared.rs".to_owned(),
        code::shared_types(&shared, &answers)?,
    ));
    for (name, contract) in CONTRACTS.iter().zip(&contracts) {
        let code =
            code::client(contract, &shared, &answers).map_err(|problem| in_file(name, problem))?;
        outputs.push((format!("{name}.rs"), code));
    }
    for (file, text) in outputs {
        let path = Path::new(&out_dir).join(file);
        std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}

/// Reads a contract, and checks its form and its references.
fn read(name: &str) -> Result<Value> {
    let text =
        std::fs::read_to_string(format!("openapi/{name}.yaml")).map_err(|e| e.to_string())?;
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    let contract: Value = serde_saphyr::from_str_with_options(&text, options)
        .map_err(|e| e.render_with_formatter(&serde_saphyr::UserMessageFormatter))?;
    expanded(&contract, &contract)?;
    document(&contract)?;
    Ok(contract)
}

fn document(contract: &Value) -> Result<openapiv3::OpenAPI> {
    let document = serde_json::from_value(contract.clone());
    document.map_err(|e| format!("not an OpenAPI 3.0 document: {e}"))
}

/// The value with what it refers to in the place of each reference; own types stay references.
fn expanded(contract: &Value, value: &Value) -> Result<Value> {
    let all = |members: &Schemas| -> Result<Schemas> {
        let expand = |(key, member): (&String, _)| Ok((key.clone(), expanded(contract, member)?));
        members.iter().map(expand).collect()
    };
    match (value, value["$ref"].as_str()) {
        (_, Some(reference)) => {
            let pointer = reference.strip_prefix('#').unwrap_or("elsewhere");
            match contract.pointer(pointer) {
                None => Err(format!("unknown reference {reference}")),
                Some(_) if is_own(reference.trim_start_matches(SCHEMAS)) => Ok(value.clone()),
                Some(target) => expanded(contract, target),
            }
        }
        (Value::Object(members), None) => Ok(Value::Object(all(members)?)),
        (Value::Array(items), None) => items.iter().map(|item| expanded(contract, item)).collect(),
        _ => Ok(value.clone()),
    }
}

fn members<'a>(
    value: &'a mut Value,
    key: &str,
) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    let members = value.get_mut(key).and_then(Value::as_object_mut);
    members.into_iter().flatten()
}

/// The names of the schemas that answers refer to.
fn answers(contract: &Value) -> Answers {
    let mut answers = Answers::new();
    let paths = contract["paths"].as_object().into_iter().flatten();
    let paths = paths.filter_map(|(_, path)| path.as_object());
    for operation in paths.flat_map(Map::values) {
        answered(contract, &operation["responses"], &mut answers);
    }
    answers
}

/// Adds the names of the schemas that an answer refers to, however deep.
fn answered(contract: &Value, answer: &Value, answers: &mut Answers) {
    match (answer, answer["$ref"].as_str()) {
        (_, Some(reference)) => {
            let pointer = reference.trim_start_matches('#');
            let name = reference.trim_start_matches(SCHEMAS);
            if let (Some(target), true) =
                (contract.pointer(pointer), answers.insert(name.to_owned()))
            {
                answered(contract, target, answers);
            }
        }
        (Value::Object(members), None) => {
            for member in members.values() {
                answered(contract, member, answers);
            }
        }
        (Value::Array(items), None) => {
            for item in items {
                answered(contract, item, answers);
            }
        }
        _ => {}
    }
}

fn schemas(contract: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let schemas = contract["components"]["schemas"].as_object();
    schemas.into_iter().flatten()
}

/// Changes a contract, in memory, into what makes progenitor generate the right client.
fn prepare(contract: &mut Value) -> Result<()> {
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
        // and `adjust::lenient` lets it be absent.
        if let (false, Some(schema)) = (kept_nulls.is_empty(), schema.as_object_mut()) {
            let required = schema.entry("required").or_insert_with(|| json!([]));
            required
                .as_array_mut()
                .into_iter()
                .for_each(|names| names.append(&mut kept_nulls));
        }
    }
}

fn is_own(name: &str) -> bool {
    own_types().any(|(own, _)| own == name)
}

/// The schemas that two or more contracts have in common with all they refer to, each with its
/// expanded form.
fn shared_schemas(contracts: &[Value]) -> Result<Shared> {
    let (mut seen, mut shared) = (BTreeSet::new(), Shared::new());
    for contract in contracts {
        for (name, content) in schemas(contract).filter(|(name, _)| !is_own(name)) {
            let whole = expanded(contract, content)?;
            if !seen.insert((name, whole.to_string())) {
                let known = shared
                    .entry(name.clone())
                    .or_insert((content.clone(), whole.clone()));
                if known.1 != whole {
                    return Err(format!("openapi: {name} is shared in two versions"));
                }
            }
        }
    }
    Ok(shared)
}
