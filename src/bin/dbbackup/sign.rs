//! The steps of a signature, for whoever looks for the reason of a mismatch.

mod difference;

use std::env::VarError;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail, ensure};
use dbbackup::auth::SecretString;
use dbbackup::auth::aksk::{self, DATE, Request, Signed};
use http::{HeaderName, HeaderValue, Method};
use jiff::{Timestamp, civil::DateTime};
use reqwest::Url;
use secrecy::ExposeSecret;
use serde::Serialize;

use crate::output::Format;
use difference::Difference;

const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// Show how a request is signed: exactly the given headers, Host and X-Sdk-Date.
///
/// The keys are taken from DBBACKUP_ACCESS_KEY and DBBACKUP_SECRET_KEY, and X-Security-Token from
/// DBBACKUP_SECURITY_TOKEN if that is set. Nothing is sent. Exit code 1 tells that --compare has
/// found a difference, and 2 that something is wrong.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Method, such as POST.
    #[arg(long)]
    method: Method,
    /// URL with path and query.
    #[arg(long, value_parser = url)]
    url: Url,
    /// Header to sign, any number of times.
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<(String, String)>,
    /// File with the exact bytes of the body; - for standard input.
    #[arg(long, value_name = "FILE")]
    body_file: Option<PathBuf>,
    /// Time of the signature in UTC, such as 20260102T030405Z [default: now].
    #[arg(long, value_parser = date)]
    date: Option<String>,
    /// File with another canonical request, to show the first line that differs.
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t)]
    output: Format,
}

/// What is printed.
#[derive(Serialize)]
struct Shown<'a> {
    canonical_request: &'a str,
    string_to_sign: &'a str,
    authorization: &'a str,
    /// Only with `--compare`; null if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<Option<Difference<'a>>>,
}

/// Signs the request and prints the steps.
pub(crate) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let other = arguments.compare.as_deref().map(read).transpose()?;
    let other = other.map(|bytes| String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
    let signed = sign(arguments)?;
    let ours = &signed.canonical_request;
    let difference = other.as_ref().map(|other| Difference::first(ours, other));
    let differs = matches!(difference, Some(Some(_)));
    let shown = Shown {
        canonical_request: ours,
        string_to_sign: &signed.string_to_sign,
        authorization: &signed.authorization,
        difference,
    };
    match arguments.output {
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?,
        Format::Text => shown.write(out)?,
    }
    Ok(ExitCode::from(u8::from(differs)))
}

fn sign(arguments: &Arguments) -> anyhow::Result<Signed> {
    let access_key = variable("DBBACKUP_ACCESS_KEY")?;
    let access_key = access_key.context("DBBACKUP_ACCESS_KEY is not set: put the key there")?;
    let secret_key = variable("DBBACKUP_SECRET_KEY")?;
    let secret_key = secret_key.context("DBBACKUP_SECRET_KEY is not set: put the secret there")?;
    let secret_key = SecretString::from(secret_key);
    let mut headers = arguments.headers.clone();
    if let Some(token) = variable("DBBACKUP_SECURITY_TOKEN")? {
        headers.push(("X-Security-Token".to_owned(), token));
    }
    if find(&headers, "host").is_none() {
        headers.push(("Host".to_owned(), host(&arguments.url)));
    }
    check(&headers)?;
    let date = match (&arguments.date, find(&headers, DATE)) {
        (Some(date), Some(given)) if date != given => {
            bail!("--date and the header {DATE} differ: give one of them")
        }
        (Some(date), _) => date.clone(),
        (None, Some(given)) => date(given).map_err(|rule| anyhow!("{DATE}: {rule}"))?,
        (None, None) => Timestamp::now().strftime(DATE_FORMAT).to_string(),
    };
    let body = arguments.body_file.as_deref().map(read).transpose()?;
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let request = Request {
        method: arguments.method.as_str(),
        path: arguments.url.path(),
        query: arguments.url.query().unwrap_or_default(),
        headers: &headers,
        date: &date,
        body: body.as_deref().unwrap_or_default(),
    };
    Ok(aksk::sign(
        &request,
        &access_key,
        secret_key.expose_secret(),
    ))
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut headers = headers.iter();
    let found = headers.find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| &**value)
}

/// Fails when the headers cannot be signed.
fn check(headers: &[(String, String)]) -> anyhow::Result<()> {
    ensure!(
        find(headers, "authorization").is_none(),
        "--header: Authorization is what is computed here: leave it out"
    );
    let mut names: Vec<_> = headers
        .iter()
        .map(|(name, _)| name.to_lowercase())
        .collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => bail!("--header: {} is there twice: give it once", pair[0]),
        None => Ok(()),
    }
}

/// A variable of the environment, unless it is empty.
fn variable(name: &str) -> anyhow::Result<Option<String>> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        // The error itself would show the value.
        Err(VarError::NotUnicode(_)) => bail!("{name} must be text in UTF-8"),
    }
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let result = if file == Path::new("-") {
        io::stdin().read_to_end(&mut bytes).map(drop)
    } else {
        fs::read(file).map(|content| bytes = content)
    };
    result.with_context(|| format!("cannot read {}", file.display()))?;
    Ok(bytes)
}

fn host(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    }
}

fn url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|fault| format!("{fault}: write it in full"))?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    match url.scheme() {
        // A URL without a host would take its first folder for one.
        "https" | "http" if text.contains(":///") => Err("it must name a host".to_owned()),
        "https" | "http" if has_user => Err("it must not have a user: leave it out".to_owned()),
        "https" | "http" => Ok(url),
        _ => Err("it must begin with https:// or http://".to_owned()),
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(':')
        .ok_or("it must be like 'Name: value'")?;
    let (name, value) = (name.trim(), value.trim());
    if HeaderName::try_from(name).is_err() {
        return Err(format!("{name:?} is not the name of a header"));
    }
    if HeaderValue::from_bytes(value.as_bytes()).is_err() {
        return Err("the value must not have control characters".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

fn date(text: &str) -> Result<String, String> {
    let date = DateTime::strptime(DATE_FORMAT, text).map(|date| date.strftime(DATE_FORMAT));
    match date {
        Ok(date) if date.to_string() == text => Ok(text.to_owned()),
        _ => Err("it must be a time in UTC like 20260102T030405Z".to_owned()),
    }
}

impl Shown<'_> {
    /// For people.
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for (heading, text) in [
            ("canonical request", self.canonical_request),
            ("string to sign", self.string_to_sign),
            ("authorization", self.authorization),
        ] {
            writeln!(out, "{heading}:\n{text}\n")?;
        }
        match &self.difference {
            None => Ok(()),
            Some(None) => writeln!(out, "no difference"),
            Some(Some(difference)) => writeln!(out, "{difference}"),
        }
    }
}
