//! The one user, domain and project, and the services, as IAM shows them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::emulator::access::{IssuedToken, Scope};
use crate::emulator::options::Options;
use crate::emulator::services;
use crate::service::Service;

/// Id of the domain.
pub(crate) const DOMAIN_ID: &str = "d78cbac186b744899480f25bd022f468";
/// Id of the user.
pub(crate) const USER_ID: &str = "7116d09f88fa41908676fdd4b039e95b";
/// Expiry shown for the token of the options, which has none: clients ask for a time.
const NEVER: &str = "2099-12-31T23:59:59.000000Z";
/// Format of the times.
const TIME: &str = "%Y-%m-%dT%H:%M:%S.%6fZ";
/// Expiry of the password, in the one form that has no offset.
const PASSWORD_EXPIRES: &str = "2099-12-31T23:59:59.000000";

/// The services and IAM, with their URLs.
pub(crate) fn catalog(options: &Options, iam: &str, services: &BTreeMap<Service, String>) -> Value {
    let entry = |kind: &str, name: &str, url: String| {
        let endpoint = json!({
            "id": format!("{kind}-endpoint"),
            "interface": "public",
            "region": options.region,
            "region_id": options.region,
            "url": url,
        });
        json!({ "id": kind, "type": kind, "name": name, "endpoints": [endpoint] })
    };
    let of_service = |[kind, version]: [&str; 2], url: &str| {
        entry(
            kind,
            kind,
            format!("{url}/{version}/{}", options.project_id),
        )
    };
    let listed = services
        .iter()
        .map(|(service, url)| of_service(services::profile(*service).catalog, url));
    let aliases = services.iter().filter_map(|(service, url)| {
        let alias = services::profile(*service).catalog_alias?;
        Some(of_service(alias, url))
    });
    let iam = entry("identity", "keystone", format!("{iam}/v3"));
    listed.chain(aliases).chain([iam]).collect()
}

/// A token as an answer describes it, with the catalog if there is to be one.
pub(crate) fn token(options: &Options, token: &IssuedToken, catalog: Option<&Value>) -> Value {
    let time = |time: Timestamp| time.strftime(TIME).to_string();
    let mut shown = json!({
        "methods": token.methods,
        "issued_at": time(token.issued),
        "expires_at": token.expires.map_or(NEVER.to_owned(), time),
        "user": {
            "id": USER_ID,
            "name": options.username,
            "domain": domain(options),
            "password_expires_at": PASSWORD_EXPIRES,
        },
        "roles": [{ "id": "0", "name": "rds_adm" }],
    });
    match token.scope {
        Scope::Project => {
            shown["project"] = json!({
                "id": options.project_id,
                "name": options.region,
                "domain": domain(options),
            });
        }
        Scope::Domain => shown["domain"] = domain(options),
        Scope::Unscoped => shown["roles"] = json!([]),
    }
    if let Some(catalog) = catalog {
        shown["catalog"] = catalog.clone();
    }
    shown
}

fn domain(options: &Options) -> Value {
    json!({ "id": DOMAIN_ID, "name": options.domain })
}

/// The project in a list.
pub(crate) fn listed_project(options: &Options, iam: &str) -> Value {
    json!({
        "id": options.project_id,
        "name": options.region,
        "domain_id": DOMAIN_ID,
        "parent_id": DOMAIN_ID,
        "description": "",
        "enabled": true,
        "is_domain": false,
        "links": { "self": format!("{iam}/v3/projects/{}", options.project_id) },
    })
}

/// The domain in a list.
pub(crate) fn listed_domain(options: &Options, iam: &str) -> Value {
    json!({
        "id": DOMAIN_ID,
        "name": options.domain,
        "description": "",
        "enabled": true,
        "links": { "self": format!("{iam}/v3/domains/{DOMAIN_ID}") },
    })
}

/// Links of a list, which has only one page.
pub(crate) fn links(iam: &str, path: &str) -> Value {
    json!({ "self": format!("{iam}{path}"), "next": null, "previous": null })
}

/// The version of the API.
pub(crate) fn version(iam: &str) -> Value {
    json!({
        "id": "v3.6",
        "status": "stable",
        "updated": "2016-04-04T00:00:00Z",
        "links": [{ "rel": "self", "href": format!("{iam}/v3/") }],
        "media-types": [{
            "base": "application/json",
            "type": "application/vnd.openstack.identity-v3+json",
        }],
    })
}
