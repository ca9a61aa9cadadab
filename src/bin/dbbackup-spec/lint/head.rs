//! Rules on the head of a contract beyond those of Redocly and Spectral: texts that say something, a
//! version that can be compared, and servers that are called over TLS.

use super::Findings;
use super::kind::Kind;
use super::objects::{Objects, text};
use crate::blessed::Version;
use crate::pointer::join;

pub(super) fn check(objects: &Objects<'_>, findings: &mut Findings) {
    let info = &objects.root["info"];
    for part in ["title", "version", "description"] {
        if text(&info[part]).is_none() {
            findings.add(format!("/info/{part}"), format!("info has no {part}"));
        }
    }
    for part in ["license", "contact"] {
        if text(&info[part]["name"]).is_none() {
            let pointer = format!("/info/{part}/name");
            findings.add(pointer, format!("info has no {part} with a name"));
        }
    }
    if text(&info["version"]).is_some_and(|version| version.parse::<Version>().is_err()) {
        findings.add("/info/version", "the version is not MAJOR.MINOR.PATCH");
    }
    let mut servers = objects.all(Kind::Server).peekable();
    if servers.peek().is_none() {
        findings.add("/servers", "the contract has no server");
    }
    for server in servers {
        let url = server.value["url"].as_str();
        if !url.is_some_and(|url| url.starts_with("https://")) {
            let pointer = join(&server.pointer, "url");
            findings.add(pointer, "the URL of the server is not https");
        }
    }
}
