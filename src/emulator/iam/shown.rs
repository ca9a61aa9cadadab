//! What IAM shows of the one user, domain and project, and of the services.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::emulator::Options;
use crate::emulator::access::{Scope, Token};
use crate::service::Service;

/// Id of the domain.
pub(super) const DOMAIN_ID: &str = "d78cbac186b744899480f25bd022f468";
/// Id of the user.
pub(super) const USER_ID: &str = "7116d09f88fa41908676fdd4b039e95b";
/// When the token of the options expires, which has no end: clients ask for a time.
const NEVER: &str = "2099-12-31T23:59:59.000000Z";
/// Form of the times.
const TIME: &str = "%Y-%m-%dT%H:%M:%S.%6fZ";
/// When the password expires, in the one form that has no offset.
const PASSWORD_EXPIRES: &str = "2099-12-31T23:59:59.000000";

/// Type of a service in the catalog.
fn catalog_type(service: Service) -> &'static str {
    match service {
        Service::RdsV1 => "rdsv1",
        Service::RdsV3 => "rdsv3",
        Service::TaurusdbV3 => "gaussdb",
        Service::GaussdbV3 => "opengauss",
    }
}

/// The services and IAM, with their URLs.
pub(super) fn catalog(options: &Options, iam: &str, services: &[String]) -> Value {
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
    let listed = Service::ALL.iter().zip(services).map(|(service, url)| {
        let version = if *service == Service::RdsV1 {
            "rds/v1"
        } else {
            "v3"
        };
        let kind = catalog_type(*service);
        entry(
            kind,
            kind,
            format!("{url}/{version}/{}", options.project_id),
        )
    });
    let iam = entry("identity", "keystone", format!("{iam}/v3"));
    // gophertelekomcloud has no other entry to make the URL of TaurusDB from: it puts `mysql/v3` in
    // the place of `v2`.
    let taurusdb = services.get(Service::TaurusdbV3 as usize).map(|url| {
        let url = format!("{url}/v2/{}", options.project_id);
        entry("volumev2", "volumev2", url)
    });
    listed.chain(taurusdb).chain([iam]).collect()
}

/// What stands under `token`, with the catalog if there shall be one.
pub(super) fn token(options: &Options, token: &Token, catalog: Option<&Value>) -> Value {
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
pub(super) fn listed_project(options: &Options, iam: &str) -> Value {
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
pub(super) fn listed_domain(options: &Options, iam: &str) -> Value {
    json!({
        "id": DOMAIN_ID,
        "name": options.domain,
        "description": "",
        "enabled": true,
        "links": { "self": format!("{iam}/v3/domains/{DOMAIN_ID}") },
    })
}

/// Links of a list, which has only one page.
pub(super) fn links(iam: &str, path: &str) -> Value {
    json!({ "self": format!("{iam}{path}"), "next": null, "previous": null })
}

/// The version of the API.
pub(super) fn version(iam: &str) -> Value {
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
