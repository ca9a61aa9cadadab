//! `clouds.yaml` and `secure.yaml`.

mod authority;
mod files;
mod hosts;
mod keys;
mod places;
mod refusals;

use std::fs;
use std::path::{Path, PathBuf};

use dbbackup::auth::NameOrId;
use dbbackup::{ErrorKind, Service};

use super::{SECRET, Variables, config, shown};

/// A folder for a test, which is removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// What is found with this file of clouds and these variables besides.
    fn variables<'a>(&self, clouds: &'a str, more: Variables<'a>) -> Vec<(&'a str, &'a str)> {
        let all = [("OS_CLOUD", "a"), ("OS_CLIENT_CONFIG_FILE", clouds)];
        [&all, more].concat()
    }

    /// Writes a file and gives its path.
    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const CLOUDS: &str = "
clouds:
  otc:
    auth:
      auth_url: https://iam.eu-de.otc.t-systems.com/v3
      username: nightly
      user_domain_name: OTC00
      project_name: eu-de_backups
    interface: public
    identity_api_version: 3
  keys:
    auth: { ak: AK, access_key: other, sk: sk, tenant_id: other, project_id: 0483b6b16e954cb88930a360d2c4e663 }
    regions: [{ name: eu-nl, values: {} }, eu-de]
  beside:
    ak: AK
    sk: 1234
    security_token: st
    region_name: cn-north-4
    rds_endpoint_override: https://rds.example.com/
  nothing:
  empty:
    auth:
    region_name: eu-de
";
const SECURE: &str = "clouds: {otc: {auth: {password: from-secure, project_name: eu-de_secure}}}";

#[test]
fn a_cloud_is_read_from_both_files_and_secure_wins() {
    let folder = Folder::new("clouds-both");
    let clouds = folder.write("clouds.yaml", CLOUDS);
    let secure = folder.write("secure.yaml", SECURE);
    let variables = [
        ("OS_CLOUD", "otc"),
        ("OS_CLIENT_CONFIG_FILE", &*clouds),
        ("OS_CLIENT_SECURE_FILE", &*secure),
        // Another account's, which OS_CLOUD puts aside.
        ("OS_ACCESS_KEY", "AK9"),
        ("OS_SECRET_KEY", "sk9"),
    ];
    assert_eq!(
        shown(&variables),
        "password Name(\"nightly\") Some(Name(\"OTC00\")) from-secure Name(\"eu-de_secure\") \
         https://iam.eu-de.otc.t-systems.com/v3"
    );
    let found = config(&variables).unwrap();
    assert_eq!(found.region.as_deref(), Some("eu-de"));
    assert_eq!(
        found.project,
        Some(NameOrId::Name("eu-de_secure".to_owned()))
    );
}

#[test]
fn keys_stand_below_auth_or_beside_it() {
    let folder = Folder::new("clouds-keys");
    let clouds = folder.write("clouds.yaml", CLOUDS);
    let of = |cloud| [("OS_CLOUD", cloud), ("OS_CLIENT_CONFIG_FILE", &*clouds)];
    assert_eq!(shown(&of("keys")), "key AK sk None");
    let found = config(&of("keys")).unwrap();
    assert_eq!(found.region.as_deref(), Some("eu-nl"));
    assert_eq!(shown(&of("beside")), "key AK 1234 Some(\"st\")");
    let found = config(&of("beside")).unwrap();
    assert_eq!(
        found.url(Service::RdsV1).unwrap(),
        "https://rds.example.com"
    );
    assert_eq!(
        found.url(Service::TaurusdbV3).unwrap(),
        "https://gaussdb.cn-north-4.myhuaweicloud.com"
    );
}

#[test]
fn a_password_may_stay_out_of_the_files() {
    let folder = Folder::new("clouds-password");
    let clouds = folder.write("clouds.yaml", CLOUDS);
    let variables = [
        ("OS_CLOUD", "otc"),
        ("OS_CLIENT_CONFIG_FILE", &*clouds),
        ("OS_PASSWORD", "from-the-environment"),
    ];
    assert!(shown(&variables).contains(" from-the-environment "));
}

#[test]
fn files_are_found_in_the_folders_of_the_user() {
    let folder = Folder::new("clouds-search");
    folder.write(".config/openstack/clouds.yml", CLOUDS);
    folder.write(
        ".config/openstack/secure.json",
        r#"{"clouds": {"otc": {"auth": {"password": "p"}}}}"#,
    );
    let home = folder.0.to_str().unwrap();
    let variables = [("OS_CLOUD", "otc"), ("HOME", home)];
    assert!(shown(&variables).contains(" p "));
    // That of XDG comes first.
    let with_token = "clouds: {otc: {auth: {token: t}}}";
    folder.write("xdg/openstack/clouds.yaml", with_token);
    let xdg = folder.0.join("xdg");
    let both = [
        &variables[..],
        &[("XDG_CONFIG_HOME", xdg.to_str().unwrap())],
    ]
    .concat();
    assert_eq!(shown(&both), "token t");
}

#[test]
fn our_own_variables_win_over_the_files() {
    let folder = Folder::new("clouds-ours");
    let clouds = folder.write("clouds.yaml", CLOUDS);
    let of_file = [("OS_CLOUD", "keys"), ("OS_CLIENT_CONFIG_FILE", &*clouds)];
    let token = [&of_file[..], &[("DBBACKUP_TOKEN", "t")]].concat();
    assert_eq!(shown(&token), "token t");
    let region = [&of_file[..], &[("DBBACKUP_REGION", "eu-de")]].concat();
    assert_eq!(config(&region).unwrap().region.as_deref(), Some("eu-de"));
}

fn refusal(variables: Variables<'_>) -> (ErrorKind, String) {
    let error = config(variables).unwrap_err();
    (error.kind(), error.to_string())
}

#[test]
fn what_is_wrong_with_the_files_is_said_without_their_content() {
    let folder = Folder::new("clouds-wrong");
    let clouds = folder.write("clouds.yaml", CLOUDS);
    let broken = folder.write(
        "broken.yaml",
        &format!("clouds:\n  otc:\n    auth:\n      password: {SECRET}: [\n"),
    );
    let nothing = folder.write("nothing.yaml", "");
    let list = folder.write("list.yaml", &format!("clouds: [{SECRET}]\n"));
    let of = |cloud, file| [("OS_CLOUD", cloud), ("OS_CLIENT_CONFIG_FILE", file)];
    for (variables, kind, words) in [
        (
            of("prod", &*clouds),
            ErrorKind::InvalidInput,
            "has only: \"beside\", \"empty\", \"keys\", \"nothing\", \"otc\"",
        ),
        (
            of("otc", &*nothing),
            ErrorKind::InvalidInput,
            "nothing.yaml has no clouds",
        ),
        (
            of("empty", &*clouds),
            ErrorKind::NoCredentials,
            "give ak and sk",
        ),
        (
            of("otc", &*broken),
            ErrorKind::InvalidInput,
            "broken.yaml is not a file of clouds, line 4",
        ),
        (
            of("otc", &*list),
            ErrorKind::InvalidInput,
            "list.yaml is not a file of clouds, line 1",
        ),
        (
            of("otc", "/nowhere/clouds.yaml"),
            ErrorKind::InvalidInput,
            "cannot read /nowhere/clouds.yaml",
        ),
        (
            of("otc", "/dev/zero"),
            ErrorKind::InvalidInput,
            "cannot read /dev/zero: it is no plain file",
        ),
        (
            of("otc", ""),
            ErrorKind::NoCredentials,
            "there is none of clouds.yaml, ",
        ),
    ] {
        let (found, text) = refusal(&variables);
        assert_eq!(found, kind, "{text}");
        assert!(text.contains(words), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    // The password is missing in the file and in the environment.
    let half = folder.write("half.yaml", "clouds: {otc: {auth: {ak: AK}}}");
    let (_, text) = refusal(&of("otc", &*half));
    let name = format!("auth.sk of cloud \"otc\" in {half} is not set, but auth.ak of cloud");
    assert!(text.contains(&name), "{text}");
}
