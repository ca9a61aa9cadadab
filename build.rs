//! Generates one typed client per contract in `openapi/`, and the types that contracts share.
//!
//! What progenitor makes of a contract is adjusted in two places only: [`prepare`] changes the
//! document in memory, [`finish`] the generated code. Both say why.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::Path;

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use serde_json::{Map, Value, json};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, ImplItem, Item, Lit, Pat, PatLit, parse_quote};

/// The contracts; each becomes `$OUT_DIR/<name>.rs`.
const CONTRACTS: [&str; 4] = ["rds-v1", "rds-v3", "taurusdb-v3", "gaussdb-v3"];

/// Schemas whose Rust type is written by hand in `src/`, because the generated one would be wrong:
/// ids could leave their place in the path, rejections would not name the field, new statuses would
/// be errors, times without an offset unreadable, and errors of another shape would lose their text.
const OWN_TYPES: [(&str, &str); 13] = [
    ("ApiError", "::dbbackup::error::ApiError"),
    ("ApiErrorV1", "::dbbackup::error::ApiErrorV1"),
    ("BackupDescription", "::dbbackup::model::BackupDescription"),
    ("BackupName", "::dbbackup::model::BackupName"),
    ("BackupStatus", "::dbbackup::model::BackupStatus"),
    ("BackupType", "::dbbackup::model::BackupType"),
    ("BackupTypeCode", "::std::string::String"),
    ("Engine", "::dbbackup::model::Engine"),
    ("InstanceId", "::dbbackup::model::InstanceId"),
    ("NodeId", "::dbbackup::model::NodeId"),
    (
        "NullableTimestamp",
        "::std::option::Option<::dbbackup::model::Timestamp>",
    ),
    ("ProjectId", "::dbbackup::model::ProjectId"),
    ("Timestamp", "::dbbackup::model::Timestamp"),
];

const SCHEMAS: &str = "#/components/schemas/";

type Result<T> = std::result::Result<T, String>;
type Schemas = Map<String, Value>;

fn main() {
    println!("cargo::rerun-if-changed=openapi");
    if let Ok(script) = std::env::current_exe() {
        // The tests run this program on broken contracts.
        println!(
            "cargo::rustc-env=DBBACKUP_BUILD_SCRIPT={}",
            script.display()
        );
    }
    if let Err(message) = generate_all() {
        println!("cargo::error={}", message.replace('\n', " "));
        std::process::exit(1);
    }
}

fn generate_all() -> Result<()> {
    let out_dir = std::env::var("OUT_DIR").map_err(|e| format!("OUT_DIR: {e}"))?;
    let in_file = |name: &str, problem| format!("openapi/{name}.yaml: {problem}");
    let mut contracts = Vec::new();
    for name in CONTRACTS {
        contracts.push(read(name).map_err(|problem| in_file(name, problem))?);
    }
    let shared = shared_schemas(&contracts);
    let mut outputs = vec![("shared", shared_types(&shared)?)];
    for (name, contract) in CONTRACTS.iter().zip(&contracts) {
        let code = client(contract, &shared).map_err(|problem| in_file(name, problem))?;
        outputs.push((name, code));
    }
    for (name, code) in outputs {
        let path = Path::new(&out_dir).join(name).with_extension("rs");
        std::fs::write(&path, code).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}

/// Reads a contract, checks its form and its references, and prepares it for progenitor.
fn read(name: &str) -> Result<Value> {
    let text =
        std::fs::read_to_string(format!("openapi/{name}.yaml")).map_err(|e| e.to_string())?;
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    let mut contract: Value = serde_saphyr::from_str_with_options(&text, options)
        .map_err(|e| e.render_with_formatter(&serde_saphyr::UserMessageFormatter))?;
    let mut found = BTreeSet::new();
    references(&contract, &mut found);
    for reference in found {
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| contract.pointer(pointer));
        target.ok_or_else(|| format!("unknown reference {reference}"))?;
    }
    document(&contract)?;
    prepare(&mut contract)?;
    Ok(contract)
}

fn document(contract: &Value) -> Result<openapiv3::OpenAPI> {
    serde_json::from_value(contract.clone())
        .map_err(|e| format!("not an OpenAPI 3.0 document: {e}"))
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(
                members
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn members<'a>(
    value: &'a mut Value,
    key: &str,
) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    value
        .get_mut(key)
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
}

fn schemas(contract: &Value) -> impl Iterator<Item = (&String, &Value)> {
    contract["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
}

fn schema<'a>(contract: &'a Value, name: &str) -> Option<&'a Value> {
    contract["components"]["schemas"].get(name)
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
    let page = operation
        .pointer("/externalDocs/url")
        .and_then(Value::as_str);
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
        response
            .pointer("/content/application~1json/schema")
            .cloned()
    };
    let bodies: Vec<_> = success.values().map(body).collect();
    if bodies.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err("the success responses of an operation have different bodies".to_owned());
    }
    rest.extend(
        success
            .into_values()
            .take(1)
            .map(|response| ("2XX".to_owned(), response)),
    );
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
        for (name, property) in members(schema, "properties") {
            // A default would be sent although the caller left the field out.
            property
                .as_object_mut()
                .map(|property| property.remove("default"));
            let target = property.pointer("/allOf/0/$ref").and_then(Value::as_str);
            if property["nullable"] == true || nullable.iter().any(|name| target == Some(name)) {
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
    OWN_TYPES.iter().any(|(own, _)| *own == name)
}

/// The schemas that two or more contracts have in common, together with what they refer to.
fn shared_schemas(contracts: &[Value]) -> Schemas {
    let mut shared = Schemas::new();
    for (i, contract) in contracts.iter().enumerate() {
        for (name, content) in schemas(contract) {
            let again = contracts[i + 1..]
                .iter()
                .any(|later| schema(later, name) == Some(content));
            if again && !is_own(name) && !shared.contains_key(name) {
                shared.insert(name.clone(), content.clone());
            }
        }
    }
    // A schema is shared only where everything it refers to is shared, too.
    let differs = |shared: &Schemas, name: &str, content: &Value| {
        let mut found = BTreeSet::new();
        references(content, &mut found);
        let used = found
            .iter()
            .map(|reference| reference.trim_start_matches(SCHEMAS));
        let used: Vec<&str> = used.filter(|used| !is_own(used)).collect();
        let mut holders = contracts
            .iter()
            .filter(|c| schema(c, name) == Some(content));
        holders.any(|holder| {
            used.iter()
                .any(|used| schema(holder, used) != shared.get(*used))
        })
    };
    while let Some((name, _)) = shared
        .iter()
        .find(|(name, content)| differs(&shared, name, content))
    {
        let name = name.clone();
        shared.remove(&name);
    }
    shared
}

/// Code of a module `types` with the shared schemas.
fn shared_types(shared: &Schemas) -> Result<String> {
    let mut all: Schemas = OWN_TYPES
        .iter()
        .map(|(name, _)| ((*name).to_owned(), json!({ "type": "string" })))
        .collect();
    all.extend(shared.clone());
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
fn client(contract: &Value, shared: &Schemas) -> Result<String> {
    let mut settings = GenerationSettings::default();
    settings.with_hooks(HooksMode::Expected);
    settings.with_inner_type(parse_quote!(::dbbackup::transport::Transport));
    let own = OWN_TYPES.iter().filter(|(name, path)| path.ends_with(name));
    let mut elsewhere: Vec<String> = own
        .filter(|(name, _)| schema(contract, name).is_some())
        .map(|(_, path)| (*path).to_owned())
        .collect();
    for (name, content) in schemas(contract) {
        if shared.get(name) == Some(content) {
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
    for (name, path) in OWN_TYPES {
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
    const WITHOUT_NULLS: &str =
        r#"(#[serde(deserialize_with = "::dbbackup::model::without_nulls")] pub ::std::vec::Vec<"#;
    // A nullable field may be absent, too (see `prepare`), and a null in a list is no reason to
    // fail after an accepted call.
    prettyplease::unparse(file)
        .replace(NEEDED, "default")
        .replace(LIST, WITHOUT_NULLS)
}
