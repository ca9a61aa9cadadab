//! Known mistakes of callers in the canonical request that they sign.

use crate::auth::aksk::{Request, hash, sign};

/// Headers whose values are not shown.
const SECRETS: [&str; 2] = ["x-auth-token:", "x-security-token:"];

/// Our canonical request, and the first line that differs if a known mistake gives the signature.
pub(crate) fn explain(
    canonical: &str,
    request: &Request<'_>,
    is_signed: impl Fn(&str) -> bool,
) -> String {
    let lines: Vec<&str> = canonical.split('\n').collect();
    let explains = |(index, line, _): &Mistake| {
        let mut lines = lines.clone();
        lines[*index] = line;
        is_signed(&lines.join("\n"))
    };
    let found = mistakes(&lines, request).into_iter().find(explains);
    let without_secret = |line: &&str| {
        let secret = SECRETS.iter().find(|name| line.starts_with(**name));
        secret.map_or_else(|| (*line).to_owned(), |name| format!("{name}***"))
    };
    let shown: Vec<String> = lines.iter().map(without_secret).collect();
    let difference = match found {
        Some((index, line, mistake)) => format!(
            "the first line that differs is line {}: the caller signed {line:?} in place of {:?}, \
             {mistake}",
            index + 1,
            shown[index]
        ),
        None => {
            "the line that differs cannot be told; the secret key may be another one".to_owned()
        }
    };
    format!(
        "The signature is wrong: {difference}. The canonical request is:\n{}",
        shown.join("\n")
    )
}

/// The index of a line, the line that a caller may have there, and what is wrong with it.
type Mistake = (usize, String, &'static str);

const METHOD: usize = 0;
const PATH: usize = 1;
const QUERY: usize = 2;
const HEADERS: usize = 3;
/// Parameters of a media type that callers sign and do not send.
const CHARSETS: [&str; 4] = [
    ";charset=utf8",
    ";charset=utf-8",
    ";charset=UTF-8",
    "; charset=utf-8",
];

/// Lines that callers are known to get wrong.
fn mistakes(lines: &[&str], request: &Request<'_>) -> Vec<Mistake> {
    let sent = request.path;
    let without_slash = lines[PATH].trim_end_matches('/').to_owned();
    let plus = canonical_line(QUERY, &request.query.replace('+', "%2B"), request);
    let mut mistakes = vec![
        (METHOD, lines[METHOD].to_lowercase(), "in lower case"),
        (PATH, without_slash, "without the slash at the end"),
        (PATH, sent.to_owned(), "as it was sent"),
        (PATH, format!("{sent}/"), "as it was sent"),
        (QUERY, request.query.to_owned(), "as it was sent"),
        (QUERY, String::new(), "forgotten"),
        (QUERY, plus, "where + means a space unless sent as %2B"),
    ];
    for (index, line) in lines.iter().enumerate().skip(HEADERS) {
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        let mut add = |value: &str, mistake| {
            mistakes.push((index, format!("{name}:{}", value.trim()), mistake));
        };
        add("", "without its value");
        let (before_port, _) = value.split_once(':').unwrap_or_default();
        let kind = value.split(';').next().unwrap_or_default();
        match name {
            "host" => add(before_port, "without the port"),
            "content-type" => {
                add(kind, "without the character set");
                for charset in CHARSETS {
                    add(&format!("{kind}{charset}"), "with another character set");
                }
            }
            _ => {}
        }
    }
    mistakes.extend(mistakes_about_body(lines, request.body));
    mistakes
}

/// A line of the canonical request, had this query been sent.
fn canonical_line(index: usize, query: &str, request: &Request<'_>) -> String {
    let canonical = sign(&Request { query, ..*request }, "", "").canonical_request;
    canonical.lines().nth(index).unwrap_or_default().to_owned()
}

/// The last line for bodies that callers sign in place of the one that they send.
fn mistakes_about_body(lines: &[&str], body: &[u8]) -> Vec<Mistake> {
    let last = lines.len() - 1;
    let (compact, spaced) = (respaced(body, b""), respaced(body, b" "));
    let bodies = [
        (&b""[..], "the hash of no body"),
        (
            body.trim_ascii(),
            "the hash without white space at the ends",
        ),
        (&compact, "the hash of compact JSON"),
        (&spaced, "the hash of JSON with spaces after : and ,"),
    ];
    let hashes = bodies.iter().flat_map(|(body, mistake)| {
        let with_end = hash(&[body, b"\n".as_slice()].concat());
        let ended = "the hash with a line feed at the end";
        [(last, hash(body), *mistake), (last, with_end, ended)]
    });
    let sent_with_end = hash(&[body, b"\n"].concat());
    let others = [
        (last, sent_with_end, "the hash with a line feed at the end"),
        (last, lines[last].to_uppercase(), "in upper case"),
        (last, "UNSIGNED-PAYLOAD".to_owned(), "without its header"),
    ];
    hashes.chain(others).collect()
}

/// JSON with this space after commas and colons, and no other one.
fn respaced(json: &[u8], space: &[u8]) -> Vec<u8> {
    let (mut respaced, mut in_text, mut is_escaped) = (Vec::new(), false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_text,
            b'"' => in_text = !in_text,
            _ if !in_text && byte.is_ascii_whitespace() => continue,
            _ => {}
        }
        respaced.push(*byte);
        if !in_text && matches!(byte, b',' | b':') {
            respaced.extend(space);
        }
    }
    respaced
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: Request<'_> = Request {
        method: "POST",
        path: "/v3/p%2Fq/backups",
        query: "b=1&a=2",
        headers: &[
            ("host", "localhost:8080"),
            ("content-type", "application/json;charset=utf8"),
            ("x-auth-token", "secret"),
        ],
        date: "20260102T030405Z",
        body: b"{}",
    };

    fn canonical(request: &Request<'_>) -> String {
        sign(request, "AK", "SK").canonical_request
    }

    fn explained(is_signed: impl Fn(&str) -> bool) -> String {
        explain(&canonical(&REQUEST), &REQUEST, is_signed)
    }

    #[test]
    fn a_known_mistake_is_named_with_its_line() {
        let canonical = canonical(&REQUEST);
        for (line, here, there) in [
            (1, "POST", "post"),
            (2, "/v3/p/q/backups/", "/v3/p/q/backups"),
            (2, "/v3/p/q/backups/", "/v3/p%2Fq/backups"),
            (3, "a=2&b=1", "b=1&a=2"),
            (
                4,
                "content-type:application/json;charset=utf8",
                "content-type:application/json",
            ),
            (5, "host:localhost:8080", "host:localhost"),
        ] {
            let signed = canonical.replacen(&format!("{here}\n"), &format!("{there}\n"), 1);
            assert_ne!(signed, canonical);
            let explained = explained(|text| text == signed);
            let expected = format!("line {line}: the caller signed {there:?} in place of {here:?}");
            assert!(explained.contains(&expected), "{explained}");
        }
        let body = canonical.replace(&hash(b"{}"), &hash(b""));
        let explained = explained(|text| text == body);
        assert!(
            explained.contains("the first line that differs is line 10:"),
            "{explained}"
        );
    }

    #[test]
    fn another_body_is_named() {
        let compact = br#"{"a":1,"b":["x, \\\": y",2]}"#.as_slice();
        let spaced = br#"{"a": 1, "b": ["x, \\\": y", 2]}"#.as_slice();
        let ended = [spaced, b"\n"].concat();
        for (sent, signed, words) in [
            (spaced, compact, "the hash of compact JSON"),
            (compact, spaced, "the hash of JSON with spaces"),
            (compact, &ended, "a line feed at the end"),
            (&ended, spaced, "without white space at the ends"),
            (spaced, b"", "the hash of no body"),
        ] {
            let with = |body| Request { body, ..REQUEST };
            let signed = canonical(&with(signed));
            let explained = explain(&canonical(&with(sent)), &with(sent), |text| text == signed);
            assert!(explained.contains(words), "{words}: {explained}");
        }
        let upper = canonical(&REQUEST).replace(&hash(b"{}"), &hash(b"{}").to_uppercase());
        assert!(explained(|text| text == upper).contains("in upper case"));
    }

    #[test]
    fn a_plus_sign_and_a_character_set_that_were_not_sent_are_named() {
        let sent = Request {
            query: "time=10:00+0800&a=b",
            headers: &[("content-type", "application/json")],
            ..REQUEST
        };
        let plus = canonical(&Request {
            query: "time=10:00%2B0800&a=b",
            ..sent
        });
        let explained = explain(&canonical(&sent), &sent, |text| text == plus);
        assert!(explained.contains("unless sent as %2B"), "{explained}");
        for charset in ["utf8", "UTF-8"] {
            let kind = format!("application/json;charset={charset}");
            let headers = [("content-type", kind.as_str())];
            let headers = &headers;
            let signed = canonical(&Request { headers, ..sent });
            let explained = explain(&canonical(&sent), &sent, |text| text == signed);
            assert!(explained.contains("another character set"), "{explained}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_said_and_no_secret_is_shown() {
        let explained = explained(|_| false);
        assert!(explained.contains("cannot be told"), "{explained}");
        assert!(explained.contains("\nx-auth-token:***\n"), "{explained}");
        assert!(!explained.contains("secret\n"), "{explained}");
    }
}
