//! The names that stand for a key.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::auth::aksk::hex;
use crate::model::{BackupName, NewBackup};
use crate::service::Service;

/// Characters of the readable part.
const READABLE: usize = 40;
/// Bytes of the hash, each of them two characters.
const HASH: usize = 10;
/// Names that a key has: the first one, and one after each that has failed.
const MOST: usize = 99;

/// The names that stand for a key, from the first one on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Names(String);

impl Names {
    /// Names that begin like that of the backup, for a key of its instance.
    pub(super) fn new(service: Service, new: &NewBackup, key: &str) -> Self {
        // No part has a zero byte but the last one, so that no two triples look alike.
        let parts = [service.as_str(), new.instance.as_str(), key];
        let hash = Sha256::digest(parts.join("\0"));
        let name = new.name.as_str();
        // A name has only ASCII characters.
        let readable = name.get(..READABLE).unwrap_or(name);
        Self(format!("{readable}-{}", hex(&hash[..HASH])))
    }

    /// A name, counted from 1.
    pub(super) fn get(&self, number: usize) -> Option<BackupName> {
        let name = match number {
            1 => self.0.clone(),
            2..=MOST => format!("{}-{number}", self.0),
            _ => return None,
        };
        name.try_into().ok()
    }

    /// Which of the names this is, whatever its readable part.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        let (_, hash) = self.0.rsplit_once('-')?;
        let (readable, rest) = name.rsplit_once(hash)?;
        let number = match rest {
            "" => 1,
            rest => rest.strip_prefix('-')?.parse().ok()?,
        };
        let own = Self(format!("{}-{hash}", readable.strip_suffix('-')?));
        let is_it = own.get(number)?.as_str() == name;
        is_it.then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANCE: &str = "d8e6ca5a624745bcb546a227aa3ae1cfin01";

    fn names(service: Service, instance: &str, name: &str, key: &str) -> Names {
        let parsed = instance.parse().ok().zip(name.parse().ok());
        let new = parsed.map(|(instance, name)| NewBackup::new(instance, name));
        Names::new(service, &new.unwrap_or_else(|| panic!("{name}")), key)
    }

    #[test]
    fn a_name_is_the_same_in_every_release() {
        let names = names(Service::RdsV3, INSTANCE, "before-deploy", "release-42");
        assert_eq!(names.0, "before-deploy-bb03f6446f87c246e9f2");
    }

    #[test]
    fn service_instance_and_key_make_another_name_each() {
        let first = names(Service::RdsV3, INSTANCE, "nightly", "monday").0;
        let node = "d8e6ca5a624745bcb546a227aa3ae1cfin02";
        for other in [
            names(Service::RdsV1, INSTANCE, "nightly", "monday"),
            names(Service::RdsV3, node, "nightly", "monday"),
            names(Service::RdsV3, INSTANCE, "nightly", "tuesday"),
        ] {
            assert_ne!(first, other.0);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_key_has_legal_names_that_are_recognised(
            name in "[a-zA-Z][a-zA-Z0-9_-]{3,63}",
            key in proptest::string::string_regex("(?s).{1,80}").unwrap_or_else(|e| panic!("{e}")),
            number in 1..=MOST,
        ) {
            let names = names(Service::GaussdbV3, INSTANCE, &name, &key);
            let legal = names.get(number);
            proptest::prop_assert!(legal.is_some());
            let text = legal.map(String::from).unwrap_or_default();
            proptest::prop_assert_eq!(names.number(&text), Some(number));
        }
    }

    #[test]
    fn a_key_is_known_by_its_hash() {
        let nightly = names(Service::RdsV3, INSTANCE, "nightly", "monday");
        let release = names(Service::RdsV3, INSTANCE, "release-7", "monday");
        assert_eq!(nightly.number(&format!("{}-7", release.0)), Some(7));
        assert_eq!(
            nightly.number(release.0.trim_start_matches("release-7")),
            None
        );
    }

    #[test]
    fn what_only_looks_like_a_name_is_none() {
        let names = names(Service::RdsV3, INSTANCE, "nightly", "monday");
        for rest in ["-1", "-02", "-+2", "-100", "-", "-2-3", "0", "-x"] {
            assert_eq!(names.number(&format!("{}{rest}", names.0)), None, "{rest}");
        }
        assert_eq!(names.number("nightly"), None);
        assert_eq!(names.get(MOST + 1), None);
    }
}
