//! Every fact of the contracts, pinned: a changed field, flag, bound or example fails here.

use std::collections::BTreeSet;

use dbbackup::Service;
use dbbackup::contract::document;
use dbbackup::model::{BackupStatus, BackupType, Engine};
use insta::assert_snapshot;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{facts, pointers};

#[test]
fn the_facts_are_those_of_the_documentation() {
    for service in Service::ALL {
        assert_snapshot!(format!("contract__{service}"), facts(&document(service)));
    }
}

#[test]
fn the_examples_are_those_of_the_documentation() {
    for service in Service::ALL {
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
    for service in Service::ALL {
        let original = document(service);
        let pinned = |document: &Value| facts(document) + &examples(document);
        let (expected, mut tried) = (pinned(&original), 0);
        for pointer in pointers(&original)
            .iter()
            .filter(|pointer| is_fact(pointer))
        {
            for change in [remove, alter] {
                let mut changed = original.clone();
                if change(&mut changed, pointer) {
                    assert!(
                        pinned(&changed) != expected,
                        "{service}: {pointer} may change unseen"
                    );
                    tried += 1;
                }
            }
        }
        assert!(tried > 300, "{service}: only {tried} changes were tried");
    }
}

/// Whether the value at a pointer is a fact, and neither prose nor the source of a fact.
fn is_fact(pointer: &str) -> bool {
    const PROSE: [&str; 9] = [
        "contact",
        "description",
        "externalDocs",
        "license",
        "meaning",
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
fn everything_is_described_in_words() {
    for service in Service::ALL {
        let document = document(service);
        let described = |pointer: &str, value: &Value| {
            let words = value["description"].as_str().unwrap_or_default();
            assert!(
                words.ends_with('.') || words.ends_with(".\n"),
                "{service}: {pointer}"
            );
        };
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            described(name, schema);
            for (field, content) in schema["properties"].as_object().into_iter().flatten() {
                if content.get("$ref").is_none() {
                    described(&format!("{name}.{field}"), content);
                }
            }
        }
        for (name, parameter) in document["components"]["parameters"].as_object().unwrap() {
            described(name, parameter);
        }
    }
}

#[test]
fn errata_are_complete_and_have_unique_ids() {
    let mut ids = BTreeSet::new();
    for service in Service::ALL {
        for operation in operations(&document(service)) {
            for erratum in operation["x-errata"].as_array().unwrap() {
                for part in ["id", "page", "contract", "reason"] {
                    assert!(
                        erratum[part].as_str().is_some_and(|text| !text.is_empty()),
                        "{erratum}"
                    );
                }
                let id = erratum["id"].as_str().unwrap().to_owned();
                assert!(id.starts_with(&format!("{service}/")), "{id}");
                assert!(ids.insert(id.clone()), "{id} stands twice");
            }
        }
    }
}

fn operations(document: &Value) -> Vec<Value> {
    let paths = document["paths"].as_object().unwrap().values();
    paths
        .flat_map(|path| path.as_object().unwrap().values().cloned())
        .collect()
}

#[test]
fn every_documented_word_has_a_name_in_rust() {
    for service in Service::ALL {
        let document = document(service);
        let known = |name: &str, is_known: fn(&Value) -> bool| {
            let words = document["components"]["schemas"][name]["enum"]
                .as_array()
                .cloned();
            words
                .unwrap_or_default()
                .iter()
                .filter(|word| assert_known(word, is_known))
                .count()
        };
        let statuses = known("BackupStatus", is_known_status);
        let types = known("BackupType", is_known_type) + known("BackupTypeCode", Value::is_string);
        assert!(statuses > 0 && types > 0, "{service} lists no words");
        known("Engine", is_known_engine);
    }
}

fn assert_known(word: &Value, is_known: fn(&Value) -> bool) -> bool {
    assert!(is_known(word), "{word} has no variant");
    true
}

fn read<T: DeserializeOwned>(word: &Value) -> T {
    serde_json::from_value(word.clone()).unwrap()
}

fn is_known_status(word: &Value) -> bool {
    let status: BackupStatus = read(word);
    status.to_string() == *word && !matches!(status, BackupStatus::Unknown(_))
}

fn is_known_type(word: &Value) -> bool {
    let kind: BackupType = read(word);
    kind.to_string() == *word && !matches!(kind, BackupType::Unknown(_))
}

fn is_known_engine(word: &Value) -> bool {
    let engine: Engine = read(word);
    engine.to_string() == *word && !matches!(engine, Engine::Unknown(_))
}
