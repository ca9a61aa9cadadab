//! Where credentials, projects, regions and URLs come from.

mod clouds;
mod connect;
mod endpoints;

use std::collections::HashMap;
use std::ffi::OsString;

use dbbackup::auth::{Credentials, NameOrId, SecretString};
use dbbackup::config::Config;
use dbbackup::{Error, ErrorKind};
use secrecy::ExposeSecret;

use crate::support::assert_no_secret;

const SECRET: &str = "secret-of-a-test";

/// Variables and their values.
type Variables<'a> = &'a [(&'a str, &'a str)];

/// A configuration from nothing but these variables.
fn config(variables: Variables<'_>) -> Result<Config, Error> {
    complete(Config::default(), variables)
}

/// These values, completed from nothing but these variables.
fn complete(config: Config, variables: Variables<'_>) -> Result<Config, Error> {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    let found = config.or_variables(|name| variables.get(name).map(OsString::from));
    match &found {
        Ok(config) => assert_no_secret(&format!("{config:?}")),
        Err(error) => assert_no_secret(&format!("{error:?} {error}")),
    }
    found
}

fn region(variables: Variables<'_>) -> Option<String> {
    config(variables).unwrap().region
}

/// What was found, in a form that can be compared.
fn shown(variables: Variables<'_>) -> String {
    let secret = |secret: &SecretString| secret.expose_secret().to_owned();
    match config(variables).unwrap().credentials.unwrap() {
        Credentials::Token(token) => format!("token {}", secret(&token)),
        Credentials::AccessKey(key) => {
            let token = key.security_token.as_ref().map(secret);
            format!(
                "key {} {} {token:?}",
                key.access_key,
                secret(&key.secret_key)
            )
        }
        Credentials::Password(login) => format!(
            "password {:?} {:?} {} {:?} {}",
            login.user,
            login.domain,
            secret(&login.password),
            login.project,
            login.iam_url
        ),
        other => panic!("{other:?}"),
    }
}

const OURS: Variables<'static> = &[
    ("DBBACKUP_ACCESS_KEY", "AK1"),
    ("DBBACKUP_SECRET_KEY", "sk1"),
    ("DBBACKUP_REGION", "eu-nl"),
];
const VENDORS: Variables<'static> = &[
    ("HUAWEICLOUD_SDK_AK", "AK2"),
    ("HUAWEICLOUD_SDK_SK", "sk2"),
    ("HUAWEICLOUD_SDK_SECURITY_TOKEN", "st2"),
    (
        "HUAWEICLOUD_SDK_PROJECT_ID",
        "0483b6b16e954cb88930a360d2c4e663",
    ),
];
const OPENSTACK: Variables<'static> = &[
    ("OS_USERNAME", "nightly"),
    ("OS_PASSWORD", " p w "),
    ("OS_USER_DOMAIN_NAME", "OTC00"),
    ("OS_PROJECT_NAME", "eu-de_backups"),
    ("OS_AUTH_URL", "https://iam.eu-de.otc.t-systems.com:443/v3"),
];

#[test]
fn the_first_source_with_credentials_is_taken() {
    let all = [OURS, VENDORS, OPENSTACK].concat();
    assert_eq!(shown(&all), "key AK1 sk1 None");
    let without_ours = [VENDORS, OPENSTACK].concat();
    assert_eq!(shown(&without_ours), "key AK2 sk2 Some(\"st2\")");
    assert_eq!(
        shown(OPENSTACK),
        "password Name(\"nightly\") Some(Name(\"OTC00\"))  p w  Name(\"eu-de_backups\") \
         https://iam.eu-de.otc.t-systems.com/v3"
    );
    let explicit = Config::default().with_credentials(Credentials::token("explicit"));
    let config = complete(explicit, &all).unwrap();
    let Some(Credentials::Token(token)) = config.credentials else {
        panic!("{config:?}");
    };
    assert_eq!(token.expose_secret(), "explicit");
}

#[test]
fn the_parts_of_the_credentials_are_named_and_nothing_that_was_not_taken() {
    let found_in = |variables| config(variables).unwrap().found_in;
    let all = [OURS, VENDORS, OPENSTACK].concat();
    let names = ["DBBACKUP_ACCESS_KEY", "DBBACKUP_SECRET_KEY"];
    assert_eq!(found_in(&all), names);
    let names = ["SDK_AK", "SDK_SK", "SDK_SECURITY_TOKEN"];
    let names = names.map(|name| format!("HUAWEICLOUD_{name}"));
    assert_eq!(found_in(VENDORS), names);
    let names = ["OS_USERNAME", "OS_PASSWORD", "OS_USER_DOMAIN_NAME"];
    assert_eq!(found_in(OPENSTACK), names);
    let token = [("OS_AUTH_TOKEN", "t4"), ("OS_PASSWORD", "p")];
    assert_eq!(found_in(&token), ["OS_AUTH_TOKEN"]);
    let explicit = Config::default().with_credentials(Credentials::token("explicit"));
    let none: [&str; 0] = [];
    assert_eq!(complete(explicit, &all).unwrap().found_in, none);
}

#[test]
fn each_kind_of_credentials_is_found_in_each_source() {
    for (variables, expected) in [
        (&[("DBBACKUP_TOKEN", " t1\n")][..], "token t1"),
        (
            &[
                ("DBBACKUP_USER_ID", "u1"),
                ("DBBACKUP_PASSWORD", "p1"),
                ("DBBACKUP_REGION", "eu-de"),
            ],
            "password Id(\"u1\") None p1 Name(\"eu-de\") https://iam.eu-de.otc.t-systems.com",
        ),
        (
            &[
                ("DBBACKUP_USERNAME", "n1"),
                ("DBBACKUP_PASSWORD", "p1"),
                ("DBBACKUP_DOMAIN_ID", "d1"),
                ("DBBACKUP_PROJECT_ID", "0483b6b16e954cb88930a360d2c4e663"),
                ("DBBACKUP_IAM_URL", "https://iam.example.com/prefix/"),
            ],
            "password Name(\"n1\") Some(Id(\"d1\")) p1 \
             Id(\"0483b6b16e954cb88930a360d2c4e663\") https://iam.example.com/prefix",
        ),
        (
            &[
                ("OS_ACCESS_KEY", "AK3"),
                ("OS_SECRET_KEY", "sk3"),
                ("OS_SECURITY_TOKEN", "st3"),
            ],
            "key AK3 sk3 Some(\"st3\")",
        ),
        (&[("OS_TOKEN", "t3")], "token t3"),
        (&[("OS_AUTH_TOKEN", "t4")], "token t4"),
        // A key wins over a token, and a token over a password.
        (
            &[
                ("OS_ACCESS_KEY", "AK3"),
                ("OS_SECRET_KEY", "sk3"),
                ("OS_TOKEN", "t3"),
                ("OS_PASSWORD", "p3"),
            ],
            "key AK3 sk3 None",
        ),
        (&[("OS_TOKEN", "t3"), ("OS_PASSWORD", "p3")], "token t3"),
    ] {
        assert_eq!(shown(variables), expected);
    }
}

#[test]
fn half_of_the_credentials_is_an_error_that_names_the_other_half() {
    for (variables, words) in [
        (
            &[("DBBACKUP_ACCESS_KEY", "AK")][..],
            "DBBACKUP_SECRET_KEY is not set, but DBBACKUP_ACCESS_KEY is",
        ),
        (
            &[("DBBACKUP_SECRET_KEY", SECRET)],
            "DBBACKUP_ACCESS_KEY is not set, but DBBACKUP_SECRET_KEY is",
        ),
        (
            &[("HUAWEICLOUD_SDK_SECURITY_TOKEN", SECRET)],
            "HUAWEICLOUD_SDK_AK is not set, but HUAWEICLOUD_SDK_SECURITY_TOKEN is",
        ),
        (
            &[("DBBACKUP_USERNAME", "nightly")],
            "DBBACKUP_PASSWORD is not set, but DBBACKUP_USERNAME is",
        ),
        (
            &[("OS_PASSWORD", SECRET)],
            "OS_USERNAME is not set, but OS_PASSWORD is",
        ),
        (
            &[("OS_PASSWORD", SECRET), ("OS_USERNAME", "nightly")],
            "OS_USER_DOMAIN_NAME is not set, but OS_USERNAME is",
        ),
        (
            &[("DBBACKUP_PASSWORD", SECRET), ("DBBACKUP_USER_ID", "u1")],
            "a login needs a project: set project, DBBACKUP_PROJECT or DBBACKUP_PROJECT_ID",
        ),
        (
            &[
                ("DBBACKUP_PASSWORD", SECRET),
                ("DBBACKUP_USER_ID", "u1"),
                ("DBBACKUP_PROJECT", "eu-de"),
            ],
            "no region: set region or DBBACKUP_REGION, or the URL of IAM",
        ),
    ] {
        // A complete source below does not hide it.
        let with_another = [variables, &[("OS_TOKEN", "t")]].concat();
        let is_lowest = variables[0].0.starts_with("OS_");
        let variables = if is_lowest { variables } else { &with_another };
        let error = config(variables).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn without_credentials_the_error_lists_where_it_looked() {
    // Neither empty variables nor a place alone are credentials.
    for variables in [
        &[][..],
        &[("DBBACKUP_TOKEN", ""), ("DBBACKUP_PASSWORD", "")],
        &[("OS_TOKEN", " \n")],
        &[
            ("DBBACKUP_REGION", "eu-de"),
            ("HUAWEICLOUD_SDK_PROJECT_ID", "1"),
        ],
    ] {
        let error = config(variables).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoCredentials);
        let text = error.to_string();
        for place in [
            "explicit values",
            "DBBACKUP_ACCESS_KEY",
            "DBBACKUP_TOKEN",
            "DBBACKUP_PASSWORD",
            "HUAWEICLOUD_SDK_AK",
            "OS_CLOUD for clouds.yaml and secure.yaml",
            "OS_ACCESS_KEY",
            "OS_TOKEN",
            "OS_PASSWORD",
        ] {
            assert!(text.contains(place), "{place}: {text}");
        }
        assert_eq!(text.lines().count(), 1);
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_named() {
    use std::os::unix::ffi::OsStringExt;
    let bytes = b"secret-of-a-test\xff".to_vec();
    let variable = |name: &str| (name == "OS_TOKEN").then(|| OsString::from_vec(bytes.clone()));
    let error = Config::default().or_variables(variable).unwrap_err();
    assert_eq!(error.to_string(), "OS_TOKEN must be text in UTF-8");
    assert_no_secret(&format!("{error:?}"));
}

#[test]
fn the_place_comes_from_the_source_of_the_credentials_or_from_ours() {
    let token: Variables<'_> = &[("OS_TOKEN", "t"), ("OS_REGION_NAME", "eu-de")];
    assert_eq!(region(token).as_deref(), Some("eu-de"));
    // That of other credentials may be a place of another account, or in another cloud.
    let vendors = [VENDORS, &[("OS_REGION_NAME", "eu-de")]].concat();
    assert_eq!(region(&vendors), None);
    let ours = [VENDORS, &[("DBBACKUP_REGION", "cn-north-4")]].concat();
    assert_eq!(region(&ours).as_deref(), Some("cn-north-4"));
    let both = [token, &[("DBBACKUP_REGION", "eu-nl")]].concat();
    assert_eq!(region(&both).as_deref(), Some("eu-nl"));
    let explicit = Config::default().with_region("eu-de");
    assert_eq!(
        complete(explicit, OURS).unwrap().region.as_deref(),
        Some("eu-de")
    );
}

#[test]
fn a_region_is_read_from_the_url_of_iam_and_a_project_by_id_wins() {
    assert_eq!(region(OPENSTACK).as_deref(), Some("eu-de"));
    let elsewhere = [
        ("OS_TOKEN", "t"),
        ("OS_AUTH_URL", "https://iam.example.com/v3"),
    ];
    assert_eq!(region(&elsewhere), None);
    let like_ours = [
        ("OS_TOKEN", "t"),
        ("OS_AUTH_URL", "https://iam.eu-de.example.com/v3"),
    ];
    assert_eq!(region(&like_ours), None);
    // One that is named wins, also over the URL of a stronger source.
    let named = [
        ("DBBACKUP_IAM_URL", "https://iam.eu-de.otc.t-systems.com"),
        ("OS_TOKEN", "t"),
        ("OS_REGION_NAME", "eu-nl"),
    ];
    assert_eq!(region(&named).as_deref(), Some("eu-nl"));
    let both = [
        ("OS_TOKEN", "t"),
        ("OS_PROJECT_NAME", "eu-de"),
        ("OS_TENANT_ID", "0483b6b16e954cb88930a360d2c4e663"),
    ];
    let id = NameOrId::Id("0483b6b16e954cb88930a360d2c4e663".to_owned());
    assert_eq!(config(&both).unwrap().project, Some(id));
}

#[test]
fn a_url_with_a_user_is_refused_before_it_is_shown() {
    let url = "https://nightly:secret-of-a-test@iam.eu-de.otc.t-systems.com/v3";
    let error = config(&[("OS_TOKEN", "t"), ("OS_AUTH_URL", url)]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("OS_AUTH_URL must not have a user"),
        "{error}"
    );
}
