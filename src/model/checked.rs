//! Texts that obey a rule from the moment they exist: ids, names and descriptions.
//!
//! One generic type, [`Checked`], holds the text; a [`Rule`] of `rule.rs` says what is allowed.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::rule::{self, Rule};
use crate::error::InvalidValue;

/// Id of a project, safe as a segment of a path.
pub type ProjectId = Checked<rule::ProjectId>;
/// Id of an instance, safe as a segment of a path.
pub type InstanceId = Checked<rule::InstanceId>;
/// Id of the *primary node* of an instance, which rds-v1 wants; safe as a segment of a path.
pub type NodeId = Checked<rule::NodeId>;
/// Id of a backup, safe as a segment of a path.
pub type BackupId = Checked<rule::BackupId>;
/// Name of a backup: 4 to 64 characters, a letter first, then letters, digits, `-` and `_`.
///
/// # Examples
///
/// ```
/// use dbbackup::model::BackupName;
///
/// assert!("before-migration".parse::<BackupName>().is_ok());
/// let refused = "1st".parse::<BackupName>().unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "name must be 4 to 64 characters, an ASCII letter first, then ASCII letters, digits, '-' \
///      and '_', but it has 3 characters"
/// );
/// ```
pub type BackupName = Checked<rule::BackupName>;
/// Description of a backup: up to 256 characters without any of `! < > = ' & "`.
pub type BackupDescription = Checked<rule::BackupDescription>;

/// A text that obeys the rule `R`.
///
/// Made by [`str::parse`] or `try_from`.
///
/// # Errors
///
/// Each of these ways gives [`InvalidValue`] when the text breaks the rule.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Checked<R: Rule>(String, PhantomData<R>);

impl<R: Rule> Checked<R> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<R: Rule> TryFrom<String> for Checked<R> {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        match R::fault(&text) {
            None => Ok(Self(text, PhantomData)),
            Some(fault) => Err(InvalidValue::new(R::FIELD, R::RULE, fault)),
        }
    }
}

impl<R: Rule> TryFrom<&str> for Checked<R> {
    type Error = InvalidValue;

    fn try_from(text: &str) -> Result<Self, InvalidValue> {
        text.to_owned().try_into()
    }
}

impl<R: Rule> FromStr for Checked<R> {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        text.try_into()
    }
}

impl<R: Rule> From<Checked<R>> for String {
    fn from(checked: Checked<R>) -> Self {
        checked.0
    }
}

impl<R: Rule> AsRef<str> for Checked<R> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<R: Rule> fmt::Display for Checked<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<R: Rule> fmt::Debug for Checked<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
