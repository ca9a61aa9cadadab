//! Which login and which hosts a secret is for.

use dbbackup::auth::Credentials;
use dbbackup::config::Config;
use dbbackup::{ErrorKind, Service};

use super::super::{SECRET, Variables, config, shown};
use super::{Folder, refusal};
use crate::command::dbbackup;

#[test]
fn a_password_of_variables_is_for_the_user_that_they_name() {
    const URL: &str = "auth_url: 'https://iam.example.com/v3', project_name: N";
    const NAMED: &str = "username: u, user_domain_name: D";
    let folder = Folder::new("clouds-same-login");
    let cases: [(&str, Variables<'_>, &str); 10] = [
        (
            NAMED,
            &[("OS_USER_ID", "i")],
            "OS_USER_ID, which cannot be compared with auth.username",
        ),
        (
            NAMED,
            &[("OS_USER_DOMAIN_NAME", "E")],
            "OS_USER_DOMAIN_NAME, which is not auth.user_dom",
        ),
        (
            NAMED,
            &[("OS_USER_DOMAIN_ID", "e")],
            "OS_USER_DOMAIN_ID, which cannot be compared",
        ),
        (
            NAMED,
            &[("OS_DOMAIN_NAME", "E")],
            "OS_DOMAIN_NAME, which is not",
        ),
        (
            NAMED,
            &[("OS_USERNAME", "u"), ("OS_USER_DOMAIN_NAME", "E")],
            "OS_USER_DOMAIN_NAME, which",
        ),
        (
            "user_id: i",
            &[("OS_USERNAME", "v")],
            "OS_USERNAME, which cannot be compared with auth.user_id",
        ),
        (
            "user_id: i",
            &[("OS_USER_ID", "j")],
            "OS_USER_ID, which is not auth.user_id",
        ),
        (
            NAMED,
            &[("OS_USERNAME", "u"), ("OS_USER_DOMAIN_NAME", "D")],
            "",
        ),
        (
            "user_id: i",
            &[("OS_USER_ID", "i"), ("OS_USER_DOMAIN_NAME", "E")],
            "",
        ),
        (NAMED, &[("OS_AUTH_URL", "https://iam.example.com")], ""),
    ];
    for (user, more, words) in cases {
        let clouds = folder.write(
            "clouds.yaml",
            &format!("clouds: {{a: {{auth: {{{URL}, {user}}}}}}}"),
        );
        let variables = [&[("OS_PASSWORD", SECRET)], more].concat();
        let variables = folder.variables(&clouds, &variables);
        if words.is_empty() {
            assert!(shown(&variables).contains(SECRET), "{more:?}");
            continue;
        }
        let (kind, text) = refusal(&variables);
        assert_eq!(kind, ErrorKind::InvalidInput);
        assert!(text.contains(words), "{text}");
        assert!(
            text.ends_with("or write the password into secure.yaml"),
            "{text}"
        );
    }
}

#[test]
fn a_token_without_a_url_of_its_own_looks_for_no_project() {
    const ID: &str = "0483b6b16e954cb88930a360d2c4e663";
    let folder = Folder::new("clouds-token-url");
    let text = format!("clouds: {{a: {{auth: {{token: {SECRET}}}, region_name: eu-de}}}}");
    let clouds = folder.write("clouds.yaml", &text);
    let of_file = folder.variables(&clouds, &[]);
    let of_variables = [("OS_TOKEN", SECRET), ("OS_REGION_NAME", "eu-de")];
    for (variables, names) in [
        (
            &of_file[..],
            ["auth.auth_url of cloud", "auth.token of cloud"],
        ),
        (&of_variables, ["OS_AUTH_URL", "OS_TOKEN"]),
    ] {
        let found = config(variables).unwrap();
        let error = found.iam_url().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(
            text.starts_with(names[0]) && text.contains(names[1]),
            "{text}"
        );
        assert!(text.contains("or the project by its id"), "{text}");
        assert!(!text.contains(SECRET), "{text}");
        // The service has the place of the region, and a project by id needs no more.
        let url = found.url(Service::RdsV3).unwrap();
        assert_eq!(url, "https://rds.eu-de.otc.t-systems.com");
        let named = [
            variables,
            &[("DBBACKUP_IAM_URL", "https://iam.example.com")],
        ]
        .concat();
        assert_eq!(
            config(&named).unwrap().iam_url().unwrap(),
            "https://iam.example.com"
        );
        let key = Credentials::access_key("AK", "SK");
        assert!(found.with_credentials(key).iam_url().is_ok());
    }
    let key = [
        ("OS_ACCESS_KEY", "AK"),
        ("OS_SECRET_KEY", SECRET),
        ("OS_REGION_NAME", "eu-de"),
    ];
    let url = config(&key).unwrap().iam_url().unwrap();
    assert_eq!(url, "https://iam.eu-de.otc.t-systems.com");
    // The command says so before any call, by --project and without one; a dry run shows a project by id.
    for project in [None, Some("N"), Some(ID)] {
        let mut command = dbbackup(&["create", "--service", "rds-v3", "--dry-run"]);
        command.args([
            "--instance",
            "5c4e9bd8a9c64b7a9e0f2c6b1d7f8a90in01",
            "--name",
            "nightly",
        ]);
        command
            .args(project.map(|project| format!("--project={project}")))
            .envs(of_variables);
        command.env("HTTPS_PROXY", "http://127.0.0.1:1");
        let ran = command.output().unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        let is_refused = said.contains("OS_AUTH_URL is not set, but OS_TOKEN is");
        assert_eq!(is_refused, project != Some(ID), "{said}");
        assert_eq!(ran.status.code() == Some(2), is_refused, "{said}");
    }
}

#[test]
fn a_secret_of_one_cloud_does_not_go_to_the_hosts_of_another() {
    let folder = Folder::new("clouds-own-domain");
    let login = "username: u, password: p, user_domain_name: D, project_name: N";
    for (auth, url, region, is_refused) in [
        (login, "https://iam.example.com/v3", "eu-de", true),
        (
            login,
            "https://otc.t-systems.com.example.com",
            "eu-de",
            true,
        ),
        (login, "https://notc.t-systems.com", "eu-de", true),
        (
            login,
            "https://iam.eu-de.otc.t-systems.com/v3",
            "cn-north-4",
            true,
        ),
        (
            login,
            "https://iam.eu-de.otc.t-systems.com/v3",
            "eu-nl",
            false,
        ),
        (
            login,
            "https://iam.myhuaweicloud.com/v3",
            "cn-north-4",
            false,
        ),
        (
            "token: t, project_id: P",
            "https://iam.example.com/v3",
            "eu-de",
            true,
        ),
        // A signature is no secret.
        (
            "ak: AK, sk: SK, project_id: P",
            "https://iam.example.com/v3",
            "eu-de",
            false,
        ),
    ] {
        let cloud = format!("auth: {{auth_url: '{url}', {auth}}}, region_name: {region}");
        let clouds = folder.write("clouds.yaml", &format!("clouds: {{a: {{{cloud}}}}}"));
        let variables = folder.variables(&clouds, &[]);
        let found = config(&variables).unwrap().url(Service::RdsV3);
        assert_eq!(found.is_err(), is_refused, "{cloud}: {found:?}");
        let Err(error) = found else { continue };
        let text = error.to_string();
        assert!(
            text.starts_with("auth.auth_url of cloud \"a\" in"),
            "{text}"
        );
        assert!(
            text.contains("rds_endpoint_override of cloud \"a\""),
            "{text}"
        );
        let place = ("DBBACKUP_RDS_URL", "https://rds.example.com");
        let given = [&variables[..], &[place]].concat();
        assert!(config(&given).unwrap().url(Service::RdsV3).is_ok());
    }
    // Explicit values and our own variables are of one hand.
    let ours = [
        ("DBBACKUP_TOKEN", "t"),
        ("DBBACKUP_IAM_URL", "https://iam.example.com"),
        ("DBBACKUP_REGION", "eu-de"),
    ];
    assert!(config(&ours).unwrap().url(Service::RdsV3).is_ok());
    let explicit = Config::default()
        .with_region("eu-de")
        .with_iam_url("https://iam.example.com");
    assert!(explicit.url(Service::RdsV3).is_ok());
}

/// What the command says, without variables but these.
fn said(arguments: &[&str], variables: Variables<'_>) -> (Option<i32>, String) {
    let mut command = dbbackup(&["instances", "--service", "rds-v3"]);
    command.args(arguments).envs(variables.iter().copied());
    let ran = command.output().unwrap();
    (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
}

#[test]
fn what_was_given_is_named_as_it_was_given() {
    let folder = Folder::new("clouds-given");
    let cloud = "auth: {token: t, project_id: 0483b6b16e954cb88930a360d2c4e663}, regions: [r1], \
        rds_endpoint_override: 'http://127.0.0.1:1'";
    let clouds = folder.write("clouds.yaml", &format!("clouds: {{a: {{{cloud}}}}}"));
    let text = format!("clouds: {{a: {{{cloud}, cacert: nope.pem}}}}");
    let pem = folder.write("pem.yaml", &text);
    let file = ("OS_CLIENT_CONFIG_FILE", &*clouds);
    let home = folder.0.to_str().unwrap();
    let token = [
        ("OS_TOKEN", "t"),
        ("OS_REGION_NAME", "eu-de"),
        ("OS_CACERT", "nope.pem"),
    ];
    let no_file = [("HOME", home), ("OS_CLOUD", ""), ("XDG_CONFIG_DIRS", home)];
    let cases: [(&[&str], Variables<'_>, &str); 8] = [
        (
            &["--cloud", "prvate"],
            &[file],
            "--cloud is \"prvate\", but",
        ),
        (
            &["--cloud", "prvate"],
            &no_file,
            "--cloud is \"prvate\", but there is none of",
        ),
        (
            &[],
            &[file, ("OS_CLOUD", "prvate")],
            "OS_CLOUD is \"prvate\", but",
        ),
        (
            &["--cloud", "a", "--region", "r9"],
            &[file],
            "--region is \"r9\", but regions of",
        ),
        (
            &[],
            &[file, ("OS_CLOUD", "a"), ("DBBACKUP_REGION", "r9")],
            "DBBACKUP_REGION is \"r9\", but regions of",
        ),
        (
            &["--cloud", "a"],
            &[("OS_CLIENT_CONFIG_FILE", &pem)],
            "cacert of cloud \"a\" in ",
        ),
        (
            &["--cloud", "a"],
            &[file, ("OS_CACERT", "nope.pem")],
            "OS_CACERT: nope.pem cannot be read",
        ),
        (&[], &token, "OS_CACERT: nope.pem cannot be read"),
    ];
    for (arguments, variables, words) in cases {
        let (code, text) = said(arguments, variables);
        assert!(text.contains(words), "{words}: {text}");
        assert!(matches!(code, Some(2 | 5)), "{code:?} {text}");
        assert!(!text.contains("ca_file"), "{text}");
    }
}
