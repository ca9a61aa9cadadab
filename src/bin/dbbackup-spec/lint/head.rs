//! Rules on what stands at the head of a contract: its version, licence and servers.
//!
//! What is said there in words is left to `words`, security schemes to `sources`.

use super::Findings;
use super::contract::{Contract, names, text};
use super::kind::Kind;
use crate::blessed::Version;

pub(super) fn check(contract: &Contract<'_>, findings: &mut Findings) {
    let info = &contract.root["info"];
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
        let message = "the version is not MAJOR.MINOR.PATCH";
        findings.add("/info/version", message);
    }
    servers(contract, findings);
}

fn servers(contract: &Contract<'_>, findings: &mut Findings) {
    if contract.all(Kind::Server).next().is_none() {
        findings.add("/servers", "the contract has no server");
    }
    for place in contract.all(Kind::Server) {
        let url = place.value["url"].as_str().unwrap_or_default();
        let pointer = format!("{}/url", place.pointer);
        if !url.starts_with("https://") {
            findings.add(&pointer, "the URL of the server is not https");
        }
        for name in names(url) {
            if place.value["variables"].get(name).is_none() {
                findings.add(&pointer, format!("the server has no variable {name}"));
            }
        }
    }
    for place in contract.all(Kind::ServerVariable) {
        let (words, default) = (&place.value["enum"], &place.value["default"]);
        if !words
            .as_array()
            .is_some_and(|words| words.contains(default))
        {
            let pointer = format!("{}/default", place.pointer);
            let name = place.key();
            findings.add(pointer, format!("the default of {name} is not in its enum"));
        }
    }
}
