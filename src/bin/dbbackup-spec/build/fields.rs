//! The fields of a body, those within one another included.

use serde_json::Value;

use crate::at::At;

/// Keywords that a row says in its own way, or that hold other rows.
const SAID: [&str; 11] = [
    "allOf",
    "anyOf",
    "description",
    "example",
    "items",
    "nullable",
    "oneOf",
    "properties",
    "required",
    "title",
    "type",
];

/// Arrays within one another that a type tells of.
const DEEPEST: usize = 5;

/// A field of a body.
pub(super) struct Field {
    /// With the names of the fields around it.
    pub(super) path: String,
    pub(super) kind: String,
    pub(super) is_mandatory: bool,
    /// In Markdown.
    pub(super) meaning: String,
    /// The fields within it.
    pub(super) parts: Vec<Field>,
}

/// The fields of a schema.
pub(super) fn fields(schema: &At<'_>) -> Vec<Field> {
    let mut fields = Vec::new();
    collect(schema, "", &mut Vec::new(), &mut fields);
    fields
}

/// Field, type, duty and meaning of each field, those within fields included.
pub(super) fn rows(fields: &[Field]) -> Vec<[String; 4]> {
    let row = |field: &Field| {
        let (path, kind) = (field.path.clone(), field.kind.clone());
        let own = [path, kind, duty(field.is_mandatory), field.meaning.clone()];
        std::iter::once(own)
            .chain(rows(&field.parts))
            .collect::<Vec<_>>()
    };
    fields.iter().flat_map(row).collect()
}

fn collect(schema: &At<'_>, path: &str, above: &mut Vec<String>, fields: &mut Vec<Field>) {
    let schema = &whole(schema);
    if above.contains(&schema.pointer) {
        return;
    }
    above.push(schema.pointer.clone());
    let required = schema.member("required").members();
    // A schema of several parts has the fields of all.
    for (_, part) in schema.member("allOf").members() {
        collect(&part, path, above, fields);
    }
    for (name, content) in schema.member("properties").members() {
        let path = match path {
            "" => name.clone(),
            _ => format!("{path}.{name}"),
        };
        let mut parts = Vec::new();
        collect(&content, &path, above, &mut parts);
        fields.push(Field {
            kind: kind(&content),
            is_mandatory: required.iter().any(|(_, one)| one.text() == name),
            meaning: meaning(&content),
            path,
            parts,
        });
    }
    if schema.member("items").exists() {
        collect(&schema.member("items"), &format!("{path}[]"), above, fields);
    }
    above.pop();
}

/// What a schema is with other words for people, or the schema itself.
fn whole<'a>(schema: &At<'a>) -> At<'a> {
    let has_words = schema.on_the_wire().keys().all(|key| key == "allOf");
    match &schema.member("allOf").members()[..] {
        [(_, part)] if has_words => part.clone(),
        _ => schema.clone(),
    }
}

/// The type of a schema.
pub(super) fn kind(schema: &At<'_>) -> String {
    let mut kind = String::new();
    let mut schema = whole(schema);
    // An array may hold itself.
    for _ in 0..DEEPEST {
        let null = match schema.member("nullable").is_true() {
            true => " or null",
            false => "",
        };
        let items = match schema.member("type").text() {
            "array" => schema.member("items"),
            "" => return kind + &variants(&schema).unwrap_or_else(|| "any".to_owned()),
            name => return kind + name + null,
        };
        kind += &format!("array{null} of ");
        schema = whole(&items);
    }
    kind + "array"
}

/// The types of the alternatives, if there are any.
fn variants(schema: &At<'_>) -> Option<String> {
    let lists = ["oneOf", "anyOf"].map(|key| schema.member(key).members());
    let variants = lists.into_iter().flatten();
    let kinds = variants.map(|(_, variant)| whole(&variant).member("type").text().to_owned());
    let kinds: Vec<String> = kinds.collect();
    (!kinds.is_empty()).then(|| kinds.join(" or "))
}

/// Whether something is mandatory.
pub(super) fn duty(is_required: bool) -> String {
    match is_required {
        true => "yes".to_owned(),
        false => "no".to_owned(),
    }
}

/// What a field or parameter means, what it may be, and where there is one.
pub(super) fn meaning(holder: &At<'_>) -> String {
    let schema = holder.member("schema");
    let schema = whole(if schema.exists() { &schema } else { holder });
    let mut said = vec![holder.member("description").text().trim()];
    // A schema of its own has words that are true wherever it is used.
    let general = schema.member("description").text().trim();
    if general != said[0] {
        said.push(general);
    }
    let limits = limits(&schema);
    said.push(&limits);
    let items = items(&schema);
    said.push(&items);
    said.push(holder.member("x-availability").text());
    said.retain(|text| !text.is_empty());
    said.join(" ")
}

/// The bounds of a schema, and all else that it says in keywords.
fn limits(schema: &At<'_>) -> String {
    let mut said = schema.members();
    said.retain(|(keyword, _)| !SAID.contains(&&**keyword) && !keyword.starts_with("x-"));
    let limit = |(keyword, at): (String, At<'_>)| match at.value {
        Value::Array(words) => {
            let words: Vec<String> = words.iter().map(Value::to_string).collect();
            format!("`{keyword}`: {}.", words.join(", "))
        }
        value => format!("`{keyword}`: `{value}`."),
    };
    let limits: Vec<String> = said.into_iter().map(limit).collect();
    limits.join(" ")
}

/// What each item of an array is; those within it are not told of, as an array may hold itself.
fn items(schema: &At<'_>) -> String {
    let items = whole(&schema.member("items"));
    let words = items.member("description").text().trim();
    match (words, limits(&items)) {
        ("", limits) if limits.is_empty() => limits,
        (words, limits) => format!("Each: {words} {limits}").trim_end().to_owned(),
    }
}
