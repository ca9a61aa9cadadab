//! Every fact of the contracts, pinned: a changed field, flag, bound or example fails here.

use std::collections::BTreeSet;

use dbbackup::Service;
use dbbackup::contract::document;
use dbbackup::model::{BackupStatus, BackupType, Engine, InstanceStatus, JobStatus};
use insta::assert_snapshot;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{facts, operations, pointers};

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
                    let is_seen = match pointer.starts_with("/components/examples") {
                        true => examples(&changed) != expected.1,
                        false => facts(&changed) != expected.0,
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
        for (_, operation) in operations(&document(service)) {
            for erratum in operation["x-errata"].as_array().into_iter().flatten() {
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

#[test]
fn every_operation_explains_itself() {
    for service in Service::ALL {
        for (id, operation) in operations(&document(service)) {
            for part in ["summary", "description"] {
                let text = operation[part].as_str().unwrap_or_default();
                assert!(!text.trim().is_empty(), "{service} {id}: {part}");
            }
            let page = operation["externalDocs"]["url"]
                .as_str()
                .unwrap_or_default();
            assert!(page.starts_with("https://"), "{service} {id}: {page}");
            // What a page of the vendor does not say has a source.
            let sourced = operation["x-source"].is_string() || id == "create_backup";
            assert!(sourced, "{service} {id} has no source");
        }
    }
}

#[test]
fn error_codes_stand_in_one_table_and_are_all_used() {
    for service in Service::ALL {
        let document = document(service);
        let table = document["components"]["x-error-codes"]["codes"]
            .as_object()
            .unwrap();
        let mut used = BTreeSet::new();
        for (id, operation) in operations(&document) {
            let codes = operation["x-error-codes"].as_array().unwrap();
            let unique: BTreeSet<_> = codes
                .iter()
                .map(|code| code.as_str().unwrap().to_owned())
                .collect();
            assert_eq!(
                unique.len(),
                codes.len(),
                "{service} {id} lists a code twice"
            );
            used.extend(unique);
        }
        assert_eq!(used, table.keys().cloned().collect(), "{service}");
        for (code, row) in table {
            let keys: BTreeSet<_> = row
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert!(
                keys.contains("meaning") && keys.contains("status"),
                "{service} {code}"
            );
            assert!(
                keys.is_subset(&BTreeSet::from(["meaning", "source", "status"])),
                "{code}"
            );
        }
    }
}

#[test]
fn every_component_is_used() {
    for service in Service::ALL {
        let document = document(service);
        let text = document.to_string();
        for kind in ["examples", "parameters", "responses", "schemas"] {
            for name in document["components"][kind].as_object().unwrap().keys() {
                let reference = format!("\"#/components/{kind}/{name}\"");
                assert!(
                    text.contains(&reference),
                    "{service}: {kind}/{name} is not used"
                );
            }
        }
    }
}

#[test]
fn every_documented_word_has_a_name_in_rust() {
    let mut words = 0;
    for service in Service::ALL {
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
