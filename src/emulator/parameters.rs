//! Parameters of paths, queries and headers: read from text, and checked against the contract.
//!
//! A parameter that is left out has its documented default afterwards. Credentials are none.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use super::refusal::{Reason, Refusal};
use crate::contract::{self, OperationObject, Schema};
use crate::model::Timestamp;

/// Parameters by name, as text.
pub(crate) type Arguments = BTreeMap<String, String>;
/// Names and values in the order of a request.
pub(crate) type Pairs = Vec<(String, String)>;

/// The parts of a request that have parameters.
pub(crate) struct RequestParts<'a> {
    pub(crate) path: &'a Pairs,
    pub(crate) query: &'a Pairs,
    pub(crate) headers: &'a HeaderMap,
}

/// The part of a request that has a parameter.
#[derive(Clone, Copy, Debug)]
enum Location {
    Path,
    Query,
    Header,
}

/// A parameter of an operation.
#[derive(Debug)]
pub(crate) struct Parameter {
    name: String,
    location: Location,
    required: bool,
    is_integer: bool,
    schema: Schema,
    default: Option<String>,
    /// Other parameters that must come along.
    requires: Vec<String>,
}

impl Parameter {
    /// The parameters of an operation.
    pub(crate) fn all(document: &Value, operation: &OperationObject<'_>) -> Vec<Self> {
        let listed = operation.parameters(document);
        listed
            .filter_map(|parameter| Self::new(document, parameter))
            .collect()
    }

    fn new(document: &Value, parameter: &Value) -> Option<Self> {
        let name = parameter["name"].as_str()?;
        let schema = contract::resolve(document, &parameter["schema"]);
        let default = match &schema["default"] {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        };
        // TaurusDB declares both as text and means numbers all the same.
        let checked = match name {
            "offset" => json!({ "type": "integer", "minimum": 0 }),
            "limit" => json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
            _ => schema.clone(),
        };
        let requires = parameter["x-requires"].as_array().into_iter().flatten();
        Some(Self {
            name: name.to_owned(),
            location: match parameter["in"].as_str()? {
                "path" => Location::Path,
                "query" => Location::Query,
                "header" => Location::Header,
                _ => return None,
            },
            required: parameter["required"] == true,
            is_integer: checked["type"] == "integer",
            schema: Schema::at(&json!({ "schema": checked }), "/schema")?,
            default,
            requires: requires
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
        })
    }

    pub(crate) fn is_in_query(&self, name: &str) -> bool {
        matches!(self.location, Location::Query) && self.name == name
    }

    /// The value in a request, or the default.
    fn read(&self, parts: &RequestParts<'_>) -> Result<Option<String>, Refusal> {
        let in_pairs = |pairs: &Pairs| {
            let values = pairs.iter().filter(|(name, _)| *name == self.name);
            values.map(|(_, value)| value.clone()).collect()
        };
        let values: Vec<String> = match self.location {
            Location::Path => in_pairs(parts.path),
            Location::Query => in_pairs(parts.query),
            Location::Header => {
                let values = parts.headers.get_all(&self.name).iter();
                let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into();
                values.map(text).collect()
            }
        };
        let mut values = values.into_iter();
        let Some(value) = values.next() else {
            if self.required {
                return Err(self.refusal(Reason::Parameter, "is mandatory"));
            }
            return Ok(self.default.clone());
        };
        if values.next().is_some() {
            return Err(self.refusal(Reason::of(&self.name), "must not occur twice"));
        }
        // As JSON has them, so that no whole number is too large to be one.
        let is_whole = value.bytes().all(|byte| byte.is_ascii_digit());
        let number = serde_json::from_str(&value).ok();
        let number = number.filter(|_: &Value| self.is_integer && is_whole);
        let parsed = number.unwrap_or_else(|| json!(value));
        match self.schema.violations_of(&parsed).next() {
            Some(violation) => Err(self.refusal(Reason::of(&self.name), &violation.rule)),
            None => Ok(Some(value)),
        }
    }

    fn refusal(&self, reason: Reason, fault: &str) -> Refusal {
        Refusal::new(reason, format!("{}: {fault}", self.name))
    }
}

/// All parameters of a request that obeys the contract.
pub(crate) fn read(
    parameters: &[Parameter],
    parts: &RequestParts<'_>,
) -> Result<Arguments, Refusal> {
    let mut arguments = Arguments::new();
    for parameter in parameters {
        if let Some(value) = parameter.read(parts)? {
            arguments.insert(parameter.name.clone(), value);
        }
    }
    let is_given = |parameter: &&Parameter| arguments.contains_key(&parameter.name);
    for parameter in parameters.iter().filter(is_given) {
        let mut required = parameter.requires.iter();
        if let Some(other) = required.find(|other| !arguments.contains_key(*other)) {
            return Err(parameter.refusal(Reason::Parameter, &format!("needs {other}")));
        }
    }
    period(&arguments)?;
    Ok(arguments)
}

/// Start and end of the period that is asked for.
pub(crate) fn period(arguments: &Arguments) -> Result<[Option<jiff::Timestamp>; 2], Refusal> {
    let time = |name: &str| match arguments.get(name) {
        None => Ok(None),
        Some(text) => match Timestamp::from(text.as_str()).instant() {
            Some(time) => Ok(Some(time)),
            None => Err(Refusal::parameter(format!(
                "{name}: must be a time with an offset"
            ))),
        },
    };
    let (begin, end) = (time("begin_time")?, time("end_time")?);
    if begin.zip(end).is_some_and(|(begin, end)| end <= begin) {
        return Err(Refusal::parameter("end_time: must be after begin_time"));
    }
    Ok([begin, end])
}

/// Names and values of a query, decoded.
pub(crate) fn pairs(query: &str) -> Pairs {
    let url = reqwest::Url::parse(&format!("http://localhost/?{query}"));
    let Ok(url) = url else {
        return Pairs::new();
    };
    url.query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}
