//! Files in a folder into which others may put something, too.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

/// A file that is there, to read it and to add to it, if it is a plain one of this user with this
/// name alone. Whatever else has the name is not opened, not followed and not waited for.
pub(crate) fn open(path: &Path) -> io::Result<Option<File>> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Ok(None);
    }
    // Something else may be there by now.
    let file = match open_unfollowed(path) {
        // That of another user.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return Ok(None),
        opened => opened?,
    };
    let is_own = is_own(&file.metadata()?);
    Ok(is_own.then_some(file))
}

#[cfg(unix)]
fn open_unfollowed(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let how = OFlags::RDWR | OFlags::APPEND | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    Ok(rustix::fs::open(path, how, Mode::empty())?.into())
}

#[cfg(not(unix))]
fn open_unfollowed(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).open(path)
}

#[cfg(unix)]
fn is_own(file: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    file.is_file() && file.nlink() == 1 && file.uid() == user
}

#[cfg(not(unix))]
fn is_own(file: &Metadata) -> bool {
    file.is_file()
}

/// Makes a file that nobody else can read, if nothing has its name, also no link.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create_new(true).read(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Gives a file another name, if nothing has it.
pub(crate) fn rename(file: &File, from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from)?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
        // Not every file system has two names for a file.
        Err(_) => rename_over_new(from, to)?,
    }
    if is_at(file, to)? {
        return Ok(());
    }
    // Only the new name; what it leads to is somebody else's.
    fs::remove_file(to)?;
    let what = format!(
        "somebody has put another file in the place of {}",
        from.display()
    );
    Err(io::Error::other(what))
}

/// Likewise: the file that is replaced is an empty one that was not there before.
fn rename_over_new(from: &Path, to: &Path) -> io::Result<()> {
    create(to)?;
    fs::rename(from, to).inspect_err(|_| {
        // The first failure counts.
        let _ = fs::remove_file(to);
    })
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (ours, there) = (file.metadata()?, fs::symlink_metadata(path)?);
    Ok((ours.dev(), ours.ino()) == (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    Ok(fs::symlink_metadata(path)?.is_file())
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a failed test is what it is for")]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    use super::*;

    fn folder(test: &str) -> PathBuf {
        let folder = format!("dbbackup-own-{}-{test}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Both ways to give a name: with a second one, and on file systems that have no such.
    type Rename = fn(&File, &Path, &Path) -> io::Result<()>;
    const WAYS: [Rename; 2] = [rename, |_, from, to| rename_over_new(from, to)];

    #[test]
    fn a_new_name_replaces_nothing() {
        for (number, rename) in WAYS.into_iter().enumerate() {
            let folder = folder(&format!("name-{number}"));
            let at = |name: &str| folder.join(name);
            let part = create(&at("part")).unwrap();
            fs::write(at("part"), "whole").unwrap();
            fs::write(at("taken"), "mine").unwrap();
            symlink(at("elsewhere"), at("link")).unwrap();
            for taken in ["taken", "link"] {
                let refused = rename(&part, &at("part"), &at(taken)).unwrap_err();
                assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
            }
            assert_eq!(fs::read_to_string(at("taken")).unwrap(), "mine");
            assert!(!at("elsewhere").exists());
            rename(&part, &at("part"), &at("whole")).unwrap();
            assert_eq!(fs::read_to_string(at("whole")).unwrap(), "whole");
            assert!(!at("part").exists());
            fs::remove_dir_all(folder).unwrap();
        }
    }

    #[test]
    fn a_file_that_took_the_place_of_the_part_gets_no_name() {
        let folder = folder("swapped");
        let at = |name: &str| folder.join(name);
        let part = create(&at("part")).unwrap();
        fs::rename(at("part"), at("gone")).unwrap();
        symlink(at("elsewhere"), at("part")).unwrap();
        let refused = rename(&part, &at("part"), &at("whole")).unwrap_err();
        let what = "somebody has put another file in the place of";
        assert!(refused.to_string().starts_with(what), "{refused}");
        assert!(fs::symlink_metadata(at("whole")).is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
