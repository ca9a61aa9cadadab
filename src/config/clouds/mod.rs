//! A cloud as OpenStack's files or variables describe it.
//!
//! Files are looked for and merged as [OpenStack's SDK](https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html)
//! does it: values of the chosen region win over `secure.yaml`, this over `clouds.yaml`, and this
//! over the profile. Access keys are `ak` and `sk`, beside `auth` or below it, as the tools for Open
//! Telekom Cloud have them. What would change where or how one logs in is obeyed or refused.

mod entry;
mod files;
mod login;
mod obeyed;
mod profile;
mod refused;
mod values;
mod yaml;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::rc::Rc;

use secrecy::ExposeSecret;

use super::invalid;
use super::settings::{Settings, text};
use crate::auth::{NameOrId, Names};
use crate::error::{Error, ErrorKind};
use entry::{Entry, Regions};
use yaml::{Map, Node};

/// How variables are looked up.
type Variable<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// What a caller wants, whatever the sources say.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// What the values are called, such as the option for the cloud.
    pub(super) names: &'a Names,
    pub(super) region: Option<&'a str>,
    pub(super) project: Option<&'a NameOrId>,
}

/// What the files say about a cloud in the region that is asked for.
pub(super) fn read(
    cloud: &str,
    asked: Asked<'_>,
    variable: Variable<'_>,
) -> Result<Settings, Error> {
    let mut found: Option<(Rc<str>, Entry)> = None;
    let mut others = BTreeSet::new();
    let mut known_in = None;
    for kind in [files::CLOUDS, files::SECURE] {
        let Some(file) = files::read(&kind, cloud, variable)? else {
            continue;
        };
        let entries = file.entries()?;
        if let Some(node) = entries.and_then(|entries| entries.get(cloud)) {
            let entry = Entry::of(node, "the entry")?;
            found = Some(match found {
                Some((of, weaker)) => (of, entry.over(weaker)),
                None => (Rc::clone(&file.of), entry),
            });
        }
        let names = entries.into_iter().flat_map(Map::keys);
        others.extend(names.map(|name| format!("{name:?}")));
        if kind.is_of_clouds() {
            known_in = Some(file.path);
        }
    }
    let Some((of, entry)) = found else {
        return Err(unknown(cloud, known_in, others, asked.names, variable));
    };
    let of_variable = text("OS_REGION_NAME", variable)?;
    let of_variable = of_variable.as_deref().map(str::trim);
    let entry = in_region(entry, asked, of_variable, variable)?;
    checked(&entry, Some(&of), asked, variable)
}

/// A cloud that is in no file.
fn unknown(
    cloud: &str,
    file: Option<PathBuf>,
    others: BTreeSet<String>,
    names: &Names,
    variable: Variable<'_>,
) -> Error {
    let name = names.known("cloud");
    let name = name.unwrap_or_else(|| "OS_CLOUD".to_owned());
    if let Some(file) = file {
        let known = match Vec::from_iter(others).join(", ") {
            known if known.is_empty() => "no clouds".to_owned(),
            known => format!("only: {known}"),
        };
        let file = file.display();
        return invalid(format!("{name} is {cloud:?}, but {file} has {known}"));
    }
    let places = files::places(&files::CLOUDS, variable);
    let places = places.iter().map(|place| place.display().to_string());
    let message = format!(
        "{name} is {cloud:?}, but there is none of {}: write one, or name it in \
         OS_CLIENT_CONFIG_FILE",
        Vec::from_iter(places).join(", ")
    );
    Error::general(ErrorKind::NoCredentials, message)
}

/// What the variables say in the region that is asked for.
pub(super) fn of_variables(asked: Asked<'_>, variable: Variable<'_>) -> Result<Settings, Error> {
    let entry = in_region(entry_of_variables(variable)?, asked, None, variable)?;
    checked(&entry, None, asked, variable)
}

/// What the variables say beside a cloud, whatever else holds for it.
pub(super) fn said_by_variables(variable: Variable<'_>) -> Result<Settings, Error> {
    obeyed::settings(&entry_of_variables(variable)?, None, variable)
}

fn entry_of_variables(variable: Variable<'_>) -> Result<Entry, Error> {
    let mut entry = Entry::default();
    for key in obeyed::keys().map(str::to_owned).chain(refused::keys()) {
        if let Some(value) = text(&yaml::name(None, &key), variable)? {
            let node = Node::text_of(None, value.into());
            entry.beside.insert(key, Rc::new(node));
        }
    }
    Ok(entry)
}

/// An entry with what its profile and the chosen region say.
fn in_region(
    entry: Entry,
    asked: Asked<'_>,
    of_variable: Option<&str>,
    variable: Variable<'_>,
) -> Result<Entry, Error> {
    let profile = profile::of(&entry, variable)?;
    let regions = Regions::of(&entry, &profile)?;
    let mut entry = entry.over(profile);
    let named = entry.get("region_name").cloned();
    let name = named.as_ref().and_then(|node| node.text("").ok().flatten());
    let name = name.map(|name| name.expose_secret().trim());
    let Some((name, values)) = regions.choose(asked, of_variable, name)? else {
        return entry.without_dashes();
    };
    let of = named.as_ref().and_then(|node| node.of());
    let node = Node::text_of(of, name.into());
    entry = values.over(entry).without_dashes()?;
    entry.beside.insert("region_name".to_owned(), Rc::new(node));
    Ok(entry)
}

/// What an entry says, if it has nothing that would have to be obeyed and is not.
fn checked(
    entry: &Entry,
    of: Option<&str>,
    asked: Asked<'_>,
    variable: Variable<'_>,
) -> Result<Settings, Error> {
    let settings = obeyed::settings(entry, of, variable)?;
    if of.is_some() || settings.has_credentials() || entry.beside.contains_key("auth_type") {
        refused::check(entry)?;
        login::check(entry, &settings, asked.project)?;
    }
    Ok(settings)
}
