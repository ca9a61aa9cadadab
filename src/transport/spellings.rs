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
            'u' | 'U' => return unicode(escape, kind),
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

/// `u00fc`, `ud83d\udd11`, `u{fc}` or `U0001f511`.
fn unicode(escape: &str, kind: char) -> Option<(Vec<u8>, usize)> {
    let utf8 = |code| Some(char::from_u32(code)?.to_string().into_bytes());
    if let Some(braced) = escape.strip_prefix("u{") {
        let (digits, _) = braced.split_once('}')?;
        return Some((utf8(number(digits, 16)?)?, digits.len() + 3));
    }
    let length = if kind == 'u' { 5 } else { 9 };
    let code = number(escape.get(1..length)?, 16)?;
    let second = escape
        .get(length..)
        .and_then(|rest| rest.strip_prefix("\\u"));
    let second = second.and_then(|rest| number(rest.get(..4)?, 16));
    match (code, second) {
        (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
            let code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            Some((utf8(code)?, length + 6))
        }
        _ => Some((utf8(code).unwrap_or_default(), length)),
    }
}

/// `%C3%BC`, with hexadecimal digits of either case.
fn percent(text: &str) -> Option<String> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    (decoded != text).then(|| decoded.into_owned())
}

/// Named entities of HTML for U+00A0 to U+00FF.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr \
    deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest \
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc \
    Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute \
    THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave \
    iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
    uuml yacute thorn yuml";
/// The longest entity is `&#x10FFFF;`.
const ENTITY: usize = 10;

/// `&quot;`, `&uuml;`, `&#252;` and `&#xFC;`; other names stand for a character that is not known.
fn entities(text: &str) -> Option<String> {
    replaced(text, '&', |entity| {
        let end = entity.bytes().take(ENTITY).position(|byte| byte == b';')?;
        let name = entity.get(..end)?;
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
        let latin = || {
            LATIN
                .split(' ')
                .zip(0xa0..)
                .find(|(latin, _)| *latin == name)
        };
        let code = match (name.strip_prefix('#'), name) {
            (Some(digits), _) => match digits.strip_prefix(['x', 'X']) {
                Some(digits) => number(digits, 16)?,
                None => number(digits, 10)?,
            },
            (_, "quot") => '"'.into(),
            (_, "amp") => '&'.into(),
            (_, "apos") => '\''.into(),
            (_, "lt") => '<'.into(),
            (_, "gt") => '>'.into(),
            _ if is_name => latin().map_or(char::REPLACEMENT_CHARACTER.into(), |(_, code)| code),
            _ => return None,
        };
        let meaning = char::from_u32(code)?.to_string().into_bytes();
        Some((meaning, end + 1))
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
    match runs.is_empty() {
        true => Vec::new(),
        false => (0..4).map(from).collect(),
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
