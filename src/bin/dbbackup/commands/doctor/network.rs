//! The way to a server: its name, the connection, TLS, and the clocks of both ends.

use std::net::IpAddr;

use dbbackup::transport::{Reached, Transport};
use reqwest::Url;

use super::report::{Report, Subject};

/// Names of the checks of one host.
pub(crate) struct Host {
    names: Subject,
    connection: Subject,
    tls: Subject,
}

pub(crate) const SERVICE: Host = Host {
    names: Subject::NameResolution,
    connection: Subject::Connection,
    tls: Subject::Tls,
};

pub(crate) const IAM: Host = Host {
    names: Subject::IamNameResolution,
    connection: Subject::IamConnection,
    tls: Subject::IamTls,
};

/// One request without credentials: the name, the connection and TLS.
pub(crate) async fn reach(
    report: &mut Report,
    host: &Host,
    transport: &Transport,
    url: &str,
) -> Option<Reached> {
    let addresses = addresses(url).await;
    let reached = transport.reach(url).await;
    match (&addresses, &reached) {
        (Ok(found), _) => report.ok(host.names, found.clone()),
        (Err(error), Ok(_)) => {
            let detail = format!("not by this machine ({error}), but by a proxy");
            report.ok(host.names, detail);
        }
        (Err(error), Err(_)) => {
            let remedy = "check the endpoint or region, the resolver, and HTTPS_PROXY";
            report.failed(host.names, error, remedy);
            return None;
        }
    }
    let error = match reached {
        Ok(reached) => {
            let unused = exceptions_without_effect(url).map(|said| format!("; {said}"));
            let detail = format!("{url} answers{}", unused.unwrap_or_default());
            report.ok(host.connection, detail);
            if url.starts_with("https:") {
                report.ok(host.tls, "the certificate is accepted");
            } else {
                report.skipped(host.tls, "not used: with http: all is sent in the clear");
            }
            return Some(reached);
        }
        Err(error) => error,
    };
    if error.is_untrusted() {
        report.ok(host.connection, format!("{url} can be connected to"));
        report.failed_with(host.tls, &error.into(), None);
    } else {
        let remedy = "check the endpoint, firewalls, and HTTPS_PROXY and NO_PROXY";
        let unused = exceptions_without_effect(url).map(|said| format!("{remedy}; {said}"));
        let remedy = unused.as_deref().unwrap_or(remedy);
        report.failed_with(host.connection, &error.into(), Some(remedy));
    }
    None
}

/// What is wrong with an entry of `NO_PROXY` that never fits, or not the host of this URL, if there is
/// one.
fn exceptions_without_effect(url: &str) -> Option<String> {
    // The first one that is set counts, even if it is empty.
    let (name, entries) = ["NO_PROXY", "no_proxy"]
        .into_iter()
        .find_map(|name| Some((name, std::env::var(name).ok()?)))?;
    let mut all = entries.split(',').map(str::trim);
    let never = all.clone().find_map(|entry| {
        let right = host_of(entry);
        (right != entry).then(|| format!("{name}={entry} has no effect: write {right}"))
    });
    never.or_else(|| {
        // A star stands for all names, and not for addresses.
        let address = address_of(url).filter(|_| has_proxy() && all.clone().any(|e| e == "*"))?;
        let is_excepted = all.any(|entry| holds(entry, address));
        let says = || format!("{name}=* has no effect for an IP address: write {address}");
        (!is_excepted).then(says)
    })
}

/// The host of a URL, if it is an IP address.
fn address_of(url: &str) -> Option<IpAddr> {
    let url = Url::parse(url).ok()?;
    url.host_str().map(without_brackets)?.parse().ok()
}

/// Whether a proxy is set.
fn has_proxy() -> bool {
    let is_set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let names = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];
    names
        .iter()
        .any(|name| is_set(name) || is_set(&name.to_lowercase()))
}

/// Whether an entry of `NO_PROXY` is this address, or a network that has it.
fn holds(entry: &str, address: IpAddr) -> bool {
    let (first, length) = match entry.split_once('/') {
        Some((first, length)) => (first, length.parse().ok()),
        None => (entry, Some(128)),
    };
    let outside = match (first.parse(), address) {
        (Ok(IpAddr::V4(first)), IpAddr::V4(address)) => {
            (first.to_bits() ^ address.to_bits()).leading_zeros()
        }
        (Ok(IpAddr::V6(first)), IpAddr::V6(address)) => {
            (first.to_bits() ^ address.to_bits()).leading_zeros()
        }
        _ => return false,
    };
    let whole = if address.is_ipv4() { 32 } else { 128 };
    length.is_some_and(|length: u32| outside >= length.min(whole))
}

/// An entry of `NO_PROXY` without scheme, port, brackets and star, which no host has.
fn host_of(entry: &str) -> &str {
    let host = entry.split_once("://").map_or(entry, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((host, port)) if is_port(port) && is_whole(host) => host,
        _ => host,
    };
    let host = without_brackets(host);
    match host.strip_prefix('*') {
        Some(domain) if !domain.is_empty() => domain,
        _ => host,
    }
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

/// A host without the brackets of an address of IPv6.
fn without_brackets(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Whether this is a host, and not a part of an address of IPv6.
fn is_whole(host: &str) -> bool {
    !host.contains(':') || host.ends_with(']')
}

/// The host of a URL with its addresses.
async fn addresses(url: &str) -> Result<String, String> {
    let whole = Url::parse(url).map_err(|error| format!("{url}: {error}"))?;
    let host = whole.host_str().unwrap_or_default();
    let bare = without_brackets(host);
    let port = whole.port_or_known_default().unwrap_or_default();
    let found = tokio::net::lookup_host((bare, port))
        .await
        .map_err(|error| format!("{host}: {error}"))?;
    let mut texts: Vec<_> = found.map(|address| address.ip().to_string()).collect();
    texts.dedup();
    if texts.is_empty() {
        return Err(format!("{host} has no address"));
    }
    Ok(format!("{host} is {}", texts.join(", ")))
}

pub(crate) fn clock(report: &mut Report, reached: Reached) {
    let Some(ahead) = reached.clock_ahead else {
        return report.skipped(Subject::Clock, "the server tells no usable date");
    };
    let direction = if ahead < 0 { "behind" } else { "ahead of" };
    let off = ahead.unsigned_abs();
    let detail = format!("{off} s {direction} the server");
    match off {
        // The answer itself may take this long.
        0..=9 => report.ok(Subject::Clock, "that of the server, to within 10 s"),
        _ if !reached.is_clock_off() => report.ok(Subject::Clock, detail),
        _ => report.failed(Subject::Clock, detail, "set the clock of this machine"),
    }
}
