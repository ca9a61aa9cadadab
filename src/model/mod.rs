//! The values that travel: checked ones in requests, tolerant ones in responses.
//!
//! What is sent is strict: ids that are safe in a path ([`ProjectId`], [`InstanceId`], [`NodeId`],
//! [`BackupId`]) and texts within the documented rules ([`BackupName`], [`BackupDescription`]).
//! What is received is read as it comes: [`Timestamp`] keeps any text, [`BackupStatus`] and the
//! other open enums any word. [`Backup`], [`Instance`], [`Policy`], [`Job`] and [`BackupFiles`] have
//! one form for all services.

mod backup;
mod checked;
mod files;
mod form;
mod instance;
mod lenient;
mod link;
mod open;
mod policy;
pub mod rule;
mod timestamp;

pub use backup::{Backup, BackupFilter, BackupRef, Listing, NewBackup};
pub use checked::{
    BackupDescription, BackupId, BackupName, Checked, InstanceId, NodeId, ProjectId,
};
pub use files::{BackupFile, BackupFiles, Deletion};
pub(crate) use instance::RestorePoint;
pub use instance::{Instance, Job, Node, Restore};
pub(crate) use lenient::{field, list};
pub use link::DownloadLink;
pub use open::{BackupStatus, BackupType, Engine, InstanceStatus, JobStatus};
pub use policy::Policy;
pub use timestamp::Timestamp;
