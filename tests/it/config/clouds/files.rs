//! What a file may look like.

use std::process::Command;

use dbbackup::ErrorKind;

use super::super::{SECRET, shown};
use super::{Folder, refusal};

#[test]
fn aliases_and_merges_are_read_in_any_number() {
    use std::fmt::Write as _;

    let folder = Folder::new("clouds-aliases");
    let mut text = "
base: &base
  auth: &auth { auth_url: &url https://iam.example.com, user_domain_name: D, username: u }
  region_name: eu-nl
clouds:
"
    .to_owned();
    for n in 0..800 {
        writeln!(
            text,
            "  c{n}: {{<<: *base, auth: {{<<: *auth, password: p{n}}}, note: [*url, *url]}}"
        )
        .unwrap();
    }
    text +=
        "  a: {<<: [{region_name: eu-de}, *base], auth: {username: v, <<: *auth, password: p}}\n";
    let clouds = folder.write("clouds.yaml", &text);
    assert_eq!(
        shown(&folder.variables(&clouds, &[])),
        "password Name(\"v\") Some(Name(\"D\")) p Name(\"eu-de\") https://iam.example.com"
    );
}

#[test]
fn a_broken_entry_of_another_cloud_does_no_harm() {
    let folder = Folder::new("clouds-others");
    let text = format!(
        "clouds:\n  b: [1]\n  c: {{auth: {SECRET}}}\n  d: !odd {{}}\n  e: {{auth: {{password: !abc}}}}\n  \
         f: &f {{regions: 7, <<: *f}}\n  a: {{auth: {{token: t}}}}\n  7: {{verify: false}}\n"
    );
    let clouds = folder.write("clouds.yaml", &text);
    assert_eq!(shown(&folder.variables(&clouds, &[])), "token t");
}

#[test]
fn a_value_that_is_no_text_is_named_with_its_line() {
    let folder = Folder::new("clouds-values");
    for (cloud, words) in [
        (
            "auth:\n      password: !abc",
            "auth.password of cloud \"a\" in FILE, line 4, must be a text",
        ),
        (
            "auth:\n      password: !abc secret-of-a-test",
            "line 4, must be a text",
        ),
        (
            "auth:\n      password: [secret-of-a-test]",
            "line 4, must be a text",
        ),
        (
            "auth:\n      password: !vault |\n        secret-of-a-test",
            "line 4, must be a text",
        ),
        (
            "auth:\n      password: !vault >-\n\n        secret-of-a-test",
            "line 4, must be a text",
        ),
        (
            "auth:\n      username: {a: b}",
            "auth.username of cloud \"a\" in FILE, line 4, must be",
        ),
        (
            "auth: secret-of-a-test",
            "auth of cloud \"a\" in FILE, line 3, must be a mapping",
        ),
        (
            "auth: {token: t}\n    region_name: {}",
            "region_name of cloud \"a\" in FILE, line 4, must be",
        ),
    ] {
        let clouds = folder.write("clouds.yaml", &format!("clouds:\n  a:\n    {cloud}\n"));
        let (kind, text) = refusal(&folder.variables(&clouds, &[]));
        assert_eq!(kind, ErrorKind::InvalidInput, "{text}");
        let words = words.replace("FILE", &clouds);
        assert!(text.contains(&words), "{text}");
    }
    for (auth, words) in [
        ("{password:secret-of-a-test: ''}", "auth.(a key) of cloud"),
        ("{username: u, password:secret-of-a-test}", "is not set"),
    ] {
        let clouds = folder.write("clouds.yaml", &format!("clouds: {{a: {{auth: {auth}}}}}"));
        let (_, text) = refusal(&folder.variables(&clouds, &[]));
        assert!(text.contains(words), "{text}");
    }
    for cloud in ["[1]", "secret-of-a-test"] {
        let clouds = folder.write("clouds.yaml", &format!("clouds:\n  a: {cloud}\n"));
        let (_, text) = refusal(&folder.variables(&clouds, &[]));
        assert!(
            text.contains(", line 2, must be a mapping of keys"),
            "{text}"
        );
    }
}

#[test]
fn json_and_other_line_ends_are_read() {
    let folder = Folder::new("clouds-json");
    for text in [
        "\u{feff}{\r\n\t\"clouds\": {\r\n\t\t\"a\": {\"auth\": {\"token\": \"\\u0074\", \"x-y\": null}}}}\r\n",
        "# one\r\n\r\nclouds:\r\n  a:\r\n    auth:\r\n      token: t # two\r\n",
    ] {
        let clouds = folder.write("clouds.json", text);
        assert_eq!(shown(&folder.variables(&clouds, &[])), "token t");
    }
}

#[test]
fn a_hostile_file_is_refused_in_time() {
    let folder = Folder::new("clouds-hostile");
    let laughs = (1..40).map(|n| format!("a{n}: &a{n} [*a{p}, *a{p}, *a{p}]\n", p = n - 1));
    let laughs = format!(
        "a0: &a0 [x]\n{}clouds: {{a: {{auth: {{token: t}}}}}}\n",
        laughs.collect::<String>()
    );
    let clouds = folder.write("laughs.yaml", &laughs);
    assert_eq!(shown(&folder.variables(&clouds, &[])), "token t");

    let wide: String = (0..2000).map(|n| format!("k{n}: v, ")).collect();
    let merges = "- {<<: *w}\n".repeat(2000);
    for (name, text) in [
        ("merges", format!("w: &w {{{wide}}}\nl:\n{merges}")),
        ("deep", "[".repeat(100_000)),
        ("dashes", "- ".repeat(100_000)),
        ("two", "clouds: {a: {}}\n---\nclouds: {a: {}}\n".to_owned()),
    ] {
        let clouds = folder.write(name, &text);
        let (_, text) = refusal(&folder.variables(&clouds, &[]));
        assert!(
            text.contains(" is not a file of clouds, line "),
            "{name}: {text}"
        );
    }
}

#[test]
fn only_a_plain_file_of_at_most_a_mebibyte_is_read() {
    let folder = Folder::new("clouds-plain");
    let text = "clouds: {a: {auth: {token: t}}}\n";
    let rest = "#".repeat((1 << 20) - text.len());
    let most = folder.write("most.yaml", &format!("{text}{rest}"));
    assert_eq!(shown(&folder.variables(&most, &[])), "token t");
    let over = folder.write("over.yaml", &format!("{text}{rest}#"));
    let pipe = folder.0.join("pipe.yaml");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let folder_itself = folder.0.to_str().unwrap().to_owned();
    for (file, words) in [
        (over.as_str(), "it has more than 1048576 bytes"),
        (
            pipe.to_str().unwrap(),
            "it is no plain file: copy it into one",
        ),
        (&folder_itself, "it is no plain file: copy it into one"),
    ] {
        let (_, text) = refusal(&folder.variables(file, &[]));
        assert_eq!(text, format!("cannot read {file}: {words}"));
    }
    // One that is found in its place is not passed over either.
    folder.write(".config/openstack/clouds.json", text);
    let place = folder.0.join(".config/openstack/clouds.yaml");
    assert!(
        Command::new("mkfifo")
            .arg(&place)
            .status()
            .unwrap()
            .success()
    );
    let (_, text) = refusal(&[("OS_CLOUD", "a"), ("HOME", &folder_itself)]);
    assert!(
        text.ends_with("clouds.yaml: it is no plain file: copy it into one"),
        "{text}"
    );
}
