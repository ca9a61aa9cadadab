//! Operations of a contract and what they send and answer.

use dbbackup::contract::{self, OperationObject};
use serde_json::Value;

use super::fields::{self, Field};
use crate::at::At;

/// An operation with its method and path.
pub(super) struct Operation<'a> {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) at: At<'a>,
    /// Parameters of the path for all of its operations.
    shared: At<'a>,
}

/// A request or a response.
pub(super) struct Message<'a> {
    /// `request`, or the status of the answer.
    pub(super) name: String,
    pub(super) at: At<'a>,
    /// Of a JSON body, if it has one.
    pub(super) schema: Option<At<'a>>,
    pub(super) examples: Vec<Example<'a>>,
}

/// An example of a body or a parameter.
pub(super) struct Example<'a> {
    pub(super) name: String,
    /// What it shows, if that is told.
    pub(super) summary: &'a str,
    pub(super) value: &'a Value,
}

impl Example<'_> {
    /// In Markdown.
    pub(super) fn title(&self) -> String {
        match self.summary {
            "" => format!("`{}`", self.name),
            summary => format!("`{}` ({})", self.name, summary.trim_end_matches('.')),
        }
    }
}

impl<'a> Message<'a> {
    pub(super) fn fields(&self) -> Vec<Field<'a>> {
        self.schema.as_ref().map(fields::fields).unwrap_or_default()
    }

    /// What it is, and of a request whether there must be one; in Markdown.
    pub(super) fn description(&self) -> String {
        let words = |at: &At<'a>| at.member("description").text().trim();
        let own = words(&self.at);
        let general = self.schema.as_ref().map(words);
        let duty = match (&*self.name, self.at.member("required").is_true()) {
            ("request", true) => "Mandatory.",
            ("request", false) => "Optional.",
            _ => "",
        };
        let mut parts = vec![
            own,
            general.filter(|words| *words != own).unwrap_or(""),
            duty,
        ];
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n")
    }

    pub(super) fn title(&self) -> String {
        match &*self.name {
            "request" => "Request".to_owned(),
            status => format!("Response {status}"),
        }
    }

    /// What links to one of its fields lead to.
    pub(super) fn anchor(&self, field: &str) -> String {
        format!("{}.{field}", self.name)
    }
}

/// The operations of a contract, by path and method.
pub(super) fn operations<'a>(root: &At<'a>) -> Vec<Operation<'a>> {
    let operation = |found: OperationObject<'a>| {
        let item = root.member("paths").member(found.path);
        Operation {
            method: found.method.to_uppercase(),
            path: found.path.to_owned(),
            at: item.member(found.method),
            shared: item.member("parameters"),
        }
    };
    contract::operations(root.value).map(operation).collect()
}

impl<'a> Operation<'a> {
    pub(super) fn id(&self) -> &'a str {
        self.at.member("operationId").text()
    }

    /// Method and path.
    pub(super) fn call(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(super) fn parameters(&self) -> Vec<At<'a>> {
        let own = self.at.member("parameters").members();
        let all = self.shared.members().into_iter().chain(own);
        all.map(|(_, parameter)| parameter).collect()
    }

    /// What is sent, if anything is, and what is answered.
    pub(super) fn messages(&self) -> Vec<Message<'a>> {
        let request = ("request".to_owned(), self.at.member("requestBody"));
        let responses = self.at.member("responses").members();
        std::iter::once(request)
            .chain(responses)
            .filter(|(_, at)| at.exists())
            .map(|(name, at)| {
                let content = at.member("content").members();
                let json = content.iter().find(|(media, _)| media.contains("json"));
                Message {
                    name,
                    at,
                    schema: json
                        .map(|(_, json)| json.member("schema"))
                        .filter(At::exists),
                    examples: json.map_or_else(Vec::new, |(_, json)| examples(json)),
                }
            })
            .collect()
    }
}

/// The examples of a body or a parameter; one without a name is called `example`.
pub(super) fn examples<'a>(holder: &At<'a>) -> Vec<Example<'a>> {
    let named = holder.member("examples").members().into_iter();
    let named = named.map(|(name, at)| Example {
        name,
        summary: at.member("summary").text(),
        value: &at.value["value"],
    });
    let alone = holder.value.get("example").map(|value| Example {
        name: "example".to_owned(),
        summary: "",
        value,
    });
    named.chain(alone).collect()
}
