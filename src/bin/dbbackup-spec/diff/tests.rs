//! No change of a contract goes unseen.

use dbbackup::{Service, contract};
use serde_json::{Value, json};

use super::{Change, Label, compare};
use crate::at::is_prose;
use crate::pointer::{join, members};

fn pointers(value: &Value, pointer: &str) -> Vec<String> {
    let below = |(key, value): (String, &Value)| {
        let pointer = join(pointer, &key);
        let mut all = pointers(value, &pointer);
        all.push(pointer);
        all
    };
    members(value).into_iter().flat_map(below).collect()
}

fn remove(document: &mut Value, pointer: &str) -> Option<()> {
    let (parent, key) = pointer.rsplit_once('/')?;
    match document.pointer_mut(parent)? {
        Value::Object(members) => {
            members.remove(&key.replace("~1", "/").replace("~0", "~"))?;
        }
        Value::Array(items) => {
            items.remove(key.parse().ok()?);
        }
        _ => return None,
    }
    Some(())
}

fn alter(document: &mut Value, pointer: &str) -> Option<()> {
    let value = document.pointer_mut(pointer)?;
    *value = match value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Number(number) => json!(number.as_i64()? + 1),
        Value::Bool(flag) => json!(!*flag),
        Value::Null => json!("x"),
        _ => return None,
    };
    Some(())
}

/// Changes every value of a contract in turn.
fn nothing_changes_unseen(service: Service) {
    let original = contract::document(service);
    assert_eq!(compare(&original, &original), []);
    let (mut changed, mut tried) = (original.clone(), 0);
    for pointer in pointers(&original, "") {
        let Some((parent, _)) = pointer.rsplit_once('/') else {
            continue;
        };
        // Whatever is no scalar can only be removed.
        let is_changed = alter(&mut changed, &pointer).or_else(|| remove(&mut changed, &pointer));
        if is_changed.is_some() && pointer != "/info/version" {
            let found = compare(&original, &changed);
            let is_rearranged = |change: &Change| change.sentence.contains("arrangement");
            assert!(
                !found.iter().all(is_rearranged),
                "{service}: {pointer} may change unseen: {found:?}"
            );
            // What is for people may change as words, and nothing else may.
            let is_prose = pointer.split('/').any(is_prose);
            let is_words = |change: &Change| change.label == Label::Documentation;
            assert!(
                is_prose || !found.iter().all(is_words),
                "{service}: {pointer}: {found:?}"
            );
            tried += 1;
        }
        if let (Some(kept), Some(place)) = (original.pointer(parent), changed.pointer_mut(parent)) {
            *place = kept.clone();
        }
    }
    assert!(tried > 1000, "{service}: only {tried} changes were tried");
}

#[test]
fn nothing_changes_unseen_in_rds_v1() {
    nothing_changes_unseen(Service::RdsV1);
}

#[test]
fn nothing_changes_unseen_in_rds_v3() {
    nothing_changes_unseen(Service::RdsV3);
}

#[test]
fn nothing_changes_unseen_in_taurusdb_v3() {
    nothing_changes_unseen(Service::TaurusdbV3);
}

#[test]
fn nothing_changes_unseen_in_gaussdb_v3() {
    nothing_changes_unseen(Service::GaussdbV3);
}
