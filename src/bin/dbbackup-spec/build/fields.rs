//! The fields of a body, those within one another included.

use super::meaning::Meaning;
use crate::at::At;

/// Arrays within one another that a type tells of.
const DEEPEST: usize = 5;

/// A field of a body.
pub(super) struct Field<'a> {
    /// With the names of the fields around it.
    pub(super) path: String,
    pub(super) kind: String,
    pub(super) is_mandatory: bool,
    pub(super) meaning: Meaning<'a>,
    /// The fields within it.
    pub(super) parts: Vec<Self>,
}

/// The fields of a schema.
pub(super) fn fields<'a>(schema: &At<'a>) -> Vec<Field<'a>> {
    let mut fields = Vec::new();
    collect(schema, "", &mut Vec::new(), &mut fields);
    fields
}

/// Fields, each followed by those within it.
pub(super) fn flat<'f, 'a>(fields: &'f [Field<'a>]) -> Vec<&'f Field<'a>> {
    let with_parts = |field: &'f Field<'a>| std::iter::once(field).chain(flat(&field.parts));
    fields.iter().flat_map(with_parts).collect()
}

fn collect<'a>(schema: &At<'a>, path: &str, above: &mut Vec<String>, fields: &mut Vec<Field<'a>>) {
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
            meaning: Meaning::of(&content),
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
pub(super) fn whole<'a>(schema: &At<'a>) -> At<'a> {
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
        let is_nullable = schema.member("nullable").is_true();
        let null = if is_nullable { " or null" } else { "" };
        match schema.member("type").text() {
            "array" => kind += &format!("array{null} of "),
            "" => return kind + &variants(&schema).unwrap_or_else(|| "any".to_owned()),
            name => return kind + name + null,
        }
        schema = whole(&schema.member("items"));
    }
    kind + "array"
}

/// The types of the alternatives, if there are any.
fn variants(schema: &At<'_>) -> Option<String> {
    let kinds: Vec<String> = ["oneOf", "anyOf"]
        .into_iter()
        .flat_map(|key| schema.member(key).members())
        .map(|(_, variant)| whole(&variant).member("type").text().to_owned())
        .collect();
    (!kinds.is_empty()).then(|| kinds.join(" or "))
}

/// Whether something is mandatory, in a word.
pub(super) fn duty(is_required: bool) -> &'static str {
    if is_required { "yes" } else { "no" }
}
