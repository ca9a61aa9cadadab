//! What the list says of the size of a file.

use dbbackup::model::BackupFile;

/// Sizes are told in units of 1024 bytes, rounded in a way that is not documented.
const UNIT: u64 = 1024;

/// What the list says of the size of a file.
pub(crate) struct Listed {
    pub(crate) size: Option<u64>,
    /// A size whose unit is not documented; it is a byte at least.
    least: u64,
    /// Whether nothing says that the file is empty.
    has_bytes: bool,
}

impl Listed {
    pub(crate) fn of(file: &BackupFile) -> Self {
        let least = file.size_without_unit.map(u64::try_from);
        Self {
            size: file.size,
            least: least.and_then(Result::ok).unwrap_or_default(),
            has_bytes: file.size != Some(0) && file.size_without_unit != Some(0),
        }
    }

    /// Says how many bytes are too many or not enough.
    pub(crate) fn check(&self, bytes: u64) -> Result<(), String> {
        let is_near = |size: u64| bytes.abs_diff(size) <= UNIT && (bytes > 0 || size == 0);
        match self.size {
            Some(size) if !is_near(size) => Err(format!("{bytes} bytes in place of {size}")),
            _ if bytes < self.least => {
                Err(format!("{bytes} bytes in place of {} or more", self.least))
            }
            _ if bytes == 0 && self.has_bytes => {
                Err("no bytes, though the list does not say that the file is empty".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Bytes that a file of this size has at most.
    pub(crate) fn most(&self) -> Option<u64> {
        self.size.map(|size| size.saturating_add(UNIT))
    }
}
