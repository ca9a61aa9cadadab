//! Regions, profiles, and where a password goes.

use super::super::{Variables, complete, config, shown};
use super::{Folder, refusal};
use crate::command::dbbackup;
use dbbackup::config::Config;

/// Who logs in where, without the words that all have.
fn place(variables: Variables<'_>) -> String {
    let config = config(variables).unwrap();
    let region = config.region.unwrap_or_default();
    let shown = shown(variables);
    let mut words = shown.split(' ').rev();
    let (url, project) = (words.next().unwrap(), words.next().unwrap());
    format!("{region} {project} {}", url.trim_start_matches("https://"))
}

const OF_REGIONS: &str = "
clouds:
  a:
    auth: &auth
      username: nightly
      password: p
      user_domain_name: D
      project_name: both
    regions:
      - name: eu-de
        values:
          auth: { auth_url: https://de.example.com/v3 }
      - name: eu-nl
        values:
          auth: { auth-url: https://nl.example.com/v3, project_name: nl }
";

#[test]
fn values_of_the_chosen_region_win() {
    let folder = Folder::new("clouds-regions");
    let clouds = folder.write("clouds.yaml", OF_REGIONS);
    let cases: [(Variables<'_>, &str); 5] = [
        (&[], "eu-de Name(\"both\") de.example.com/v3"),
        (
            &[("OS_REGION_NAME", "eu-nl")],
            "eu-nl Name(\"nl\") nl.example.com/v3",
        ),
        (
            &[("DBBACKUP_REGION", "eu-nl")],
            "eu-nl Name(\"nl\") nl.example.com/v3",
        ),
        (
            &[("DBBACKUP_REGION", "eu-de"), ("OS_REGION_NAME", "eu-nl")],
            "eu-de Name(\"both\") de.example.com/v3",
        ),
        // A password that stays out of the files is for the region's URL as well.
        (
            &[("OS_PASSWORD", "p"), ("OS_REGION_NAME", "eu-nl")],
            "eu-nl Name(\"nl\") nl.example.com/v3",
        ),
    ];
    for (more, expected) in cases {
        assert_eq!(
            place(&folder.variables(&clouds, more)),
            expected,
            "{more:?}"
        );
    }
    let explicit = Config::default().with_region("eu-nl");
    let found = complete(explicit, &folder.variables(&clouds, &[])).unwrap();
    assert_eq!(found.iam_url.as_deref(), Some("https://nl.example.com/v3"));
    for more in [
        ("OS_REGION_NAME", "cn-north-4"),
        ("DBBACKUP_REGION", "cn-north-4"),
    ] {
        let (_, text) = refusal(&folder.variables(&clouds, &[more]));
        let words = "has only \"eu-de\", \"eu-nl\": choose one of them";
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn the_region_may_be_one_of_a_list() {
    let folder = Folder::new("clouds-region-lists");
    let variables: Variables<'_> = &[];
    let nl: Variables<'_> = &[("OS_REGION_NAME", "eu-nl")];
    for (region, more, expected) in [
        ("region_name: 'eu-nl,eu-de'", variables, Some("eu-nl")),
        ("region_name: [eu-nl, eu-de]", variables, Some("eu-nl")),
        ("region_name: 'eu-de, eu-nl'", nl, Some("eu-nl")),
        (
            "regions: [eu-nl, eu-de], region_name: eu-de",
            variables,
            Some("eu-de"),
        ),
        (
            "regions: [eu-nl, eu-de], region_name: eu-de",
            nl,
            Some("eu-nl"),
        ),
        ("regions: ~, region_name: eu-de", variables, Some("eu-de")),
        ("profile: otc", variables, Some("eu-de")),
        ("profile: otc", nl, Some("eu-nl")),
        (
            "rds_endpoint_override: 'https://rds.example.com'",
            nl,
            Some("eu-nl"),
        ),
        (
            "region_name: eu-de",
            &[("DBBACKUP_REGION", "eu-nl")],
            Some("eu-nl"),
        ),
        ("region_name: eu-de", nl, None),
        ("regions: [eu-nl], region_name: eu-de", variables, None),
        ("regions: [{name: eu-nl, valeus: {}}]", variables, None),
        ("regions: eu-de: {}", variables, None),
    ] {
        let text = format!("clouds:\n  a: {{auth: {{token: t}}, {region}}}\n");
        let clouds = folder.write("clouds.yaml", &text);
        let found = config(&folder.variables(&clouds, more));
        let found = found.map(|config| config.region);
        match expected {
            Some(region_name) => {
                assert_eq!(found.unwrap().as_deref(), Some(region_name), "{region}")
            }
            None => assert!(found.is_err(), "{region}: {found:?}"),
        }
    }
}

#[test]
fn a_region_that_openstacksdk_would_not_take_is_noted_in_the_log() {
    let folder = Folder::new("clouds-region-noted");
    let text = "clouds: {a: {auth: {token: t, project_id: A}, regions: [r1, r2], region_name: r2}}";
    let clouds = folder.write("clouds.yaml", text);
    for (region, is_noted) in [(None, true), (Some("r2"), false)] {
        let mut command = dbbackup(&["doctor", "--service", "rds-v3", "-v"]);
        command.args(["--endpoint", "http://127.0.0.1:1"]);
        command.args(region.map(|region| format!("--region={region}")));
        command.envs(folder.variables(&clouds, &[]));
        let said = String::from_utf8(command.output().unwrap().stderr).unwrap();
        let words = "region_name chooses \"r2\"; openstacksdk takes the first of regions of cloud";
        assert_eq!(said.contains(words), is_noted, "{said}");
    }
}

#[test]
fn a_profile_is_taken_from_the_public_file_or_is_openstacksdks() {
    let folder = Folder::new("clouds-profiles");
    folder.write(
        ".config/openstack/clouds-public.yaml",
        "public-clouds:
           mine: {auth: {auth_url: 'https://{region_name}.example.com/v3', project_name: theirs}, region_name: r1}
           listed: {auth: {auth_url: 'https://x.example.com'}, regions: [{name: r2, values: {auth: {project_name: of-r2}}}]}
           odd: [1]
        ",
    );
    let home = folder.0.to_str().unwrap().to_owned();
    let user = "username: u, password: p, user_domain_name: D";
    for (cloud, expected) in [
        (
            format!("profile: mine, auth: {{{user}}}"),
            "r1 Name(\"theirs\") r1.example.com/v3",
        ),
        (
            format!("cloud: mine, auth: {{{user}}}"),
            "r1 Name(\"theirs\") r1.example.com/v3",
        ),
        (
            format!("profile: mine, auth: {{{user}, project_name: ours}}, region_name: r9"),
            "r9 Name(\"ours\") r9.example.com/v3",
        ),
        (
            format!("profile: listed, auth: {{{user}}}"),
            "r2 Name(\"of-r2\") x.example.com",
        ),
        // As openstacksdk has it: a region that the cloud names has no values of the profile.
        (
            format!("profile: listed, region_name: r2, auth: {{{user}, project_name: ours}}"),
            "r2 Name(\"ours\") x.example.com",
        ),
        (
            format!("profile: otc, region_name: eu-nl, auth: {{{user}}}"),
            "eu-nl Name(\"eu-nl\") iam.eu-nl.otc.t-systems.com/v3",
        ),
        (
            format!("profile: otc-swiss, auth: {{{user}}}"),
            "eu-ch2 Name(\"eu-ch2\") iam-pub.eu-ch2.sc.otc.t-systems.com/v3",
        ),
    ] {
        let clouds = folder.write("clouds.yaml", &format!("clouds: {{a: {{{cloud}}}}}"));
        let found = place(&folder.variables(&clouds, &[("HOME", &home)]));
        assert_eq!(found, expected, "{cloud}");
    }
    for (profile, words) in [
        ("nobody", "profile of cloud \"a\" in"),
        (
            "https://example.com",
            "clouds-public.yaml: write it there, or give auth_url",
        ),
        ("odd", "must be a mapping of keys"),
    ] {
        let text = format!("clouds: {{a: {{profile: '{profile}', auth: {{{user}}}}}}}");
        let clouds = folder.write("clouds.yaml", &text);
        let (_, text) = refusal(&folder.variables(&clouds, &[("HOME", &home)]));
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn a_password_goes_only_to_the_url_of_its_source() {
    let folder = Folder::new("clouds-own-url");
    let user = "username: u, password: p, user_domain_name: D, project_name: eu-de";
    let url = "auth_url: 'https://iam.example.com/v3'";
    let cloud = |keys: &str| format!("clouds: {{a: {{auth: {{{keys}}}, region_name: eu-de}}}}");
    let with = folder.write("with.yaml", &cloud(&format!("{user}, {url}")));
    let without = folder.write("without.yaml", &cloud(user));
    let no_password = user.replace("password: p, ", "");
    let open = folder.write("open.yaml", &cloud(&format!("{no_password}, {url}")));
    const HERE: (&str, &str) = ("DBBACKUP_IAM_URL", "https://iam.eu-de.otc.t-systems.com");
    const OURS: (&str, &str) = ("OS_PASSWORD", "p");
    let cases: [(&str, Variables<'_>, &str); 5] = [
        (&without, &[], "auth.auth_url of cloud \"a\" in"),
        (
            &without,
            &[HERE],
            "is not set, but auth.password of cloud \"a\"",
        ),
        (
            &with,
            &[HERE],
            "and not for another iam_url or DBBACKUP_IAM_URL",
        ),
        (
            &open,
            &[OURS, ("OS_AUTH_URL", "https://other.example.com")],
            "OS_PASSWORD is for OS_AUTH_URL, which is not auth.auth_url",
        ),
        (
            &open,
            &[OURS, ("OS_USERNAME", "v")],
            "OS_PASSWORD is for OS_USERNAME, which is not auth.username",
        ),
    ];
    for (file, more, words) in cases {
        let (_, text) = refusal(&folder.variables(file, more));
        assert!(text.contains(words), "{text}");
        assert!(text.contains(": "), "no remedy: {text}");
    }
    let text = cloud(&format!("{user}, auth_url: iam.example.com/v3"));
    let bare = folder.write("bare.yaml", &text);
    let (_, text) = refusal(&folder.variables(&bare, &[]));
    let words = format!("auth.auth_url of cloud \"a\" in {bare} must be a whole URL, such as");
    assert!(text.starts_with(&words), "{text}");
    // What says the same does no harm.
    let same: [(&str, Variables<'_>); 2] = [
        (&with, &[("DBBACKUP_IAM_URL", "https://iam.example.com/")]),
        (
            &open,
            &[
                OURS,
                ("OS_AUTH_URL", "https://iam.example.com"),
                ("OS_USERNAME", "u"),
            ],
        ),
    ];
    for (file, more) in same {
        let found = shown(&folder.variables(file, more));
        assert!(found.contains("https://iam.example.com"), "{found}");
    }
    let variables = [
        ("OS_USERNAME", "u"),
        OURS,
        ("OS_USER_DOMAIN_NAME", "D"),
        ("OS_REGION_NAME", "eu-de"),
    ];
    let (_, text) = refusal(&variables);
    assert!(
        text.starts_with("OS_AUTH_URL is not set, but OS_PASSWORD is"),
        "{text}"
    );
    // Our own variables are for one region; it stands for its IAM.
    let ours = variables.map(|(name, value)| (name.replace("OS_", "DBBACKUP_"), value));
    let ours = ours.map(|(name, value)| match name.as_str() {
        "DBBACKUP_REGION_NAME" => ("DBBACKUP_REGION", value),
        "DBBACKUP_USER_DOMAIN_NAME" => ("DBBACKUP_DOMAIN", value),
        "DBBACKUP_USERNAME" => ("DBBACKUP_USERNAME", value),
        _ => ("DBBACKUP_PASSWORD", value),
    });
    assert!(shown(&ours).ends_with(" https://iam.eu-de.otc.t-systems.com"));
}
