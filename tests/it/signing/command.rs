//! `dbbackup sign`, over the same cases.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use super::{ACCESS_KEY, Case, DATE, SECRET_KEY};

impl Case {
    /// `dbbackup sign` for this case, with more arguments.
    fn command(&self, arguments: &[&str]) -> Output {
        let url = format!("http://{}{}", self.header("Host"), self.target);
        let mut all = vec!["--method", &self.method, "--url", &url, "--date", DATE];
        let headers = self.headers.iter();
        let given = headers.filter(|(name, _)| name != "Host" && name != "X-Sdk-Date");
        let given: Vec<_> = given
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        for header in &given {
            all.extend(["--header", header]);
        }
        all.extend(["--body-file", "-"]);
        all.extend(arguments);
        dbbackup_sign(&all, &self.body, &[])
    }
}

/// The keys of the cases, as the command takes them.
const KEYS: [(&str, &str); 2] = [
    ("DBBACKUP_ACCESS_KEY", ACCESS_KEY),
    ("DBBACKUP_SECRET_KEY", SECRET_KEY),
];

/// Runs the command with the keys, with other variables instead or besides.
fn dbbackup_sign(arguments: &[&str], body: &[u8], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dbbackup"));
    command.arg("sign").args(arguments);
    command.env_remove("DBBACKUP_SECURITY_TOKEN");
    command.envs(KEYS).envs(variables.iter().copied());
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = pipes.stderr(Stdio::piped()).spawn().unwrap();
    // One that does not want it may have ended.
    let _ = running.stdin.take().unwrap().write_all(body);
    let output = running.wait_with_output().unwrap();
    for shown in [&output.stdout, &output.stderr] {
        let shown = String::from_utf8(shown.clone()).unwrap();
        assert!(!shown.contains(SECRET_KEY), "{shown}");
    }
    output
}

fn json_of(output: &Output) -> Value {
    assert!(output.stderr.is_empty(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What stands on standard error after a failure.
fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_command_prints_the_same_steps() {
    for case in Case::all() {
        let output = case.command(&["--output", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}: {output:?}", case.name);
        let steps = json!({
            "canonical_request": case.step("canonical-request"),
            "string_to_sign": case.step("string-to-sign"),
            "authorization": case.step("authorization"),
        });
        assert_eq!(json_of(&output), steps, "{}", case.name);
    }
}

#[test]
fn the_command_shows_the_first_line_that_differs() {
    let cases = Case::all();
    let case = |name: &str| cases.iter().find(|case| case.name == name).unwrap();
    let get = case("get-plain");
    let compare = |other: &str, form: &str| {
        let file = case(other).folder.join("canonical-request");
        get.command(&["--compare", file.to_str().unwrap(), "--output", form])
    };
    let same = compare("get-plain", "json");
    assert_eq!(same.status.code(), Some(0));
    assert_eq!(json_of(&same)["difference"], Value::Null);
    assert!(
        json_of(&same)
            .as_object()
            .unwrap()
            .contains_key("difference")
    );

    for (other, line, part, theirs) in [
        ("post-empty-body", 1, "method", "POST"),
        ("path-root", 2, "path", "/"),
        (
            "query-multi-byte",
            3,
            "query",
            "name=%E5%A4%87%E4%BB%BD%20%C3%BC%20%F0%9F%98%80",
        ),
        (
            "header-value-trimmed",
            4,
            "header",
            "content-type:application/json",
        ),
    ] {
        let output = compare(other, "json");
        assert_eq!(output.status.code(), Some(1), "{other}");
        let difference = &json_of(&output)["difference"];
        assert_eq!(difference["line"], line, "{other}");
        assert_eq!(difference["part"], part, "{other}");
        assert_eq!(difference["theirs"], theirs, "{other}");
        let ours = get.step("canonical-request");
        assert_eq!(difference["ours"], ours.lines().nth(line - 1).unwrap());
    }
    let output = compare("path-root", "text");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("line 2 differs, path:\n"), "{text}");
    assert!(text.contains("  theirs: \"/\"\n"), "{text}");
}

#[test]
fn the_one_line_of_the_gateway_is_compared_line_by_line() {
    let case = Case::all().remove(0);
    let canonical = case.step("canonical-request");
    let (others, hash) = canonical.rsplit_once('\n').unwrap();
    let other_hash = hash.replace(|c: char| c.is_ascii_digit(), "f");
    let compare = |text: &str| {
        let file = tempfile("canonical-request-in-one-line", text);
        let output = case.command(&["--compare", file.to_str().unwrap(), "--output", "json"]);
        json_of(&output)["difference"].clone()
    };
    let line = |hash: &str| format!("{others}\n{hash}").replace('\n', "|");
    let message = |hash| {
        let what = "verify aksk signature fail, canonicalRequest:";
        format!(
            r#"{{"error_msg": "Incorrect: {what}{}", "error_code": "APIGW.0301"}}"#,
            line(hash)
        )
    };
    for same in [line(hash), line(hash) + "\n", message(hash)] {
        assert_eq!(compare(&same), Value::Null, "{same}");
    }
    for other in [line(&other_hash), message(&other_hash)] {
        let difference = compare(&other);
        assert_eq!(difference["part"], "hash of the body", "{difference}");
        assert_eq!(
            difference["line"],
            canonical.lines().count(),
            "{difference}"
        );
        assert_eq!(difference["theirs"], *other_hash, "{difference}");
    }
}

#[test]
fn line_ends_of_another_system_are_no_difference() {
    let case = Case::all().remove(0);
    let canonical = case.step("canonical-request").replace('\n', "\r\n") + "\r\n";
    let canonical = format!("\u{feff}{canonical}");
    let folder = tempfile("canonical-request-with-cr-lf", &canonical);
    let output = case.command(&["--compare", folder.to_str().unwrap()]);
    std::fs::remove_file(folder).unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// A file with a text, below the folder of the build.
fn tempfile(name: &str, text: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, text).unwrap();
    file
}

const GET: [&str; 6] = [
    "--method",
    "GET",
    "--url",
    "https://rds.eu-de.otc.t-systems.com/v3/backups?a=1",
    "--output",
    "json",
];

#[test]
fn a_security_token_is_signed_only_if_it_is_set() {
    let canonical = |variables: &[(&str, &str)]| {
        let output = dbbackup_sign(&GET, b"", variables);
        json_of(&output)["canonical_request"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let with = canonical(&[("DBBACKUP_SECURITY_TOKEN", "temporary==")]);
    assert!(with.contains("\nx-security-token:temporary==\n"), "{with}");
    assert!(
        with.contains("\nhost;x-sdk-date;x-security-token\n"),
        "{with}"
    );
    let header = ["--header", "X-Security-Token: temporary=="];
    let both = |token| {
        let arguments = [&GET[..], &header].concat();
        dbbackup_sign(&arguments, b"", &[("DBBACKUP_SECURITY_TOKEN", token)])
    };
    assert_eq!(both("temporary==").status.code(), Some(0));
    assert!(complaint(&both("another")).contains("x-security-token is there twice"));
    for variables in [&[][..], &[("DBBACKUP_SECURITY_TOKEN", "")]] {
        let without = canonical(variables);
        assert!(without.contains("\nhost;x-sdk-date\n"), "{without}");
    }
}

#[test]
fn the_date_is_now_unless_it_is_given() {
    let signed_at = |arguments: &[&str]| {
        let output = dbbackup_sign(&[&GET, arguments].concat(), b"", &[]);
        let text = json_of(&output)["string_to_sign"]
            .as_str()
            .unwrap()
            .to_owned();
        text.lines().nth(1).unwrap().to_owned()
    };
    assert_eq!(signed_at(&["--date", DATE]), DATE);
    assert_eq!(
        signed_at(&["--header", "X-Sdk-Date: 20260102T030405Z"]),
        DATE
    );
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M").to_string();
    let at = signed_at(&[]);
    // The minute may have gone on.
    assert!(
        at >= now && at.ends_with('Z') && at.len() == DATE.len(),
        "{at} {now}"
    );
}

#[test]
fn what_cannot_be_signed_is_refused_in_words() {
    let cases: [(&[&str], &str); 12] = [
        (&["--header", "no-colon"], "'Name: value'"),
        (
            &["--header", "two words: x"],
            "with a name that HTTP allows",
        ),
        (
            &["--header", "X-A: 1", "--header", "x-a: 2"],
            "x-a is there twice",
        ),
        (&["--header", "Authorization: x"], "leave it out"),
        (
            &["--body-file", "-", "--compare", "-"],
            "cannot both be standard input",
        ),
        (&["--header", "X-Sdk-Date: now"], "like 20260102T030405Z"),
        (&["--date", "2026-01-02"], "like 20260102T030405Z"),
        (&["--date", "20260132T030405Z"], "like 20260102T030405Z"),
        (
            &["--date", DATE, "--header", "X-Sdk-Date: 20260102T030406Z"],
            "give one of them",
        ),
        (
            &["--body-file", "/nowhere/body"],
            "cannot read /nowhere/body",
        ),
        (
            &["--compare", "/nowhere/other"],
            "cannot read /nowhere/other",
        ),
        (&["--header", "X-A: a\u{1}b"], "control characters"),
    ];
    for (arguments, words) in cases {
        let text = complaint(&dbbackup_sign(&[&GET, arguments].concat(), b"", &[]));
        assert!(text.contains(words), "{arguments:?}: {text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    for (url, words) in [
        ("rds.example.com/v3", "must be a whole URL"),
        ("ftp://rds.example.com/", "https://"),
        ("https:///", "must be a whole URL: empty host"),
        ("https:///v3/backups", "must name a host"),
        (
            "https://user:testsecretkey@rds.example.com/",
            "must not have a user",
        ),
    ] {
        let text = complaint(&dbbackup_sign(&["--method", "GET", "--url", url], b"", &[]));
        assert!(text.contains(words), "{url}: {text}");
    }
    for name in ["DBBACKUP_ACCESS_KEY", "DBBACKUP_SECRET_KEY"] {
        let text = complaint(&dbbackup_sign(&GET, b"", &[(name, "")]));
        assert!(text.contains(&format!("{name} is not set")), "{text}");
        assert_eq!(text.lines().count(), 1);
    }
}
