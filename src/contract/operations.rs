//! The operations of a contract, in the order of their paths.

use serde_json::Value;

use super::resolve;

/// The keys of a path that hold an operation.
pub const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];

/// An operation of a contract, with where it stands.
#[derive(Clone, Copy, Debug)]
pub struct OperationObject<'a> {
    /// The template of its path, such as `/v3/{project_id}/backups`.
    pub path: &'a str,
    /// The method in lower case, as the contract has it.
    pub method: &'a str,
    /// All that the contract says of the path.
    pub item: &'a Value,
    /// The operation itself.
    pub value: &'a Value,
}

/// All operations of a contract.
///
/// # Examples
///
/// ```
/// use dbbackup::{Service, contract};
///
/// let document = contract::document(Service::RdsV3);
/// let stop = contract::operations(&document).find(|operation| operation.id() == "stop_backup");
/// assert_eq!(stop.map(|operation| operation.method), Some("post"));
/// ```
pub fn operations(document: &Value) -> impl Iterator<Item = OperationObject<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(move |(path, item)| {
        let item = resolve(document, item);
        METHODS.into_iter().filter_map(move |method| {
            let value = item.get(method)?;
            Some(OperationObject {
                path,
                method,
                item,
                value,
            })
        })
    })
}

impl<'a> OperationObject<'a> {
    /// The `operationId`, or an empty text.
    pub fn id(&self) -> &'a str {
        self.value["operationId"].as_str().unwrap_or_default()
    }

    /// The parameters of the path, then those of the operation, without references.
    pub fn parameters(&self, document: &'a Value) -> impl Iterator<Item = &'a Value> {
        let lists = [self.item, self.value].map(|owner| owner["parameters"].as_array());
        let listed = lists.into_iter().flatten().flatten();
        listed.map(|parameter| resolve(document, parameter))
    }
}
