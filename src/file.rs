//! Files that the user names.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use secrecy::zeroize::Zeroizing;

/// Bytes that a file may have, many more than those of any real one.
const MOST: u64 = 4 << 20;

/// All of a file, wiped when it is dropped; what never ends, such as a device, is refused.
pub(crate) fn read(file: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let file = File::open(file)?;
    let length = usize::try_from(file.metadata()?.len().min(MOST)).unwrap_or_default();
    // With room for all of it, no copy stays behind as the buffer grows.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        let what = format!("it has more than {MOST} bytes");
        return Err(io::Error::new(ErrorKind::FileTooLarge, what));
    }
    Ok(bytes)
}
