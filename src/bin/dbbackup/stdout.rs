//! Standard output, as far as it can be used: the standard library takes what was written to one that
//! cannot for written.

use std::io::{self, StdoutLock, Write};

/// Standard output, or none that is open for writing, which fails.
pub(crate) struct Stdout(Option<StdoutLock<'static>>);

impl Stdout {
    pub(crate) fn lock() -> Self {
        Self((!is_read_only()).then(|| io::stdout().lock()))
    }

    fn usable(&mut self) -> io::Result<&mut StdoutLock<'static>> {
        let failure = || io::Error::other("standard output is not open for writing");
        self.0.as_mut().ok_or_else(failure)
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.usable()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.usable()?.flush()
    }
}

#[cfg(unix)]
fn is_open_for(wanted: rustix::fs::OFlags) -> bool {
    use rustix::fs::{OFlags, fcntl_getfl};
    fcntl_getfl(io::stdout()).is_ok_and(|flags| flags & OFlags::RWMODE == wanted)
}

#[cfg(unix)]
fn is_read_only() -> bool {
    is_open_for(rustix::fs::OFlags::RDONLY)
}

/// Whether standard output was closed when the process began, or nobody wants it: in the place of one
/// that was closed the standard library opens the null device, for reading, too, as some programs do
/// for what they ignore. A shell opens it only to write, and whoever says `>/dev/null` knows.
#[cfg(unix)]
pub(crate) fn leads_nowhere() -> bool {
    use std::fs::{File, metadata};
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;

    let is_null = || {
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok::<_, io::Error>(output.metadata()?.rdev() == metadata("/dev/null")?.rdev())
    };
    is_open_for(rustix::fs::OFlags::RDWR) && is_null().unwrap_or_default()
}

#[cfg(not(unix))]
fn is_read_only() -> bool {
    false
}

#[cfg(not(unix))]
pub(crate) fn leads_nowhere() -> bool {
    false
}
