//! The steps of a signature, for whoever looks for the reason of a mismatch.

mod difference;
mod given;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use dbbackup::auth::aksk::{self, Request, Signed};
use http::Method;
use secrecy::ExposeSecret;
use serde::Serialize;

use crate::output::Format;
use difference::Difference;

/// Show how a request is signed: exactly the given headers, Host and X-Sdk-Date.
///
/// The keys are taken from DBBACKUP_ACCESS_KEY and DBBACKUP_SECRET_KEY, and X-Security-Token from
/// DBBACKUP_SECURITY_TOKEN if that is set. Nothing is sent. Exit code 1 tells that --compare has
/// found a difference, and 2 that something is wrong. With --output json the result has the fields
/// canonical_request, string_to_sign, authorization and, with --compare, difference.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Method, such as POST.
    #[arg(long)]
    method: Method,
    /// URL with path and query.
    #[arg(long)]
    url: String,
    /// Header to sign, any number of times.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// File with the exact bytes of the body; - for standard input.
    #[arg(long, value_name = "FILE")]
    body_file: Option<PathBuf>,
    /// Time of the signature in UTC, such as 20260102T030405Z [default: now].
    #[arg(long)]
    date: Option<String>,
    /// File with another canonical request, to show the first line that differs; with --date, so
    /// that the time does not. It may be in one line, joined by |, as the gateway returns it with
    /// APIGW.0301, also with the words before it.
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
    let stdin = Some(Path::new("-"));
    ensure!(
        arguments.compare.as_deref() != stdin || arguments.body_file.as_deref() != stdin,
        "--compare and --body-file cannot both be standard input: give a file"
    );
    let other = match arguments.compare.as_deref() {
        Some(file) => Some(readable(&read(file)?)),
        None => None,
    };
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
        Format::Table => shown.write(out)?,
    }
    Ok(ExitCode::from(u8::from(differs)))
}

fn sign(arguments: &Arguments) -> anyhow::Result<Signed> {
    let (access_key, secret_key) = given::keys()?;
    let url = given::url(&arguments.url)?;
    let headers = given::headers(&arguments.headers, &url)?;
    let date = given::date(arguments.date.as_deref(), &headers)?;
    let body = arguments.body_file.as_deref().map(read).transpose()?;
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let request = Request {
        method: arguments.method.as_str(),
        path: url.path(),
        query: url.query().unwrap_or_default(),
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

/// A text without what editors of other systems, or the gateway, add to it.
fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let text = text.trim_start_matches('\u{feff}');
    let of_gateway = text.trim();
    if !of_gateway.contains('|') || of_gateway.contains('\n') {
        return text.to_owned();
    }
    let (_, request) = of_gateway
        .rsplit_once("canonicalRequest:")
        .unwrap_or(("", of_gateway));
    // JSON may go on after it.
    let end = request.find('"').unwrap_or(request.len());
    request[..end].replace('|', "\n")
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
