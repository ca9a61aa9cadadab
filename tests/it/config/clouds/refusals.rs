//! Keys that would change where or how one logs in, and are not obeyed.

use dbbackup::ErrorKind;

use super::super::{SECRET, Variables, shown};
use super::{Folder, refusal};

const LOGIN: &str = "auth_url: 'https://iam.example.com/v3', username: u, password: p, \
    user_domain_name: D";

/// Keys beside `auth` and below it, and words of the refusal.
const REFUSED: [(&str, &str, &str); 37] = [
    ("verify: false", "", "name that of the authority in cacert"),
    ("verify: no", "", "cacert"),
    ("verify: /ca.pem", "", "cacert"),
    ("insecure: true", "", "cacert"),
    (
        "cert: client.pem",
        "",
        "a password, a token or an access key",
    ),
    ("key: client.key", "", "remove it"),
    (
        "auth_type: v3oidcpassword",
        "",
        "only password and token are known",
    ),
    ("auth_type: v3applicationcredential", "", "ak and sk"),
    ("auth_type: v3multifactor", "", "use one of them"),
    ("auth_type: v3totp", "", "use one of them"),
    ("auth_type: v2password", "", "use one of them"),
    ("auth_type: none", "", "use one of them"),
    ("auth_type: ~", "", "use one of them"),
    ("auth-type: admin_token", "", "use one of them"),
    ("auth_plugin: v3oidcpassword", "", "use one of them"),
    ("auth_type: token", "", "of another kind: correct it"),
    ("passcode: 123456", "", "a user who needs none"),
    ("", "passcode: 123456", "a user who needs none"),
    (
        "auth_methods: [v3password, v3totp]",
        "",
        "a user who needs none",
    ),
    ("", "application_credential_id: i", "use an access key"),
    ("", "application_credential_secret: s", "use an access key"),
    ("", "target_agency_name: n", "a temporary access key"),
    ("agency_name: n", "", "a temporary access key"),
    ("", "identity_provider: i", "a token or an access key"),
    ("", "system_scope: all", "name the project"),
    ("trust_id: t", "", "name the project"),
    ("", "project_domain_name: E", "give project_id"),
    ("project_domain_id: i", "", "give project_id"),
    ("interface: internal", "", "rds_endpoint_override"),
    ("interface: [public, admin]", "", "rds_endpoint_override"),
    ("endpoint_type: internalURL", "", "rds_endpoint_override"),
    ("rdsv3_interface: admin", "", "rdsv3_endpoint_override"),
    ("rds_region_name: eu-nl", "", "rds_endpoint_override"),
    (
        "gaussdb_mysql_endpoint: 'https://x'",
        "",
        "gaussdb_mysql_endpoint_override",
    ),
    ("", "projct_id: B", "correct or remove it"),
    (
        "rds_endpoint_override: 'https://e/v3/0483b6b16e954cb88930a360d2c4e663'",
        "",
        "end it before that",
    ),
    (
        "rds_endpoint_override: 'https://e/{profile}'",
        "",
        "write its value",
    ),
];

#[test]
fn what_is_not_obeyed_is_refused_with_what_to_do() {
    let folder = Folder::new("clouds-refused");
    for (beside, below, words) in REFUSED {
        let text = format!(
            "clouds:\n  a:\n    auth: {{{LOGIN}, project_name: A, {below}}}\n    {beside}\n"
        );
        let clouds = folder.write("clouds.yaml", &text);
        let (kind, text) = refusal(&folder.variables(&clouds, &[]));
        assert_eq!(kind, ErrorKind::InvalidInput, "{beside}{below}");
        let key = format!("{beside}{below}").replace('-', "_");
        let key = key.split(':').next().unwrap();
        let line = if below.is_empty() { 4 } else { 3 };
        let place = format!("{key} of cloud \"a\" in {clouds}, line {line}, ");
        assert!(text.contains(&place), "{place}: {text}");
        assert!(text.contains(words), "{words}: {text}");
        assert_eq!(text.lines().count(), 1);
    }
}

#[test]
fn the_same_is_refused_in_a_region_a_profile_and_variables() {
    let folder = Folder::new("clouds-refused-elsewhere");
    folder.write(
        ".config/openstack/clouds-public.yaml",
        "public-clouds: {strange: {auth_type: v3totp}}",
    );
    let home = folder.0.to_str().unwrap();
    for (keys, words) in [
        (
            "regions: [{name: r, values: {verify: false}}]",
            "verify of cloud \"a\" in",
        ),
        (
            "regions: [{name: r, values: {auth: {passcode: 1}}}]",
            "auth.passcode of cloud",
        ),
        ("profile: strange", "auth_type of profile \"strange\" in"),
    ] {
        let text = format!("clouds: {{a: {{auth: {{{LOGIN}, project_name: A}}, {keys}}}}}");
        let clouds = folder.write("clouds.yaml", &text);
        let (_, text) = refusal(&folder.variables(&clouds, &[("HOME", home)]));
        assert!(text.contains(words), "{text}");
    }
    let login: Variables<'_> = &[
        ("OS_AUTH_URL", "https://iam.example.com/v3"),
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", SECRET),
        ("OS_USER_DOMAIN_NAME", "D"),
        ("OS_PROJECT_NAME", "A"),
    ];
    for (name, value) in [
        ("OS_AUTH_TYPE", "v3oidcpassword"),
        ("OS_INSECURE", "true"),
        ("OS_CERT", "client.pem"),
        ("OS_INTERFACE", "internal"),
        ("OS_ENDPOINT_TYPE", "adminURL"),
        ("OS_PASSCODE", "1"),
        ("OS_TRUST_ID", "t"),
        ("OS_RDSV3_REGION_NAME", "eu-nl"),
        ("OS_PROJECT_DOMAIN_NAME", "E"),
    ] {
        let (kind, text) = refusal(&[login, &[(name, value)]].concat());
        assert_eq!(kind, ErrorKind::InvalidInput, "{text}");
        assert!(text.starts_with(&format!("{name} is not ")), "{text}");
    }
}

#[test]
fn a_login_to_the_domain_is_refused() {
    let folder = Folder::new("clouds-domain");
    for (beside, below) in [("domain_name: D", "a: ~"), ("a: b", "domain_id: i")] {
        let text_of = format!("clouds: {{a: {{auth: {{{LOGIN}, {below}}}, {beside}}}}}");
        let clouds = folder.write("clouds.yaml", &text_of);
        let (_, text) = refusal(&folder.variables(&clouds, &[]));
        assert!(text.contains("name the project"), "{text}");
        // As it says; and the same without the password, which may come from a variable.
        let open = folder.write("open.yaml", &text_of.replace("password: p, ", ""));
        let (_, text) = refusal(&folder.variables(&open, &[("OS_PASSWORD", "p")]));
        assert!(text.contains("name the project"), "{text}");
        let named = folder.variables(&clouds, &[("DBBACKUP_PROJECT", "A")]);
        assert!(shown(&named).contains(" Name(\"A\") "));
    }
}

#[test]
fn what_changes_nothing_is_not_refused() {
    let folder = Folder::new("clouds-harmless");
    let beside = "verify: true, insecure: false, auth_type: v3password, interface: public, \
        endpoint_type: publicURL, rds_interface: public, identity_api_version: 3, \
        volume_api_version: 2, image_format: qcow2, networks: [{name: n}], cacert: ~, \
        vendor_hook: 'otcextensions.sdk:load', api_timeout: 30, rds_api_version: 3, unknown: !x y";
    let text = format!(
        "clouds: {{a: {{auth: {{{LOGIN}, project_id: A, project_domain_id: i, passcode: ~}}, \
         {beside}}}}}"
    );
    let clouds = folder.write("clouds.yaml", &text);
    let found = shown(&folder.variables(&clouds, &[]));
    assert!(
        found.ends_with(" p Id(\"A\") https://iam.example.com/v3"),
        "{found}"
    );
}

#[test]
fn a_domain_for_user_and_project_is_refused_where_it_is_not_that_of_the_user() {
    let folder = Folder::new("clouds-domain-of-both");
    let rest = LOGIN.replace(", user_domain_name: D", "");
    let by_id = rest.replace("username", "user_id");
    for form in ["name", "id"] {
        for key in [
            format!("domain_{form}"),
            format!("default_domain_{form}"),
            format!("domain-{form}"),
        ] {
            let said = format!("user_domain_{form}: D, project_name: A");
            let pairs = [
                format!("auth: {{{rest}, {said}, {key}: E}}"),
                format!("auth: {{{rest}, {said}}}, {key}: E"),
                format!("auth: {{{by_id}, project_name: A, {key}: E}}"),
            ];
            for cloud in pairs {
                let clouds = folder.write("clouds.yaml", &format!("clouds: {{a: {{{cloud}}}}}"));
                let (kind, text) = refusal(&folder.variables(&clouds, &[]));
                assert_eq!(kind, ErrorKind::InvalidInput);
                let key = key.replace('-', "_");
                let words =
                    format!("{key} of cloud \"a\" in {clouds}, line 1, is not the {form} of");
                assert!(text.contains(&words), "{cloud}: {text}");
                assert!(text.ends_with("give project_id instead"), "{text}");
            }
            // The same one, the project by id, or the one key alone.
            for cloud in [
                format!("auth: {{{rest}, {said}, {key}: D}}"),
                format!("auth: {{{rest}, {said}, project_id: P, {key}: E}}"),
                format!("auth: {{{rest}, project_name: A, {key}: E}}"),
            ] {
                let clouds = folder.write("clouds.yaml", &format!("clouds: {{a: {{{cloud}}}}}"));
                let found = shown(&folder.variables(&clouds, &[]));
                assert!(
                    found.starts_with("password Name(\"u\")"),
                    "{cloud}: {found}"
                );
            }
        }
    }
    // An id of the user's domain and a name of the project's cannot be compared; neither can a project that
    // is that of the region be elsewhere.
    for cloud in [
        format!("auth: {{{rest}, user_domain_id: i, project_name: A, domain_name: E}}"),
        format!("auth: {{{LOGIN}, project_domain_name: E}}, region_name: eu-de"),
    ] {
        let clouds = folder.write("clouds.yaml", &format!("clouds: {{a: {{{cloud}}}}}"));
        let (_, text) = refusal(&folder.variables(&clouds, &[]));
        assert!(text.contains("give project_id instead"), "{cloud}: {text}");
    }
    let (_, text) = refusal(&[
        ("OS_AUTH_URL", "https://iam.example.com/v3"),
        ("OS_USERNAME", "u"),
        ("OS_PASSWORD", SECRET),
        ("OS_USER_DOMAIN_NAME", "D"),
        ("OS_PROJECT_NAME", "A"),
        ("OS_DOMAIN_NAME", "E"),
    ]);
    assert!(
        text.starts_with("OS_DOMAIN_NAME is not the name of"),
        "{text}"
    );
}

#[test]
fn a_key_that_is_written_in_two_ways_says_one_thing() {
    let folder = Folder::new("clouds-dashes");
    let secret = LOGIN.replace("password: p", &format!("password: {SECRET}"));
    let pairs = [
        ("project-id", "project_id"),
        ("tenant-name", "tenant_name"),
        ("user-domain-name", "user_domain_name"),
        ("auth-url", "auth_url"),
    ];
    for (dashes, plain) in pairs {
        let own = format!("auth: {{{secret}, project_name: N, {dashes}: A}}");
        for (cloud, secure) in [
            (
                format!("auth: {{{secret}, project_name: N, {dashes}: A, {plain}: B}}"),
                String::new(),
            ),
            (format!("{own}, {plain}: B"), String::new()),
            (own.clone(), format!("auth: {{{plain}: B}}")),
            (
                format!("{own}, regions: [{{name: r, values: {{auth: {{{plain}: B}}}}}}]"),
                String::new(),
            ),
        ] {
            let clouds = folder.write("clouds.yaml", &format!("clouds: {{a: {{{cloud}}}}}"));
            let secure = folder.write("secure.yaml", &format!("clouds: {{a: {{{secure}}}}}"));
            let variables = [("OS_CLIENT_SECURE_FILE", &*secure)];
            let (kind, text) = refusal(&folder.variables(&clouds, &variables));
            assert_eq!(kind, ErrorKind::InvalidInput);
            for key in [dashes, plain] {
                assert!(
                    text.contains(&format!("{key} of cloud \"a\" in")),
                    "{cloud}: {text}"
                );
            }
            assert!(
                text.ends_with("and they differ: remove one of them"),
                "{text}"
            );
            assert_eq!(text.lines().count(), 1);
        }
    }
    // The same value, or none, does no harm.
    for below in [
        "project-id: A, project_id: A",
        "project-id: A, project_id: ~",
        "project-id: ~, project_id: A",
    ] {
        let text = format!("clouds: {{a: {{auth: {{{LOGIN}, {below}}}}}}}");
        let clouds = folder.write("clouds.yaml", &text);
        let found = shown(&folder.variables(&clouds, &[]));
        assert!(found.contains(" Id(\"A\") "), "{below}: {found}");
    }
}
