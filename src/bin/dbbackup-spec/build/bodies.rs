//! Operations of a contract and what they send and answer.

use crate::at::At;

/// An operation with its method and path.
pub(super) struct Operation<'a> {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) at: At<'a>,
    /// Parameters of the path for all of its operations.
    shared: At<'a>,
}

/// A JSON body.
pub(super) struct Body<'a> {
    /// `request`, or the status of the answer.
    pub(super) name: String,
    pub(super) description: &'a str,
    pub(super) schema: At<'a>,
    /// Values of the examples, by name.
    pub(super) examples: Vec<(String, At<'a>)>,
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

    /// The bodies that have a schema, the request first.
    pub(super) fn bodies(&self) -> Vec<Body<'a>> {
        let request = ("request".to_owned(), self.at.member("requestBody"));
        let responses = self.at.member("responses").members();
        let holders = std::iter::once(request).chain(responses);
        let body = |(name, holder): (String, At<'a>)| {
            let content = holder.member("content").member("application/json");
            let schema = content.member("schema");
            let examples = content.member("examples").members().into_iter();
            schema.exists().then(|| Body {
                name,
                description: holder.member("description").text(),
                schema,
                examples: examples
                    .map(|(name, at)| (name, at.member("value")))
                    .collect(),
            })
        };
        holders.filter_map(body).collect()
    }
}
