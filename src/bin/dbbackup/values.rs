//! Values of arguments: how they are read, and how they are written into a command for a shell.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use dbbackup::Service;

/// One of the services.
pub(crate) fn services() -> impl TypedValueParser<Value = Service> {
    PossibleValuesParser::new(Service::ALL.iter().map(|name| name.as_str()))
        .try_map(|name| name.parse())
}

pub(crate) fn service(name: &str) -> anyhow::Result<Service> {
    name.parse()
        .map_err(|error| anyhow::anyhow!("service {error}"))
}

/// A time such as 5s, 10m or 1h30m.
pub(crate) fn duration(text: &str) -> anyhow::Result<Duration> {
    let duration: jiff::SignedDuration = text
        .parse()
        .map_err(|_| anyhow::anyhow!("must be a time such as 5s, 10m or 1h30m"))?;
    duration.try_into().context("must not be negative")
}

/// An age such as 30d or 6w, in days of 24 hours.
pub(crate) fn age(text: &str) -> anyhow::Result<jiff::SignedDuration> {
    let rule = "must be an age such as 30d, 6w or 36h";
    // m could be taken for months.
    ensure!(text.ends_with(['h', 'd', 'w']), rule);
    let span: jiff::Span = text.parse().map_err(|_| anyhow::anyhow!(rule))?;
    let age = span
        .to_duration(jiff::SpanRelativeTo::days_are_24_hours())
        .map_err(|_| anyhow::anyhow!(rule))?;
    ensure!(!age.is_negative(), "must not be negative");
    Ok(age)
}

/// A time that is not zero.
pub(crate) fn some_time(text: &str) -> anyhow::Result<Duration> {
    let time = duration(text)?;
    ensure!(!time.is_zero(), "must not be zero");
    Ok(time)
}

/// A text that is not empty, as that of a variable that is not set would be.
pub(crate) fn some_text() -> NonEmptyStringValueParser {
    NonEmptyStringValueParser::new()
}

/// A number that is not zero.
pub(crate) fn some(text: &str) -> anyhow::Result<NonZeroU32> {
    text.parse()
        .map_err(|_| anyhow::anyhow!("must be a whole number from 1"))
}

/// A word for a shell.
pub(crate) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/=".contains(c);
    // Some shells look a word up that begins with =.
    if !text.is_empty() && !text.starts_with('=') && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
