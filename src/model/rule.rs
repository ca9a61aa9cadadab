//! The rules that checked texts obey, one marker type for each kind of text.

/// A rule for texts; the markers of this module are the only implementations.
///
/// Without a rule of its own a text is an id. Ids go into paths, where `/`, `..` or an escape would
/// address something else.
pub trait Rule: sealed::Sealed + Clone {
    /// Name of the field that holds such a text.
    const FIELD: &'static str;

    /// The rule, in words that follow "must be".
    const RULE: &'static str = "1 or more ASCII letters, digits, '-' and '_'";

    /// What is wrong with a text, in words that follow "but it", or `None`.
    fn fault(text: &str) -> Option<String> {
        if text.is_empty() {
            return Some("is empty".to_owned());
        }
        strange(text, is_word)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::ProjectId {}
    impl Sealed for super::InstanceId {}
    impl Sealed for super::NodeId {}
    impl Sealed for super::BackupId {}
    impl Sealed for super::BackupName {}
    impl Sealed for super::BackupDescription {}
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

fn strange(text: &str, allowed: fn(char) -> bool) -> Option<String> {
    let (place, c) = text.chars().enumerate().find(|(_, c)| !allowed(*c))?;
    Some(format!("has {c:?} as character {}", place + 1))
}

/// Marks ids of projects.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProjectId {}

impl Rule for ProjectId {
    const FIELD: &'static str = "project_id";
}

/// Marks ids of instances.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InstanceId {}

impl Rule for InstanceId {
    const FIELD: &'static str = "instance_id";
}

/// Marks ids of primary nodes.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeId {}

impl Rule for NodeId {
    const FIELD: &'static str = "instance (a primary node id)";
}

/// Marks ids of backups.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BackupId {}

impl Rule for BackupId {
    const FIELD: &'static str = "backup_id";
}

/// Marks names of backups.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BackupName {}

impl Rule for BackupName {
    const FIELD: &'static str = "name";
    const RULE: &'static str =
        "4 to 64 characters, an ASCII letter first, then ASCII letters, digits, '-' and '_'";
    fn fault(text: &str) -> Option<String> {
        match text.chars().count() {
            4..=64 => {}
            count => return Some(format!("has {count} characters")),
        }
        match text.chars().next() {
            Some(first) if !first.is_ascii_alphabetic() => Some(format!("starts with {first:?}")),
            _ => strange(text, is_word),
        }
    }
}

/// Marks descriptions of backups.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BackupDescription {}

impl Rule for BackupDescription {
    const FIELD: &'static str = "description";
    const RULE: &'static str = "at most 256 characters without any of ! < > = ' & \"";
    fn fault(text: &str) -> Option<String> {
        match text.chars().count() {
            0..=256 => strange(text, |c| {
                !matches!(c, '!' | '<' | '>' | '=' | '\'' | '&' | '"')
            }),
            count => Some(format!("has {count} characters")),
        }
    }
}
