//! What a contract says of an operation, in the same facts as a page.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use dbbackup::contract::Schema;
use regex::Regex;
use serde::Deserialize;
use serde_json::{Map, Value, json as value};

use super::facts::{Facts, Places, state};
use super::keywords::{self, parts};
use super::page::Layout;
use crate::at::At;
use crate::document::{Document, members};
use crate::source::of_all as source;

/// An operation as facts, with what explains that a page says something else.
pub(super) struct Contract {
    pub(super) places: Places,
    /// Sources of places, and of facts as `place fact`, that no page of the operation has.
    pub(super) sources: BTreeMap<String, String>,
    pub(super) errata: Vec<Erratum>,
    pub(super) bodies: BTreeMap<&'static str, Body>,
    /// Calls that the contract allows, as patterns, and how it writes them.
    pub(super) calls: Vec<(Regex, String)>,
}

/// A kind of body: its examples that have the vendor's values, and what each has to be.
#[derive(Default)]
pub(super) struct Body {
    pub(super) examples: Vec<Value>,
    pub(super) schemas: Vec<Schema>,
}

/// An entry of `x-errata`.
pub(super) struct Erratum {
    pub(super) id: String,
    /// The layout of the only page that it is about.
    pub(super) layout: Option<Layout>,
    /// What the page says in place of the contract, by place or by `place fact`; null for nothing.
    pub(super) deviations: Map<String, Value>,
}

impl Contract {
    pub(super) fn of(document: &Document, operation: &str) -> anyhow::Result<Self> {
        let root = At::root(&document.root);
        for (path, item) in root.member("paths").members() {
            for (method, at) in item.members() {
                if at.member("operationId").text() == operation {
                    return Reader::new(&document.root, &at).read(&path, &item, &method);
                }
            }
        }
        bail!("{}: there is no operation {operation}", document.file)
    }
}

struct Reader<'a> {
    root: &'a Value,
    operation: &'a At<'a>,
    contract: Contract,
    /// The schemas around a field, as some contain themselves.
    open: Vec<String>,
}

impl<'a> Reader<'a> {
    fn new(root: &'a Value, operation: &'a At<'a>) -> Self {
        Self {
            root,
            operation,
            contract: Contract {
                places: Places::new(),
                sources: BTreeMap::new(),
                errata: Vec::new(),
                bodies: BTreeMap::new(),
                calls: Vec::new(),
            },
            open: Vec::new(),
        }
    }

    fn read(mut self, path: &str, item: &At<'a>, method: &str) -> anyhow::Result<Contract> {
        let method = method.to_uppercase();
        self.contract.calls = calls(self.root, &method, path)?;
        let call = [
            ("method".to_owned(), value!(method)),
            ("path".to_owned(), value!(path)),
        ];
        self.contract
            .places
            .insert("call".to_owned(), Facts::from(call));
        for owner in [item, self.operation] {
            for (_, parameter) in owner.member("parameters").members() {
                self.parameter(&parameter);
            }
        }
        self.security();
        self.body("request", &self.operation.member("requestBody"), true);
        for (status, response) in self.operation.member("responses").members() {
            match status.parse() {
                Ok(success @ 200..=299) => self.success(success, &response),
                _ => {
                    let place = format!("errors.{status}");
                    self.fields(&schema(&response), &place, false, source(response.value));
                }
            }
        }
        for (_, erratum) in self.operation.member("x-errata").members() {
            let layout = erratum.member("layout");
            let deviations = erratum.member("deviations");
            let of_pages = Option::deserialize(deviations.value);
            self.contract.errata.push(Erratum {
                id: erratum.member("id").text().to_owned(),
                layout: Option::deserialize(layout.value)
                    .with_context(|| layout.pointer.clone())?,
                deviations: of_pages
                    .with_context(|| deviations.pointer.clone())?
                    .unwrap_or_default(),
            });
        }
        Ok(self.contract)
    }

    fn parameter(&mut self, parameter: &At<'a>) {
        let group = match parameter.member("in").text() {
            "header" => "headers",
            _ => "parameters",
        };
        let place = format!("{group}.{}", parameter.member("name").text());
        let mandatory = parameter.member("required").is_true();
        let source = source(parameter.value);
        self.field(&parameter.member("schema"), &place, Some(mandatory), source);
    }

    /// Headers that prove who calls.
    fn security(&mut self) {
        let root = At::root(self.root);
        let schemes = root.member("components").member("securitySchemes");
        let owners = [self.operation, &root].map(|owner| owner.member("security"));
        let requirements = owners.iter().find(|list| list.exists());
        let requirements = requirements.map_or_else(Vec::new, At::members);
        let names = requirements.iter().flat_map(|(_, one)| one.members());
        for (name, _) in names {
            let scheme = schemes.member(&name);
            if scheme.member("in").text() == "header" {
                let place = format!("headers.{}", scheme.member("name").text());
                let facts = self.contract.places.entry(place).or_default();
                state(facts, "mandatory", requirements.len() == 1);
                state(facts, "type", "string");
            }
        }
    }

    fn success(&mut self, status: u16, response: &At<'a>) {
        let facts = self.contract.places.entry("response".to_owned());
        let statuses = facts.or_default().entry("status".to_owned());
        let statuses = statuses.or_insert_with(|| value!([])).as_array_mut();
        statuses.into_iter().for_each(|all| all.push(status.into()));
        self.body("response", response, false);
    }

    fn body(&mut self, group: &'static str, at: &At<'a>, is_request: bool) {
        self.fields(&schema(at), group, is_request, None);
        let body = self.contract.bodies.entry(group).or_default();
        body.schemas
            .extend(Schema::at(self.root, &schema(at).pointer));
        for (name, example) in json(at).member("examples").members() {
            let value = example.member("value").value;
            if name.starts_with("documented") && !body.examples.contains(value) {
                body.examples.push(value.clone());
            }
        }
    }

    /// Adds what is below a schema.
    fn fields(&mut self, at: &At<'a>, place: &str, is_request: bool, outer: Option<&'a str>) {
        if self.open.contains(&at.pointer) {
            return;
        }
        self.open.push(at.pointer.clone());
        for part in parts(at) {
            let outer = source(part.value).or(outer);
            let required = &part.value["required"];
            for (name, property) in part.member("properties").members() {
                let is_required = members(required).iter().any(|(_, one)| **one == *name);
                // Of a response, a page says this of no field.
                let mandatory = (is_request || is_required).then_some(is_required);
                let place = format!("{place}.{name}");
                let source = self.field(&property, &place, mandatory, outer);
                self.fields(&property, &place, is_request, source);
            }
            let items = part.member("items");
            if items.exists() {
                self.fields(&items, place, is_request, outer);
            }
        }
        self.open.pop();
    }

    /// Adds what is said of a field itself, and tells where its parts come from.
    fn field(
        &mut self,
        at: &At<'a>,
        place: &str,
        mandatory: Option<bool>,
        outer: Option<&'a str>,
    ) -> Option<&'a str> {
        // What stands where a schema is referred to is about the field, all else about the schema.
        let referring = self.root.pointer(&at.referred().pointer);
        let own = referring.and_then(source).or(outer);
        let sources = &mut self.contract.sources;
        sources.extend(own.map(|own| (place.to_owned(), own.to_owned())));
        let facts = self.contract.places.entry(place.to_owned()).or_default();
        if let Some(mandatory) = mandatory {
            state(facts, "mandatory", mandatory);
        }
        for part in parts(at) {
            let mut stated = Facts::new();
            keywords::read(&part, &mut stated);
            for (name, value) in stated {
                let key = format!("{place} {name}");
                sources.extend(source(part.value).map(|source| (key, source.to_owned())));
                state(facts, &name, value);
            }
        }
        own
    }
}

fn json<'a>(body: &At<'a>) -> At<'a> {
    body.member("content").member("application/json")
}

fn schema<'a>(body: &At<'a>) -> At<'a> {
    json(body).member("schema")
}

/// The calls of an operation, each as a pattern and as text.
fn calls(root: &Value, method: &str, path: &str) -> anyhow::Result<Vec<(Regex, String)>> {
    let call = |(_, server): (String, &Value)| {
        let url = server["url"].as_str().unwrap_or_default();
        let text = format!("{method} {}{path}", url.trim_end_matches('/'));
        let mut pattern = String::new();
        for (i, piece) in text.split('{').enumerate() {
            // After a brace, the name of a parameter or of a variable of the server comes first.
            let (name, rest) = piece
                .split_once('}')
                .filter(|_| i > 0)
                .unwrap_or(("", piece));
            let values = members(&server["variables"][name]["enum"]);
            let values: Vec<String> = values
                .iter()
                .filter_map(|(_, value)| value.as_str().map(regex::escape))
                .collect();
            pattern += &match (i, values.is_empty()) {
                (0, _) => String::new(),
                (_, true) => "[^/]+".to_owned(),
                (_, false) => format!("(?:{})", values.join("|")),
            };
            pattern += &regex::escape(rest);
        }
        let pattern = Regex::new(&format!("^{pattern}$")).with_context(|| text.clone())?;
        Ok((pattern, text))
    };
    members(&root["servers"]).into_iter().map(call).collect()
}
