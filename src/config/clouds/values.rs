//! What texts of a cloud stand for: URLs with a place for the region, and paths below the home.

use secrecy::{ExposeSecret, SecretString};

use super::super::settings::Setting::{self, CaFile, IamUrl, Url};
use super::yaml::Node;
use super::{Entry, Variable, invalid};
use crate::error::Error;

/// The value that a text stands for.
pub(super) fn value(
    setting: Setting,
    text: &SecretString,
    entry: &Entry,
    node: &Node,
    key: &str,
    variable: Variable<'_>,
) -> Result<SecretString, Error> {
    match setting {
        IamUrl => filled(text.expose_secret(), entry, node, key).map(Into::into),
        Url(_) => {
            let url = filled(text.expose_secret(), entry, node, key)?;
            base_of(&url, node, key).map(Into::into)
        }
        CaFile => Ok(below_home(text.expose_secret(), variable).into()),
        _ => Ok(text.clone()),
    }
}

/// A URL with the region in the place that is left for it.
fn filled(url: &str, entry: &Entry, node: &Node, key: &str) -> Result<String, Error> {
    const PLACE: &str = "{region_name}";
    let filled = match entry.plain("region_name")? {
        Some(region) => url.replace(PLACE, region.trim()),
        None if url.contains(PLACE) => {
            let name = node.place(key);
            let message = format!("{name} has {PLACE}, but no region is named: set region_name");
            return Err(invalid(message));
        }
        None => url.to_owned(),
    };
    if filled.contains(['{', '}']) {
        let name = node.place(key);
        let message = format!("{name} has a placeholder other than {PLACE}: write its value");
        return Err(invalid(message));
    }
    Ok(filled)
}

/// A URL as far as it is the same for all versions and projects of a service.
fn base_of(url: &str, node: &Node, key: &str) -> Result<String, Error> {
    const PROJECTS: [&str; 4] = [
        "%(project_id)s",
        "$(project_id)s",
        "%(tenant_id)s",
        "$(tenant_id)s",
    ];
    let url = url.trim().trim_end_matches('/');
    let of_project = PROJECTS
        .iter()
        .find_map(|project| url.strip_suffix(project));
    let url = of_project.unwrap_or(url).trim_end_matches('/');
    let is_id = |part: &str| part.len() == 32 && part.bytes().all(|b| b.is_ascii_hexdigit());
    if url.rsplit('/').next().is_some_and(is_id) {
        let name = node.place(key);
        let message = format!("{name} ends with a project: end it before that");
        return Err(invalid(message));
    }
    Ok(url.strip_suffix("/v3").unwrap_or(url).to_owned())
}

/// A path whose `~` is the home of the user.
fn below_home(path: &str, variable: Variable<'_>) -> String {
    let home = path
        .strip_prefix("~/")
        .zip(variable("HOME").and_then(|home| home.into_string().ok()));
    home.map_or(path.to_owned(), |(rest, home)| format!("{home}/{rest}"))
}
