//! Keys beside `auth` and below it, with dashes, and which one counts.

use dbbackup::Service;

use super::super::{config, shown};
use super::Folder;

/// What a login is for, in short.
fn login(folder: &Folder, cloud: &str) -> String {
    let clouds = folder.write("clouds.yaml", &format!("clouds: {{a: {cloud}}}"));
    shown(&folder.variables(&clouds, &[]))
}

#[test]
fn a_key_counts_where_openstacksdk_takes_it() {
    const URL: &str = "auth_url: 'https://iam.example.com/v3'";
    let folder = Folder::new("clouds-beside");
    let name = |name: &str| format!("Name({name:?})");
    for (cloud, user, domain, project) in [
        // Beside `auth`: the project and the domains win over those below it.
        (
            format!("{{auth: {{{URL}, username: u, password: p, user_domain_name: D, project_name: A}}, project_name: B}}"),
            name("u"),
            name("D"),
            name("B"),
        ),
        (
            format!("{{auth: {{{URL}, username: u, password: p, user_domain_name: D, project_id: A}}, project_id: B}}"),
            name("u"),
            name("D"),
            "Id(\"B\")".to_owned(),
        ),
        (
            format!("{{auth: {{{URL}, username: u, password: p, user_domain_name: D, project_name: A}}, user_domain_name: E}}"),
            name("u"),
            name("E"),
            name("A"),
        ),
        // The newer name wins, wherever it stands.
        (
            format!("{{auth: {{{URL}, username: u, password: p, user_domain_name: D, project_name: A}}, tenant_name: B}}"),
            name("u"),
            name("D"),
            name("A"),
        ),
        // User, password and URL count below `auth` first, and beside it otherwise.
        (
            format!("{{auth: {{{URL}, username: u, password: p, user_domain_name: D, project_name: A}}, username: v, password: q, auth_url: 'https://other.example.com'}}"),
            name("u"),
            name("D"),
            name("A"),
        ),
        (
            format!("{{{URL}, username: u, password: p, user_domain_name: D, project_name: A}}"),
            name("u"),
            name("D"),
            name("A"),
        ),
        // An empty one below is none.
        (
            format!("{{auth: {{{URL}, username: '', password: p, user_domain_name: D, project_name: A}}, username: u}}"),
            name("u"),
            name("D"),
            name("A"),
        ),
        // With dashes, and by older names.
        (
            "{auth: {auth-url: 'https://iam.example.com/v3', user_name: u, password: p, domain-name: D, tenant-name: A}}".to_owned(),
            name("u"),
            name("D"),
            name("A"),
        ),
        (
            format!("{{auth: {{{URL}, username: u, password: p, default_domain_name: D, project_name: A}}}}"),
            name("u"),
            name("D"),
            name("A"),
        ),
        // The account of the project may be named, where it is that of the user.
        (
            format!("{{auth: {{{URL}, username: u, password: p, user_domain_name: D, project_domain_name: D, project_name: A}}}}"),
            name("u"),
            name("D"),
            name("A"),
        ),
    ] {
        let expected = format!("password {user} Some({domain}) p {project} https://iam.example.com/v3");
        assert_eq!(login(&folder, &cloud), expected, "{cloud}");
    }
}

#[test]
fn keys_and_tokens_have_several_names() {
    let folder = Folder::new("clouds-names");
    for (cloud, expected) in [
        (
            "{access_key: AK, ak: no, secret_key: sk, sk: no}",
            "key AK sk None",
        ),
        ("{ak: AK, sk: sk, auth: {ak: no, sk: no}}", "key AK sk None"),
        (
            "{auth: {ak: AK, secret_key: sk, security_token: st}}",
            "key AK sk Some(\"st\")",
        ),
        ("{auth: {token: t}}", "token t"),
        ("{auth: {auth_token: t}, auth_type: token}", "token t"),
        ("{auth-token: t, auth_type: v3token}", "token t"),
        ("{auth: {token: no}, token: t}", "token t"),
    ] {
        assert_eq!(login(&folder, cloud), expected, "{cloud}");
    }
}

#[test]
fn numbers_keep_their_text_and_null_is_nothing() {
    let folder = Folder::new("clouds-numbers");
    for (password, expected) in [
        ("0123", "0123"),
        ("1e3", "1e3"),
        ("'~'", "~"),
        ("!!str 007", "007"),
        ("\"\\u0070\"", "p"),
    ] {
        let cloud = format!(
            "{{auth: {{auth_url: 'https://iam.example.com', user_id: 7, password: {password}, \
             project_id: 0483, project_name: ~}}}}"
        );
        let expected =
            format!("password Id(\"7\") None {expected} Id(\"0483\") https://iam.example.com");
        assert_eq!(login(&folder, &cloud), expected);
    }
}

#[test]
fn endpoints_are_read_as_otcextensions_has_them() {
    let folder = Folder::new("clouds-endpoints");
    for (key, service, url) in [
        (
            "rds_endpoint_override",
            Service::RdsV3,
            "https://e.example.com",
        ),
        (
            "rdsv3_endpoint_override",
            Service::RdsV3,
            "https://e.example.com/v3/",
        ),
        (
            "rdsv3-endpoint-override",
            Service::RdsV1,
            "https://e.example.com/v3/%(project_id)s",
        ),
        (
            "gaussdb_mysql_endpoint_override",
            Service::TaurusdbV3,
            "https://e.example.com/v3/$(tenant_id)s",
        ),
        (
            "gaussdb_endpoint_override",
            Service::GaussdbV3,
            "https://e.{region_name}/v3",
        ),
    ] {
        let text = format!(
            "clouds: {{a: {{auth: {{token: t}}, region_name: example.com, {key}: '{url}'}}}}"
        );
        let clouds = folder.write("clouds.yaml", &text);
        let found = config(&folder.variables(&clouds, &[])).unwrap();
        assert_eq!(
            found.url(service).unwrap(),
            "https://e.example.com",
            "{key}"
        );
    }
}

#[test]
fn an_authority_is_taken_from_the_cloud_or_from_the_variable() {
    let folder = Folder::new("clouds-authority");
    let cloud = |rest: &str| format!("clouds: {{a: {{auth: {{token: t}}{rest}}}}}");
    let with = folder.write(
        "with.yaml",
        &cloud(", cacert: ~/corporate.pem, verify: true"),
    );
    let without = folder.write("without.yaml", &cloud(""));
    let variables = [("HOME", "/home/n"), ("OS_CACERT", "other.pem")];
    for (file, expected) in [(&with, "/home/n/corporate.pem"), (&without, "other.pem")] {
        let found = config(&folder.variables(file, &variables)).unwrap();
        assert_eq!(found.ca_file.unwrap().to_str(), Some(expected));
    }
    let alone = [("OS_TOKEN", "t"), ("OS_CACERT", "other.pem")];
    let found = config(&alone).unwrap().ca_file.unwrap();
    assert_eq!(found.to_str(), Some("other.pem"));
    // It belongs to credentials of OpenStack.
    let ours = [("DBBACKUP_TOKEN", "t"), ("OS_CACERT", "other.pem")];
    assert_eq!(config(&ours).unwrap().ca_file, None);
}
