//! Pages of the vendor, or what is known of them, against the contracts.

use std::fs;

use serde_json::{Value, json};

use super::{contracts, folder, outcome, root, spec};

/// The facts of each page, and its service.
const PAGES: [(&str, &str); 5] = [
    ("rds-v1", "rds-v1"),
    ("rds-v1-text", "rds-v1"),
    ("rds-v3", "rds-v3"),
    ("taurusdb-v3", "taurusdb-v3"),
    ("gaussdb-v3", "gaussdb-v3"),
];

fn fixture(page: &str) -> String {
    format!("tests/fixtures/documented/{page}.json")
}

/// A page in Markdown with a table for the request.
const PAGE: &str = "\
# Create

## URI

POST https://{Endpoint}/v3/{project_id}/backups

## Request

**Table 1** Fields

| Name | Mandatory | Type | Description |
| --- | --- | --- | --- |
| name | Yes | String | From 4 to 65 characters. Minimum characters: 5 |

## Example Request

```
{\"name\": \"abc\"}
```
";

#[test]
fn documented_facts_agree_with_the_contracts() {
    for (page, service) in PAGES {
        let output = spec(root(), &["docs", &fixture(page), "--service", service]);
        let (code, table, errors) = outcome(&output);
        assert_eq!((code, errors), (Some(0), ""), "{page}: {table}");
        assert!(
            table.ends_with(" explained, 0 findings\n"),
            "{page}: {table}"
        );
    }
}

#[test]
fn verdicts_are_a_table_for_people() {
    let output = spec(
        root(),
        &["docs", &fixture("gaussdb-v3"), "--service", "gaussdb-v3"],
    );
    insta::assert_snapshot!("docs__gaussdb-v3", outcome(&output).1);
}

#[test]
fn a_finding_ends_with_1_and_names_the_field() {
    let folder = folder("docs-finding");
    let page = folder.join("page.json");
    let facts = fs::read_to_string(root().join(fixture("gaussdb-v3"))).unwrap();
    fs::write(
        &page,
        facts.replace("\"max_length\": 64", "\"max_length\": 65"),
    )
    .unwrap();
    let arguments = ["docs", page.to_str().unwrap(), "--service", "gaussdb-v3"];

    let output = spec(root(), &arguments);
    let (code, table, errors) = outcome(&output);
    assert_eq!((code, errors), (Some(1), ""), "{table}");
    let marked: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with('!'))
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        marked,
        [["!", "mismatch", "request.name", "max_length", "65", "64"]]
    );
    assert!(table.ends_with(" 1 findings\n"), "{table}");

    let output = spec(root(), &[&arguments[..], &["--output", "json"]].concat());
    let (code, text, _) = outcome(&output);
    let shown: Value = serde_json::from_str(text).unwrap();
    assert_eq!((code, &shown["findings"]), (Some(1), &json!(1)));
    let rows = shown["rows"].as_array().unwrap();
    let found: Vec<&Value> = rows.iter().filter(|row| row["finding"] == true).collect();
    let expected = json!({
        "place": "request.name",
        "fact": "max_length",
        "page": 65,
        "contract": 64,
        "verdict": "mismatch",
        "because": null,
        "finding": true,
    });
    assert_eq!(found, [&expected]);
}

#[test]
fn a_page_becomes_facts() {
    let folder = folder("docs-facts");
    fs::write(folder.join("page.md"), PAGE).unwrap();
    let output = spec(&folder, &["docs", "page.md", "--facts"]);
    let (code, text, errors) = outcome(&output);
    assert_eq!((code, errors), (Some(0), ""));
    let expected = json!({
        "layout": "markdown",
        "language": "English",
        "places": {
            "call": { "method": "POST", "path": "/v3/{project_id}/backups" },
            "examples.request.1": { "value": { "name": "abc" } },
            "request.name": {
                "mandatory": true,
                "max_length": 65,
                // The page says both.
                "min_length": { "contradictory": [4, 5] },
                "type": "string",
            },
        },
    });
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), expected);
}

#[test]
fn pages_that_cannot_be_read_end_with_2_and_say_which_part() {
    let folder = contracts("docs-unreadable");
    let table = |name: &str| PAGE.replace("| Name |", &format!("| {name} |"));
    let cases = [
        (
            "POST /v3\n\n{\"name\": 1}\n".to_owned(),
            "there is no table: a page has some, in HTML, Markdown or plain text",
        ),
        (
            table("Nom").replace(
                "Mandatory | Type | Description",
                "Obligatoire | Genre | Texte",
            ),
            "the table `Table 1 Fields` has headings in neither English nor Chinese",
        ),
        (
            PAGE.replace("| name | Yes |", "| | Yes |"),
            "the table `Table 1 Fields` has a row without a name",
        ),
        (
            PAGE.to_owned() + "\n## Response\n\n| Name | Meaning |\n| --- | --- |\n| id | x |\n",
            "the table `Response` has headings that are no English ones known: Meaning",
        ),
    ];
    for (page, expected) in cases {
        fs::write(folder.join("page.md"), page).unwrap();
        let output = spec(&folder, &["docs", "page.md", "--service", "rds-v3"]);
        let error = format!("dbbackup-spec: page.md: {expected}\n");
        assert_eq!(outcome(&output), (Some(2), "", &*error));
    }
}

#[test]
fn wrong_arguments_end_with_2() {
    let page = fixture("rds-v3");
    let cases: [(&[&str], &str); 4] = [
        (
            &["docs", &page, "--service", "rds-v9"],
            "--service rds-v9: openapi has contracts of gaussdb-v3, rds-v1, rds-v3, taurusdb-v3 alone",
        ),
        (
            &["docs", &page, "--service", "rds-v3", "--operation", "make"],
            "openapi/rds-v3.yaml: there is no operation make",
        ),
        (
            &["docs", "none.md", "--service", "rds-v3"],
            "none.md: No such file or directory (os error 2)",
        ),
        (
            &["docs", "Cargo.toml", "--service", "rds-v3"],
            "Cargo.toml: there is no table: a page has some, in HTML, Markdown or plain text",
        ),
    ];
    for (arguments, expected) in cases {
        let error = format!("dbbackup-spec: {expected}\n");
        assert_eq!(outcome(&spec(root(), arguments)), (Some(2), "", &*error));
    }
}
