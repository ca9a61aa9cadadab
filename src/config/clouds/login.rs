//! Whether the login that is made is the one that a cloud asks for.

use super::super::settings::Setting::{
    self, AccessKey, DomainId, DomainName, ProjectId, ProjectName, SecretKey, Token, UserId,
    UserName,
};
use super::super::settings::Settings;
use super::yaml::Node;
use super::{Entry, invalid};
use crate::auth::NameOrId;
use crate::error::Error;

/// Keys for the account of the project; it is taken to be that of the user.
pub(super) const PROJECT_DOMAIN: [(Setting, &str, [&str; 2]); 2] = [
    (
        DomainId,
        "the id",
        ["project_domain_id", "auth.project_domain_id"],
    ),
    (
        DomainName,
        "the name",
        ["project_domain_name", "auth.project_domain_name"],
    ),
];

/// Refuses what belongs to another kind of login.
pub(super) fn check(
    entry: &Entry,
    settings: &Settings,
    project: Option<&NameOrId>,
) -> Result<(), Error> {
    if settings.has(AccessKey) || settings.has(SecretKey) {
        return Ok(());
    }
    check_kind(entry, settings)?;
    if settings.has(Token) || !(settings.has(UserName) || settings.has(UserId)) {
        return Ok(());
    }
    let own = settings.name_or_id(ProjectName, ProjectId);
    match project.or(own.as_ref()) {
        Some(NameOrId::Id(_)) => return Ok(()),
        Some(NameOrId::Name(_)) => return check_project_domain(entry, settings),
        None => {}
    }
    for key in [
        "domain_name",
        "domain_id",
        "auth.domain_name",
        "auth.domain_id",
    ] {
        if let (Some(node), Some(_)) = (entry.get(key), entry.plain(key)?) {
            return Err(invalid(format!(
                "{} without a project is a login to the domain, which has no backups: name the \
                 project",
                node.place(key)
            )));
        }
    }
    // Of the region then, which is a name as well.
    check_project_domain(entry, settings)
}

/// `auth_type` says of which kind the credentials are.
fn check_kind(entry: &Entry, settings: &Settings) -> Result<(), Error> {
    for key in ["auth_type", "auth_plugin"] {
        let (Some(node), Some(kind)) = (entry.get(key), entry.plain(key)?) else {
            continue;
        };
        if kind.to_lowercase().ends_with("token") != settings.has(Token) {
            return Err(invalid(format!(
                "{} is {kind}, but the credentials are of another kind: correct it, or remove it",
                node.place(key)
            )));
        }
    }
    Ok(())
}

/// The project is looked for in the domain of the user. That of the project may be named by keys that are
/// for both.
fn check_project_domain(entry: &Entry, settings: &Settings) -> Result<(), Error> {
    for (setting, what, [own, _]) in PROJECT_DOMAIN {
        let form = own.trim_start_matches("project_");
        let of_project = [own.to_owned(), form.to_owned(), format!("default_{form}")];
        let Some((key, node, domain)) = first(entry, &of_project)? else {
            continue;
        };
        // An id wins over a name, and a user by id comes without a domain.
        let is_implied = !settings.has(UserId) && (setting == DomainId || !settings.has(DomainId));
        let of_user = match first(entry, &[format!("user_{form}")])? {
            Some((.., domain)) => Some(domain),
            None => settings.plain(setting).filter(|_| is_implied),
        };
        if of_user.is_some_and(|user| user == domain) {
            return Ok(());
        }
        return Err(invalid(format!(
            "{} is not {what} of the user's domain, in which the project is looked for: give \
             project_id instead",
            node.place(&key)
        )));
    }
    Ok(())
}

/// The first of some keys that says something, beside `auth` or below it.
fn first<'a>(
    entry: &'a Entry,
    keys: &[String],
) -> Result<Option<(String, &'a Node, String)>, Error> {
    let places = keys
        .iter()
        .flat_map(|key| [key.clone(), format!("auth.{key}")]);
    for key in places {
        if let (Some(node), Some(text)) = (entry.get(&key), entry.plain(&key)?) {
            return Ok(Some((key, node, text.trim().to_owned())));
        }
    }
    Ok(None)
}
