//! Code that progenitor generates: the clients, and the types that contracts share.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use serde_json::{Value, json};
use syn::visit_mut::VisitMut;
use syn::{ImplItem, Item, parse_quote};

use super::adjust::{self, Answers, Explain};
use super::{Result, Schemas, Shared, document, expanded, own_types, schemas};

/// Code of a module `types` with the shared schemas.
pub(super) fn shared_types(shared: &Shared, answers: &Answers) -> Result<String> {
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
    adjust::lenient(types(&mut file)?, answers);
    Ok(prettyplease::unparse(&file))
}

/// Code of the client of one contract.
pub(super) fn client(contract: &Value, shared: &Shared, answers: &Answers) -> Result<String> {
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
    let types = types(&mut file)?;
    adjust::lenient(types, answers);
    // Each module names all the types that its calls need.
    for path in elsewhere.iter().rev() {
        let path: syn::Path = syn::parse_str(path).map_err(|e| format!("{path}: {e}"))?;
        types.insert(0, parse_quote!(pub use #path;));
    }
    Ok(prettyplease::unparse(&file))
}

/// What is in the module `types`.
fn types(file: &mut syn::File) -> Result<&mut Vec<Item>> {
    let types = file.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_mut(),
        _ => None,
    });
    types
        .map(|(_, items)| items)
        .ok_or_else(|| "the generated code has no types".to_owned())
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
