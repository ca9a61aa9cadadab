//! Blessed versions never change, and a contract that changed says so by its version.

use std::path::Path;

use super::{contracts, edit, files, folder, outcome, root, spec};

const RDS: &str = "openapi/rds-v3.yaml";

/// Asserts what blessing says, and its exit code.
fn assert_bless(folder: &Path, arguments: &[&str], code: i32, expected: &str) {
    let output = spec(folder, &[&["bless"], arguments].concat());
    assert_eq!(outcome(&output), (Some(code), expected, ""));
}

#[test]
fn every_contract_is_blessed_or_ahead_by_the_rules_of_semantic_versions() {
    let output = spec(root(), &["bless", "--check"]);
    let (code, found, errors) = outcome(&output);
    assert_eq!((code, errors), (Some(0), ""), "{found}");
    let blessed = files(&root().join("openapi/blessed"));
    for &service in dbbackup::Service::ALL {
        let versions = |kind: &str| {
            let is_one =
                |path: &&String| path.starts_with(&format!("{service}/")) && path.ends_with(kind);
            blessed.keys().filter(is_one).count()
        };
        assert!(
            versions(".json") > 0 && versions(".json") == versions(".yaml"),
            "{service}"
        );
    }
}

#[test]
fn a_change_needs_the_version_that_it_calls_for() {
    let bound = ("      maxLength: 64", "      maxLength: 63");
    let looser = ("      maxLength: 64", "      maxLength: 65");
    let id = ("operationId: stop_backup", "operationId: end_backup");
    let words = ("  title: RDS backups, API v3", "  title: Backups of RDS");
    let rows = [
        (
            bound,
            "1.0.0",
            Some(
                "needs 2.0.0 at least: breaking: /components/schemas/BackupName/maxLength: `maxLength` went from `64` to `63`.",
            ),
        ),
        (bound, "1.9.9", Some("needs 2.0.0 at least: breaking: ")),
        (bound, "2.0.0", None),
        (bound, "3.0.0", None),
        (
            looser,
            "1.0.1",
            Some("needs 1.1.0 at least: not breaking: "),
        ),
        (looser, "1.1.0", None),
        (
            id,
            "1.0.1",
            Some("needs 1.1.0 at least: breaking for generated code: "),
        ),
        (id, "1.1.0", None),
        (
            words,
            "1.0.0",
            Some("needs 1.0.1 at least: documentation: /info/title: "),
        ),
        (words, "1.0.1", None),
        (
            words,
            "0.9.0",
            Some("info.version is 0.9.0, but what changed since 1.0.0 needs 1.0.1"),
        ),
        (
            words,
            "2",
            Some("info.version must be MAJOR.MINOR.PATCH, such as 1.0.0, and is \"2\""),
        ),
        (
            words,
            "1.0.01",
            Some("info.version must be MAJOR.MINOR.PATCH"),
        ),
        (
            words,
            "1.1.0-rc.1",
            Some("info.version must be MAJOR.MINOR.PATCH"),
        ),
        (
            ("openapi: 3.0.3", "openapi: 3.0.3"),
            "1.0.1",
            Some("nothing changed since 1.0.0: keep that version"),
        ),
    ];
    let folder = contracts("blessed-needed");
    let original = std::fs::read_to_string(folder.join(RDS)).unwrap();
    for ((old, new), version, fault) in rows {
        std::fs::write(folder.join(RDS), &original).unwrap();
        edit(&folder.join(RDS), old, new);
        edit(
            &folder.join(RDS),
            "  version: 1.0.0",
            &format!("  version: '{version}'"),
        );
        let output = spec(&folder, &["bless", "--check"]);
        let (code, found, errors) = outcome(&output);
        assert_eq!(
            (code, errors),
            (Some(i32::from(fault.is_some())), ""),
            "{version} {found}"
        );
        match fault {
            None => assert_eq!(found, format!("rds-v3 {version} is to be blessed\n")),
            Some(fault) => {
                assert!(found.starts_with("openapi/rds-v3.yaml:4: "), "{found}");
                assert!(
                    found.contains(fault) && found.lines().count() == 1,
                    "{found}"
                );
            }
        }
    }
}

#[test]
fn a_blessed_version_is_kept_beside_the_older_ones() {
    let folder = contracts("blessed-kept");
    let before = files(&folder.join("openapi/blessed"));
    edit(
        &folder.join(RDS),
        "      maxLength: 64",
        "      maxLength: 65",
    );
    edit(&folder.join(RDS), "  version: 1.0.0", "  version: 1.1.0");
    assert_bless(&folder, &["--check"], 0, "rds-v3 1.1.0 is to be blessed\n");
    assert_eq!(files(&folder.join("openapi/blessed")), before);
    assert_bless(&folder, &[], 0, "rds-v3 1.1.0 is blessed\n");
    assert_bless(&folder, &[], 0, "");
    let mut after = files(&folder.join("openapi/blessed"));
    let yaml = std::fs::read(folder.join(RDS)).unwrap();
    assert_eq!(after.remove("rds-v3/1.1.0.yaml"), Some(yaml));
    assert!(after.remove("rds-v3/1.1.0.json").is_some());
    after.insert("SHA256SUMS".to_owned(), before["SHA256SUMS"].clone());
    assert_eq!(after, before);
    // The next change is compared with the newest one.
    edit(
        &folder.join(RDS),
        "      maxLength: 65",
        "      maxLength: 64",
    );
    let output = spec(&folder, &["bless"]);
    let expected = "openapi/rds-v3.yaml:4: info.version is 1.1.0, but what changed since 1.1.0 needs 2.0.0 at least: breaking: /components/schemas/BackupName/maxLength: `maxLength` went from `65` to `64`.\n";
    assert_eq!(outcome(&output), (Some(1), expected, ""));
}

#[test]
fn one_contract_with_a_wrong_version_holds_up_all() {
    let folder = contracts("blessed-all");
    let blessed = files(&folder.join("openapi/blessed"));
    edit(
        &folder.join(RDS),
        "  title: RDS backups, API v3",
        "  title: Backups",
    );
    let other = folder.join("openapi/rds-v1.yaml");
    edit(&other, "  title: RDS backups, API v1", "  title: Backups");
    edit(&other, "  version: 1.0.0", "  version: 1.0.1");
    let output = spec(&folder, &["bless"]);
    let (code, found, _) = outcome(&output);
    assert_eq!(code, Some(1));
    assert!(found.contains("rds-v1 1.0.1 is to be blessed\n"), "{found}");
    assert_eq!(files(&folder.join("openapi/blessed")), blessed);
}

#[test]
fn a_blessed_file_that_changed_or_is_lost_is_named() {
    for (test, file) in [("json", "rds-v3/1.0.0.json"), ("yaml", "rds-v3/1.0.0.yaml")] {
        let folder = contracts(&format!("blessed-changed-{test}"));
        let path = folder.join("openapi/blessed").join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text} ")).unwrap();
        for arguments in [
            &["bless"][..],
            &["bless", "--check"],
            &["build", "--out", "site"],
        ] {
            let output = spec(&folder, arguments);
            let fault = format!(
                "dbbackup-spec: openapi/blessed/{file}: a blessed file never changes: bring it back, and bless a later version\n"
            );
            assert_eq!(outcome(&output), (Some(2), "", &*fault));
        }
        std::fs::remove_file(&path).unwrap();
        let output = spec(&folder, &["bless", "--check"]);
        let start = format!("dbbackup-spec: openapi/blessed/{file}: No such file");
        assert!(outcome(&output).2.starts_with(&start), "{output:?}");
    }
}

#[test]
fn what_was_blessed_is_neither_forgotten_nor_replaced() {
    let folder = contracts("blessed-forgotten");
    let sums = folder.join("openapi/blessed/SHA256SUMS");
    let whole = std::fs::read_to_string(&sums).unwrap();
    let assert_fault = |expected: &str| {
        for arguments in [
            &["bless"][..],
            &["bless", "--check"],
            &["build", "--out", "site"],
        ] {
            let output = spec(&folder, arguments);
            assert_eq!(outcome(&output), (Some(2), "", expected));
        }
    };
    let lines = whole.lines().filter(|line| !line.contains("rds-v1"));
    let shorter: String = lines.map(|line| format!("{line}\n")).collect();
    std::fs::write(&sums, &shorter).unwrap();
    assert_fault(
        "dbbackup-spec: openapi/blessed/rds-v1/1.0.0.json: is not in SHA256SUMS: bring its line back, or move it away\n",
    );
    std::fs::write(&sums, format!("{whole}nonsense\n")).unwrap();
    assert_fault("dbbackup-spec: openapi/blessed/SHA256SUMS:9: no checksum with a path\n");
    std::fs::write(&sums, &whole).unwrap();
    std::fs::remove_file(folder.join("openapi/rds-v1.yaml")).unwrap();
    assert_fault(
        "dbbackup-spec: openapi/blessed/rds-v1/1.0.0.json: has no contract any more: what was published stays\n",
    );
}

#[test]
fn a_folder_without_contracts_is_named() {
    let folder = folder("blessed-nowhere");
    let output = spec(&folder, &["bless"]);
    let expected = "dbbackup-spec: openapi: run this where the contracts are, or name them: No such file or directory (os error 2)\n";
    assert_eq!(outcome(&output), (Some(2), "", expected));
    let output = spec(&folder, &["build", "--out", "site", "--contracts", "."]);
    let expected = "dbbackup-spec: .: there is no contract, no *.yaml\n";
    assert_eq!(outcome(&output), (Some(2), "", expected));
}
