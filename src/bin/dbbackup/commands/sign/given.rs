//! What is given by arguments and the environment, checked.
//!
//! No message repeats a value: a header or a URL may have a secret in it.

use std::env::VarError;

use anyhow::{Context, bail, ensure};
use dbbackup::auth::SecretString;
use dbbackup::auth::aksk::DATE;
use http::{HeaderName, HeaderValue};
use jiff::{Timestamp, civil::DateTime};
use reqwest::Url;

const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// Names and values of headers.
type Headers = Vec<(String, String)>;

/// The access key and its secret.
pub(crate) fn keys() -> anyhow::Result<(String, SecretString)> {
    let access_key = variable("DBBACKUP_ACCESS_KEY")?
        .context("DBBACKUP_ACCESS_KEY is not set: put the key there")?;
    let secret_key = variable("DBBACKUP_SECRET_KEY")?
        .context("DBBACKUP_SECRET_KEY is not set: put the secret there")?;
    Ok((access_key, secret_key.into()))
}

/// A variable of the environment without space around it, unless it is empty.
fn variable(name: &str) -> anyhow::Result<Option<String>> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        // The error itself would show the value.
        Err(VarError::NotUnicode(_)) => bail!("{name} must be text in UTF-8"),
    }
}

pub(crate) fn url(text: &str) -> anyhow::Result<Url> {
    let url = Url::parse(text).context("--url must be a whole URL")?;
    ensure!(
        matches!(url.scheme(), "https" | "http"),
        "--url must begin with https:// or http://"
    );
    // Otherwise the first folder would be taken for the host.
    let has_host = |(_, rest): (&str, &str)| rest.starts_with("//") && !rest.starts_with("///");
    ensure!(
        text.split_once(':').is_some_and(has_host),
        "--url must name a host"
    );
    ensure!(
        url.username().is_empty() && url.password().is_none(),
        "--url must not have a user: leave it out"
    );
    Ok(url)
}

/// The given headers, with the security token and the host if there are such.
pub(crate) fn headers(given: &[String], url: &Url) -> anyhow::Result<Headers> {
    let mut headers = given
        .iter()
        .map(|text| header(text))
        .collect::<anyhow::Result<Headers>>()?;
    if let Some(token) = variable("DBBACKUP_SECURITY_TOKEN")?
        && find(&headers, "x-security-token") != Some(&token)
    {
        headers.push(("X-Security-Token".to_owned(), token));
    }
    if find(&headers, "host").is_none() {
        headers.push(("Host".to_owned(), host(url)));
    }
    ensure!(
        find(&headers, "authorization").is_none(),
        "--header: Authorization is what is computed here: leave it out"
    );
    let mut names: Vec<_> = headers
        .iter()
        .map(|(name, _)| name.to_lowercase())
        .collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => bail!("--header: {} is there twice: give it once", pair[0]),
        None => Ok(headers),
    }
}

fn header(text: &str) -> anyhow::Result<(String, String)> {
    let parts = text.split_once(':');
    let (name, value) = parts.context("--header must be like 'Name: value'")?;
    let (name, value) = (name.trim(), value.trim());
    ensure!(
        HeaderName::try_from(name).is_ok(),
        "--header must be like 'Name: value', with a name that HTTP allows"
    );
    ensure!(
        HeaderValue::from_bytes(value.as_bytes()).is_ok(),
        "--header: the value of {name} must not have control characters"
    );
    Ok((name.to_owned(), value.to_owned()))
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut headers = headers.iter();
    let found = headers.find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| &**value)
}

fn host(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    }
}

/// The time of the signature: that of the argument, that of the header, or now.
pub(crate) fn date(argument: Option<&str>, headers: &Headers) -> anyhow::Result<String> {
    let (name, text) = match (argument, find(headers, DATE)) {
        (Some(text), Some(header)) if text != header => {
            bail!("--date and the header {DATE} differ: give one of them")
        }
        (Some(text), _) => ("--date", text),
        (None, Some(text)) => (DATE, text),
        (None, None) => return Ok(Timestamp::now().strftime(DATE_FORMAT).to_string()),
    };
    let date = DateTime::strptime(DATE_FORMAT, text).map(|date| date.strftime(DATE_FORMAT));
    ensure!(
        date.is_ok_and(|date| date.to_string() == text),
        "{name} must be a time in UTC like 20260102T030405Z"
    );
    Ok(text.to_owned())
}
