//! Rules on what readers and generators make of a contract.

use super::{Row, assert_found, folder, lint, text};

/// Plain scalars that readers of YAML read differently.
const AMBIGUOUS: [&str; 30] = [
    "yes",
    "No",
    "ON",
    "off",
    "y",
    "N",
    "012",
    "-0_7",
    "0o14",
    "+0o7",
    "-0o14",
    "08",
    "0b1",
    "-0x1F",
    "0x_1",
    "1_000",
    "1_0.5",
    "1.5_0",
    "1:30",
    "190:20:30.15",
    "1e3",
    "1.5e3",
    ".5E3",
    "2026-01-02",
    "2026-1-2 03:04:05",
    "2018-08-06T10:41:14Z",
    "2018-08-06t10:41:14.5 +08:00",
    "=",
    "<<",
    "&a no",
];

/// Items with such a scalar, its line in the item and its pointer.
const PLACES: [(&str, usize, &str); 11] = [
    ("[a, [no]]", 0, "/1/0"),
    ("{ a: [b], on: 1 }", 0, "/on"),
    ("{ 'on': [b], a/b: off }", 0, "/a~1b"),
    ("{ n }", 0, "/n"),
    ("a: &b {c: [1]}\n    d: *b\n    e: no", 2, "/e"),
    ("? on\n    : 1", 0, "/on"),
    ("012: 1", 0, "/012"),
    ("a:\n      no", 1, "/a"),
    ("a: |\n      no\n    b: no", 2, "/b"),
    ("<<: {a: 1}", 0, "/<<"),
    ("a: &b {c: 1}\n    d:\n      <<: *b", 2, "/d/<<"),
];

/// What all readers read alike.
const CLEAR: [&str; 30] = [
    "'yes'",
    "\"no\"",
    "!!str yes",
    "!odd yes",
    "|\n    yes",
    "yes\n    no",
    "yesterday",
    "null",
    "~",
    "",
    "true",
    "FALSE",
    "0",
    "00",
    "-12",
    "+12",
    "0x1F",
    "1.5",
    ".5",
    "1.",
    "1.5e+3",
    "1.0.0",
    "09:30",
    "1:99",
    "2018-08-06T10:41:14+0800",
    "2026-01",
    "_1",
    "0b2",
    "'<<': {a: 1}",
    "a: &b {c: 1}\n    d: *b",
];

/// The findings on scalars in a document with an item, as lines.
fn found(item: &str) -> Vec<String> {
    let folder = folder("lint/scalars");
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: a, version: 1.0.0}}\npaths: {{}}\nx-odd:\n  - {item}\n"
    );
    std::fs::write(folder.join("odd.yaml"), document).unwrap();
    let output = lint(&folder, &["odd.yaml"]);
    assert_eq!(text(&output.stderr), "", "{item}");
    let lines = text(&output.stdout).lines();
    let of_scalars = lines.filter(|line| line.contains("YAML 1.1"));
    of_scalars.map(str::to_owned).collect()
}

#[test]
fn plain_scalars_that_readers_of_yaml_read_differently_are_found() {
    let alone = AMBIGUOUS.iter().map(|item| (*item, 0, ""));
    for (item, line, pointer) in alone.chain(PLACES) {
        let found = found(item);
        let start = format!("odd.yaml:{}: /x-odd/0{pointer}: ", 5 + line);
        assert_eq!(found.len(), 1, "{item}: {found:?}");
        assert!(found[0].starts_with(&start), "{start} {found:?}");
    }
    for item in CLEAR {
        assert_eq!(found(item), Vec::<String>::new(), "{item}");
    }
}

#[test]
fn json_has_no_plain_scalars() {
    let folder = folder("lint/scalars-json");
    let document = r#"{"openapi": "3.0.3", "info": {"title": "a", "version": "1.0.0"}, "paths": {}, "x-a": 1e3}"#;
    std::fs::write(folder.join("odd.json"), document).unwrap();
    let output = lint(&folder, &["odd.json"]);
    assert!(!text(&output.stdout).contains("YAML"));
}

#[test]
fn names_that_are_one_in_rust_are_found() {
    const ROWS: [Row; 3] = [
        (
            "rds-v3",
            "          description: Name of a database that users made.\n",
            "          description: Name of a database that users made.\n\
            §        Name:\n          type: string\n          description: The same.\n",
            "/components/schemas/Database/properties/Name",
            "the fields name and Name are both name in Rust",
        ),
        (
            // In an object that is made of two.
            "rds-v3",
            "      description: A database to back up.\n      required: [name]\n      properties:\n",
            "      description: A database to back up.\n      required: [name]\n      allOf:\n        - type: object\n          description: A part.\n          properties:\n            NAME:\n              type: string\n              description: The same.\n      properties:\n§",
            "/components/schemas/Database/properties/name",
            "the fields NAME and name are both name in Rust",
        ),
        (
            "rds-v3",
            "        - $ref: '#/components/parameters/Tags'\n",
            "        - $ref: '#/components/parameters/Tags'\n\
            §        - name: Vpc-Id\n          in: header\n          description: The same.\n          schema:\n            type: string\n",
            "/paths/~1v3~1{project_id}~1instances/get/parameters/8",
            "the parameters vpc_id and Vpc-Id are both vpc_id in Rust",
        ),
    ];
    assert_found("names", &ROWS);
}
