//! OpenAPI documents read from files, with the place of everything in them.
//!
//! JSON is read as YAML, which it is a part of: so both have places, and neither may have a key
//! twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};
use serde_saphyr::Spanned;

use crate::depth::{MOST_LEVELS, too_deep};
use crate::form;

/// Whether the keys of an object under this key are names of the contract, not keywords.
pub(crate) fn holds_names(key: &str) -> bool {
    matches!(
        key,
        "callbacks"
            | "content"
            | "encoding"
            | "examples"
            | "headers"
            | "links"
            | "mapping"
            | "parameters"
            | "paths"
            | "properties"
            | "requestBodies"
            | "responses"
            | "schemas"
            | "scopes"
            | "securitySchemes"
            | "variables"
    )
}

/// References that may lead to one another, so that a circle ends.
const MOST_STEPS: usize = 100;

/// An OpenAPI 3.0 document whose references lead somewhere.
#[derive(Debug)]
pub(crate) struct Document {
    /// The file, as it was named.
    pub(crate) file: String,
    pub(crate) text: String,
    pub(crate) root: Value,
    lines: BTreeMap<String, u64>,
}

impl Document {
    /// Reads a file; the error is one line with the file and, where there is one, the place.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let file = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| file.clone())?;
        Self::parse(file, text)
    }

    fn parse(file: String, text: String) -> anyhow::Result<Self> {
        let parsed: Spanned<Node> = read(&file, &text)?;
        let mut lines = BTreeMap::new();
        let root = flatten(parsed, String::new(), &mut lines)
            .map_err(|(line, key)| anyhow!("{file}:{line}: duplicate mapping key `{key}`"))?;
        let document = Self {
            file,
            text,
            root,
            lines,
        };
        document.check_form()?;
        document.check_references(&document.root, "", false)?;
        if let Some(pointer) = too_deep(&document.root) {
            let fault =
                format!("{pointer}: more than {MOST_LEVELS} levels, with references followed");
            return Err(document.fault(pointer, fault));
        }
        Ok(document)
    }

    /// The line of a value, or of what it would be in.
    pub(crate) fn line(&self, pointer: &str) -> u64 {
        let mut pointer = pointer;
        loop {
            match (self.lines.get(pointer), pointer.rsplit_once('/')) {
                (Some(line), _) => return *line,
                (None, Some((parent, _))) => pointer = parent,
                (None, None) => return 1,
            }
        }
    }

    /// `info.version`.
    pub(crate) fn version(&self) -> &str {
        self.root["info"]["version"].as_str().unwrap_or_default()
    }

    fn fault(&self, pointer: &str, fault: impl fmt::Display) -> anyhow::Error {
        anyhow!("{}:{}: {fault}", self.file, self.line(pointer))
    }

    fn check_form(&self) -> anyhow::Result<()> {
        let version = self.root["openapi"].as_str().unwrap_or_default();
        if !version.starts_with("3.0.") {
            let fault = "not an OpenAPI document: openapi must be 3.0.x";
            return Err(self.fault("/openapi", fault));
        }
        match form::fault(&self.root) {
            None => Ok(()),
            Some((pointer, fault)) => {
                let at = if pointer.is_empty() { "" } else { ": " };
                let fault = fault.lines().next().unwrap_or_default();
                let fault = format!("not an OpenAPI 3.0 document{at}{pointer}: {fault}");
                Err(self.fault(&pointer, fault))
            }
        }
    }

    /// The document, unless a call could mean two of its paths: those cannot be compared.
    pub(crate) fn comparable(self) -> anyhow::Result<Self> {
        let mut templates = BTreeSet::new();
        for (path, _) in members(&self.root["paths"]) {
            if !templates.insert(anonymous(&path)) {
                let fault = format!("{path} is there twice, with other names of its parameters");
                return Err(self.fault(&join("/paths", &path), fault));
            }
        }
        Ok(self)
    }

    /// Refuses references that lead nowhere, to another file, or to themselves.
    fn check_references(&self, value: &Value, pointer: &str, is_named: bool) -> anyhow::Result<()> {
        if let Some(reference) = value["$ref"].as_str() {
            let fault = format!("reference {reference:?} leads nowhere");
            let leads = target(&self.root, value).is_some_and(|(_, target)| !target.is_null());
            return match leads {
                true => Ok(()),
                false => Err(self.fault(&format!("{pointer}/$ref"), fault)),
            };
        }
        for (key, member) in members(value) {
            // What is said of values holds no references.
            let is_value = matches!(&*key, "default" | "enum" | "example" | "value");
            if is_named || !(is_value || key.starts_with("x-")) {
                let has_names = !is_named && member.is_object() && holds_names(&key);
                self.check_references(member, &join(pointer, &key), has_names)?;
            }
        }
        Ok(())
    }
}

fn read<T: DeserializeOwned>(file: &str, text: &str) -> anyhow::Result<T> {
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    let read = serde_saphyr::from_str_with_options(text, options);
    read.map_err(|error: serde_saphyr::Error| {
        let fault = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
        let fault = fault.lines().next().unwrap_or_default();
        match error.location() {
            Some(place) => {
                let (line, column) = (place.line(), place.column());
                let fault = fault.replace(&format!(" at line {line}, column {column}"), "");
                anyhow!("{file}:{line}:{column}: {fault}")
            }
            None => anyhow!("{file}: {fault}"),
        }
    })
}

/// Keys and values of an object, or indices and items of an array.
pub(crate) fn members(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Object(members) => members.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.map(|(i, item)| (i.to_string(), item)).collect()
        }
        _ => Vec::new(),
    }
}

/// A path without the names of its parameters, which are not on the wire.
pub(crate) fn anonymous(path: &str) -> String {
    let pieces = path.split('{');
    let rest = |piece: &str| {
        piece
            .split_once('}')
            .map_or(piece, |(_, rest)| rest)
            .to_owned()
    };
    pieces.map(rest).collect::<Vec<_>>().join("{}")
}

/// Where a reference leads at last, or `None` if it is none or leaves the document.
pub(crate) fn target<'a>(root: &'a Value, value: &'a Value) -> Option<(&'a str, &'a Value)> {
    let mut found = None;
    let mut value = value;
    for _ in 0..MOST_STEPS {
        let Some(reference) = value["$ref"].as_str() else {
            return found;
        };
        let pointer = reference.strip_prefix('#')?;
        value = root.pointer(pointer).unwrap_or(&Value::Null);
        found = Some((pointer, value));
    }
    None
}

/// The JSON pointer of a member.
pub(crate) fn join(pointer: &str, key: &str) -> String {
    // Nearly all keys are words.
    match key.contains('~') || key.contains('/') {
        false => [pointer, "/", key].concat(),
        true => format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
    }
}

/// A value of YAML with the places of all that is in it.
#[derive(Debug)]
enum Node {
    Scalar(Value),
    Sequence(Vec<Spanned<Node>>),
    Mapping(Vec<(Spanned<String>, Spanned<Node>)>),
}

/// The plain value; notes the lines of everything in it by its pointer. Fails with the line of a key
/// that is there twice, in YAML of two types.
fn flatten(
    node: Spanned<Node>,
    pointer: String,
    lines: &mut BTreeMap<String, u64>,
) -> Result<Value, (u64, String)> {
    let value = match node.value {
        Node::Scalar(value) => value,
        Node::Sequence(items) => {
            let items = items.into_iter().enumerate();
            items
                .map(|(i, item)| flatten(item, format!("{pointer}/{i}"), lines))
                .collect::<Result<_, _>>()?
        }
        Node::Mapping(members) => {
            let mut object = Map::new();
            for (key, member) in members {
                let pointer = join(&pointer, &key.value);
                let member = flatten(member, pointer.clone(), lines)?;
                // The key stands where people look for a member.
                let line = key.referenced.line();
                lines.insert(pointer, line);
                if object.insert(key.value.clone(), member).is_some() {
                    return Err((line, key.value));
                }
            }
            Value::Object(object)
        }
    };
    lines.entry(pointer).or_insert(node.referenced.line());
    Ok(value)
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value that JSON has, too")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(json!(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(json!(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(json!(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Scalar(json!(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(json!(value)))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Node::Mapping(members))
    }
}
