//! The emulator as a process of its own.

mod log;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use dbbackup::emulator::{Emulator, Options, RateLimit};
use dbbackup::model::{InstanceId, ProjectId};
use dbbackup::{Product, Service};
use serde::{Serialize, Serializer};
use tokio::task::spawn_blocking;

use crate::exit::{Exit, Failure};
use crate::output::Format;
use crate::signals::Signals;
use crate::values::{duration, quoted, service, some_text};
use log::Log;

/// Bytes that a file with faults may have, as many as a body over HTTP.
const MOST_PLAN: u64 = 256 << 10;

/// Serve RDS, TaurusDB, GaussDB and IAM on this machine until Ctrl-C or SIGTERM.
///
/// The first line on standard output says where, for whom, and which instances there are; standard
/// error has a line for each request, and what is known of wrong signatures. Secrets that are given can
/// be seen by others on this machine: they are for the emulator alone.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Address of RDS; with a port, TaurusDB, GaussDB and IAM have the next ones, with 0 any.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// How long a backup is BUILDING, such as 5s or 10m.
    #[arg(long, default_value = "5s", value_parser = duration, allow_hyphen_values = true)]
    build_time: Duration,
    /// How fast the emulator's clock runs.
    #[arg(long, default_value_t = 1.0, value_parser = speed, allow_hyphen_values = true)]
    speed: f64,
    /// File with faults, in YAML or JSON.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Where the dice of faults begin, and with another number than 0 the ids.
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    seed: u64,
    /// Requests that a service takes in a time, such as 60/1m.
    #[arg(long, value_name = "CALLS/TIME", value_parser = rate_limit)]
    rate_limit: Option<RateLimit>,
    /// Id of the project.
    #[arg(long)]
    project_id: Option<ProjectId>,
    /// Region, which is also the name of the project.
    #[arg(long, value_parser = some_text())]
    region: Option<String>,
    /// Name of the domain.
    #[arg(long, value_parser = some_text())]
    domain: Option<String>,
    /// Name of the user.
    #[arg(long, value_parser = some_text())]
    username: Option<String>,
    /// Password of the user.
    #[arg(long, value_parser = some_text())]
    password: Option<String>,
    /// Access key of the user.
    #[arg(long, value_parser = access_key)]
    access_key: Option<String>,
    /// Secret key of the user.
    #[arg(long, value_parser = some_text())]
    secret_key: Option<String>,
    /// Security token, which makes the access key a temporary one.
    #[arg(long, value_parser = word)]
    security_token: Option<String>,
    /// Token that never expires.
    #[arg(long, value_parser = word)]
    token: Option<String>,
    /// Instance in place of the documented ones of its service, any number of times.
    #[arg(long = "instance", value_name = "SERVICE=ID", value_parser = instance)]
    instances: Vec<(Service, String)>,
    /// Form of the first line.
    #[arg(long, value_enum, default_value_t)]
    output: Format,
}

/// The first line, in the words of the flags.
#[derive(Serialize)]
struct Ready<'a> {
    /// Base URLs by the names of the products, such as `rds`.
    #[serde(flatten, serialize_with = "as_map")]
    products: Vec<(&'static str, &'a str)>,
    iam: &'a str,
    project_id: &'a str,
    access_key: &'a str,
    secret_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_token: Option<&'a str>,
    token: &'a str,
    username: &'a str,
    password: &'a str,
    domain: &'a str,
    region: &'a str,
    instances: BTreeMap<Service, Vec<String>>,
}

impl<'a> Ready<'a> {
    fn new(emulator: &'a Emulator) -> Self {
        let options = emulator.options();
        let mut products: Vec<(_, &str)> = Vec::new();
        for &service in Service::ALL {
            let name = name(service.product());
            if !products.iter().any(|(known, _)| *known == name) {
                products.push((name, emulator.url(service)));
            }
        }
        Self {
            products,
            iam: emulator.iam_url(),
            project_id: &options.project_id,
            access_key: &options.access_key,
            secret_key: &options.secret_key,
            security_token: options.security_token.as_deref(),
            token: &options.token,
            username: &options.username,
            password: &options.password,
            domain: &options.domain,
            region: &options.region,
            instances: Service::ALL
                .iter()
                .map(|service| (*service, emulator.instances(*service)))
                .collect(),
        }
    }

    /// A line for a shell, after which the library and the command find the emulator.
    fn shell(&self) -> String {
        let urls = self.products.iter().copied().chain([("iam", self.iam)]);
        let urls = urls.map(|(name, url)| (format!("{}_URL", name.to_uppercase()), url));
        let others = [
            ("PROJECT_ID", Some(self.project_id)),
            ("REGION", Some(self.region)),
            ("ACCESS_KEY", Some(self.access_key)),
            ("SECRET_KEY", Some(self.secret_key)),
            ("SECURITY_TOKEN", self.security_token),
        ];
        let others = others
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let set = urls
            .chain(others)
            .map(|(name, value)| format!("DBBACKUP_{name}={}", quoted(value)));
        format!("export {}", set.collect::<Vec<_>>().join(" "))
    }
}

/// What a product is called in the first line, as in the variable with its URL.
fn name(product: Product) -> &'static str {
    product.url_setting().trim_end_matches("_url")
}

fn as_map<S: Serializer>(pairs: &[(&str, &str)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().copied())
}

/// Serves until a signal says stop.
pub(crate) async fn run(arguments: Arguments, out: &mut impl Write) -> anyhow::Result<()> {
    // Before the first line, after which a signal may come at any time.
    let signals = Signals::watch()?;
    let (output, faults) = (arguments.output, arguments.faults.clone());
    let log = Log::start();
    let lines = log.lines.clone();
    tracing_subscriber::fmt()
        .with_writer(move || lines.clone())
        .with_target(false)
        .log_internal_errors(false)
        .init();
    let emulator = Emulator::with(arguments.options())
        .await
        .context("--listen: cannot serve there")?;
    if let Some(file) = faults {
        let place = || format!("--faults: {}", file.display());
        let path = file.clone();
        let plan = spawn_blocking(move || read_plan(&path));
        // It may be a pipe into which nobody writes.
        let Some(plan) = signals.unless_stopped(plan).await else {
            return Err(Failure::new(Exit::Interrupted, "interrupted").into());
        };
        let plan = plan?.with_context(place)?;
        emulator.inject_plan(&plan).with_context(place)?;
    }
    let ready = Ready::new(&emulator);
    let line = match output {
        Format::Table => ready.shell(),
        Format::Json => serde_json::to_string(&ready)?,
    };
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.context("standard output")?;
    signals.stopped().await;
    log.end();
    Ok(())
}

/// The text of a file, if it is not longer than a plan that comes over HTTP.
fn read_plan(file: &Path) -> anyhow::Result<String> {
    let mut plan = String::new();
    let mut file = File::open(file)?.take(MOST_PLAN + 1);
    file.read_to_string(&mut plan)?;
    let most = usize::try_from(MOST_PLAN)?;
    ensure!(plan.len() <= most, "must not have more than {most} bytes");
    Ok(plan)
}

impl Arguments {
    fn options(self) -> Options {
        let default = Options::default();
        let mut instances: BTreeMap<Service, Vec<String>> = BTreeMap::new();
        for (service, id) in self.instances {
            instances.entry(service).or_default().push(id);
        }
        Options {
            listen: self.listen,
            build_time: self.build_time,
            speed: self.speed,
            seed: self.seed,
            rate_limit: self.rate_limit,
            project_id: self.project_id.map_or(default.project_id, ProjectId::into),
            region: self.region.unwrap_or(default.region),
            domain: self.domain.unwrap_or(default.domain),
            username: self.username.unwrap_or(default.username),
            password: self.password.unwrap_or(default.password),
            access_key: self.access_key.unwrap_or(default.access_key),
            secret_key: self.secret_key.unwrap_or(default.secret_key),
            security_token: self.security_token,
            token: self.token.unwrap_or(default.token),
            instances,
            ..Options::default()
        }
    }
}

/// A value that can stand in a header.
fn word(text: &str) -> anyhow::Result<String> {
    let is_word = !text.is_empty() && text.trim() == text;
    ensure!(
        is_word && text.chars().all(|c| c.is_ascii_graphic() || c == ' '),
        "must have visible characters of ASCII only"
    );
    Ok(text.to_owned())
}

/// A value that can stand in `Authorization`.
fn access_key(text: &str) -> anyhow::Result<String> {
    let is_key = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
    ensure!(is_key, "must have letters and digits of ASCII only");
    Ok(text.to_owned())
}

fn speed(text: &str) -> anyhow::Result<f64> {
    let speed: f64 = text.parse()?;
    ensure!(speed.is_finite() && speed >= 0.0, "must be 0 or more");
    Ok(speed)
}

fn rate_limit(text: &str) -> anyhow::Result<RateLimit> {
    let form = "must have the form CALLS/TIME, such as 60/1m";
    let (calls, per) = text.split_once('/').context(form)?;
    let per = duration(per)?;
    ensure!(!per.is_zero(), "{form}");
    Ok(RateLimit {
        calls: calls.parse().context(form)?,
        per,
    })
}

fn instance(text: &str) -> anyhow::Result<(Service, String)> {
    let form = "must have the form SERVICE=ID, such as rds-v3=d8e6ca5a624745bcb546a227aa3ae1cfin01";
    let (name, id) = text.split_once('=').context(form)?;
    let service = service(name)?;
    let id: InstanceId = id.parse()?;
    Ok((service, id.into()))
}
