//! What is special about a service, as facts that everything above looks up.

use std::ops::RangeInclusive;

use super::{gaussdb_v3, rds_v1, rds_v3, taurusdb_v3};
use crate::error::Error;
use crate::model::{BackupStatus, BackupType};
use crate::service::{Operation, Service};

/// What a service can do, and how it differs from the others.
///
/// # Examples
///
/// ```
/// use dbbackup::{Lists, Service};
///
/// assert_eq!(Service::RdsV3.capabilities().lists, Lists::OfInstance);
/// assert!(!Service::TaurusdbV3.capabilities().names_are_unique);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// What a list of backups shows.
    pub lists: Lists,
    /// The kinds by which a list can be filtered.
    pub listed_kinds: &'static [BackupType],
    /// Whether a list can be filtered by time.
    pub lists_by_time: bool,
    /// Whether a list has the description of each backup that has one.
    pub lists_descriptions: bool,
    /// The id that stands for an instance in calls.
    pub addressed_by: AddressedBy,
    /// Whether a create is refused if there is a backup of its name.
    pub names_are_unique: bool,
    /// The most backups of a project that may be in progress before another one is created: where a list
    /// shows only the newest, more of them could drop out of it.
    pub most_in_progress: Option<usize>,
    /// The states of a backup that can be used.
    pub usable: &'static [BackupStatus],
    /// Whether single databases can be backed up.
    pub single_databases: bool,
    /// Whether databases can be backed up one by one, each as a backup of its own.
    pub individual_databases: bool,
    /// Whether a backup can be restored to another instance than its own.
    pub restores_elsewhere: bool,
    /// The rules for policies.
    pub policy: PolicyRules,
}

/// What a list of backups shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lists {
    /// The newest backups of the project, so many, on a single page.
    Newest(u64),
    /// All backups of one instance, which a list has to name.
    OfInstance,
    /// All backups of the project, or of one instance.
    OfProject,
}

/// The id that stands for an instance in calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressedBy {
    /// The id of the instance.
    Instance,
    /// The id of its primary node, which this service at the same endpoint lists with the instance.
    PrimaryNode(Service),
}

/// The rules for a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyRules {
    /// Days that automated backups are kept; the wider bounds, where the clouds differ.
    pub keep_days: RangeInclusive<u32>,
    /// Seconds between two starts that are allowed, from midnight on.
    pub start_step: u32,
    /// Whether a policy has days of the week.
    pub days: bool,
    /// Whether a policy without a start or days goes back as it came.
    pub may_be_empty: bool,
    /// Whether it has the parts for differential backups, of which the period is required.
    pub differential: bool,
    /// Whether it has a number of backups of level 1.
    pub level1: bool,
}

impl Capabilities {
    /// The most backups that a list shows.
    pub(crate) fn listed(&self) -> u64 {
        match self.lists {
            Lists::Newest(count) => count,
            Lists::OfInstance | Lists::OfProject => u64::MAX,
        }
    }
}

impl Service {
    /// What the service can do, and how it differs from the others.
    pub fn capabilities(self) -> &'static Capabilities {
        match self {
            Self::RdsV1 => &rds_v1::CAPABILITIES,
            Self::RdsV3 => &rds_v3::CAPABILITIES,
            Self::TaurusdbV3 => &taurusdb_v3::CAPABILITIES,
            Self::GaussdbV3 => &gaussdb_v3::CAPABILITIES,
        }
    }

    /// Fails unless the service has a capability, with those that have it.
    pub(crate) fn demand(
        self,
        operation: Operation,
        what: &str,
        can: impl Fn(&Capabilities) -> bool,
    ) -> Result<(), Error> {
        if can(self.capabilities()) {
            return Ok(());
        }
        let others = Self::ALL.iter().copied();
        let others: Vec<_> = others.filter(|other| can(other.capabilities())).collect();
        Err(Error::unsupported(self, operation, what, &others))
    }
}
