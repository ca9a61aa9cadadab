//! `dbbackup-spec lint`: the contracts keep the house rules, and each rule finds what breaks it.

mod bodies;
mod operations;
mod readers;
mod words;

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use super::{first_version, folder, root, spec, text};

/// A change that breaks a rule: contract, text, what stands in its place, pointer, words.
///
/// A `§` marks the line of the finding. Pointers without a slash begin below [`BACKUPS`].
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const BACKUPS: &str = "/paths/~1v3~1{project_id}~1backups";

/// Runs the linter on files, in a folder.
fn lint(folder: &Path, files: &[&str]) -> Output {
    spec(folder, &[&["lint"], files].concat())
}

/// Writes a contract with one change; the line of the mark.
fn change(folder: &Path, contract: &str, old: &str, new: &str) -> usize {
    let file = format!("{contract}.yaml");
    let original = first_version(contract);
    assert!(original.contains(old), "{contract} has no {old:?}");
    let marked = original.replacen(old, new, 1);
    let (before, _) = marked.split_once('§').expect("a mark");
    std::fs::write(folder.join(file), marked.replacen('§', "", 1)).unwrap();
    before.lines().count() + usize::from(before.ends_with('\n'))
}

/// Each change has exactly one finding.
fn assert_found(test: &str, rows: &[Row]) {
    for (i, (contract, old, new, pointer, words)) in rows.iter().enumerate() {
        let folder = folder(&format!("lint/{test}-{i}"));
        let line = change(&folder, contract, old, new);
        let output = lint(&folder, &[&format!("{contract}.yaml")]);
        let pointer = if pointer.starts_with('/') {
            (*pointer).to_owned()
        } else {
            format!("{BACKUPS}/{pointer}")
        };
        let found = text(&output.stdout);
        let rest = found.strip_prefix(&format!("{contract}.yaml:{line}: {pointer}: "));
        let rest = rest.unwrap_or_else(|| panic!("{words}, line {line}, {pointer}:\n{found}"));
        assert!(rest.contains(words), "{words}:\n{found}");
        assert_eq!(found.lines().count(), 1, "{words}:\n{found}");
        let (code, errors) = (output.status.code(), text(&output.stderr));
        assert_eq!((code, errors), (Some(1), ""), "{words}");
    }
}

#[test]
fn the_contracts_keep_all_rules() {
    let output = lint(root(), &[]);
    assert_eq!((text(&output.stdout), text(&output.stderr)), ("", ""));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn findings_of_several_files_are_sorted_by_file_and_line() {
    let folder = folder("lint/several");
    let url = "  - url: https://rds.eu";
    let server = change(&folder, "rds-v3", url, "§  - url: http://rds.eu");
    let version = change(
        &folder,
        "gaussdb-v3",
        "  version: 1.0.0\n",
        "§  version: v1\n",
    );
    let output = lint(&folder, &["rds-v3.yaml", "gaussdb-v3.yaml"]);
    let expected = format!(
        "gaussdb-v3.yaml:{version}: /info/version: the version is not MAJOR.MINOR.PATCH\n\
         rds-v3.yaml:{server}: /servers/2/url: the URL of the server is not https\n",
    );
    assert_eq!(text(&output.stdout), expected);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn json_has_an_object_for_each_finding() {
    let folder = folder("lint/json");
    let line = change(
        &folder,
        "rds-v1",
        "  version: 1.0.0\n",
        "§  version: v1.0\n",
    );
    let output = lint(&folder, &["--output", "json", "rds-v1.yaml"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = json!([{
        "file": "rds-v1.yaml",
        "line": line,
        "pointer": "/info/version",
        "message": "the version is not MAJOR.MINOR.PATCH",
    }]);
    assert_eq!(found, expected);
    assert_eq!(output.status.code(), Some(1));
    let clean = lint(root(), &["--output=json", "openapi/rds-v1.yaml"]);
    assert_eq!(
        (text(&clean.stdout), clean.status.code()),
        ("[]\n", Some(0))
    );
}

#[test]
fn a_file_that_cannot_be_linted_is_named_in_one_line() {
    let folder = folder("lint/broken");
    std::fs::write(folder.join("list.yaml"), "[1, 2]\n").unwrap();
    change(
        &folder,
        "rds-v1",
        "  version: 1.0.0\n",
        "§  version: 1.0.0\n  version: 1.0.0\n",
    );
    for (arguments, problem) in [
        (&["nothing.yaml"][..], "nothing.yaml: No such file"),
        (&["list.yaml"], "list.yaml:1: not an OpenAPI document"),
        (&["rds-v1.yaml"], "rds-v1.yaml:5:3: duplicate mapping key"),
        (
            &[],
            "openapi: run this where the contracts are, or name them: No such file",
        ),
        (&["--output", "xml"], "invalid value 'xml'"),
    ] {
        let output = lint(&folder, arguments);
        let error = text(&output.stderr);
        assert!(error.starts_with("dbbackup-spec: "), "{error}");
        assert!(
            error.contains(problem) && error.lines().count() == 1,
            "{error}"
        );
        assert_eq!(
            (text(&output.stdout), output.status.code()),
            ("", Some(2)),
            "{error}"
        );
    }
}

#[test]
fn odd_documents_have_findings_and_do_not_stop_the_linter() {
    let folder = folder("lint/odd");
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "", "version": "" },
        "tags": [],
        "x-odd": [null],
        "paths": {
            "/{": { "get": { "responses": {}, "x-errata": 7, "x-error-codes": [7, null, ""] } },
            "/{}": { "get": { "responses": { "200": { "description": "" } }, "x-errata": [7] } },
        },
        "components": {
            "schemas": {
                "Itself": { "allOf": [{ "$ref": "#/components/schemas/Itself" }], "example": 7 },
                "Mistyped": { "type": "text", "example": 7 },
                "Not": { "not": { "$ref": "#/components/schemas/Not" }, "default": {} },
                "~1/": { "properties": { "$ref": { "type": "string" }, "": {} }, "x-source": [] },
            },
            "x-error-codes": { "codes": { "": null, "7": { "status": -1, "meaning": [] } } },
        },
    });
    let file = folder.join("odd.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let output = lint(&folder, &["odd.json"]);
    assert_eq!((text(&output.stderr), output.status.code()), ("", Some(1)));
    for finding in [
        "/servers: the contract has no server",
        "/x-odd: x-odd is no key of document objects",
        "/paths/~1{/get/x-errata: x-errata holds no erratum objects",
        "/paths/~1{}/get/x-errata/0: this is no erratum object",
        "/paths/~1{/get/x-error-codes/0: the operation get has an error code that is no text",
        "/components/schemas/Mistyped: the schema cannot be compiled",
        "/components/schemas/~01~1/x-source: x-source says nothing",
        "/components/x-error-codes/codes/7: the error code 7 has no HTTP status",
    ] {
        assert!(text(&output.stdout).contains(finding), "{finding}");
    }
}
