//! `dbbackup-spec diff`: each rule, on a real contract, with the label that it has to have.

mod bounds;
mod code;
mod one_way;
mod parts;
mod requests;
mod responses;
mod widened;
mod wire;

use dbbackup::{Service, contract};
use serde_json::{Value, json};

use super::{contracts, folder, outcome, root, spec, text};

/// An edit of a contract.
enum Edit {
    Set(&'static str, Value),
    Remove(&'static str),
    /// Puts something at the end of a list.
    Push(&'static str, Value),
    /// Calls a member by another name.
    Rename(&'static str, &'static str),
    /// Calls a schema by another name, in all references, too.
    RenameSchema(&'static str, &'static str),
}

use Edit::{Push, Remove, Rename, RenameSchema, Set};

const CREATE: &str = "/paths/~1v3~1{project_id}~1backups/post";

/// Path of something in the operation that creates a backup.
macro_rules! create {
    ($rest:literal) => {
        concat!("/paths/~1v3~1{project_id}~1backups/post", $rest)
    };
}
/// Path of something in its request.
macro_rules! request {
    ($rest:literal) => {
        concat!("/components/schemas/CreateBackupRequest", $rest)
    };
}
/// Path of something in the backup of its answer.
macro_rules! backup {
    ($rest:literal) => {
        concat!("/components/schemas/Backup", $rest)
    };
}
use {backup, create, request};

impl Edit {
    fn apply(&self, document: &mut Value) {
        let parent = |pointer: &str| -> (String, String) {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            (parent.to_owned(), key.replace("~1", "/"))
        };
        match self {
            Set(pointer, value) => {
                let (parent, key) = parent(pointer);
                let parent = document.pointer_mut(&parent).expect(pointer);
                parent.as_object_mut().unwrap().insert(key, value.clone());
            }
            Remove(pointer) => {
                let (parent, key) = parent(pointer);
                match document.pointer_mut(&parent).expect(pointer) {
                    Value::Object(members) => drop(members.remove(&key).expect(pointer)),
                    Value::Array(items) => drop(items.remove(key.parse().unwrap())),
                    _ => panic!("{pointer}"),
                }
            }
            Push(pointer, value) => {
                let list = document.pointer_mut(pointer).expect(pointer);
                list.as_array_mut().unwrap().push(value.clone());
            }
            Rename(pointer, name) => {
                let (parent, key) = parent(pointer);
                let parent = document.pointer_mut(&parent).expect(pointer);
                let members = parent.as_object_mut().unwrap();
                let member = members.remove(&key).expect(pointer);
                members.insert((*name).to_owned(), member);
            }
            RenameSchema(old, new) => {
                let path = |name: &str| format!("\"#/components/schemas/{name}\"");
                let text = document.to_string().replace(&path(old), &path(new));
                *document = serde_json::from_str(&text).unwrap();
                let schemas = &mut document["components"]["schemas"];
                let schema = schemas.as_object_mut().unwrap().remove(*old).unwrap();
                schemas[*new] = schema;
            }
        }
    }
}

/// A rule: what it is, edits before the comparison, the change, and all that has to be found, as
/// `label direction pointer: sentence`.
type Row = (&'static str, Vec<Edit>, Vec<Edit>, &'static [&'static str]);

/// Compares rds-v3 with itself, changed as the rows say.
fn assert_rows(test: &str, rows: Vec<Row>) {
    let folder = folder(test);
    for (rule, before, change, expected) in rows {
        let mut document = contract::document(Service::RdsV3);
        before.iter().for_each(|edit| edit.apply(&mut document));
        std::fs::write(folder.join("old.json"), document.to_string()).unwrap();
        change.iter().for_each(|edit| edit.apply(&mut document));
        std::fs::write(folder.join("new.json"), document.to_string()).unwrap();
        let output = spec(
            &folder,
            &["diff", "old.json", "new.json", "--output", "json"],
        );
        let (code, found, errors) = outcome(&output);
        assert_eq!(errors, "", "{rule}");
        let found: Value = serde_json::from_str(found).unwrap();
        let word = |change: &Value, key: &str| change[key].as_str().unwrap_or("-").to_owned();
        let line = |change: &Value| {
            let [label, direction, pointer, sentence] =
                ["label", "direction", "pointer", "sentence"].map(|key| word(change, key));
            format!("{label} {direction} {pointer}: {sentence}")
        };
        let lines: Vec<String> = found["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(line)
            .collect();
        assert_eq!(lines, expected, "{rule}");
        let breaks = lines.iter().any(|line| line.starts_with("breaking "));
        assert_eq!(code, Some(i32::from(breaks)), "{rule}");
        assert_eq!(found["breaking"], breaks, "{rule}");
    }
}

#[test]
fn changes_are_markdown_for_people_and_json_for_programs() {
    let folder = folder("changes-forms");
    let mut document = contract::document(Service::RdsV3);
    document["info"]["version"] = json!("1.0.0");
    std::fs::write(folder.join("old.json"), document.to_string()).unwrap();
    document["info"]["version"] = json!("2.0.0");
    document["components"]["schemas"]["BackupStatus"]["enum"] = json!(["BUILDING", "GONE"]);
    document["components"]["schemas"]["BackupName"]["maxLength"] = json!(63);
    std::fs::write(folder.join("new.json"), document.to_string()).unwrap();
    let output = spec(&folder, &["diff", "old.json", "new.json"]);
    let expected = "\
# old.json 1.0.0 to new.json 2.0.0

## Breaking

- Request: `maxLength` went from `64` to `63`. (create_backup) `/components/schemas/BackupName/maxLength`
- Response: `enum` gained `\"GONE\"`. (create_backup, list_backups) `/components/schemas/BackupStatus/enum`

## Not breaking

- Response: `enum` lost `\"COMPLETED\"`, `\"FAILED\"`, `\"DELETING\"`. (create_backup, list_backups) `/components/schemas/BackupStatus/enum`
";
    assert_eq!(outcome(&output), (Some(1), expected, ""));
    let output = spec(
        &folder,
        &["diff", "old.json", "new.json", "--output", "json"],
    );
    let found: Value = serde_json::from_str(text(&output.stdout)).unwrap();
    assert_eq!(
        found["old"],
        json!({ "file": "old.json", "version": "1.0.0" })
    );
    assert_eq!(
        found["new"],
        json!({ "file": "new.json", "version": "2.0.0" })
    );
    let first = json!({
        "label": "breaking",
        "direction": "request",
        "pointer": "/components/schemas/BackupName/maxLength",
        "sentence": "`maxLength` went from `64` to `63`.",
        "operations": ["create_backup"],
    });
    assert_eq!(found["changes"][0], first);
}

#[test]
fn a_contract_is_equal_to_its_canonical_form() {
    let folder = contracts("changes-canonical");
    for &service in Service::ALL {
        let yaml = format!("openapi/{service}.yaml");
        let json = format!("openapi/blessed/{service}/1.0.0.json");
        for (old, new) in [(&yaml, &yaml), (&yaml, &json), (&json, &yaml)] {
            let output = spec(&folder, &["diff", old, new]);
            let expected = format!("# {old} 1.0.0 to {new} 1.0.0\n\nNothing changed.\n");
            assert_eq!(outcome(&output), (Some(0), &*expected, ""));
        }
    }
}

#[test]
fn the_exit_code_tells_of_a_break_to_whoever_reads_nothing() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dbbackup-spec"));
    command.current_dir(root()).stdout(writer);
    command.args(["diff", "openapi/rds-v1.yaml", "openapi/rds-v3.yaml"]);
    let output = command
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(1), ""));
}
