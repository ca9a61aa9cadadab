//! A cloud of `clouds.yaml`, with what `secure.yaml` says about it.
//!
//! Both files are looked for as [OpenStack's SDK](https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html)
//! does it. Access keys are `ak` and `sk`, below `auth` or beside it, as the tools for Open Telekom
//! Cloud have them.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;

use super::invalid;
use super::settings::Setting::{self, *};
use super::settings::{Settings, text};
use crate::error::{Error, ErrorKind};

/// How variables are looked up.
type Variable<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The name of both files without an ending, and the variable with the path of each.
const FILES: [(&str, &str); 2] = [
    ("secure", "OS_CLIENT_SECURE_FILE"),
    ("clouds", "OS_CLIENT_CONFIG_FILE"),
];

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    clouds: Option<BTreeMap<String, Option<Cloud>>>,
}

// Neither is `Debug`: they hold secrets.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Cloud {
    auth: Option<Auth>,
    region_name: Option<SecretString>,
    regions: Option<Vec<Region>>,
    ak: Option<SecretString>,
    sk: Option<SecretString>,
    security_token: Option<SecretString>,
    rds_endpoint_override: Option<SecretString>,
    taurusdb_endpoint_override: Option<SecretString>,
    gaussdb_endpoint_override: Option<SecretString>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Auth {
    auth_url: Option<SecretString>,
    access_key: Option<SecretString>,
    ak: Option<SecretString>,
    secret_key: Option<SecretString>,
    sk: Option<SecretString>,
    security_token: Option<SecretString>,
    token: Option<SecretString>,
    username: Option<SecretString>,
    user_id: Option<SecretString>,
    password: Option<SecretString>,
    user_domain_name: Option<SecretString>,
    user_domain_id: Option<SecretString>,
    domain_name: Option<SecretString>,
    domain_id: Option<SecretString>,
    project_name: Option<SecretString>,
    tenant_name: Option<SecretString>,
    project_id: Option<SecretString>,
    tenant_id: Option<SecretString>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Region {
    Name(String),
    Map { name: String },
}

/// What the files say about a cloud.
pub(super) fn read(cloud: &str, variable: Variable<'_>) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    let mut others = BTreeSet::new();
    let mut is_known = false;
    for (name, path) in FILES {
        let Some(file) = find(name, path, variable)? else {
            continue;
        };
        let mut clouds = parse(&file)?;
        if let Some(found) = clouds.remove(cloud) {
            is_known = true;
            let in_file = found
                .unwrap_or_default()
                .settings(&format!("of cloud {cloud:?} in {}", file.display()));
            settings = settings.over(&in_file);
        }
        others.extend(clouds.into_keys().map(|name| format!("{name:?}")));
        if name == "clouds" && !is_known {
            let known = match Vec::from_iter(others).join(", ") {
                known if known.is_empty() => "no clouds".to_owned(),
                known => format!("only: {known}"),
            };
            let file = file.display();
            let message = format!("OS_CLOUD is {cloud:?}, but {file} has {known}");
            return Err(invalid(message));
        }
    }
    if is_known {
        return Ok(settings);
    }
    let places = places("clouds", variable);
    let places: Vec<_> = places
        .iter()
        .map(|place| place.display().to_string())
        .collect();
    let message = format!(
        "OS_CLOUD is {cloud:?}, but there is none of {}: write one, or name it in \
         OS_CLIENT_CONFIG_FILE",
        places.join(", ")
    );
    Err(Error::general(ErrorKind::NoCredentials, message))
}

/// The file that a variable names, or else the first one in the places for it.
fn find(name: &str, path: &str, variable: Variable<'_>) -> Result<Option<PathBuf>, Error> {
    match text(path, variable)? {
        Some(file) => Ok(Some(file.into())),
        None => Ok(places(name, variable)
            .into_iter()
            .find(|file| file.is_file())),
    }
}

/// Where a file may be, in the order of the search.
fn places(name: &str, variable: Variable<'_>) -> Vec<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let folder = |name| set(name).map(PathBuf::from);
    let home = folder("HOME").map(|home| home.join(".config"));
    let site = set("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".into());
    let mut folders = vec![PathBuf::new()];
    let configs = folder("XDG_CONFIG_HOME").into_iter().chain(home);
    let configs = configs.chain(std::env::split_paths(&site));
    folders.extend(
        configs
            .chain([PathBuf::from("/etc")])
            .map(|f| f.join("openstack")),
    );
    folders.dedup();
    let files = |folder: PathBuf| {
        ["yaml", "yml", "json"].map(|ending| folder.join(name).with_extension(ending))
    };
    folders.into_iter().flat_map(files).collect()
}

fn parse(file: &Path) -> Result<BTreeMap<String, Option<Cloud>>, Error> {
    let shown = file.display();
    let bytes = crate::file::read(file)
        .map_err(|cause| invalid(format!("cannot read {shown}: {cause}")))?;
    let parsed: Result<File, _> = serde_saphyr::from_slice(&bytes);
    parsed
        .map(|file| file.clouds.unwrap_or_default())
        .map_err(|error| {
            // Only the place: the parser's message shows the lines around it.
            let place = error.location().map(|at| format!(", line {}", at.line()));
            let place = place.unwrap_or_default();
            invalid(format!(
                "{shown} is not a file of clouds{place}: correct the YAML"
            ))
        })
}

impl Cloud {
    fn settings(self, place: &str) -> Settings {
        let auth = self.auth.unwrap_or_default();
        let first = self.regions.into_iter().flatten().next();
        let first = first.map(|(Region::Name(name) | Region::Map { name })| name.into());
        let mut settings = Settings::default();
        for (setting, key, value) in [
            (
                AccessKey,
                "auth.ak",
                auth.ak.or(auth.access_key).or(self.ak),
            ),
            (
                SecretKey,
                "auth.sk",
                auth.sk.or(auth.secret_key).or(self.sk),
            ),
            (
                SecurityToken,
                "auth.security_token",
                auth.security_token.or(self.security_token),
            ),
            (Token, "auth.token", auth.token),
            (UserName, "auth.username", auth.username),
            (UserId, "auth.user_id", auth.user_id),
            (Password, "auth.password", auth.password),
            (
                DomainName,
                "auth.user_domain_name",
                auth.user_domain_name.or(auth.domain_name),
            ),
            (
                DomainId,
                "auth.user_domain_id",
                auth.user_domain_id.or(auth.domain_id),
            ),
            (
                ProjectName,
                "auth.project_name",
                auth.project_name.or(auth.tenant_name),
            ),
            (
                ProjectId,
                "auth.project_id",
                auth.project_id.or(auth.tenant_id),
            ),
            (Setting::Region, "region_name", self.region_name.or(first)),
            (IamUrl, "auth.auth_url", auth.auth_url),
            (RdsUrl, "rds_endpoint_override", self.rds_endpoint_override),
            (
                TaurusdbUrl,
                "taurusdb_endpoint_override",
                self.taurusdb_endpoint_override,
            ),
            (
                GaussdbUrl,
                "gaussdb_endpoint_override",
                self.gaussdb_endpoint_override,
            ),
        ] {
            settings.insert(setting, format!("{key} {place}"), value);
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_looked_for_in_openstacks_order() {
        let variable = |name: &str| match name {
            "HOME" => Some("/home/nightly".into()),
            "XDG_CONFIG_HOME" => Some("/config".into()),
            _ => None,
        };
        let shown: Vec<_> = places("clouds", &variable)
            .iter()
            .map(|place| place.display().to_string())
            .filter(|place| place.ends_with(".yaml"))
            .collect();
        let order = [
            "clouds.yaml",
            "/config/openstack/clouds.yaml",
            "/home/nightly/.config/openstack/clouds.yaml",
            "/etc/xdg/openstack/clouds.yaml",
            "/etc/openstack/clouds.yaml",
        ];
        assert_eq!(shown, order);
    }
}
