//! What a caller may have signed in place of the canonical request.

use crate::auth::aksk::{Request, hash};

/// Headers whose values are not shown.
const SECRETS: [&str; 2] = ["x-auth-token:", "x-security-token:"];

/// Our canonical request, and the first line that differs if a known mistake gives the signature.
pub(super) fn explain(
    canonical: &str,
    request: &Request<'_>,
    is_signed: impl Fn(&str) -> bool,
) -> String {
    let lines: Vec<&str> = canonical.split('\n').collect();
    let found = mistakes(&lines, request).into_iter().find(|(place, line)| {
        let mut lines = lines.clone();
        lines[*place] = line;
        is_signed(&lines.join("\n"))
    });
    let shown = lines.iter().map(|line| {
        let secret = SECRETS.iter().find(|name| line.starts_with(**name));
        secret.map_or_else(|| (*line).to_owned(), |name| format!("{name}***"))
    });
    let shown: Vec<String> = shown.collect();
    let difference = match found {
        Some((place, line)) => format!(
            "the first line that differs is line {}: the caller signed {line:?} in place of {:?}",
            place + 1,
            shown[place]
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

/// Lines that callers are known to get wrong, with their places.
fn mistakes(lines: &[&str], request: &Request<'_>) -> Vec<(usize, String)> {
    const PATH: usize = 1;
    const QUERY: usize = 2;
    const HEADERS: usize = 3;
    let last = lines.len() - 1;
    let mut mistakes = vec![
        // Without the slash at the end, or as it was sent.
        (PATH, lines[PATH].trim_end_matches('/').to_owned()),
        (PATH, request.path.to_owned()),
        (PATH, format!("{}/", request.path)),
        // Not sorted or encoded, or forgotten.
        (QUERY, request.query.to_owned()),
        (QUERY, String::new()),
        // Another body: none, or with other white space.
        (last, hash(b"")),
        (last, hash(request.body.trim_ascii())),
        (last, hash(&[request.body, b"\n"].concat())),
        (last, "UNSIGNED-PAYLOAD".to_owned()),
    ];
    for (place, line) in lines.iter().enumerate().skip(HEADERS) {
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        let shorter = match name {
            // Without the port, or without the character set.
            "host" => value.split(':').next(),
            "content-type" => value.split(';').next(),
            _ => None,
        };
        let value = shorter.unwrap_or_default().trim();
        mistakes.push((place, format!("{name}:{value}")));
    }
    mistakes
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

    fn explained(is_signed: impl Fn(&str) -> bool) -> String {
        let signed = crate::auth::aksk::sign(&REQUEST, "AK", "SK");
        explain(&signed.canonical_request, &REQUEST, is_signed)
    }

    #[test]
    fn a_known_mistake_is_named_with_its_line() {
        let canonical = crate::auth::aksk::sign(&REQUEST, "AK", "SK").canonical_request;
        for (line, here, there) in [
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
    fn what_cannot_be_told_is_said_and_no_secret_is_shown() {
        let explained = explained(|_| false);
        assert!(explained.contains("cannot be told"), "{explained}");
        assert!(explained.contains("\nx-auth-token:***\n"), "{explained}");
        assert!(!explained.contains("secret\n"), "{explained}");
    }
}
