//! Keys that would change where or how one logs in, and that are not obeyed: each with what to do.

use secrecy::ExposeSecret;

use super::Entry;
use super::invalid;
use super::obeyed;
use super::yaml::Node;
use crate::error::Error;

/// Keys, the values that change nothing, and what to do about others.
type Rule = (
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const RULES: [Rule; 9] = [
    (
        &["verify"],
        &["true", "yes", "on"],
        "certificates are always checked: name that of the authority in cacert, and remove it",
    ),
    (
        &["insecure"],
        &["false", "no", "off", "0"],
        "certificates are always checked: name that of the authority in cacert, and remove it",
    ),
    (
        &["cert", "key"],
        &[],
        "there are no logins with a certificate of the client: remove it, and use a password, a \
         token or an access key",
    ),
    (
        &["auth_type", "auth_plugin"],
        &["password", "v3password", "token", "v3token"],
        "only password and token are known: use one of them, or ak and sk without it",
    ),
    (
        &["passcode", "auth_methods", "idp_otp_key"],
        &[],
        "a second factor cannot be given: use a user who needs none, or an access key",
    ),
    (
        &[
            "application_credential_id",
            "application_credential_name",
            "application_credential_secret",
        ],
        &[],
        "IAM of these clouds has no application credentials: use an access key",
    ),
    (
        &[
            "agency_name",
            "agency_domain_name",
            "delegated_project",
            "target_agency_name",
            "target_domain_id",
            "target_domain_name",
            "target_project_id",
            "target_project_name",
        ],
        &[],
        "no agency is assumed: get a temporary access key of it, and give it as ak, sk and \
         security_token",
    ),
    (
        &[
            "access_token",
            "client_id",
            "client_secret",
            "discovery_endpoint",
            "identity_provider",
        ],
        &[],
        "there are no logins by another identity provider: use a token or an access key",
    ),
    (
        &["system_scope", "trust_id"],
        &[],
        "backups are those of a project: remove it, and name the project",
    ),
];

/// Where the services are looked for, in general and for one of them.
const INTERFACES: [&str; 2] = ["interface", "endpoint_type"];
const PLACES: [&str; 6] = [
    "endpoint",
    "endpoint_type",
    "interface",
    "region_name",
    "service_name",
    "service_type",
];
const IS_PUBLIC: &[&str] = &["public", "publicURL"];

/// Every key that may be refused, beside `auth`.
pub(super) fn keys() -> impl Iterator<Item = String> {
    let rules = RULES.iter().flat_map(|(keys, ..)| *keys);
    let general = rules.chain(&INTERFACES).map(|key| (*key).to_owned());
    let of_services =
        obeyed::services().flat_map(|service| PLACES.map(|place| format!("{service}_{place}")));
    general.chain(of_services)
}

/// Refuses what is not obeyed.
pub(super) fn check(entry: &Entry) -> Result<(), Error> {
    for (keys, harmless, remedy) in RULES {
        for key in keys {
            check_key(entry, key, harmless, remedy)?;
            check_key(entry, &format!("auth.{key}"), harmless, remedy)?;
        }
    }
    for key in INTERFACES {
        let remedy = "calls go to public endpoints: remove it, and give the URL in \
                      rds_endpoint_override, taurusdb_endpoint_override or \
                      gaussdb_endpoint_override";
        check_key(entry, key, IS_PUBLIC, remedy)?;
    }
    for service in obeyed::services() {
        for place in PLACES {
            let harmless = if INTERFACES.contains(&place) {
                IS_PUBLIC
            } else {
                &[]
            };
            let remedy = format!("no catalog is read: give the URL in {service}_endpoint_override");
            check_key(entry, &format!("{service}_{place}"), harmless, &remedy)?;
        }
    }
    // openstacksdk fails on these as well, and one that is misspelled may have named a project.
    for (key, node) in &entry.auth {
        if !node.is_null() && !obeyed::is_below_auth(key) {
            // What looks like no key may be a password after a colon without a space.
            let is_key = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let key = if key.chars().all(is_key) {
                key
            } else {
                "(a key)"
            };
            let remedy = "it is no part of a login: correct or remove it";
            return Err(refusal(node, &format!("auth.{key}"), remedy));
        }
    }
    Ok(())
}

fn check_key(entry: &Entry, key: &str, harmless: &[&str], remedy: &str) -> Result<(), Error> {
    let Some(node) = entry.get(key) else {
        return Ok(());
    };
    let is_harmless = |node: &Node| match node.text(key) {
        Ok(Some(text)) => {
            let text = text.expose_secret();
            harmless
                .iter()
                .any(|value| value.eq_ignore_ascii_case(text))
        }
        // A variable that is empty is none; auth_type for nothing is a login without credentials.
        Ok(None) => !key.ends_with("auth_type"),
        Err(_) => false,
    };
    let is_harmless = match node.list() {
        Some(list) => list.iter().all(|node| is_harmless(node)),
        None => is_harmless(node),
    };
    if is_harmless {
        return Ok(());
    }
    Err(refusal(node, key, remedy))
}

fn refusal(node: &Node, key: &str, remedy: &str) -> Error {
    invalid(format!("{} is not obeyed: {remedy}", node.place(key)))
}
