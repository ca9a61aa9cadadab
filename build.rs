//! Generates one typed client per contract in `openapi/`, and the types that contracts share.
//!
//! What progenitor makes of a contract is adjusted in two places only: [`prepare`] changes the
//! document in memory, [`finish`] the generated code. Both say why.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::Path;

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use serde_json::{Map, Value, json};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, ImplItem, Item, Lit, Pat, PatLit, parse_quote};

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
    outputs.push(("shared.rs".to_owned(), shared_types(&shared)?));
    for (name, contract) in CONTRACTS.iter().zip(&contracts) {
        let code = client(contract, &shared).map_err(|problem| in_file(name, problem))?;
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
        // and `finish` lets it be absent.
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

/// Code of a module `types` with the shared schemas.
fn shared_types(shared: &Shared) -> Result<String> {
    let mut all: Schemas = own_types()
        .map(|(name, _)| (name.to_owned(), json!({ "type": "string" })))
        .collect();
    all.extend(
        shared
            .iter()
            .map(|(name, (content, _))| (name.clone(), content.clone())),
    );
    let mut file = generate(
        &json!({
            "openapi": "3.0.3",
            "info": { "title": "shared", "version": "0" },
            "paths": {},
            "components": { "schemas": all }
        }),
        &mut GenerationSettings::default(),
    )?;
    file.items
        .retain(|item| matches!(item, Item::Mod(module) if module.ident == "types"));
    Ok(finish(&file))
}

/// Code of the client of one contract.
fn client(contract: &Value, shared: &Shared) -> Result<String> {
    let mut settings = GenerationSettings::default();
    settings.with_hooks(HooksMode::Expected);
    settings.with_inner_type(parse_quote!(::dbbackup::transport::Transport));
    let own = own_types().filter(|(name, path)| path.ends_with(&format!("::{name}")));
    let mut elsewhere: Vec<String> = own
        .filter(|(name, _)| contract["components"]["schemas"].get(name).is_some())
        .map(|(_, path)| path.to_owned())
        .collect();
    for (name, content) in schemas(contract) {
        if shared
            .get(name)
            .is_some_and(|(_, whole)| Ok(whole) == expanded(contract, content).as_ref())
        {
            let path = format!("::dbbackup::api::shared::types::{name}");
            settings.with_replacement(name, &path, std::iter::empty());
            elsewhere.push(path);
        }
    }
    let mut file = generate(contract, &mut settings)?;
    // The generated constructors have a short time-out and follow redirects.
    file.items
        .retain(|item| !matches!(item, Item::Impl(block) if is_constructors(block)));
    // Each module names all the types that its calls need.
    let uses: String = elsewhere
        .iter()
        .map(|path| format!("pub use {path};"))
        .collect();
    let types = "pub mod types {";
    Ok(finish(&file).replacen(types, &(types.to_owned() + &uses), 1))
}

fn is_constructors(block: &syn::ItemImpl) -> bool {
    let mut functions = block.items.iter();
    functions.any(|f| matches!(f, ImplItem::Fn(f) if f.sig.ident == "new_with_client"))
}

fn generate(contract: &Value, settings: &mut GenerationSettings) -> Result<syn::File> {
    settings.with_interface(InterfaceStyle::Builder);
    settings.with_derive("PartialEq");
    for (name, path) in own_types() {
        settings.with_replacement(name, path, std::iter::empty());
    }
    let document = document(contract)?;
    // progenitor answers some constructs with a panic, which names neither file nor remedy.
    set_hook(Box::new(|_| {}));
    let generated = || Generator::new(settings).generate_tokens(&document);
    let result = catch_unwind(AssertUnwindSafe(generated));
    drop(take_hook());
    let tokens = result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("a panic");
        format!("progenitor does not support a construct of this contract: {text}")
    })?;
    let tokens = tokens.map_err(|e| e.to_string())?;
    let mut file = syn::parse2(tokens).map_err(|e| format!("generated code: {e}"))?;
    Explain::default().visit_file_mut(&mut file);
    Ok(file)
}

/// Makes refusals of values say why: setters of operations drop the reason, enums name no words.
#[derive(Default)]
struct Explain {
    function: String,
    is_setter: bool,
}

impl VisitMut for Explain {
    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        self.function = function.sig.ident.to_string();
        visit_mut::visit_impl_item_fn_mut(self, function);
        if std::mem::take(&mut self.is_setter) {
            let clause = function.sig.generics.make_where_clause();
            clause
                .predicates
                .push(parse_quote!(V::Error: ::std::fmt::Display));
        }
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        if matches!(closure.inputs.first(), Some(Pat::Wild(_))) {
            let field = &self.function;
            *closure = parse_quote!(|reason| format!("{}: {reason}", #field));
            self.is_setter = true;
        }
    }

    fn visit_expr_match_mut(&mut self, words: &mut syn::ExprMatch) {
        let text = |arm: &Arm| match &arm.pat {
            Pat::Lit(PatLit {
                lit: Lit::Str(word),
                ..
            }) => Some(word.value()),
            _ => None,
        };
        let known: Vec<String> = words.arms.iter().filter_map(text).collect();
        if let (false, Some(other)) = (known.is_empty(), words.arms.last_mut()) {
            let rule = format!("must be one of: {}", known.join(", "));
            other.body = parse_quote!(Err(#rule.into()));
        }
        visit_mut::visit_expr_match_mut(self, words);
    }
}

/// The code as text, with the attributes that make reading lenient.
fn finish(file: &syn::File) -> String {
    const NEEDED: &str = r#"deserialize_with = "::std::option::Option::deserialize""#;
    const LIST: &str = "(pub ::std::vec::Vec<";
    const LENIENT_LIST: &str =
        r#"(#[serde(deserialize_with = "::dbbackup::model::list")] pub ::std::vec::Vec<"#;
    // A nullable field may be absent, too (see `prepare`), and a null in a list is no reason to
    // fail after an accepted call.
    prettyplease::unparse(file)
        .replace(NEEDED, "default")
        .replace("(\n        pub ::std::vec::Vec<", LIST)
        .replace(LIST, LENIENT_LIST)
}
