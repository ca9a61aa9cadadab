//! An entry of the files: its keys, those below `auth`, and what wins where several say something.

use std::collections::BTreeMap;
use std::rc::Rc;

use secrecy::ExposeSecret;

use super::yaml::{Map, Node};
use super::{Asked, invalid};
use crate::error::Error;

/// What sources say about a cloud, a profile or a region, by the keys as they are written.
#[derive(Default)]
pub(super) struct Entry {
    /// Beside `auth`.
    pub(super) beside: Map,
    /// Below `auth`.
    pub(super) auth: Map,
}

impl Entry {
    pub(super) fn of(node: &Node, key: &str) -> Result<Self, Error> {
        let mut beside = node.map(key)?.cloned().unwrap_or_default();
        let auth = match beside.remove("auth") {
            Some(auth) => auth.map("auth")?.cloned().unwrap_or_default(),
            None => Map::new(),
        };
        Ok(Self { beside, auth })
    }

    /// This entry, and a weaker one where it says nothing.
    pub(super) fn over(self, mut weaker: Self) -> Self {
        // A stronger key with dashes wins for openstacksdk as well; one without them does not.
        for (own, weaker) in [
            (&self.beside, &mut weaker.beside),
            (&self.auth, &mut weaker.auth),
        ] {
            weaker.retain(|key, _| !key.contains('_') || !own.contains_key(&key.replace('_', "-")));
        }
        weaker.beside.extend(self.beside);
        weaker.auth.extend(self.auth);
        weaker
    }

    /// Without the keys that are there for nothing.
    pub(super) fn without_nulls(mut self) -> Self {
        self.beside.retain(|_, node| !node.is_null());
        self.auth.retain(|_, node| !node.is_null());
        self
    }

    /// This entry with keys that have no dashes. A key that is written in two ways with two values is
    /// refused: which of them counts differs from tool to tool.
    pub(super) fn without_dashes(self) -> Result<Self, Error> {
        let mut seen: BTreeMap<String, (String, Rc<Node>)> = BTreeMap::new();
        let mut plain = Self::default();
        let below = self.auth.into_iter().map(|pair| (true, pair));
        let beside = self.beside.into_iter().map(|pair| (false, pair));
        for (is_below, (key, node)) in below.chain(beside) {
            let name = key.replace('-', "_");
            let map = if is_below {
                &mut plain.auth
            } else {
                &mut plain.beside
            };
            if node.is_null() {
                map.entry(name).or_insert(node);
                continue;
            }
            map.insert(name.clone(), Rc::clone(&node));
            match seen.get(&name) {
                Some((other, value)) if *other != key && !node.says_like(value) => {
                    return Err(invalid(format!(
                        "{} is one key with {}, and they differ: remove one of them",
                        node.place(&key),
                        value.place(other)
                    )));
                }
                _ => seen.insert(name, (key, node)),
            };
        }
        Ok(plain)
    }

    /// The value of a key, one of `auth` as `auth.key`.
    pub(super) fn get(&self, key: &str) -> Option<&Rc<Node>> {
        let (map, key) = match key.strip_prefix("auth.") {
            Some(key) => (&self.auth, key),
            None => (&self.beside, key),
        };
        map.get(key).or_else(|| map.get(&key.replace('_', "-")))
    }

    /// The text of a key, if there is any.
    pub(super) fn plain(&self, key: &str) -> Result<Option<String>, Error> {
        let text = self.get(key).map_or(Ok(None), |node| node.text(key))?;
        Ok(text.map(|text| text.expose_secret().to_owned()))
    }
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
            if let Some(node) = entry.get("regions").filter(|node| !node.is_null()) {
                return Self::read(node, "regions");
            }
            if let Some(node) = entry.get("region_name").filter(|n| !n.is_null()) {
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
        let (names_of_asked, asked) = (asked.names, asked.region);
        let named = named.filter(|_| self.are_listed);
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
        let names = self.known.iter().map(|(name, _)| format!("{name:?}"));
        let names = Vec::from_iter(names).join(", ");
        let source = match (asked, variable) {
            (Some(_), _) => names_of_asked.of("region"),
            (None, Some(_)) => "OS_REGION_NAME".to_owned(),
            (None, None) => "region_name".to_owned(),
        };
        let name = self.name;
        Err(invalid(format!(
            "{source} is {wanted:?}, but {name} has only {names}: choose one of them"
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
