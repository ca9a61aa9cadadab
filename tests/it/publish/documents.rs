//! Files that are no contracts are named in one line, with the place.

use serde_json::{Map, Value, json};

use super::{first_version, folder, outcome, root, spec};

/// A text, and what is said of a file that holds it.
const BROKEN: [(&str, &str); 15] = [
    (
        "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\n",
        "1: not an OpenAPI 3.0 document: missing field `paths`",
    ),
    (
        "openapi: 3.0.3\nx-a:\n  200: 1\n  '200': 2\n",
        "4: duplicate mapping key `200`",
    ),
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
        "2: not an OpenAPI 3.0 document: /info: missing field `title`",
    ),
    (
        "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths: 7\n",
        "3: not an OpenAPI 3.0 document: /paths: invalid type: integer `7`, expected struct Paths",
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

/// A change of a contract, and the pointer and words of what is wrong then; a `§` marks its line.
const FORMS: [(&str, &str, &str, &str); 11] = [
    (
        "      minLength: 4\n",
        "§      minLength: four\n",
        "/components/schemas/BackupName/minLength",
        "invalid type: string \"four\"",
    ),
    (
        "      required: [instance_id, name]\n",
        "§      required: name\n",
        "/components/schemas/CreateBackupRequest/required",
        "invalid type: string \"name\"",
    ),
    (
        "          description: Name of a database that users made.\n",
        "§          description: [x]\n",
        "/components/schemas/Database/properties/name/description",
        "invalid type: sequence",
    ),
    (
        "          items:\n            $ref: '#/components/schemas/Database'\n",
        "§          items: 7\n",
        "/components/schemas/CreateBackupRequest/properties/databases/items",
        "invalid type: integer `7`",
    ),
    (
        "    Tags:\n      name: tags\n      in: query\n",
        "    Tags:\n      name: tags\n§      in: somewhere\n",
        "/components/parameters/Tags/in",
        "unknown variant `somewhere`",
    ),
    (
        "    Tags:\n      name: tags\n",
        "    Tags:\n§      name: [tags]\n",
        "/components/parameters/Tags/name",
        "invalid type: sequence",
    ),
    (
        "        '200':\n          description: The job.\n",
        "§        '200':\n",
        "/paths/~1v3~1{project_id}~1jobs/get/responses/200",
        "missing field `description`",
    ),
    (
        "      operationId: delete_backup\n",
        "§      operationId: 7\n",
        "/paths/~1v3~1{project_id}~1backups~1{backup_id}/delete/operationId",
        "invalid type: integer `7`",
    ),
    (
        "    Token:\n      type: apiKey\n",
        "    Token:\n§      type: apiKy\n",
        "/components/securitySchemes/Token/type",
        "unknown variant `apiKy`",
    ),
    (
        "    Tags:\n      name: tags\n",
        "§    Tags:\n",
        "/components/parameters/Tags",
        "missing field `name`",
    ),
    (
        // The same fault twice.
        "      minLength: 4\n      maxLength: 64\n",
        "§      maxLength: four\n      minLength: four\n",
        "/components/schemas/BackupName/maxLength",
        "invalid type: string \"four\"",
    ),
];

#[test]
fn a_fault_of_form_is_named_with_its_own_line() {
    let folder = folder("documents-forms");
    let text = first_version("rds-v3");
    for (old, new, pointer, words) in FORMS {
        assert!(text.contains(old), "{old}");
        let marked = text.replacen(old, new, 1);
        let line = marked.split('§').next().unwrap().matches('\n').count() + 1;
        std::fs::write(folder.join("broken.yaml"), marked.replacen('§', "", 1)).unwrap();
        let output = spec(&folder, &["lint", "broken.yaml"]);
        let (code, found, errors) = outcome(&output);
        assert_eq!((code, found), (Some(2), ""), "{errors}");
        let fault = format!(
            "dbbackup-spec: broken.yaml:{line}: not an OpenAPI 3.0 document: {pointer}: {words}"
        );
        assert!(errors.starts_with(&fault), "{fault}\n{errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
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

#[test]
fn contracts_with_a_path_of_two_meanings_are_not_compared() {
    let folder = folder("documents-paths");
    let text =
        "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths:\n  /a/{x}: {}\n  /a/{y}: {}\n";
    std::fs::write(folder.join("paths.yaml"), text).unwrap();
    let output = spec(&folder, &["diff", "paths.yaml", "paths.yaml"]);
    let fault =
        "dbbackup-spec: paths.yaml:5: /a/{y} is there twice, with other names of its parameters\n";
    assert_eq!(outcome(&output), (Some(2), "", fault));
}

/// A contract with schemas that each hold the next one twice.
fn chain(most: usize, deepest: &str) -> String {
    let mut schemas = Map::new();
    for place in 0..most {
        let next = json!({ "$ref": format!("#/components/schemas/S{}", place + 1) });
        let schema = json!({ "properties": { "a": next, "b": next }, "items": { "not": next } });
        schemas.insert(format!("S{place}"), schema);
    }
    schemas.insert(format!("S{most}"), json!({ "type": deepest }));
    let content =
        json!({ "application/json": { "schema": { "$ref": "#/components/schemas/S0" } } });
    let response = json!({ "description": "Yes.", "content": content });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Deep", "version": "1.0.0" },
        "paths": { "/a": { "get": { "operationId": "a", "responses": { "200": response } } } },
        "components": { "schemas": schemas },
    });
    document.to_string()
}

#[test]
fn schemas_that_multiply_are_compared_all_the_same() {
    let folder = folder("documents-multiplied");
    std::fs::write(folder.join("old.json"), chain(30, "string")).unwrap();
    std::fs::write(folder.join("new.json"), chain(30, "integer")).unwrap();
    let output = spec(&folder, &["diff", "old.json", "new.json"]);
    let (code, found, errors) = outcome(&output);
    assert_eq!((code, errors), (Some(1), ""));
    assert!(
        found.contains("`type` went from `\"string\"` to `\"integer\"`."),
        "{found}"
    );
}

/// A contract with a member that is not read, in the form of a file.
fn with_member(member: &str) -> String {
    format!("{{openapi: 3.0.3, info: {{title: a, version: 1.0.0}}, paths: {{}}, {member}}}")
}

#[test]
fn what_lies_too_deep_is_one_line_for_each_command() {
    let folder = folder("documents-deep");
    std::fs::create_dir(folder.join("openapi")).unwrap();
    std::fs::write(
        folder.join("page.json"),
        r#"{"layout": "html", "language": "en", "places": {}}"#,
    )
    .unwrap();
    let nested = |open: &str, close: &str, most: usize| {
        with_member(&format!(
            "x-a: {}x{}",
            open.repeat(most),
            close.repeat(most)
        ))
    };
    let circle = |most: usize| {
        let schema = |i: usize| {
            let next = format!("#/components/schemas/S{}", (i + 1) % most);
            (format!("S{i}"), json!({ "allOf": [{ "$ref": next }] }))
        };
        let schemas: Map<String, Value> = (0..most).map(schema).collect();
        with_member(&format!("components: {}", json!({ "schemas": schemas })))
    };
    let levels = "more than 128 levels, with references followed";
    for (text, fault) in [
        (nested("[", "]", 100), "limit"),
        (nested("[", "]", 100_000), "limit"),
        (nested("{allOf: [", "]}", 1000), "limit"),
        (chain(60, "string"), levels),
        (chain(5000, "string"), levels),
        (circle(62), levels),
        (circle(5000), levels),
    ] {
        std::fs::write(folder.join("openapi/deep.yaml"), text).unwrap();
        for arguments in [
            &["lint"][..],
            &["bless"],
            &["build", "--out", "site"],
            &["diff", "openapi/deep.yaml", "openapi/deep.yaml"],
            &["docs", "page.json", "--service", "deep"],
        ] {
            let output = spec(&folder, arguments);
            let (code, found, errors) = outcome(&output);
            assert_eq!((code, found), (Some(2), ""), "{arguments:?}: {errors}");
            assert!(
                errors.starts_with("dbbackup-spec: openapi/deep.yaml:"),
                "{errors}"
            );
            assert!(
                errors.contains(fault) && errors.lines().count() == 1,
                "{errors}"
            );
        }
    }
    // As deep as may be, in a circle and in a chain.
    for text in [circle(61), chain(59, "string")] {
        std::fs::write(folder.join("openapi/deep.yaml"), text).unwrap();
        let output = spec(&folder, &["diff", "openapi/deep.yaml", "openapi/deep.yaml"]);
        assert_eq!(outcome(&output).0, Some(0), "{output:?}");
    }
}
