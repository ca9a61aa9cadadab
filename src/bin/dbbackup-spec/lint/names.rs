//! Rules on names in the generated code: two fields of one type, or two parameters of one call, do not
//! become one.

use std::collections::BTreeMap;

use heck::ToSnakeCase;

use super::Findings;
use super::kind::Kind;
use super::objects::{Objects, text};
use crate::pointer::{join, last_key, members};

pub(super) fn check(objects: &Objects<'_>, findings: &mut Findings) {
    for object in objects.all(Kind::Schema) {
        let properties = fields(objects, &object.pointer);
        let named = properties
            .into_iter()
            .map(|pointer| (last_key(&pointer), pointer));
        unique("fields", named, findings);
    }
    for object in objects.all(Kind::Operation) {
        let (item, _) = object.pointer.rsplit_once('/').unwrap_or_default();
        let lists = [item, &object.pointer].map(|owner| join(owner, "parameters"));
        let listed = lists.iter().flat_map(|list| {
            let listed = members(objects.value(list)).into_iter();
            listed.map(move |(i, _)| join(list, &i))
        });
        let named = listed.filter_map(|pointer| {
            let name = text(&objects.value(&pointer)["name"])?;
            Some((name.to_owned(), pointer))
        });
        unique("parameters", named, findings);
    }
}

/// Finds names that differ, but not in Rust; each has its pointer.
fn unique(what: &str, named: impl Iterator<Item = (String, String)>, findings: &mut Findings) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, pointer) in named {
        let rust = rust_name(&name);
        match seen.get(&rust) {
            Some(other) if *other != name => {
                let message = format!("the {what} {other} and {name} are both {rust} in Rust");
                findings.add(pointer, message);
            }
            _ => {
                seen.insert(rust, name);
            }
        }
    }
}

/// Pointers of the properties of a schema and of all that it is made of.
fn fields(objects: &Objects<'_>, schema: &str) -> Vec<String> {
    let mut waiting = vec![schema.to_owned()];
    let mut seen = Vec::new();
    let mut fields = Vec::new();
    while let Some(pointer) = waiting.pop() {
        let pointer = objects.target(&pointer);
        // A schema may be made of itself.
        if seen.contains(&pointer) {
            continue;
        }
        let schema = objects.value(&pointer);
        let below = |key: &str| {
            let list = join(&pointer, key);
            let members = members(&schema[key]).into_iter();
            let pointers = members.map(|(name, _)| join(&list, &name));
            pointers.collect::<Vec<_>>()
        };
        fields.extend(below("properties"));
        waiting.extend(below("allOf"));
        seen.push(pointer);
    }
    // The later one is to be changed.
    fields.sort_by_key(|pointer| objects.document.line(pointer));
    fields
}

/// The name of a field as the generator makes it. What it does with keywords makes no two names one.
fn rust_name(name: &str) -> String {
    name.replace('\'', "").to_snake_case()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_generator() {
        for (name, rust) in [
            ("instanceId", "instance_id"),
            ("instance_id", "instance_id"),
            ("InstanceID", "instance_id"),
            ("instance-id", "instance_id"),
            ("instanceid", "instanceid"),
            ("X-Language", "x_language"),
            ("HTTPStatus2Xx", "http_status2_xx"),
            ("a1B", "a1_b"),
            ("_type_", "type"),
            ("it's", "its"),
            ("ähnlichÄ", "ähnlich_ä"),
            ("", ""),
        ] {
            assert_eq!(rust_name(name), rust, "{name}");
        }
    }
}
