//! Files of a backup, and what became of a deletion.

use serde::{Deserialize, Serialize};

use super::{BackupId, DownloadLink, Timestamp};
use crate::error::ApiError;

/// The files of a backup.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BackupFiles {
    /// Bucket that holds the files.
    pub bucket: Option<String>,
    /// The files.
    pub files: Vec<BackupFile>,
}

/// A file of a backup.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BackupFile {
    /// Name.
    pub name: Option<String>,
    /// Size in bytes on rds-v3, converted from KB, which is taken as 1024 bytes.
    pub size: Option<u64>,
    /// Size as gaussdb-v3 gives it, whose unit is not documented.
    pub size_without_unit: Option<i64>,
    /// Link for downloading it.
    pub link: Option<DownloadLink>,
    /// Time at which the link expires.
    pub expires: Option<Timestamp>,
    /// Database in the file, if it is the file of one.
    pub database: Option<String>,
}

/// What became of one of several backups to delete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Deletion {
    /// Id of the backup.
    pub id: BackupId,
    /// Why the backup is not being deleted, or `None` when it is.
    pub refused: Option<ApiError>,
}
