//! What the sources of a configuration call its values.

use std::collections::BTreeMap;

/// What the values of a [`Config`](crate::config::Config) are called where they come from, so that a
/// message says what to correct: a field, an option, a variable, or a key of a cloud and its file. Never
/// a value.
///
/// # Examples
///
/// ```
/// use dbbackup::auth::Names;
///
/// let names = Names::default().with("rds_url", &["--endpoint"]);
/// assert_eq!(names.of("rds_url"), "--endpoint");
/// assert_eq!(names.of("region"), "region");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// By field of the configuration: where the value is from, or all places for one that is missing.
    of: BTreeMap<&'static str, Vec<String>>,
    not_counting: Option<&'static str>,
}

/// What stands between a key and the place of the cloud that it belongs to.
const OF_CLOUD: &str = " of cloud ";

impl Names {
    /// Names for an explicit value in place of that of the field; none where it cannot be given so.
    #[must_use]
    pub fn with(mut self, field: &'static str, names: &[&str]) -> Self {
        let names = names.iter().map(|name| (*name).to_owned());
        self.of.insert(field, names.collect());
        self
    }

    /// Never names what begins like this, because it does not count.
    #[must_use]
    pub fn without(mut self, beginning: &'static str) -> Self {
        self.not_counting = Some(beginning);
        self
    }

    /// What to set or to correct for a field.
    pub fn of(&self, field: &'static str) -> String {
        let own = [field.to_owned()];
        joined(self.of.get(field).map_or(&own, Vec::as_slice), " or ")
    }

    /// Like [`of`](Self::of), if the field has been given names.
    pub(crate) fn known(&self, field: &'static str) -> Option<String> {
        Some(joined(self.of.get(field)?, " or "))
    }

    /// The names of the parts of the credentials, if they are from a source that has names.
    pub(crate) fn of_credentials(&self) -> Option<String> {
        Some(joined(self.of.get(CREDENTIALS)?, " and "))
    }

    /// The cloud and its file, if one of the values is from there.
    pub(crate) fn cloud(&self) -> Option<&str> {
        let mut all = self.of.values().flatten();
        all.find_map(|name| Some(name.split_once(OF_CLOUD)?.1))
    }

    /// What another source calls a field that has had no value so far, and whether it has one there.
    pub(crate) fn add(&mut self, field: &'static str, name: &str, is_set: bool) {
        let is_counting = self
            .not_counting
            .is_none_or(|beginning| !name.starts_with(beginning));
        let names = self
            .of
            .entry(field)
            .or_insert_with(|| vec![field.to_owned()]);
        if is_set {
            names.clear();
        }
        if is_counting && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }

    /// What a source calls the parts of the credentials that it has.
    pub(crate) fn set_credentials(&mut self, names: &[String]) {
        self.of.insert(CREDENTIALS, names.to_vec());
    }
}

/// Not a name that anybody can set.
const CREDENTIALS: &str = "credentials";

/// Names in a sentence; the place of keys that follow one another is told once.
fn joined(names: &[String], last: &str) -> String {
    let place = |name: &str| name.split_once(OF_CLOUD).map(|(_, place)| place.to_owned());
    let shown = names.iter().enumerate().map(|(number, name)| {
        let next = names.get(number + 1).and_then(|next| place(next));
        match name.split_once(OF_CLOUD) {
            Some((key, place)) if next.as_deref() == Some(place) => key,
            _ => name,
        }
    });
    let mut shown: Vec<&str> = shown.collect();
    let end = shown.pop().unwrap_or_default();
    if shown.is_empty() {
        end.to_owned()
    } else {
        format!("{}{last}{end}", shown.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_keys_is_told_once() {
        let mut names = Names::default();
        assert_eq!((names.of_credentials(), names.cloud()), (None, None));
        let parts = ["auth.username", "auth.password"];
        let mut parts = parts
            .map(|key| format!("{key} of cloud \"a\" in f"))
            .to_vec();
        parts.push("OS_PASSWORD".to_owned());
        names.set_credentials(&parts);
        let said = "auth.username, auth.password of cloud \"a\" in f and OS_PASSWORD";
        assert_eq!(names.of_credentials().as_deref(), Some(said));
        assert_eq!(names.cloud(), Some("\"a\" in f"));
    }

    #[test]
    fn a_value_is_named_by_its_source_and_a_missing_one_by_all() {
        let mut names = Names::default().without("DBBACKUP_");
        names.add("region", "DBBACKUP_REGION", false);
        names.add("region", "OS_REGION_NAME", false);
        names.add("region", "OS_REGION_NAME", false);
        assert_eq!(names.of("region"), "region or OS_REGION_NAME");
        names.add("region", "region_name of cloud \"a\" in f", true);
        assert_eq!(names.of("region"), "region_name of cloud \"a\" in f");
    }
}
