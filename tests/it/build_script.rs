//! Broken contracts stop the build with one message that names the file and the problem.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of its own for a test, with the contracts in it.
fn package(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("openapi")).unwrap();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi")).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), folder.join("openapi").join(file.file_name())).unwrap();
        }
    }
    folder
}

/// Runs the build script there: the error it gives to cargo, or `None` if it succeeds.
fn build(folder: &Path) -> Option<String> {
    let mut script = Command::new(env!("DBBACKUP_BUILD_SCRIPT"));
    let output = script
        .current_dir(folder)
        .env("OUT_DIR", folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("cargo::error="))
        .collect();
    assert_eq!(errors.is_empty(), output.status.success(), "{text}");
    assert!(errors.len() < 2 && output.stderr.is_empty(), "{text}");
    errors.first().map(|error| (*error).to_owned())
}

#[test]
fn whole_contracts_are_built() {
    let folder = package("whole_contracts");
    assert_eq!(build(&folder), None);
    for name in ["rds-v1", "rds-v3", "taurusdb-v3", "gaussdb-v3", "shared"] {
        assert!(folder.join(name).with_extension("rs").is_file(), "{name}");
    }
}

#[test]
fn a_broken_contract_is_named_with_its_problem() {
    let default = "        default:\n          description: Anything.\n        4XX:\n";
    let text = "          description: Something else.\n          content:\n            text/plain:\n              schema:\n                type: string\n";
    let two_errors = format!(
        "        4XX:\n{text}        '409':\n          $ref: '#/components/responses/Error'\n"
    );
    let other_success = format!("        '202':\n{text}        '200':\n");
    let rows: [(&str, &str, &str, &str, &str); 9] = [
        (
            "two_success_bodies",
            "rds-v3",
            "        '200':\n",
            &other_success,
            "the success responses of an operation have different bodies",
        ),
        (
            "duplicate_key",
            "rds-v3",
            "paths:\n",
            "info: {}\npaths:\n",
            "duplicate mapping key `info` is not allowed here at line",
        ),
        (
            "unknown_reference",
            "rds-v1",
            "schemas/BackupName'",
            "schemas/Nothing'",
            "unknown reference #/components/schemas/Nothing",
        ),
        (
            "other_file",
            "rds-v1",
            "'#/components/schemas/BackupName'",
            "'other.yaml#/BackupName'",
            "unknown reference other.yaml#/BackupName",
        ),
        ("no_yaml", "gaussdb-v3", "paths:\n", "paths: [\n", "line "),
        (
            "no_openapi",
            "taurusdb-v3",
            "  title: TaurusDB backups, API v3\n",
            "",
            "not an OpenAPI 3.0 document: missing field `title`",
        ),
        (
            "two_error_bodies",
            "taurusdb-v3",
            "        4XX:\n          $ref: '#/components/responses/Error'\n",
            &two_errors,
            "does not support a construct",
        ),
        (
            "default_response",
            "gaussdb-v3",
            "        4XX:\n",
            default,
            "does not support a construct",
        ),
        (
            "no_operation_id",
            "rds-v3",
            "      operationId: create_backup\n",
            "",
            "missing operation ID",
        ),
    ];
    for (test, contract, old, new, problem) in rows {
        let folder = package(test);
        let file = format!("openapi/{contract}.yaml");
        let text = std::fs::read_to_string(folder.join(&file)).unwrap();
        assert!(text.contains(old), "{test}");
        std::fs::write(folder.join(&file), text.replacen(old, new, 1)).unwrap();
        let error = build(&folder).unwrap_or_else(|| panic!("{test} was built"));
        assert!(
            error.starts_with(&format!("{file}: ")) && error.contains(problem),
            "{test}: {error}"
        );
    }
}

#[test]
fn a_missing_contract_is_named() {
    let folder = package("missing_contract");
    std::fs::remove_file(folder.join("openapi/rds-v3.yaml")).unwrap();
    assert!(build(&folder).unwrap().starts_with("openapi/rds-v3.yaml: "));
}
