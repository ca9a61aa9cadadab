//! Every fact of the contracts, pinned: a changed field, flag, bound or example fails here.

use dbbackup::Service;
use dbbackup::contract::document;
use dbbackup::model::{BackupStatus, BackupType, Engine, InstanceStatus, JobStatus};
use insta::assert_snapshot;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{facts, pointers};

#[test]
fn the_facts_are_those_of_the_documentation() {
    for &service in Service::ALL {
        assert_snapshot!(format!("contract__{service}"), facts(&document(service)));
    }
}

#[test]
fn the_examples_are_those_of_the_documentation() {
    for &service in Service::ALL {
        assert_snapshot!(format!("examples__{service}"), examples(&document(service)));
    }
}

/// A line for each example.
fn examples(document: &Value) -> String {
    let examples = document["components"]["examples"]
        .as_object()
        .into_iter()
        .flatten();
    let line = |(name, example): (&String, &Value)| format!("{name} {}", example["value"]);
    examples.map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_fact_can_be_removed_or_changed_unseen() {
    for &service in Service::ALL {
        let original = document(service);
        let expected = (facts(&original), examples(&original));
        let (mut changed, mut tried) = (original.clone(), 0);
        for pointer in pointers(&original)
            .iter()
            .filter(|pointer| is_fact(pointer))
        {
            let (parent, _) = pointer.rsplit_once('/').unwrap();
            let kept = original.pointer(parent).unwrap();
            for change in [remove, alter] {
                if change(&mut changed, pointer) {
                    let is_seen = if pointer.starts_with("/components/examples") {
                        examples(&changed) != expected.1
                    } else {
                        facts(&changed) != expected.0
                    };
                    assert!(is_seen, "{service}: {pointer} may change unseen");
                    tried += 1;
                }
                *changed.pointer_mut(parent).unwrap() = kept.clone();
            }
        }
        assert!(tried > 1000, "{service}: only {tried} changes were tried");
    }
}

/// Whether the value at a pointer is a fact, and neither prose nor the source of a fact.
fn is_fact(pointer: &str) -> bool {
    const PROSE: [&str; 10] = [
        "contact",
        "description",
        "externalDocs",
        "license",
        "meaning",
        "note",
        "source",
        "summary",
        "title",
        "x-source",
    ];
    let in_examples = pointer.starts_with("/components/examples/") && pointer.contains("/value/");
    let keys: Vec<&str> = pointer.split('/').collect();
    // A field may be called description; its schema is a fact.
    let is_field = |i: usize| keys[i - 1] == "properties";
    let prose = (1..keys.len()).any(|i| PROSE.contains(&keys[i]) && !is_field(i));
    let erratum = pointer.contains("/x-errata/") && !pointer.ends_with("/id");
    let aside = pointer.ends_with("/example") || pointer.contains("/tags");
    in_examples || !(prose || erratum || aside)
}

fn remove(document: &mut Value, pointer: &str) -> bool {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) => members
            .remove(&key.replace("~1", "/").replace("~0", "~"))
            .is_some(),
        Value::Array(items) => {
            items.remove(key.parse().unwrap());
            true
        }
        _ => false,
    }
}

fn alter(document: &mut Value, pointer: &str) -> bool {
    let value = document.pointer_mut(pointer).unwrap();
    *value = match value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Number(number) => json!(number.as_f64().unwrap() + 1.0),
        Value::Bool(flag) => json!(!*flag),
        Value::Null => json!("x"),
        _ => return false,
    };
    true
}

#[test]
fn every_documented_word_has_a_name_in_rust() {
    let mut words = 0;
    for &service in Service::ALL {
        let document = document(service);
        for (schema, is_known) in OPEN_ENUMS {
            let listed = document["components"]["schemas"][schema]["enum"].as_array();
            for word in listed.into_iter().flatten() {
                assert!(is_known(word), "{service} {schema}: {word} has no variant");
                words += 1;
            }
        }
    }
    assert!(words > 60, "{words}");
}

type IsKnown = fn(&Value) -> bool;

/// Schemas that are read as an open enum, and whether a word is one of its own.
const OPEN_ENUMS: [(&str, IsKnown); 6] = [
    ("BackupStatus", |word| {
        !matches!(read(word), BackupStatus::Unknown(_))
    }),
    ("BackupType", |word| {
        !matches!(read(word), BackupType::Unknown(_))
    }),
    ("ListedBackupType", |word| {
        !matches!(read(word), BackupType::Unknown(_))
    }),
    ("Engine", |word| !matches!(read(word), Engine::Unknown(_))),
    ("InstanceStatus", |word| {
        !matches!(read(word), InstanceStatus::Unknown(_))
    }),
    ("JobStatus", |word| {
        !matches!(read(word), JobStatus::Unknown(_))
    }),
];

/// The Rust value of a word, which must be shown as it is written.
fn read<T: DeserializeOwned + ToString>(word: &Value) -> T {
    let value: T = serde_json::from_value(word.clone()).unwrap();
    assert_eq!(value.to_string(), *word);
    value
}
