//! Code that progenitor generates: the clients, and the types that contracts share.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use serde_json::{Value, json};
use syn::parse_quote;
use syn::visit_mut::VisitMut;

use super::adjust::{Adjust, Answers};
use super::{CONTRACTS, OWN_TYPES, Result, Schemas, Shared, document, schemas, shape};

/// The module of `dbbackup::api` with the client of a contract.
pub(super) fn module(name: &str, variant: &str, contract: &Value) -> String {
    let module = name.replace('-', "_");
    let text = |key: &str| contract["info"][key].as_str().unwrap_or_default();
    let doc = format!("{}.\n\n{}", text("title"), text("description"));
    format!(
        "#[doc = {doc:?}]
pub mod {module} {{
    const SERVICE: crate::service::Service = crate::service::Service::{variant};
    include!(\"{name}.rs\");
    include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/src/api/client.rs\"));
}}
"
    )
}

/// An expression with the services that have `self`, an operation.
pub(super) fn services(contracts: &[Value]) -> String {
    let mut services: BTreeMap<String, String> = BTreeMap::new();
    for ((_, variant), contract) in CONTRACTS.iter().zip(contracts) {
        let paths = contract["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(_, path)| path.as_object().into_iter().flatten());
        for id in operations.filter_map(|(_, operation)| operation["operationId"].as_str()) {
            let services = services.entry(camel_case(id)).or_default();
            *services += &format!("Service::{variant}, ");
        }
    }
    let arm = |(operation, services)| format!("Self::{operation} => &[{services}],\n");
    let arms: String = services.into_iter().map(arm).collect();
    format!("match self {{\n{arms}}}\n")
}

fn camel_case(id: &str) -> String {
    let upper = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    id.split('_').map(upper).collect()
}

/// Code of a module `types` with the shared schemas.
pub(super) fn shared_types(shared: &Shared, answers: &Answers) -> Result<String> {
    let own = OWN_TYPES.iter().map(|(name, _)| *name);
    let mut all: Schemas = own
        .map(|name| (name.to_owned(), json!({ "type": "string" })))
        .collect();
    let contents = shared.iter().map(|(name, (content, _))| (name, content));
    all.extend(contents.map(|(name, content)| (name.clone(), content.clone())));
    let contract = json!({
        "openapi": "3.0.3",
        "info": { "title": "shared", "version": "0" },
        "paths": {},
        "components": { "schemas": all }
    });
    let settings = GenerationSettings::default();
    generate(&contract, settings, Adjust::new(answers, None))
}

/// Code of the client of one contract.
pub(super) fn client(contract: &Value, shared: &Shared, answers: &Answers) -> Result<String> {
    let mut settings = GenerationSettings::default();
    settings.with_hooks(HooksMode::Expected);
    settings.with_inner_type(parse_quote!(::dbbackup::transport::Transport));
    let own = OWN_TYPES
        .iter()
        .filter(|(name, path)| path.ends_with(&format!("::{name}")));
    let mut elsewhere: Vec<String> = own
        .filter(|(name, _)| contract["components"]["schemas"].get(name).is_some())
        .map(|(_, path)| (*path).to_owned())
        .collect();
    for (name, content) in schemas(contract) {
        let known = shared.get(name).map(|(_, shape)| shape);
        if known.is_some() && known == shape(contract, content).as_ref().ok() {
            let path = format!("::dbbackup::api::shared::types::{name}");
            settings.with_replacement(name, &path, std::iter::empty());
            elsewhere.push(path);
        }
    }
    let elsewhere = elsewhere.iter().map(|path| syn::parse_str(path));
    let elsewhere = elsewhere.collect::<syn::Result<_>>();
    let elsewhere = elsewhere.map_err(|e| e.to_string())?;
    generate(contract, settings, Adjust::new(answers, Some(elsewhere)))
}

fn generate(
    contract: &Value,
    mut settings: GenerationSettings,
    mut adjust: Adjust,
) -> Result<String> {
    settings.with_interface(InterfaceStyle::Builder);
    settings.with_derive("PartialEq");
    for (name, path) in OWN_TYPES {
        settings.with_replacement(name, path, std::iter::empty());
    }
    let document = document(contract)?;
    // progenitor answers some constructs with a panic, which names neither file nor remedy.
    set_hook(Box::new(|_| {}));
    let generated = || Generator::new(&settings).generate_tokens(&document);
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
    adjust.visit_file_mut(&mut file);
    Ok(prettyplease::unparse(&file))
}
