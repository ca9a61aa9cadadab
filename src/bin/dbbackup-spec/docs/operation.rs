//! What a contract says of an operation, in the same facts as a page.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use dbbackup::contract::{OperationObject, Schema, operations};
use regex::Regex;
use serde::Deserialize;
use serde_json::{Map, Value, json as value};

use super::blocks::Layout;
use super::facts::{Fact, Loci, Locus, Part, Statements, Subject, state, subject};
use super::keywords::{self, parts};
use crate::at::At;
use crate::document::Document;
use crate::pointer::members;
use crate::source::of_all as source;

/// An operation as facts, with what explains that a page says something else.
#[derive(Default)]
pub(super) struct OperationFacts {
    pub(super) places: Loci,
    /// Sources of what no page of the operation has.
    pub(super) sources: BTreeMap<Subject, String>,
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
    /// What the page says in place of the contract; null for nothing.
    pub(super) deviations: Vec<(Subject, Value)>,
}

impl OperationFacts {
    pub(super) fn of(document: &Document, operation: &str) -> anyhow::Result<Self> {
        let found = operations(&document.root).find(|found| found.id() == operation);
        let Some(found) = found else {
            bail!("{}: there is no operation {operation}", document.file);
        };
        let mut reader = Reader {
            root: At::root(&document.root),
            facts: Self::default(),
            open: Vec::new(),
        };
        reader.read(&found)?;
        Ok(reader.facts)
    }
}

struct Reader<'a> {
    root: At<'a>,
    facts: OperationFacts,
    /// The schemas around a field, as some contain themselves.
    open: Vec<String>,
}

impl<'a> Reader<'a> {
    fn read(&mut self, found: &OperationObject<'a>) -> anyhow::Result<()> {
        let item = self.root.member("paths").member(found.path);
        let operation = item.member(found.method);
        let method = found.method.to_uppercase();
        self.facts.calls = calls(self.root.value, &method, found.path)?;
        let call = self.statements(Part::Call.into());
        state(call, Fact::Method, method);
        state(call, Fact::Path, found.path);
        for owner in [&item, &operation] {
            for (_, parameter) in owner.member("parameters").members() {
                self.parameter(&parameter);
            }
        }
        self.security(&operation);
        self.body("request", &operation.member("requestBody"), true);
        for (status, response) in operation.member("responses").members() {
            match status.parse() {
                Ok(success @ 200..=299) => self.success(success, &response),
                _ => {
                    let place = Locus::from(Part::Errors).below(&status);
                    self.fields(&schema(&response), &place, false, source(response.value));
                }
            }
        }
        for (_, erratum) in operation.member("x-errata").members() {
            self.facts.errata.push(Erratum::read(&erratum)?);
        }
        Ok(())
    }

    fn statements(&mut self, place: Locus) -> &mut Statements {
        self.facts.places.entry(place).or_default()
    }

    fn parameter(&mut self, parameter: &At<'a>) {
        let part = match parameter.member("in").text() {
            "header" => Part::Headers,
            _ => Part::Parameters,
        };
        let place = Locus::from(part).below(parameter.member("name").text());
        let mandatory = parameter.member("required").is_true();
        let source = source(parameter.value);
        self.field(&parameter.member("schema"), &place, Some(mandatory), source);
    }

    /// Headers that prove who calls.
    fn security(&mut self, operation: &At<'a>) {
        let components = self.root.member("components");
        let schemes = components.member("securitySchemes");
        let owners = [operation, &self.root].map(|owner| owner.member("security"));
        let requirements = owners.iter().find(|list| list.exists());
        let requirements = requirements.map_or_else(Vec::new, At::members);
        let names = requirements.iter().flat_map(|(_, one)| one.members());
        for (name, _) in names {
            let scheme = schemes.member(&name);
            if scheme.member("in").text() == "header" {
                let header = scheme.member("name").text();
                let facts = self.statements(Locus::from(Part::Headers).below(header));
                state(facts, Fact::Mandatory, requirements.len() == 1);
                state(facts, Fact::Type, "string");
            }
        }
    }

    fn success(&mut self, status: u16, response: &At<'a>) {
        let facts = self.statements(Part::Response.into());
        let statuses = facts.entry(Fact::Status).or_insert_with(|| value!([]));
        if let Value::Array(all) = statuses {
            all.push(status.into());
        }
        self.body("response", response, false);
    }

    fn body(&mut self, group: &'static str, at: &At<'a>, is_request: bool) {
        let part = if is_request {
            Part::Request
        } else {
            Part::Response
        };
        self.fields(&schema(at), &part.into(), is_request, None);
        let body = self.facts.bodies.entry(group).or_default();
        let schema = Schema::at(self.root.value, &schema(at).pointer);
        body.schemas.extend(schema);
        for (name, example) in json(at).member("examples").members() {
            let value = example.member("value").value;
            if name.starts_with("documented") && !body.examples.contains(value) {
                body.examples.push(value.clone());
            }
        }
    }

    /// Adds what is below a schema.
    fn fields(&mut self, at: &At<'a>, place: &Locus, is_request: bool, outer: Option<&'a str>) {
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
                let place = place.below(&name);
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
        place: &Locus,
        mandatory: Option<bool>,
        outer: Option<&'a str>,
    ) -> Option<&'a str> {
        // What stands where a schema is referred to is about the field, all else about the schema.
        let referring = self.root.value.pointer(&at.referred().pointer);
        let own = referring.and_then(source).or(outer);
        let sources = &mut self.facts.sources;
        sources.extend(own.map(|own| ((place.clone(), None), own.to_owned())));
        let facts = self.facts.places.entry(place.clone()).or_default();
        if let Some(mandatory) = mandatory {
            state(facts, Fact::Mandatory, mandatory);
        }
        for part in parts(at) {
            let mut stated = Statements::new();
            keywords::read(&part, &mut stated);
            for (fact, value) in stated {
                let source = source(part.value).map(str::to_owned);
                sources.extend(source.map(|source| ((place.clone(), Some(fact)), source)));
                state(facts, fact, value);
            }
        }
        own
    }
}

impl Erratum {
    fn read(at: &At<'_>) -> anyhow::Result<Self> {
        let (layout, deviations) = (at.member("layout"), at.member("deviations"));
        let recorded = Option::<Map<_, _>>::deserialize(deviations.value);
        let recorded = recorded.with_context(|| deviations.pointer.clone())?;
        let deviation = |(key, value): (String, Value)| {
            let subject = subject(&key).with_context(|| deviations.pointer.clone())?;
            Ok((subject, value))
        };
        let recorded = recorded.unwrap_or_default().into_iter();
        Ok(Self {
            id: at.member("id").text().to_owned(),
            layout: Option::deserialize(layout.value).with_context(|| layout.pointer.clone())?,
            deviations: recorded.map(deviation).collect::<anyhow::Result<_>>()?,
        })
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
