//! An entry of the files: its keys, those below `auth`, and what wins where several say something.

use std::collections::BTreeSet;
use std::rc::Rc;

use secrecy::ExposeSecret;

use super::yaml::{Map, Node};
use super::{Asked, invalid};
use crate::error::Error;

/// What sources say about a cloud, a profile or a region. Keys have no dashes.
#[derive(Default)]
pub(super) struct Entry {
    /// Beside `auth`.
    pub(super) beside: Map,
    /// Below `auth`.
    pub(super) auth: Map,
    /// The keys that are written with dashes, those below `auth` as `auth.key`.
    dashed: BTreeSet<String>,
}

impl Entry {
    pub(super) fn of(node: &Node, key: &str) -> Result<Self, Error> {
        let mut dashed = BTreeSet::new();
        let mut beside = without_dashes(node.map(key)?, "", &mut dashed)?;
        let auth = match beside.remove("auth") {
            Some(auth) => without_dashes(auth.map("auth")?, "auth.", &mut dashed)?,
            None => Map::new(),
        };
        Ok(Self {
            beside,
            auth,
            dashed,
        })
    }

    /// This entry, and a weaker one where it says nothing. Of a key that each writes in another way
    /// openstacksdk does not always take the stronger one, so that they have to say the same.
    pub(super) fn over(self, mut weaker: Self) -> Result<Self, Error> {
        let beside = self.beside.iter().map(|(key, node)| (key.clone(), node));
        let below = self.auth.iter();
        let below = below.map(|(key, node)| (format!("auth.{key}"), node));
        for (key, node) in beside.chain(below) {
            let is_dashed = self.dashed.contains(&key);
            if let Some(other) = weaker.get(&key)
                && is_dashed != weaker.dashed.contains(&key)
            {
                same(&key, node, other)?;
            }
            if is_dashed {
                weaker.dashed.insert(key);
            } else {
                weaker.dashed.remove(&key);
            }
        }
        weaker.beside.extend(self.beside);
        weaker.auth.extend(self.auth);
        Ok(weaker)
    }

    /// Without the keys that are there for nothing.
    pub(super) fn without_nulls(mut self) -> Self {
        self.beside.retain(|_, node| !node.is_null());
        self.auth.retain(|_, node| !node.is_null());
        self
    }

    /// The value of a key, one of `auth` as `auth.key`.
    pub(super) fn get(&self, key: &str) -> Option<&Rc<Node>> {
        match key.strip_prefix("auth.") {
            Some(key) => self.auth.get(key),
            None => self.beside.get(key),
        }
    }

    /// The text of a key, if there is any.
    pub(super) fn plain(&self, key: &str) -> Result<Option<String>, Error> {
        let text = self.get(key).map_or(Ok(None), |node| node.text(key))?;
        Ok(text.map(|text| text.expose_secret().to_owned()))
    }
}

/// The keys without dashes; `within` stands before those in `dashed`.
fn without_dashes(
    map: Option<&Map>,
    within: &str,
    dashed: &mut BTreeSet<String>,
) -> Result<Map, Error> {
    let mut all = Map::new();
    for (written, node) in map.into_iter().flatten() {
        let key = written.replace('-', "_");
        let full = format!("{within}{key}");
        if let Some(other) = all.get(&key) {
            same(&full, node, other)?;
        }
        if key != *written {
            dashed.insert(full);
        }
        all.insert(key, Rc::clone(node));
    }
    Ok(all)
}

/// Refuses a key that is written in two ways and says two things.
fn same(key: &str, one: &Node, other: &Node) -> Result<(), Error> {
    let text = |node: &Node| Some(node.text(key).ok()??.expose_secret().to_owned());
    if one.is_null() || other.is_null() || text(one).is_some() && text(one) == text(other) {
        return Ok(());
    }
    let dashed = key.replace('_', "-");
    Err(invalid(format!(
        "{} is there as {dashed}, too, with another value: remove one of them",
        one.place(key)
    )))
}

/// The regions of a cloud.
pub(super) struct Regions {
    /// Names, each with what holds there.
    known: Vec<(String, Entry)>,
    /// Whether they come from `regions`; what is in `region_name` is only a name.
    are_listed: bool,
    /// What they are of.
    name: String,
}

impl Regions {
    /// Those that a cloud lists or names, or else its profile.
    pub(super) fn of(cloud: &Entry, profile: &Entry) -> Result<Self, Error> {
        for entry in [cloud, profile] {
            if let Some(node) = entry.beside.get("regions").filter(|node| !node.is_null()) {
                return Self::read(node, "regions");
            }
            if let Some(node) = entry.beside.get("region_name").filter(|n| !n.is_null()) {
                return Self::read(node, "region_name");
            }
        }
        Ok(Self {
            known: Vec::new(),
            are_listed: false,
            name: String::new(),
        })
    }

    fn read(node: &Node, key: &str) -> Result<Self, Error> {
        let known = match (node.list(), node.text(key)) {
            (Some(list), _) => list.iter().map(|node| region(node, key)).collect(),
            (None, Ok(Some(text))) => {
                let names = text.expose_secret().split(',').map(str::trim);
                let names = names.filter(|name| !name.is_empty());
                let names = names.map(|name| (name.to_owned(), Entry::default()));
                Ok(names.collect())
            }
            (None, Ok(None)) => Ok(Vec::new()),
            (None, Err(_)) => Err(invalid(format!(
                "{} must be a name or a list of regions: correct it",
                node.place(key)
            ))),
        };
        Ok(Self {
            known: known?,
            are_listed: key == "regions",
            name: node.place(key),
        })
    }

    /// The region that is wanted, or else the first one, with what holds there.
    ///
    /// `asked` is what the caller wants, which a mere `region_name` does not bind; then comes
    /// `variable`, `OS_REGION_NAME`, and of a list the one that `named` says.
    pub(super) fn choose(
        mut self,
        asked: Asked<'_>,
        variable: Option<&str>,
        named: Option<&str>,
    ) -> Result<Option<(String, Entry)>, Error> {
        let named = named.filter(|_| self.are_listed);
        let (asked, names) = (asked.region, asked.names);
        let Some(wanted) = asked.or(variable).or(named) else {
            return Ok((!self.known.is_empty()).then(|| self.known.swap_remove(0)));
        };
        if let Some(at) = self.known.iter().position(|(name, _)| name == wanted) {
            if at > 0 && asked.or(variable).is_none() {
                let name = &self.name;
                tracing::warn!(
                    "region_name chooses {wanted:?}; openstacksdk takes the first of {name}"
                );
            }
            return Ok(Some(self.known.swap_remove(at)));
        }
        if self.known.is_empty() || (asked.is_some() && !self.are_listed) {
            return Ok(Some((wanted.to_owned(), Entry::default())));
        }
        let known = self.known.iter().map(|(name, _)| format!("{name:?}"));
        let known = Vec::from_iter(known).join(", ");
        let source = match (asked, variable) {
            (Some(_), _) => names.of("region"),
            (None, Some(_)) => "OS_REGION_NAME".to_owned(),
            (None, None) => "region_name".to_owned(),
        };
        let name = self.name;
        Err(invalid(format!(
            "{source} is {wanted:?}, but {name} has only {known}: choose one of them"
        )))
    }
}

/// An entry of a list of regions: a name, or a name with values.
fn region(node: &Node, key: &str) -> Result<(String, Entry), Error> {
    let wrong = || {
        let message = "must be names, or mappings of name and values: correct it";
        invalid(format!("{} {message}", node.place(key)))
    };
    if let Ok(Some(name)) = node.text(key) {
        return Ok((name.expose_secret().trim().to_owned(), Entry::default()));
    }
    let map = node.map(key).ok().flatten().ok_or_else(wrong)?;
    if map.keys().any(|key| key != "name" && key != "values") {
        return Err(wrong());
    }
    let name = map.get("name").ok_or_else(wrong)?.text("name")?;
    let name = name.ok_or_else(wrong)?.expose_secret().trim().to_owned();
    let values = map.get("values").map(|node| Entry::of(node, "values"));
    let values = values.transpose()?.unwrap_or_default();
    // What is there for nothing leaves what the cloud says.
    Ok((name, values.without_nulls()))
}
