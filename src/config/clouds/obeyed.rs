//! Keys that are obeyed, in the order in which openstacksdk and otcextensions take them.

use super::super::settings::Setting::{self, *};
use super::super::settings::Settings;
use super::login::PROJECT_DOMAIN;
use super::values::value;
use super::{Entry, Variable, yaml};
use crate::error::Error;
use crate::service::Product;

/// A setting, how it is called where it is missing, and its keys; the first one that says something
/// counts.
type Keys = (Setting, &'static str, &'static [&'static str]);

const KEYS: &[Keys] = &[
    // Below `auth`, openstacksdk knows none of the first three.
    (
        AccessKey,
        "auth.ak",
        &["access_key", "ak", "auth.ak", "auth.access_key"],
    ),
    (
        SecretKey,
        "auth.sk",
        &["secret_key", "sk", "auth.sk", "auth.secret_key"],
    ),
    (
        SecurityToken,
        "auth.security_token",
        &["security_token", "auth.security_token"],
    ),
    (
        Token,
        "auth.token",
        &["token", "auth.token", "auth_token", "auth.auth_token"],
    ),
    (
        UserName,
        "auth.username",
        &["auth.username", "auth.user_name", "username", "user_name"],
    ),
    (UserId, "auth.user_id", &["auth.user_id", "user_id"]),
    (Password, "auth.password", &["auth.password", "password"]),
    (
        DomainName,
        "auth.user_domain_name",
        &[
            "user_domain_name",
            "auth.user_domain_name",
            "domain_name",
            "auth.domain_name",
            "auth.default_domain_name",
            "default_domain_name",
        ],
    ),
    (
        DomainId,
        "auth.user_domain_id",
        &[
            "user_domain_id",
            "auth.user_domain_id",
            "domain_id",
            "auth.domain_id",
            "auth.default_domain_id",
            "default_domain_id",
        ],
    ),
    (
        ProjectName,
        "auth.project_name",
        &[
            "project_name",
            "auth.project_name",
            "tenant_name",
            "auth.tenant_name",
        ],
    ),
    (
        ProjectId,
        "auth.project_id",
        &[
            "project_id",
            "auth.project_id",
            "tenant_id",
            "auth.tenant_id",
        ],
    ),
    (Region, "region_name", &["region_name"]),
    (IamUrl, "auth.auth_url", &["auth.auth_url", "auth_url"]),
    (
        Url(Product::Rds),
        "rds_endpoint_override",
        &["rds_endpoint_override", "rdsv3_endpoint_override"],
    ),
    (
        Url(Product::TaurusDb),
        "taurusdb_endpoint_override",
        &[
            "taurusdb_endpoint_override",
            "gaussdb_mysql_endpoint_override",
        ],
    ),
    (
        Url(Product::GaussDb),
        "gaussdb_endpoint_override",
        &["gaussdb_endpoint_override"],
    ),
    (CaFile, "cacert", &["cacert"]),
];

/// Every key that is obeyed, beside `auth`.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    let all = KEYS.iter().flat_map(|(.., keys)| *keys);
    let projects = PROJECT_DOMAIN.iter().flat_map(|(.., keys)| keys);
    let beside = all.chain(projects).filter(|key| !key.starts_with("auth."));
    beside.copied().chain(["profile"])
}

/// What the services are called in keys such as `rds_endpoint_override`.
pub(super) fn services() -> impl Iterator<Item = &'static str> {
    let all = KEYS.iter().flat_map(|(.., keys)| *keys);
    all.filter_map(|key| key.strip_suffix("_endpoint_override"))
}

/// Whether a key may stand below `auth`.
pub(super) fn is_below_auth(key: &str) -> bool {
    let all = KEYS.iter().flat_map(|(.., keys)| *keys);
    let projects = PROJECT_DOMAIN.iter().flat_map(|(.., keys)| keys);
    let mut below = all
        .chain(projects)
        .filter_map(|key| key.strip_prefix("auth."));
    below.any(|known| known == key)
}

/// What an entry says; `of` is what its keys are of.
pub(super) fn settings(
    entry: &Entry,
    of: Option<&str>,
    variable: Variable<'_>,
) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    for &(setting, missing, keys) in KEYS {
        // The first key is the name of the variable.
        let missing = if of.is_some() { missing } else { keys[0] };
        let mut said = (yaml::name(of, missing), None);
        for key in keys {
            let Some(node) = entry.get(key) else { continue };
            if let Some(text) = node.text(key)? {
                let value = value(setting, text, entry, node, key, variable)?;
                said = (node.name(key), Some(value));
                break;
            }
        }
        settings.insert(setting, said.0, said.1);
    }
    Ok(settings)
}
