//! What a cloud takes over from a profile: one of `clouds-public.yaml`, or one that openstacksdk has.

use std::rc::Rc;

use super::yaml::{self, Node};
use super::{Entry, Variable, files, invalid};
use crate::error::Error;

/// Profiles for the clouds that have the services; there are no others to know. openstacksdk's own
/// `otc-swiss` lacks the scheme.
const BUILT_IN: [(&str, &str); 2] = [
    (
        "otc",
        "{auth: {auth_url: 'https://iam.{region_name}.otc.t-systems.com/v3'}, \
         regions: [eu-de, eu-nl]}",
    ),
    (
        "otc-swiss",
        "{auth: {auth_url: 'https://iam-pub.eu-ch2.sc.otc.t-systems.com/v3'}, regions: [eu-ch2]}",
    ),
];

/// What the profile of an entry says, if it has one.
pub(super) fn of(entry: &Entry, variable: Variable<'_>) -> Result<Entry, Error> {
    // The older name of it.
    let keys = ["profile", "cloud"];
    let found = keys.iter().find_map(|key| Some((key, entry.get(key)?)));
    let Some((key, node)) = found else {
        return Ok(Entry::default());
    };
    match entry.plain(key)? {
        Some(name) => named(name.trim(), key, node, variable),
        None => Ok(Entry::default()),
    }
}

fn named(name: &str, key: &str, node: &Node, variable: Variable<'_>) -> Result<Entry, Error> {
    let file = files::read(&files::PUBLIC, name, variable)?;
    if let Some(file) = &file
        && let Some(profile) = file.entries()?.and_then(|entries| entries.get(name))
    {
        return Entry::of(profile, "the entry");
    }
    if let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        let of: Rc<str> = format!("the profile {name:?}").into();
        let profile = yaml::parse(text, &of);
        return profile.map_or(Ok(Entry::default()), |node| Entry::of(&node, ""));
    }
    let place = match file {
        Some(file) => format!("is not in {}", file.path.display()),
        None => "is known only with a clouds-public.yaml".to_owned(),
    };
    Err(invalid(format!(
        "{} is {name:?}, which {place}: write it there, or give auth_url and remove it",
        node.place(key)
    )))
}
