//! A reader of all that is logged, which stops the tests when it meets a secret.
//!
//! It is installed for the whole process by what every test with a client or an emulator starts
//! with, and it sees every level of this crate and of the libraries below it.

use std::io::{self, Write};
use std::sync::Once;

use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

/// The secrets that the tests use. Tokens from logins have 64 digits, and so have signatures.
const SECRETS: [&str; 9] = [
    "emulated-password",
    "emulated-secret-key",
    "emulated-token",
    "not-the-password",
    "not-the-secret-key",
    "secret-of-a-test",
    "token-of-a-test",
    "temporary-token",
    "pass\"ü",
];

/// From now on everything that is logged is read.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let log = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
            .with_ansi(false)
            .with_writer(|| Reader);
        log.try_init().unwrap();
    });
}

/// The first secret in a text, whether it is written plainly or as `Debug` writes it.
pub(crate) fn secret_in(text: &str) -> Option<String> {
    let plain = |secret: &&str| text.contains(*secret);
    let escaped = |secret: &&str| text.contains(secret.escape_debug().to_string().as_str());
    let known = SECRETS.iter().find(|s| plain(s) || escaped(s));
    let digits = || {
        // The emulator shows the hash of what it would have signed, and its log all of that.
        let text = text.split("The signature is wrong: ").next().unwrap();
        let text = text.replace("has the hash ", "#");
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '#');
        let is_hex = |word: &&str| word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit());
        words.find(is_hex).map(str::to_owned)
    };
    known.map(|known| (*known).to_owned()).or_else(digits)
}

/// Fails when a text has a secret.
#[track_caller]
pub(crate) fn assert_no_secret(text: &str) {
    assert_eq!(secret_in(text), None, "{text}");
}

struct Reader;

impl Write for Reader {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if let Some(secret) = secret_in(&text) {
            // A panic in a task of its own would not be seen.
            let message = format!("{secret:?} is logged: {text}\n");
            let _ = io::stderr().write_all(message.as_bytes());
            std::process::abort();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
