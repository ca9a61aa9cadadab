//! `dbbackup-spec build`: the same bytes everywhere, in a folder where nothing else is touched.

use std::collections::BTreeMap;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::Value;

use super::{contracts, edit, files, folder, outcome, root, spec, text};

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
    let built = build(&contracts("build-files"), "site");
    let of_service: Vec<&str> = built
        .keys()
        .filter_map(|path| path.strip_prefix("rds-v1/"))
        .collect();
    assert_snapshot!("files__rds-v1", of_service.join("\n"));
    let top: Vec<&str> = built
        .keys()
        .map(String::as_str)
        .filter(|path| !path.contains('/'))
        .collect();
    assert_eq!(top, ["SHA256SUMS", "index.json", "llms.txt"]);
    for service in dbbackup::Service::ALL {
        let blessed = |kind: &str| {
            std::fs::read(root().join(format!("openapi/blessed/{service}/1.0.0.{kind}"))).unwrap()
        };
        for kind in ["json", "yaml"] {
            assert_eq!(
                built[&format!("{service}/1.0.0/openapi.{kind}")],
                blessed(kind)
            );
            assert_eq!(
                built[&format!("latest/{service}/openapi.{kind}")],
                blessed(kind)
            );
        }
    }
}

#[test]
fn a_page_of_an_operation_holds_all_of_it() {
    let built = build(&contracts("build-pages"), "site");
    let page = text(&built["rds-v1/1.0.0/operations/get_backup_policy.md"]);
    assert_snapshot!("page__rds-v1", page);
    assert_snapshot!("llms", text(&built["llms.txt"]));
    let links = text(&built["llms.txt"]).split("](").skip(1);
    let links: Vec<&str> = links.map(|link| link.split(')').next().unwrap()).collect();
    assert!(links.len() > 40 && links.iter().all(|link| built.contains_key(*link)));
}

#[test]
fn dereferenced_contracts_have_no_references() {
    let built = build(&contracts("build-dereferenced"), "site");
    for service in dbbackup::Service::ALL {
        let document = text(&built[&format!("{service}/1.0.0/openapi.dereferenced.json")]);
        assert!(!document.contains("$ref") && !document.contains("allOf"));
        let document: Value = serde_json::from_str(document).unwrap();
        let kept: Vec<_> = document["components"].as_object().unwrap().keys().collect();
        assert_eq!(kept, ["securitySchemes", "x-error-codes"]);
    }
}

#[test]
fn a_later_version_is_added_and_the_older_one_stays() {
    let place = contracts("build-later");
    let before = build(&place, "site");
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
    std::fs::remove_dir_all(place.join("openapi")).unwrap();
    super::copy(&root().join("openapi"), &place.join("openapi"));
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
    build(&place, "site");
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
    let place = contracts("build-immutable");
    build(&place, "site");
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
    let place = contracts("build-again");
    let whole = build(&place, "site");
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
    std::fs::write(&sums, format!("{text}0  {stale}\n")).unwrap();
    assert_eq!(build(&place, "site"), whole);
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
