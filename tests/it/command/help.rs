//! Help, and what is refused before anything else.

use insta::assert_snapshot;

use super::dbbackup;

fn help(arguments: &[&str]) -> String {
    let output = dbbackup(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn help_names_the_subcommands_and_the_exit_codes() {
    assert_snapshot!("help", help(&["--help"]));
}

#[test]
fn each_subcommand_that_calls_a_service_has_help() {
    let help = |subcommand| {
        let help = help(&[subcommand, "--help"]);
        let (own, common) = help.split_once("Common options:\n").unwrap();
        let (common, json) = common
            .split_once("\nWith --output json")
            .unwrap_or((common, ""));
        (
            own.to_owned(),
            common.replace("\nExit codes", ""),
            json.to_owned(),
        )
    };
    let (_, common, _) = help("show");
    assert_snapshot!("help__common_options", common);
    for subcommand in [
        "create",
        "wait",
        "list",
        "show",
        "delete",
        "files",
        "instances",
        "restore",
        "stop",
        "prune",
    ] {
        let (own, options, _) = help(subcommand);
        assert_snapshot!(format!("help__{subcommand}"), own);
        assert!(
            options.starts_with(common.trim_end()),
            "{subcommand}: {options}"
        );
    }
    for subcommand in ["get", "set"] {
        assert_snapshot!(
            format!("help__policy_{subcommand}"),
            self::help(&["policy", subcommand, "--help"])
        );
    }
    assert_snapshot!("help__json_of_a_file", help("files").2);
    assert_snapshot!("help__json_of_a_pruned_backup", help("prune").2);
    assert_snapshot!("help__json_of_a_backup", help("list").2);
    assert_snapshot!("help__json_of_an_instance", help("instances").2);
    assert_eq!(help("create").2, help("show").2);
}

#[test]
fn usage_errors_are_one_line_and_end_with_2() {
    const CREATE: [&str; 7] = [
        "create",
        "--service",
        "rds-v3",
        "--instance",
        "orders",
        "--name",
        "nightly",
    ];
    let with = |more: &[&'static str]| [&CREATE, more].concat();
    let cases: [(Vec<&str>, &str); 10] = [
        (vec!["backup"], "unrecognized subcommand"),
        (vec!["demo", "--output", "xml"], "invalid value 'xml'"),
        (vec!["list"], "--service <SERVICE>"),
        (vec!["list", "--service", "rds"], "possible values: rds-v1"),
        (with(&["--name", "x"]), "cannot be used multiple times"),
        (
            with(&["--description", "a<b"]),
            "description must be at most 256",
        ),
        (with(&["--wait-timeout", "5m"]), "--wait"),
        (with(&["--when-idle=-5m"]), "must not be negative"),
        (with(&["--wait", "--interval", "0s"]), "must not be zero"),
        (with(&["--quiet", "-v"]), "cannot be used with"),
    ];
    for (arguments, complaint) in cases {
        let output = dbbackup(&arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(said.contains(complaint), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn without_a_subcommand_the_help_is_an_error() {
    let output = dbbackup(&[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && !output.stderr.is_empty());
}
