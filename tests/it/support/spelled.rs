//! Spellings in which a text comes back from servers, and a reader that finds it in all of them.

use std::fmt::Write;

type Spell = fn(&str) -> String;

/// What servers make of a text that they quote.
pub(crate) const SPELLINGS: [Spell; 15] = [
    str::to_owned,
    |text| serde_json::to_string(text).unwrap(),
    |text| each(text, |c| !c.is_ascii() || "\"\\".contains(c), unit),
    |text| each(text, |_| true, unit),
    |text| each(text, |_| true, |unit, to| write!(to, "\\u{unit:04X}")),
    |text| form_urlencoded::byte_serialize(text.as_bytes()).collect(),
    |text| text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
    |text| text.bytes().map(|byte| format!("%{byte:02x}")).collect(),
    |text| {
        let names = [
            ('&', "&amp;"),
            ('"', "&quot;"),
            ('<', "&lt;"),
            ('\'', "&apos;"),
            ('ü', "&uuml;"),
        ];
        names
            .iter()
            .fold(text.to_owned(), |text, (c, name)| text.replace(*c, name))
    },
    |text| {
        text.chars()
            .map(|c| format!("&#{};", u32::from(c)))
            .collect()
    },
    |text| {
        text.chars()
            .map(|c| format!("&#x{:X};", u32::from(c)))
            .collect()
    },
    base64,
    |text| {
        base64(&format!("x{text}"))
            .replace('+', "-")
            .replace('/', "_")
    },
    |text| base64(&format!("xy{text}")),
    |text| {
        let escaped = text.replace('\\', "\\\\").replace('\'', "\\'");
        format!(
            "'{}'",
            escaped
                .replace('ü', "\\xfc")
                .replace('\r', "\\r")
                .replace('\n', "\\n")
        )
    },
];

fn unit(unit: u16, to: &mut String) -> std::fmt::Result {
    write!(to, "\\u{unit:04x}")
}

/// A text with some of its characters written as their units of UTF-16.
fn each(
    text: &str,
    is_written: impl Fn(char) -> bool,
    written: impl Fn(u16, &mut String) -> std::fmt::Result,
) -> String {
    let mut all = String::new();
    for c in text.chars() {
        if !is_written(c) {
            all.push(c)
        } else {
            (c.encode_utf16(&mut [0; 2]).iter()).for_each(|u| written(*u, &mut all).unwrap())
        }
    }
    all
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |bytes: &[u8]| {
        let bits = (0..3).fold(0, |bits, place| {
            bits << 8 | usize::from(*bytes.get(place).unwrap_or(&0))
        });
        let digit = |place: usize| char::from(DIGITS[bits >> (18 - 6 * place) & 63]);
        let digits = (0..4).map(|place| {
            if place > bytes.len() {
                '='
            } else {
                digit(place)
            }
        });
        digits.collect::<String>()
    };
    text.as_bytes().chunks(3).map(group).collect()
}

/// The spelling in which a text shows a word of ASCII letters and digits, if there is one.
pub(crate) fn shown_as(text: &str, word: &str) -> Option<String> {
    let spelled = SPELLINGS.iter().map(|spell| spell(word));
    let quoted = |text: String| text.trim_matches(['"', '\'']).to_owned();
    // In Base64 what stands before it decides; its ends hold bits of the neighbors.
    let inner = (0..3).map(|before| {
        let digits = base64(&format!("{}{word}", "x".repeat(before)));
        let whole = (before + word.len()) * 8 / 6;
        digits[(before * 8).div_ceil(6)..whole].to_owned()
    });
    let mut needles = spelled
        .map(quoted)
        .filter(|needle| !needle.ends_with('='))
        .chain(inner);
    needles.find(|needle| text.contains(needle.as_str()))
}

#[test]
fn a_word_is_found_in_each_spelling() {
    for spell in SPELLINGS {
        for before in ["", "a", "ab", "abc"] {
            let text = spell(&format!("{before}\"Zebra4711\"ü"));
            assert!(shown_as(&text, "Zebra4711").is_some(), "{text}");
            assert_eq!(shown_as(&text, "Lemur4712"), None, "{text}");
        }
    }
}
