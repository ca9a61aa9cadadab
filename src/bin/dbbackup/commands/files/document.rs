//! Documents that come in place of a file: a page that wants a login, or an error.
//!
//! No backup is one, so that no name makes an exception: not even one that ends in `.xml` or `.json`.

use anyhow::anyhow;
use serde::de::IgnoredAny;

/// A document that is no backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Document {
    Page,
    Xml,
    Json,
}

impl Document {
    pub(crate) fn refusal(self) -> anyhow::Error {
        let (what, remedy) = match self {
            Self::Page => ("a web page", "check the way to the server"),
            Self::Xml => ("an XML document", EXPIRED),
            Self::Json => ("a JSON document", EXPIRED),
        };
        anyhow!("{what} came in place of the file: {remedy}")
    }
}

const EXPIRED: &str =
    "the link may have expired, so list the files again, or look with that of --links";

/// The document that a content type stands for.
pub(crate) fn of_type(kind: &str) -> Option<Document> {
    let (kind, _) = kind.split_once(';').unwrap_or((kind, ""));
    let kind = kind.trim().to_ascii_lowercase();
    match &*kind {
        "text/html" | "application/xhtml+xml" => Some(Document::Page),
        "application/xml" | "text/xml" => Some(Document::Xml),
        "application/json" | "text/json" => Some(Document::Json),
        _ if kind.ends_with("+xml") => Some(Document::Xml),
        _ if kind.ends_with("+json") => Some(Document::Json),
        _ => None,
    }
}

/// The document that begins like this: a text that opens an element, or is one object of JSON.
pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Document> {
    let bytes = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let begins = |words: &str| {
        let begin = bytes.get(..words.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(words.as_bytes()))
    };
    match bytes {
        // As no text does.
        _ if bytes.contains(&0) => None,
        _ if begins("<!doctype html") || begins("<html") => Some(Document::Page),
        [b'<', b'?' | b'!' | b'a'..=b'z' | b'A'..=b'Z', ..] => Some(Document::Xml),
        [b'{', ..] if serde_json::from_slice::<IgnoredAny>(bytes).is_ok() => Some(Document::Json),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_compared_without_case_and_parameters() {
        for (kind, expected) in [
            ("Text/HTML; charset=utf-8", Some(Document::Page)),
            ("application/XML", Some(Document::Xml)),
            ("text/xml;charset=x", Some(Document::Xml)),
            (" application/json ; q=1", Some(Document::Json)),
            ("application/problem+json", Some(Document::Json)),
            ("application/octet-stream", None),
            ("application/x-xz", None),
            ("text/plain", None),
            ("", None),
        ] {
            assert_eq!(of_type(kind), expected, "{kind}");
        }
    }

    #[test]
    fn errors_are_told_from_backups_by_their_beginning() {
        for (text, expected) in [
            ("<?xml version=\"1.0\"?><Error/>", Some(Document::Xml)),
            ("\u{feff}\r\n<Error><Code>AccessDenied", Some(Document::Xml)),
            (" <!DOCTYPE html>", Some(Document::Page)),
            ("<HTML>", Some(Document::Page)),
            ("<Error xmlns=\"x\">", Some(Document::Xml)),
            ("{\"error_code\": \"DBS.200001\"}", Some(Document::Json)),
            ("{\"error\": {\"code\": 401}}", Some(Document::Json)),
            ("{\"message\": \"no\"}\n", Some(Document::Json)),
            ("<!-- no --><Error/>", Some(Document::Xml)),
            ("<soap:Envelope>", Some(Document::Xml)),
            ("<Error>\0", None),
            ("<\u{1}header", None),
            ("{not JSON}", None),
            ("[{\"code\": 7}]", None),
            ("{\"code\": 7}{\"code\": 8}", None),
            ("XBSTCK01", None),
            ("<", None),
            ("", None),
        ] {
            assert_eq!(of_bytes(text.as_bytes()), expected, "{text}");
        }
    }
}
