//! What this process must not show: its secrets, wherever a server has put them.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::OnceLock;

use dbbackup::transport::Transport;

/// The one that calls are made over; it knows the secrets.
static TRANSPORT: OnceLock<Transport> = OnceLock::new();

/// From now on, nothing that shows a secret of this transport is shown.
pub(crate) fn hide_secrets_of(transport: &Transport) {
    // A process has one.
    let _ = TRANSPORT.set(transport.clone());
}

/// A text that may be shown in place of this one.
pub(crate) fn without_secrets(text: &str) -> &str {
    let transport = TRANSPORT.get();
    transport.map_or(text, |transport| transport.without_secrets(text))
}

/// A line of indented JSON that may be shown in place of this one; the names of fields are ours.
pub(crate) fn json_without_secrets(line: &str) -> Cow<'_, str> {
    let end = line.strip_suffix(',').unwrap_or(line).len();
    let indent = line.len() - line.trim_start().len();
    let after_name = line.find("\": ").map(|at| at + 3);
    for start in [Some(indent), after_name].into_iter().flatten() {
        let text = line.get(start..end).map(serde_json::from_str::<String>);
        let Some(Ok(text)) = text else { continue };
        let shown = without_secrets(&text);
        if shown != text {
            return format!("{}\"{shown}\"{}", &line[..start], &line[end..]).into();
        }
    }
    line.into()
}

/// Standard error for a log, which writes a line at a time.
pub(crate) struct Log;

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let shown = without_secrets(&text);
        writeln!(io::stderr(), "{}", shown.trim_end())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
