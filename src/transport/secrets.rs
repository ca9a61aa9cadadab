//! Whether a text shows a secret, in whatever spelling it comes back.

use reqwest::header::HeaderValue;
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;

use super::Transport;
use super::spellings::{ESCAPES, base64};

/// What is shown in place of a text with a secret.
pub(super) const HIDDEN: &str = "[hidden]";

/// Spellings within spellings that are undone, such as JSON in Base64 in a string of JSON.
const LAYERS: usize = 3;
/// Bytes that are looked through; a text that takes more is not shown.
const MOST: usize = 16 * 1024 * 1024;
/// Letters and digits by which alone a secret is known.
const ENOUGH: usize = 6;
/// Letters and digits by which one of twice as many is known.
const BEGINNING: usize = 24;

impl Transport {
    /// A text, or `[hidden]` if it shows a password, token or secret key of this transport or the
    /// password of a proxy, in any of the spellings in which servers quote what they were sent: JSON, HTML,
    /// URLs, Base64 and the like.
    ///
    /// Errors have been through it. What a service has accepted, such as the name of a backup, is
    /// returned as it is: ask this before it is shown.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> Result<(), dbbackup::Error> {
    /// use dbbackup::{auth::Credentials, transport::Transport};
    ///
    /// let transport = Transport::new(Credentials::token("gAAAAA+secret"))?;
    /// assert_eq!(transport.without_secrets("nightly"), "nightly");
    /// assert_eq!(transport.without_secrets("for gAAAAA%2Bsecret"), "[hidden]");
    /// # Ok(())
    /// # }
    /// ```
    pub fn without_secrets<'a>(&self, text: &'a str) -> &'a str {
        if self.shows(text, None) { HIDDEN } else { text }
    }

    /// Whether a text shows a secret; a token of a request may not be the newest one.
    pub(super) fn shows(&self, text: &str, token: Option<&HeaderValue>) -> bool {
        let newest = self.shared.identity.token();
        let tokens = [token, newest.as_ref()].into_iter().flatten();
        let of_proxies = self.shared.of_proxies.iter();
        let secrets = self.shared.identity.secrets().into_iter();
        let secrets = secrets.chain(of_proxies.map(ExposeSecret::expose_secret));
        let secrets = secrets.chain(tokens.filter_map(|token| token.to_str().ok()));
        shows(text, &secrets.collect::<Vec<_>>())
    }
}

/// Whether a text shows one of the secrets: plainly, or as JSON, Python, HTML, a URL or Base64 write
/// it, one within the other, in any encoding, and in letters of either case.
fn shows(text: &str, secrets: &[&str]) -> bool {
    let secrets: Vec<_> = secrets.iter().filter_map(|text| Form::of(text)).collect();
    if secrets.is_empty() {
        return false;
    }
    let mut readings = vec![(0, text.to_owned())];
    let mut looked_through = 0;
    while let Some((layer, reading)) = readings.pop() {
        looked_through += reading.len();
        let form = Form::of(&reading);
        let is_shown = form.is_some_and(|form| secrets.iter().any(|secret| secret.is_in(&form)));
        if is_shown || looked_through > MOST {
            return true;
        }
        if layer < LAYERS {
            let escapes = ESCAPES.iter().filter_map(|undo| undo(&reading));
            let deeper = escapes.chain(base64(&reading));
            readings.extend(deeper.map(|reading| (layer + 1, reading)));
        }
    }
    false
}

/// A text as it is compared: in small letters.
struct Form {
    /// With a space for each `+`, as in forms.
    text: Zeroizing<String>,
    /// Its letters and digits of ASCII: what is left in any encoding, and with breaks in between.
    letters: Zeroizing<String>,
}

impl Form {
    /// None of a text that has nothing.
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        (!text.is_empty()).then(|| Self {
            text: Zeroizing::new(text.replace('+', " ").to_ascii_lowercase()),
            letters: Zeroizing::new(letters.map(|c| c.to_ascii_lowercase()).collect()),
        })
    }

    fn is_in(&self, other: &Self) -> bool {
        let has_enough = self.letters.len() >= ENOUGH;
        // Of a long one its beginning is enough: some cut off what they quote.
        let letters = if self.letters.len() >= 2 * BEGINNING {
            &self.letters[..BEGINNING]
        } else {
            &self.letters
        };
        other.text.contains(&*self.text) || has_enough && other.letters.contains(letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_shown(secret: &str, texts: &[&str]) {
        for text in texts {
            assert!(shows(text, &["another", secret]), "{secret} in {text}");
        }
    }

    #[test]
    fn a_secret_is_known_in_every_spelling() {
        let plain = "no: Quo\"te\\0 p\tü+🔑!";
        let json = r#"{"password":"Quo\"te\\0 p\tü+🔑"}"#;
        let ascii = r#"{"password":"Quo\u0022te\u005C0 p\u0009\u00fc+\ud83d\udd11"}"#;
        let twice = r#"{\"password\":\"Quo\\\"te\\\\0 p\\t\\u00FC+\\uD83D\\uDD11\"}"#;
        let python = r#"{'password': 'Quo"te\\0 p\t\xfc+\U0001f511'}"#;
        let octal = r#"Quo\"te\\0 p\t\303\274+\360\237\224\221"#;
        let url = "user=a&password=Quo%22te%5C0+p%09%C3%BC%2B%F0%9F%94%91&x=1";
        let lower = "Quo%22te%5c0%20p%09%c3%bc%2b%f0%9f%94%91";
        let html = "<b>Quo&quot;te\\0 p\t&uuml;+&#128273;</b>";
        let numbers = "Quo&#34;te&#x5c;0&#32;p&#9;&#xFC;&#43;&#x1f511;";
        let bare = "Quo&#34te\\0 p&#9&#252+&#x1f511";
        let of_scripts = "Quo%u0022te%u005c0%20p%09%u00FC+%uD83D%uDD11";
        let of_html = "Quo&amp;quot;te\\0 p&amp;#9;&amp;uuml;+&amp;#128273;";
        let spellings = [
            plain, json, ascii, twice, python, octal, url, lower, html, numbers, bare, of_scripts,
            of_html,
        ];
        assert_shown("Quo\"te\\0 p\tü+🔑", &spellings);
        // Where few of the letters are those of ASCII, the others count.
        assert_shown(
            "Ü\"ß",
            &[
                r#""Ü\"ß""#,
                r"\u00dc\u0022\u00DF",
                "%u00DC%u0022%u00df",
                "&#220&quot&#xDF",
                "%C3%9C%22%C3%9F",
            ],
        );
    }

    #[test]
    fn a_secret_is_known_in_base64() {
        // `user:Quo"te0pass`, a request with it as JSON, and both with the alphabet of URLs and breaks.
        let texts = [
            "Proxy-Authorization: Basic dXNlcjpRdW8idGUwcGFzcw==",
            "authorization%3DBasic%20dXNlcjpRdW8idGUwcGFzcw%3D%3D",
            r#"{"error_msg": "eyJwYXNzd29yZCI6IlF1b1wi\r\ndGUwcGFzcyJ9"}"#,
            "raw:xyeyJwYXNzd29yZCI6IlF1b1widGUwcGFzcyJ9",
            "UXVvInRlMHBhc3M",
        ];
        assert_shown("Quo\"te0pass", &texts);
        assert_shown(
            "~?>~?>~?>",
            &["fj8+fj8+fj8+", "fj8-fj8-fj8-", "Kjp-Pz5-Pz5-Pz4="],
        );
    }

    #[test]
    fn a_secret_is_known_in_another_encoding() {
        let latin = String::from_utf8_lossy(b"no: Zugang-\xfc-2026");
        let utf16: String = "Zugang-ü-2026".chars().flat_map(|c| [c, '\0']).collect();
        assert_shown(
            "Zugang-ü-2026",
            &[&latin, "no: Zugang-Ã¼-2026", "no: Zugang-?-2026", &utf16],
        );
    }

    #[test]
    fn a_secret_is_known_in_letters_of_either_case() {
        assert_shown("gAAAAA-Token", &["GAAAAA-TOKEN", "for gaaaaatoken"]);
    }

    #[test]
    fn the_beginning_of_a_long_secret_is_one() {
        let token = "MIIFvgYJKoZIhvcNAQcCoIIFrzCCBasCAQExDTALBglghkgBZQMEAgEw";
        assert_shown(
            token,
            &[&token[..30], "X-Auth-Token: MIIFvgYJKoZIhvcNAQcCoIIF..."],
        );
        assert!(!shows(&token[..20], &[token]));
        assert!(!shows(&token[30..], &[token]));
    }

    #[test]
    fn other_texts_show_nothing() {
        let secrets = ["Quo\"te0pass", "one", "", " "];
        for text in [
            "",
            "The user name or password is wrong: 100% &amp; \\u00fc dXNlcjpwYXNz",
            "%",
            "&",
            "\\",
        ] {
            assert!(!shows(text, &secrets), "{text}");
        }
    }
}
