//! Files that both commands write.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Names that are tried for a new file; others were left by what was killed.
const NAMES: u32 = 100;

/// Writes a file whole or not at all. Nothing is written through a link: what has the name goes,
/// and what a link leads to stays as it is.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (mut file, new) = create_beside(path)?;
    let written = file.write_all(bytes).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // The first failure counts.
        let _ = fs::remove_file(&new);
    }
    written
}

/// A file that nobody else has made, beside another.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    for number in 0..NAMES {
        let mut name = OsString::from(path);
        name.push(format!(".{number}.new"));
        match File::create_new(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return Ok((made?, name.into())),
        }
    }
    let what = format!("there are {NAMES} files that end in .new: remove them");
    Err(io::Error::new(ErrorKind::AlreadyExists, what))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is what it is for")]
mod tests {
    use super::*;

    /// A folder with a file that is not to be changed.
    fn folder(test: &str) -> PathBuf {
        let folder = format!("dbbackup-{}-{test}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("victim"), "mine").unwrap();
        folder
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = folder("links");
        let file = |name: &str| folder.join(name);
        // In the place of the file, and of those in which it is made.
        let symlink = std::os::unix::fs::symlink;
        symlink(file("victim"), file("symbolic")).unwrap();
        symlink(file("victim"), file("symbolic.0.new")).unwrap();
        symlink(file("elsewhere"), file("symbolic.1.new")).unwrap();
        fs::hard_link(file("victim"), file("hard")).unwrap();
        fs::hard_link(file("victim"), file("hard.0.new")).unwrap();
        for name in ["symbolic", "hard"] {
            replace(&file(name), b"new").unwrap();
            assert_eq!(fs::read_to_string(file(name)).unwrap(), "new");
            assert!(fs::symlink_metadata(file(name)).unwrap().is_file());
        }
        assert_eq!(fs::read_to_string(file("victim")).unwrap(), "mine");
        assert!(!file("elsewhere").exists());
        assert!(!file("symbolic.2.new").exists() && !file("hard.1.new").exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_cannot_be_replaced_leaves_nothing_behind() {
        let folder = folder("whole");
        fs::create_dir(folder.join("below")).unwrap();
        replace(&folder.join("below"), b"new").unwrap_err();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        fs::remove_dir_all(folder).unwrap();
    }
}
