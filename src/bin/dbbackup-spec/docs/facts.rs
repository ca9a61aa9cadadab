//! What is documented: facts, each about a field or another part of a call.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{IntoDeserializer, value::Error};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::blocks::Layout;

/// What a fact tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fact {
    AmbiguousTables,
    BorrowedTable,
    Call,
    Characters,
    CircularTable,
    Default,
    ExampleStatus,
    First,
    Fits,
    Forbidden,
    Format,
    Mandatory,
    MaxLength,
    Method,
    MinLength,
    MisplacedTable,
    MissingTable,
    Note,
    Nullable,
    Path,
    Pattern,
    Repeated,
    Status,
    TableOfScalar,
    Type,
    UnreferencedTable,
    Value,
    Values,
}

/// A part of a call or of its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    Call,
    Errors,
    Examples,
    Headers,
    Parameters,
    Request,
    Response,
}

/// What facts are about: a part, or something in it, written as `request.backup.name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(super) struct Locus {
    pub(super) part: Part,
    path: Vec<String>,
}

/// One fact, or all that is said of a locus; written as `request.backup.name type`.
pub(super) type Subject = (Locus, Option<Fact>);

/// The facts of one locus.
pub(super) type Statements = BTreeMap<Fact, Value>;

/// All that is documented.
pub(super) type Loci = BTreeMap<Locus, Statements>;

/// What a page documents.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Documented {
    pub(super) layout: Layout,
    pub(super) language: String,
    pub(super) places: Loci,
}

impl fmt::Display for Fact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

impl Locus {
    /// A name in it, or several with dots between them.
    pub(super) fn below(&self, names: &str) -> Self {
        let mut below = self.clone();
        below.path.extend(names.split('.').map(str::to_owned));
        below
    }

    /// Whether it is a part, and no field.
    pub(super) fn is_part(&self) -> bool {
        self.path.is_empty()
    }

    /// Whether it is the other one, or in it.
    pub(super) fn is_within(&self, outer: &Self) -> bool {
        self.part == outer.part && self.path.starts_with(&outer.path)
    }
}

impl From<Part> for Locus {
    fn from(part: Part) -> Self {
        let path = Vec::new();
        Self { part, path }
    }
}

impl fmt::Display for Locus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.part.serialize(&mut *formatter)?;
        self.path
            .iter()
            .try_for_each(|name| write!(formatter, ".{name}"))
    }
}

impl From<Locus> for String {
    fn from(locus: Locus) -> Self {
        locus.to_string()
    }
}

impl TryFrom<String> for Locus {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let (part, names) = match text.split_once('.') {
            Some((part, names)) => (part, Some(names)),
            None => (text.as_str(), None),
        };
        let part = Self::from(Part::deserialize(part.into_deserializer())?);
        Ok(names.map_or_else(|| part.clone(), |names| part.below(names)))
    }
}

/// Reads what a deviation is about.
pub(super) fn subject(text: &str) -> Result<Subject, Error> {
    let (locus, fact) = match text.split_once(' ') {
        Some((locus, fact)) => (locus, Some(Fact::deserialize(fact.into_deserializer())?)),
        None => (text, None),
    };
    Ok((locus.to_owned().try_into()?, fact))
}

/// The key of what a page says in two ways at once.
const CONTRADICTORY: &str = "contradictory";

/// Adds a fact; two that differ become one which nothing agrees with.
pub(super) fn state(statements: &mut Statements, fact: Fact, value: impl Into<Value>) {
    let value = value.into();
    let Some(known) = statements.get_mut(&fact) else {
        statements.insert(fact, value);
        return;
    };
    if *known == value {
        return;
    }
    match known.get_mut(CONTRADICTORY).and_then(Value::as_array_mut) {
        Some(all) if all.contains(&value) => {}
        Some(all) => all.push(value),
        None => *known = json!({ CONTRADICTORY: [known.take(), value] }),
    }
}
