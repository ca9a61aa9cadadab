//! `dbbackup-spec build`: the same bytes everywhere, in a folder where nothing else is touched.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dbbackup::Service;
use dbbackup::emulator::Emulator;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{contracts, copy, edit, files, folder, outcome, root, spec, text};

/// Builds into a folder, which has to succeed.
fn build(place: &Path, out: &str) -> BTreeMap<String, Vec<u8>> {
    let output = spec(place, &["build", "--out", out]);
    let (code, found, errors) = outcome(&output);
    assert_eq!((code, errors), (Some(0), ""));
    let built = files(&place.join(out));
    // All but the checksums is told of.
    let bytes: usize = built.values().map(Vec::len).sum::<usize>() - built["SHA256SUMS"].len();
    assert_eq!(
        found,
        format!("{out}: {} files, {bytes} bytes\n", built.len() - 1)
    );
    built
}

/// A folder like that of [`contracts`] with what was built from it in `site`, and its files.
fn built(test: &str) -> (PathBuf, BTreeMap<String, Vec<u8>>) {
    static FIRST: LazyLock<PathBuf> = LazyLock::new(|| {
        let place = contracts("built");
        build(&place, "site");
        place
    });
    let place = folder(test);
    copy(&FIRST, &place);
    let files = files(&place.join("site"));
    (place, files)
}

/// The refusal of a build, in one line.
fn refusal(place: &Path) -> String {
    let before = files(&place.join("site"));
    let output = spec(place, &["build", "--out", "site"]);
    let (code, found, errors) = outcome(&output);
    assert_eq!((code, found), (Some(2), ""), "{errors}");
    assert_eq!(files(&place.join("site")), before);
    errors.trim_start_matches("dbbackup-spec: ").to_owned()
}

#[test]
fn two_builds_in_different_places_are_equal() {
    let (one, other) = (contracts("build-one"), contracts("build-other"));
    let first = build(&one, "site");
    // Again over itself, and elsewhere from files of another age.
    assert_eq!(build(&one, "site"), first);
    assert_eq!(build(&other, "a/deep/folder"), first);
    let all = first.values().map(|bytes| text(bytes)).collect::<String>();
    assert!(!all.contains(root().to_str().unwrap()));
}

#[test]
fn a_service_has_all_its_files() {
    let (place, built) = built("build-files");
    let below = |folder: &str| -> BTreeMap<String, Vec<u8>> {
        let files = built.iter().filter_map(|(path, bytes)| {
            Some((path.strip_prefix(folder)?.to_owned(), bytes.clone()))
        });
        files.collect()
    };
    let of_service: Vec<String> = below("rds-v1/1.0.0/").into_keys().collect();
    assert_snapshot!("files__rds-v1", of_service.join("\n"));
    let top = built.keys().map(String::as_str);
    let top: Vec<&str> = top.filter(|path| !path.contains('/')).collect();
    assert_eq!(top, ["SHA256SUMS", "index.html", "index.json", "llms.txt"]);
    let pages: Vec<String> = below("site/").into_keys().collect();
    let of_others = |path: &&String| path.contains('/') && !path.starts_with("rds-v1/");
    let pages: Vec<&str> = pages
        .iter()
        .filter(|path| !of_others(path))
        .map(String::as_str)
        .collect();
    assert_snapshot!("files__site", pages.join("\n"));
    let blessed = files(&place.join("openapi/blessed"));
    for &service in Service::ALL {
        let version = below(&format!("{service}/1.0.0/"));
        assert_eq!(version, below(&format!("latest/{service}/")));
        for kind in ["json", "yaml"] {
            let source = &blessed[&format!("{service}/1.0.0.{kind}")];
            assert_eq!(version[&format!("openapi.{kind}")], *source);
        }
    }
}

#[test]
fn a_page_of_an_operation_holds_all_of_it() {
    let (_, built) = built("build-pages");
    let page = text(&built["rds-v1/1.0.0/operations/get_backup_policy.md"]);
    assert_snapshot!("page__rds-v1", page);
    assert_snapshot!("llms", text(&built["llms.txt"]));
    let links = text(&built["llms.txt"]).split("](").skip(1);
    let links: Vec<&str> = links.map(|link| link.split(')').next().unwrap()).collect();
    assert!(links.len() > 40 && links.iter().all(|link| built.contains_key(*link)));
}

#[test]
fn a_page_for_people_says_the_same_in_nested_tables() {
    let (_, built) = built("build-site");
    let page = text(&built["site/rds-v1/1.0.0/get_backup_policy.html"]);
    // With lines, so that a change can be read.
    let lines = ["<h", "<li", "<link", "<meta", "<p", "<tr"];
    let lines = lines.iter().fold(page.to_owned(), |page, element| {
        page.replace(&format!(">{element}"), &format!(">\n{element}"))
    });
    assert_snapshot!("site__rds-v1", lines);
    // What is unlike most of the services stands out on the first page.
    let start = text(&built["index.html"]);
    let create = "<td class=\"differs\">\u{2260} <a href=\"site/rds-v1/1.0.0/create_backup.html\">";
    assert!(start.contains(create));
    // Where no service is like another, all of them do.
    let row = start
        .split("<tr>")
        .find(|row| row.contains(create))
        .unwrap();
    assert_eq!(row.matches("class=\"differs\"").count(), 4, "{row}");
    let days = "<td>from: 1; mandatory; to: 3660; integer; unit: days</td>";
    assert_eq!(start.matches(days).count(), 2);
}

#[test]
fn the_script_of_others_is_the_one_that_is_pinned() {
    let (_, built) = built("build-pinned");
    let folder = root().join("src/bin/dbbackup-spec/build/site/scalar");
    let sums = std::fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let published = [("LICENSE", "scalar.LICENSE"), ("scalar.js", "scalar.js")];
    let sum = |(name, file): (&str, &str)| {
        let hash = <sha2::Sha256 as sha2::Digest>::digest(&built[&format!("site/{file}")]);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{hash}  {name}\n")
    };
    assert_eq!(published.map(sum).concat(), sums);
}

#[tokio::test]
async fn the_console_calls_each_service_at_its_port_of_the_emulator() {
    let (_, built) = built("build-console");
    let sources = text(&built["site/reference-sources.js"]);
    let sources = sources.trim_start_matches("const SOURCES = ");
    let sources: Vec<Value> = serde_json::from_str(sources.trim_end_matches(";\n")).unwrap();
    let emulator = Emulator::start().await.unwrap();
    let mut urls: Vec<&str> = Service::ALL
        .iter()
        .map(|service| emulator.url(*service))
        .collect();
    let own = urls.clone();
    urls.dedup();
    assert_eq!(sources.len(), own.len());
    for ((service, source), own) in Service::ALL.iter().zip(&sources).zip(own) {
        assert_eq!(source["slug"], service.as_str());
        let place = urls.iter().position(|url| *url == own).unwrap();
        let url = format!("http://127.0.0.1:{}", 8700 + place);
        assert_eq!(source["content"]["servers"][0]["url"], url);
    }
}

#[test]
fn dereferenced_contracts_say_the_same_without_references() {
    let (place, built) = built("build-dereferenced");
    for &service in Service::ALL {
        let folder = format!("site/{service}/1.0.0");
        let dereferenced = format!("{folder}/openapi.dereferenced.json");
        let document = text(&built[&dereferenced["site/".len()..]]);
        assert!(!document.contains("$ref") && !document.contains("allOf"));
        let document: Value = serde_json::from_str(document).unwrap();
        let kept: Vec<_> = document["components"].as_object().unwrap().keys().collect();
        assert_eq!(kept, ["securitySchemes", "x-error-codes"]);
        let canonical = format!("{folder}/openapi.json");
        for pair in [[&canonical, &dereferenced], [&dereferenced, &canonical]] {
            let output = spec(&place, &["diff", pair[0], pair[1], "--output", "json"]);
            let found: Value = serde_json::from_str(text(&output.stdout)).unwrap();
            for change in found["changes"].as_array().unwrap() {
                // The schemas have lost their names, and nothing else.
                let sentence = change["sentence"].as_str().unwrap();
                let is_name =
                    sentence.starts_with("The schema ") && change["operations"] == json!([]);
                assert!(is_name || change["label"] == "documentation", "{change}");
            }
        }
    }
}

#[test]
fn parts_of_a_schema_are_put_together_only_where_that_says_the_same() {
    let place = folder("build-parts");
    std::fs::create_dir(place.join("openapi")).unwrap();
    let one = json!({ "allOf": [{ "$ref": "#/components/schemas/A" }], "description": "Words." });
    let more = json!({
        "allOf": [{ "$ref": "#/components/schemas/A" }],
        "properties": { "b": { "type": "string" } },
    });
    let value = json!({ "$ref": "#/components/schemas/A", "allOf": [{}] });
    let contract = json!({
        "openapi": "3.0.3",
        "info": { "title": "Parts", "version": "1.0.0" },
        "paths": { "/a": { "get": { "operationId": "a", "responses": { "200": {
            "description": "Yes.",
            "content": { "application/json": {
                "schema": { "properties": { "one": one, "more": more, "deep": { "$ref": "#/components/schemas/Deep" } } },
                "example": value,
            } },
        } } } } },
        "components": { "schemas": {
            "A": { "type": "object", "properties": { "a": { "type": "string" } } },
            "Deep": { "type": "array", "items": { "$ref": "#/components/schemas/Deep" } },
        } },
    });
    let file = place.join("openapi/parts.yaml");
    std::fs::write(&file, contract.to_string()).unwrap();
    assert_eq!(outcome(&spec(&place, &["bless"])).0, Some(0));
    let built = build(&place, "site");
    let read = |path: &str| serde_json::from_slice::<Value>(&built[path]).unwrap();
    let document = read("parts/1.0.0/openapi.dereferenced.json");
    let media = &document["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"];
    let a = &contract["components"]["schemas"]["A"];
    let fields = &media["schema"]["properties"];
    assert_eq!(
        (&fields["one"]["properties"], &fields["one"]["description"]),
        (&a["properties"], &json!("Words."))
    );
    assert_eq!(
        (&fields["more"]["allOf"][0], fields["more"].get("type")),
        (a, None)
    );
    assert_eq!(media["example"], value);
    assert_eq!(read("parts/1.0.0/examples/a.200.example.json"), value);
    let page = text(&built["parts/1.0.0/operations/a.md"]);
    for row in [
        "| one.a | string |",
        "| more.a | string |",
        "| more.b | string |",
        "| deep | array of array of ",
    ] {
        assert!(page.contains(row), "{row}: {page}");
    }
    // Names must not lead out of the folder.
    for name in ["../a", "", "a/b", "a.b", ".."] {
        let mut contract = contract.clone();
        contract["paths"]["/a"]["get"]["operationId"] = json!(name);
        std::fs::write(&file, contract.to_string()).unwrap();
        std::fs::remove_dir_all(place.join("openapi/blessed")).unwrap();
        assert_eq!(outcome(&spec(&place, &["bless"])).0, Some(0));
        let fault = refusal(&place);
        assert!(
            fault.contains("cannot be part of the name of a file"),
            "{fault}"
        );
    }
}

#[test]
fn no_page_takes_the_place_of_another_one() {
    let (place, _) = built("build-index");
    let contract = place.join("openapi/rds-v1.yaml");
    let [old, new] = ["list_instances", "index"].map(|id| format!("operationId: {id}"));
    edit(&contract, &old, &new);
    edit(&contract, "  version: 1.0.0", "  version: 2.0.0");
    assert_eq!(outcome(&spec(&place, &["bless"])).0, Some(0));
    assert_eq!(
        refusal(&place),
        "site/rds-v1/2.0.0/index.html would be there twice: no operation can be called index\n"
    );
}

#[test]
fn a_later_version_is_added_and_the_older_one_stays() {
    let (place, before) = built("build-later");
    let contract = place.join("openapi/rds-v1.yaml");
    edit(
        &contract,
        "        maximum: 732",
        "        maximum: 733".trim_end(),
    );
    edit(&contract, "  version: 1.0.0", "  version: 2.0.0");
    assert_eq!(
        refusal(&place),
        "openapi/rds-v1.yaml: version 2.0.0 is not blessed: run dbbackup-spec bless\n"
    );
    assert_eq!(outcome(&spec(&place, &["bless"])).0, Some(0));
    let after = build(&place, "site");
    for (path, bytes) in before
        .iter()
        .filter(|(path, _)| path.starts_with("rds-v1/"))
    {
        assert_eq!(after.get(path), Some(bytes), "{path}");
    }
    let index: Value = serde_json::from_slice(&after["index.json"]).unwrap();
    let service = &index["services"][1];
    let versions: Vec<_> = service["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["version"])
        .collect();
    assert_eq!(
        (&service["latest"], &*versions),
        (&"2.0.0".into(), &[&"2.0.0".into(), &"1.0.0".into()][..])
    );
    assert_eq!(
        after["latest/rds-v1/openapi.yaml"],
        after["rds-v1/2.0.0/openapi.yaml"]
    );
    assert_snapshot!(
        "changelog__rds-v1",
        text(&after["rds-v1/2.0.0/CHANGELOG.md"])
    );
    // A publication that knows more than the contracts is not cut short.
    let place = {
        let younger = contracts("build-younger");
        super::copy(&place.join("site"), &younger.join("site"));
        younger
    };
    assert_eq!(
        refusal(&place),
        "site/rds-v1/2.0.0/CHANGELOG.md: was published and is not blessed any more\n"
    );
}

#[test]
fn a_folder_with_something_else_is_refused() {
    let place = contracts("build-refused");
    let site = place.join("site");
    std::fs::create_dir(&site).unwrap();
    let notes = site.join("notes.txt");
    std::fs::write(&notes, "mine").unwrap();
    let foreign =
        "site: is not empty and no publication of dbbackup-spec: give a folder of its own\n";
    assert_eq!(refusal(&place), foreign);
    // Also one with checksums or an index of somebody else.
    std::fs::write(site.join("SHA256SUMS"), "0  notes.txt\n").unwrap();
    std::fs::write(site.join("index.json"), "{}").unwrap();
    assert_eq!(refusal(&place), foreign);
    std::fs::remove_dir_all(&site).unwrap();
    copy(&built("build-not-refused").0.join("site"), &site);
    std::fs::write(&notes, "mine").unwrap();
    assert_eq!(
        refusal(&place),
        "site/notes.txt: is no part of the publication: move it away\n"
    );
    std::fs::remove_file(&notes).unwrap();
    // A file in the place of the folder.
    std::fs::remove_dir_all(&site).unwrap();
    std::fs::write(&site, "").unwrap();
    let output = spec(&place, &["build", "--out", "site"]);
    assert_eq!(
        outcome(&output),
        (
            Some(2),
            "",
            "dbbackup-spec: site: File exists (os error 17)\n"
        )
    );
}

#[test]
fn a_published_version_never_changes() {
    let (place, _) = built("build-immutable");
    // The same version blessed with another content, as after a change of history.
    std::fs::remove_dir_all(place.join("openapi/blessed")).unwrap();
    edit(
        &place.join("openapi/rds-v1.yaml"),
        "  title: RDS backups, API v1",
        "  title: Backups",
    );
    assert_eq!(outcome(&spec(&place, &["bless"])).0, Some(0));
    let fault = refusal(&place);
    let rest = "was published with another content: bless a later version\n";
    assert!(
        fault.starts_with("site/rds-v1/1.0.0/") && fault.ends_with(rest),
        "{fault}"
    );
}

#[test]
fn a_build_that_was_cut_short_is_taken_up_again() {
    let (place, whole) = built("build-again");
    let site = place.join("site");
    // As if the first build had ended after a few files.
    std::fs::remove_file(site.join("SHA256SUMS")).unwrap();
    std::fs::remove_dir_all(site.join("latest")).unwrap();
    std::fs::write(site.join("rds-v1/1.0.0/openapi.json"), "{").unwrap();
    assert_eq!(build(&place, "site"), whole);
    // What belongs to no version goes when it is not published any more.
    let stale = "latest/rds-v1/operations/old.md";
    std::fs::write(site.join(stale), "old").unwrap();
    let sums = site.join("SHA256SUMS");
    let text = std::fs::read_to_string(&sums).unwrap();
    let zeros = "0".repeat(64);
    std::fs::write(
        &sums,
        format!("{text}{zeros}  {stale}\n{zeros}  latest/../../victim\n"),
    )
    .unwrap();
    std::fs::write(place.join("victim"), "mine").unwrap();
    assert_eq!(build(&place, "site"), whole);
    assert!(place.join("victim").exists());
}

#[test]
fn empty_folders_are_taken() {
    let place = folder("build-empty");
    std::fs::create_dir(place.join("site")).unwrap();
    let openapi = root().join("openapi");
    let contracts = ["--contracts", openapi.to_str().unwrap()];
    let output = spec(
        &place,
        &[&["build", "--out", "site"], &contracts[..]].concat(),
    );
    assert_eq!(outcome(&output).0, Some(0));
    assert!(place.join("site/index.json").is_file());
}
