//! Operations of a contract and what they send and answer.

use serde_json::Value;

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
    /// Values of the examples, by name.
    pub(super) examples: Vec<(String, &'a Value)>,
}

impl Message<'_> {
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
    let mut operations = Vec::new();
    for (path, item) in root.member("paths").members() {
        for (method, at) in item.members() {
            if at.member("responses").exists() {
                operations.push(Operation {
                    method: method.to_uppercase(),
                    path: path.clone(),
                    at,
                    shared: item.member("parameters"),
                });
            }
        }
    }
    operations
}

impl<'a> Operation<'a> {
    pub(super) fn id(&self) -> &'a str {
        self.at.member("operationId").text()
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
        let all = std::iter::once(request).chain(responses);
        let message = |(name, at): (String, At<'a>)| {
            let content = at.member("content").members();
            let json = content
                .into_iter()
                .find(|(media, _)| media.contains("json"));
            let schema = json.as_ref().map(|(_, json)| json.member("schema"));
            Message {
                name,
                at,
                schema: schema.filter(At::exists),
                examples: json.iter().flat_map(|(_, json)| examples(json)).collect(),
            }
        };
        all.filter(|(_, at)| at.exists()).map(message).collect()
    }
}

/// Values of the examples of a body or a parameter; one without a name is called `example`.
pub(super) fn examples<'a>(holder: &At<'a>) -> Vec<(String, &'a Value)> {
    let named = holder.member("examples").members().into_iter();
    let named = named.map(|(name, at)| (name, &at.value["value"]));
    let alone = holder
        .value
        .get("example")
        .map(|value| ("example".to_owned(), value));
    named.chain(alone).collect()
}
