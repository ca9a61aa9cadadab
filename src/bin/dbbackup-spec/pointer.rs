//! JSON pointers, and what is below them.

use serde_json::Value;

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

/// The pointer of a member.
pub(crate) fn join(pointer: &str, key: &str) -> String {
    // Nearly all keys are words.
    if key.contains(['~', '/']) {
        return format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    }
    [pointer, "/", key].concat()
}

/// The last key of a pointer, as it was before it became part of one.
pub(crate) fn last_key(pointer: &str) -> String {
    let key = pointer.rsplit('/').next().unwrap_or_default();
    key.replace("~1", "/").replace("~0", "~")
}
