//! Spellings: what servers and proxies make of a text when they quote a request.
//!
//! Each function undoes one of them and returns what the text says then, or nothing if it has none.

/// Undoes one kind of escapes.
pub(super) type Undo = fn(&str) -> Option<String>;

pub(super) const ESCAPES: [Undo; 3] = [backslashes, percent, entities];

/// What is written for the controls from 7 on, after a backslash.
const CONTROLS: &str = "abtnvfr";

/// Escapes of JSON, of Python and of other languages, such as `\"`, `\u00fc`, `\xfc` and `\374`.
fn backslashes(text: &str) -> Option<String> {
    replaced(text, '\\', |escape| {
        let kind = escape.chars().next()?;
        let (meaning, length) = match kind {
            'u' => (unicode(&escape[1..])?, 5),
            'x' => (vec![number(escape.get(1..3)?, 16)?.try_into().ok()?], 3),
            '0'..='7' => match escape.get(..3).and_then(|digits| number(digits, 8)) {
                Some(byte) => (vec![byte.try_into().ok()?], 3),
                None => (vec![0], 1),
            },
            other => match (7..).zip(CONTROLS.chars()).find(|(_, c)| *c == other) {
                Some((control, _)) => (vec![control], 1),
                None => (other.to_string().into_bytes(), other.len_utf8()),
            },
        };
        Some((meaning, length))
    })
}

/// A unit of UTF-16 in four hexadecimal digits; what takes two of them is not known.
fn unicode(digits: &str) -> Option<Vec<u8>> {
    let code = number(digits.get(..4)?, 16)?;
    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some(character.to_string().into_bytes())
}

/// `%C3%BC` and `%u00FC`, with hexadecimal digits of either case.
fn percent(text: &str) -> Option<String> {
    replaced(text, '%', |escape| match escape.strip_prefix('u') {
        Some(digits) => Some((unicode(digits)?, 5)),
        None => Some((vec![number(escape.get(..2)?, 16)?.try_into().ok()?], 2)),
    })
}

/// Named entities of HTML for characters of ASCII.
const NAMED: [(&str, char); 5] = [
    ("quot", '"'),
    ("amp", '&'),
    ("apos", '\''),
    ("lt", '<'),
    ("gt", '>'),
];

/// `&quot;`, `&#252;` and `&#xFC;`, also without the semicolon; other names stand for a character that
/// is not known.
fn entities(text: &str) -> Option<String> {
    replaced(text, '&', |entity| {
        let end = |from: usize, is_part: fn(&char) -> bool| {
            let rest = entity.get(from..)?;
            Some(from + rest.chars().take_while(is_part).count())
        };
        let (code, length) = match entity.as_bytes() {
            [b'#', b'x' | b'X', ..] => {
                let end = end(2, char::is_ascii_hexdigit)?;
                (number(entity.get(2..end)?, 16)?, end)
            }
            [b'#', ..] => {
                let end = end(1, char::is_ascii_digit)?;
                (number(entity.get(1..end)?, 10)?, end)
            }
            _ => match NAMED.iter().find(|(name, _)| entity.starts_with(name)) {
                Some((name, character)) => (u32::from(*character), name.len()),
                None => {
                    let end = end(0, char::is_ascii_alphanumeric)?;
                    entity[end..].starts_with(';').then_some(())?;
                    (char::REPLACEMENT_CHARACTER.into(), end)
                }
            },
        };
        let meaning = char::from_u32(code)?.to_string().into_bytes();
        let is_ended = entity.get(length..)?.starts_with(';');
        Some((meaning, length + usize::from(is_ended)))
    })
}

/// The number that digits alone write.
fn number(digits: &str, radix: u32) -> Option<u32> {
    let is_plain = digits.chars().all(|digit| digit.is_digit(radix));
    is_plain.then(|| u32::from_str_radix(digits, radix).ok())?
}

/// A text with what `meaning` makes of that which follows each mark: bytes, and how many it took.
fn replaced(
    text: &str,
    mark: char,
    meaning: impl Fn(&str) -> Option<(Vec<u8>, usize)>,
) -> Option<String> {
    let (mut out, mut rest, mut is_changed) = (Vec::new(), text, false);
    while let Some((before, after)) = rest.split_once(mark) {
        out.extend_from_slice(before.as_bytes());
        rest = after;
        match meaning(after).and_then(|(bytes, length)| Some((bytes, after.get(length..)?))) {
            Some((bytes, left)) => {
                out.extend(bytes);
                (rest, is_changed) = (left, true);
            }
            None => out.push(mark as u8),
        }
    }
    out.extend_from_slice(rest.as_bytes());
    is_changed.then(|| String::from_utf8_lossy(&out).into_owned())
}

/// Fewer digits are a word or hold nothing.
const FEWEST_DIGITS: usize = 6;

/// Base64, with the alphabet of the standard or of URLs, and with line breaks: each run of its digits,
/// which may begin at any of four places after others. A text for each of these places.
pub(super) fn base64(text: &str) -> Vec<String> {
    let digits = text.bytes().filter(|byte| !b"\r\n".contains(byte));
    let digits: Vec<Option<u32>> = digits.map(digit).collect();
    let runs = digits.split(Option::is_none);
    let runs: Vec<Vec<u32>> = runs
        .filter(|run| run.len() >= FEWEST_DIGITS)
        .map(|run| run.iter().copied().flatten().collect())
        .collect();
    let from = |place: usize| {
        let mut bytes = Vec::new();
        for run in &runs {
            bytes.extend(run[place..].chunks(4).flat_map(bytes_of));
            bytes.push(b'\n');
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    if runs.is_empty() {
        Vec::new()
    } else {
        (0..4).map(from).collect()
    }
}

/// Up to three bytes of up to four digits.
fn bytes_of(digits: &[u32]) -> impl Iterator<Item = u8> + use<> {
    let bits = digits.iter().fold(0, |bits, digit| bits << 6 | digit);
    let [_, bytes @ ..] = (bits << (6 * (4 - digits.len()))).to_be_bytes();
    bytes.into_iter().take(digits.len() * 3 / 4)
}

fn digit(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(value.into())
}
