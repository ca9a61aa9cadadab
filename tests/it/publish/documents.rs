//! Files that are no contracts are named in one line, with the place.

use super::{folder, outcome, root, spec};

/// A text, and what is said of a file that holds it.
const BROKEN: [(&str, &str); 13] = [
    ("", "1: not an OpenAPI document: openapi must be 3.0.x"),
    ("hello", "1: not an OpenAPI document: openapi must be 3.0.x"),
    (
        "openapi: 3.1.0\n",
        "1: not an OpenAPI document: openapi must be 3.0.x",
    ),
    (
        "info: {}\nopenapi: [3]\n",
        "2: not an OpenAPI document: openapi must be 3.0.x",
    ),
    (
        "openapi: 3.0.3\ninfo:\n  version: 1.0.0\npaths: {}\n",
        "3:3: not an OpenAPI 3.0 document: missing field `title`",
    ),
    (
        "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths: 7\n",
        "3:8: not an OpenAPI 3.0 document: expected mapping start",
    ),
    (
        "openapi: 3.0.3\ninfo: {}\ninfo: {}\n",
        "3:1: duplicate mapping key `info` is not allowed here",
    ),
    (
        "{\"openapi\": \"3.0.3\",\n \"openapi\": \"3.0.3\"}",
        "2:2: duplicate mapping key `openapi` is not allowed here",
    ),
    ("paths: [\n", "1:8: unclosed bracket"),
    (
        "a: 1\n---\nb: 2\n",
        "3:1: only single YAML document expected but multiple found",
    ),
    (
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "1:70: unclosed bracket",
    ),
    (
        "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths:\n  /a:\n    get:\n      responses:\n        default:\n          $ref: '#/components/responses/No'\n",
        "8: reference \"#/components/responses/No\" leads nowhere",
    ),
    (
        "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n    A:\n      $ref: '#/components/schemas/B'\n    B:\n      $ref: '#/components/schemas/A'\n",
        "7: reference \"#/components/schemas/B\" leads nowhere",
    ),
];

#[test]
fn a_file_that_is_no_contract_is_named_with_the_place() {
    let folder = folder("documents");
    let good = root().join("openapi/rds-v1.yaml");
    let good = good.to_str().unwrap();
    for (text, fault) in BROKEN {
        std::fs::write(folder.join("broken.yaml"), text).unwrap();
        for arguments in [
            ["diff", "broken.yaml", good],
            ["diff", good, "broken.yaml"],
            ["lint", good, "broken.yaml"],
        ] {
            let output = spec(&folder, &arguments);
            let (code, found, errors) = outcome(&output);
            assert_eq!((code, found), (Some(2), ""), "{text}: {errors}");
            let start = format!("dbbackup-spec: broken.yaml:{fault}");
            assert!(errors.starts_with(&start), "{text}: {errors}");
            assert_eq!(errors.lines().count(), 1, "{errors}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = folder("documents-unread");
    std::fs::write(folder.join("bytes.yaml"), b"\xff\xfe").unwrap();
    for (file, fault) in [
        ("missing.yaml", "missing.yaml: No such file"),
        (".", ".: Is a directory"),
        (
            "bytes.yaml",
            "bytes.yaml: stream did not contain valid UTF-8",
        ),
    ] {
        let output = spec(&folder, &["diff", file, file]);
        let (code, found, errors) = outcome(&output);
        assert_eq!((code, found), (Some(2), ""));
        assert!(
            errors.starts_with(&format!("dbbackup-spec: {fault}")),
            "{errors}"
        );
    }
}

#[test]
fn references_in_examples_are_values() {
    let folder = folder("documents-values");
    let text = "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n    A:\n      type: object\n      example: {$ref: nowhere}\n";
    std::fs::write(folder.join("values.yaml"), text).unwrap();
    let output = spec(&folder, &["diff", "values.yaml", "values.yaml"]);
    assert_eq!(outcome(&output).0, Some(0));
}

#[test]
fn wrong_arguments_are_one_line() {
    for (arguments, fault) in [
        (
            &["diff", "a"][..],
            "the following required arguments were not provided: <NEW>",
        ),
        (
            &["diff", "a", "b", "--output", "xml"],
            "invalid value 'xml' for '--output <OUTPUT>'",
        ),
        (
            &["build"],
            "the following required arguments were not provided: --out <DIR>",
        ),
        (&["publish"], "unrecognized subcommand 'publish'"),
    ] {
        let output = spec(root(), arguments);
        let (code, found, errors) = outcome(&output);
        assert_eq!((code, found), (Some(2), ""));
        assert!(
            errors.starts_with(&format!("dbbackup-spec: {fault}")),
            "{errors}"
        );
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
}
