//! Generates one typed client per contract in `openapi/`, and the types that contracts share.
//!
//! What progenitor makes of a contract is adjusted in three places, each of which says why:
//! `build/prepare.rs` changes the document in memory, `build/code.rs` sets the options and replaces
//! the types in [`OWN_TYPES`] and those that contracts share, and `build/adjust.rs` changes the
//! generated code. `src/api/client.rs` adds to each client what is written by hand.

#[path = "build/adjust.rs"]
mod adjust;
#[path = "build/code.rs"]
mod code;
#[path = "build/prepare.rs"]
mod prepare;

use std::collections::BTreeMap;
use std::path::Path;

use adjust::Answers;
use serde_json::{Map, Value, json};

/// The contracts in `openapi/`, each with its variant of `dbbackup::Service`.
///
/// Each becomes a module of `dbbackup::api`, and `<name>.json` for those who read it.
const CONTRACTS: &[(&str, &str)] = &[
    ("rds-v1", "RdsV1"),
    ("rds-v3", "RdsV3"),
    ("taurusdb-v3", "TaurusdbV3"),
    ("gaussdb-v3", "GaussdbV3"),
];

/// Schemas with the Rust type that stands for them, because the generated one would be wrong:
/// ids could leave their place in the path, rejections would not name the field, new words would be
/// errors, times without an offset unreadable, links readable in logs, and errors of another shape
/// would lose their text.
const OWN_TYPES: &[(&str, &str)] = &[
    ("ApiError", "::dbbackup::error::ApiError"),
    ("ApiErrorV1", "::dbbackup::error::ApiErrorV1"),
    ("BackupDescription", "::dbbackup::model::BackupDescription"),
    ("BackupId", "::dbbackup::model::BackupId"),
    ("BackupLevel", "::std::string::String"),
    ("BackupMode", "::std::string::String"),
    ("BackupName", "::dbbackup::model::BackupName"),
    ("BackupStatus", "::dbbackup::model::BackupStatus"),
    ("BackupType", "::dbbackup::model::BackupType"),
    ("BackupTypeCode", "::std::string::String"),
    ("DownloadLink", "::dbbackup::model::DownloadLink"),
    ("Engine", "::dbbackup::model::Engine"),
    ("InstanceId", "::dbbackup::model::InstanceId"),
    ("InstanceStatus", "::dbbackup::model::InstanceStatus"),
    ("InstanceTimestamp", "::dbbackup::model::Timestamp"),
    ("InstanceType", "::std::string::String"),
    ("JobEntities", "::serde_json::Value"),
    ("JobStatus", "::dbbackup::model::JobStatus"),
    ("ListedBackupType", "::dbbackup::model::BackupType"),
    ("NodeId", "::dbbackup::model::NodeId"),
    (
        "NullableTimestamp",
        "::std::option::Option<::dbbackup::model::Timestamp>",
    ),
    ("PolicyStatus", "::std::string::String"),
    ("Port", "::serde_json::Value"),
    ("ProjectId", "::dbbackup::model::ProjectId"),
    ("Size", "::serde_json::Number"),
    ("Timestamp", "::dbbackup::model::Timestamp"),
];

const SCHEMAS: &str = "#/components/schemas/";

type Result<T> = std::result::Result<T, String>;
type Schemas = Map<String, Value>;
/// Schemas by name, each with what [`shape`] makes of it.
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
        #[expect(
            clippy::disallowed_methods,
            reason = "cargo wants a failure, without a second message"
        )]
        std::process::exit(1);
    }
}

fn generate_all() -> Result<()> {
    let out_dir = std::env::var("OUT_DIR").map_err(|e| format!("OUT_DIR: {e}"))?;
    let in_file = |name: &str, problem| format!("openapi/{name}.yaml: {problem}");
    let (mut contracts, mut outputs) = (Vec::new(), Vec::new());
    for (name, _) in CONTRACTS {
        let mut contract = read(name).map_err(|problem| in_file(name, problem))?;
        outputs.push((format!("{name}.json"), contract.to_string()));
        prepare::prepare(&mut contract).map_err(|problem| in_file(name, problem))?;
        contracts.push(contract);
    }
    let shared = shared_schemas(&contracts)?;
    let answers: Answers = contracts.iter().flat_map(answers).collect();
    outputs.push((
        "shared.rs".to_owned(),
        code::shared_types(&shared, &answers)?,
    ));
    let mut modules = String::new();
    for ((name, variant), contract) in CONTRACTS.iter().zip(&contracts) {
        let code =
            code::client(contract, &shared, &answers).map_err(|problem| in_file(name, problem))?;
        outputs.push((format!("{name}.rs"), code));
        modules += &code::module(name, variant, contract);
    }
    outputs.push(("api.rs".to_owned(), modules));
    outputs.push(("services.rs".to_owned(), code::services(&contracts)));
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
    shape(&contract, &contract)?;
    document(&contract)?;
    Ok(contract)
}

fn document(contract: &Value) -> Result<openapiv3::OpenAPI> {
    let document = serde_json::from_value(contract.clone());
    document.map_err(|e| format!("not an OpenAPI 3.0 document: {e}"))
}

/// What decides about the Rust type of a value: each reference comes with its target, but for own
/// types, and what is written for people is left out.
fn shape(contract: &Value, value: &Value) -> Result<Value> {
    if let Some(reference) = value["$ref"].as_str() {
        let pointer = reference.strip_prefix('#').unwrap_or("elsewhere");
        return match contract.pointer(pointer) {
            None => Err(format!("unknown reference {reference}")),
            Some(_) if is_own(reference.trim_start_matches(SCHEMAS)) => Ok(value.clone()),
            Some(target) => Ok(json!([reference, shape(contract, target)?])),
        };
    }
    let is_words = |key: &str, member: &Value| {
        key.starts_with("x-") || key == "description" && member.is_string()
    };
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(key, member)| !is_words(key, member))
            .map(|(key, member)| Ok((key.clone(), shape(contract, member)?)))
            .collect(),
        Value::Array(items) => items.iter().map(|item| shape(contract, item)).collect(),
        _ => Ok(value.clone()),
    }
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

fn is_own(name: &str) -> bool {
    OWN_TYPES.iter().any(|(own, _)| *own == name)
}

/// The schemas of which two or more contracts have the same shape, in the words of the first; of another
/// shape under the same name each contract has its own.
fn shared_schemas(contracts: &[Value]) -> Result<Shared> {
    let (mut seen, mut shared) = (BTreeMap::new(), Shared::new());
    for contract in contracts {
        for (name, content) in schemas(contract).filter(|(name, _)| !is_own(name)) {
            let shape = shape(contract, content)?;
            let Some(first) = seen.insert((name, shape.to_string()), content) else {
                continue;
            };
            shared
                .entry(name.clone())
                .or_insert_with(|| (first.clone(), shape));
        }
    }
    Ok(shared)
}
