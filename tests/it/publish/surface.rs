//! The public surface of the generated code: whatever a caller may have written down.

use insta::assert_snapshot;
use quote::ToTokens;
use syn::{Field, Fields, ImplItem, Item, ItemImpl, Visibility};

const GENERATED: [(&str, &str); 5] = [
    (
        "shared",
        include_str!(concat!(env!("OUT_DIR"), "/shared.rs")),
    ),
    (
        "rds-v1",
        include_str!(concat!(env!("OUT_DIR"), "/rds-v1.rs")),
    ),
    (
        "rds-v3",
        include_str!(concat!(env!("OUT_DIR"), "/rds-v3.rs")),
    ),
    (
        "taurusdb-v3",
        include_str!(concat!(env!("OUT_DIR"), "/taurusdb-v3.rs")),
    ),
    (
        "gaussdb-v3",
        include_str!(concat!(env!("OUT_DIR"), "/gaussdb-v3.rs")),
    ),
];

#[test]
fn names_signatures_and_fields_stay_as_they_are() {
    for (name, code) in GENERATED {
        let file = syn::parse_file(code).unwrap();
        let mut lines = Vec::new();
        surface(&file.items, "", &mut lines);
        assert!(lines.len() > 20, "{name}: {lines:?}");
        assert_snapshot!(format!("surface__{name}"), lines.join("\n"));
    }
}

/// A line for each item that can be named, with the module that it is in.
fn surface(items: &[Item], module: &str, lines: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Mod(inner) if is_public(&inner.vis) => {
                let module = format!("{module}{}::", inner.ident);
                let items = inner.content.as_ref().map(|(_, items)| items);
                surface(items.unwrap(), &module, lines);
            }
            Item::Struct(item) if is_public(&item.vis) => {
                let generics = &item.generics;
                lines.push(format!(
                    "{module}{}{} {}",
                    item.ident,
                    short(generics),
                    fields(&item.fields)
                ));
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let variants = item
                    .variants
                    .iter()
                    .map(|variant| format!("{}{}", variant.ident, fields(&variant.fields)));
                let variants = variants.collect::<Vec<_>>().join(" | ");
                lines.push(format!("{module}{} = {variants}", item.ident));
            }
            Item::Fn(item) if is_public(&item.vis) => {
                lines.push(format!("{module}{}", short(&item.sig)));
            }
            Item::Use(item) if is_public(&item.vis) => {
                lines.push(format!("{module}{}", short(&item.tree)));
            }
            Item::Type(item) if is_public(&item.vis) => {
                lines.push(format!("{module}{} = {}", item.ident, short(&item.ty)));
            }
            Item::Trait(item) if is_public(&item.vis) => {
                lines.push(format!("{module}trait {}", item.ident));
            }
            Item::Impl(item) => implementation(item, module, lines),
            _ => {}
        }
    }
}

/// Functions of a type; of traits only that they are there.
fn implementation(item: &ItemImpl, module: &str, lines: &mut Vec<String>) {
    let owner = short(&item.self_ty);
    if let Some((path, _)) = &item.trait_ {
        lines.push(format!("{module}{owner}: {}", short(path)));
        return;
    }
    for function in &item.items {
        if let ImplItem::Fn(function) = function
            && is_public(&function.vis)
        {
            lines.push(format!("{module}{owner}.{}", short(&function.sig)));
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The fields with their types; those that only the generated code itself can name are left out.
fn fields(fields: &Fields) -> String {
    let is_named = |field: &&Field| field.ident.is_none() || is_public(&field.vis);
    let shown = fields.iter().filter(is_named).map(|field| {
        let name = field.ident.as_ref().map(|name| format!("{name}: "));
        name.unwrap_or_default() + &short(&field.ty)
    });
    let shown: Vec<String> = shown.collect();
    if shown.is_empty() {
        String::new()
    } else {
        format!("({})", shown.join(", "))
    }
}

/// Code on one line, without the paths of well-known names.
fn short(code: &impl ToTokens) -> String {
    let mut line = String::new();
    for piece in code.to_token_stream().to_string().split_whitespace() {
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let between_words = is_word(line.chars().last()) && is_word(piece.chars().next());
        let is_loose = |text: &str| text.ends_with([',', '=']) || text.ends_with("->");
        let after_colon = line.ends_with(':') && !line.ends_with("::");
        if between_words || is_loose(&line) || piece == "->" || after_colon {
            line.push(' ');
        }
        line += piece;
    }
    for path in [
        "option", "string", "vec", "result", "fmt", "str", "convert", "default", "ops",
    ] {
        line = line.replace(&format!("::std::{path}::"), "");
    }
    line.replace(",>", ">")
}
