//! The options of every subcommand that calls a service, and the client that they lead to.

use std::ffi::OsString;
use std::num::NonZeroU32;
use std::time::Duration;

use dbbackup::auth::{NameOrId, Names};
use dbbackup::config::Config;
use dbbackup::model::BackupRef;
use dbbackup::transport::{Options, Transport};
use dbbackup::{BackupClient, Lists, Operation, Product, Service};
use tokio::task::spawn_blocking;
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::exit::{Exit, Failure};
use crate::hidden::{Log, hide_secrets_of};
use crate::output::Format;
use crate::values;

// What they leave out, the environment and clouds.yaml say. A comment for clap would be taken for the help
// of each subcommand.
#[derive(Clone, clap::Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct ServiceOptions {
    /// The service.
    #[arg(long, env = "DBBACKUP_SERVICE", hide_env_values = true, value_parser = values::services())]
    service: Service,
    /// Region, such as eu-de.
    #[arg(long, value_parser = values::some_text())]
    region: Option<String>,
    /// Project, by its name or its id of 32 digits.
    #[arg(long, value_parser = values::some_text())]
    project: Option<String>,
    /// Base URL of the service, in place of that of the region.
    #[arg(long, value_name = "URL", value_parser = values::some_text())]
    endpoint: Option<String>,
    /// Cloud of clouds.yaml; the variables DBBACKUP_* and HUAWEICLOUD_* do not count then.
    #[arg(long, value_name = "NAME", value_parser = values::some_text())]
    cloud: Option<String>,
    /// Form of the result.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) output: Format,
    /// Time for one request, such as 30s [default: 2m]
    #[arg(long, value_name = "TIME", value_parser = values::some_time)]
    request_timeout: Option<Duration>,
    /// Requests a minute [default: 60 on RDS hosts of Huawei Cloud]
    #[arg(long, value_name = "REQUESTS", value_parser = values::some)]
    rate: Option<NonZeroU32>,
    /// Log each call on standard error; twice: each attempt and decision.
    #[arg(short, long, action = clap::ArgAction::Count, conflicts_with = "quiet")]
    verbose: u8,
    /// No progress on standard error.
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// What a subcommand that changes something has besides.
#[derive(Clone, Copy, Default, clap::Args)]
pub(crate) struct DryRunArgs {
    /// Print the request that would be sent (in JSON: method, url, body), and send nothing but what
    /// reads.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl ServiceOptions {
    pub(crate) fn service(&self) -> Service {
        self.service
    }

    /// Refuses what the service cannot do, before anything is asked for.
    pub(crate) fn demand(&self, operation: Operation) -> Result<(), Failure> {
        if self.service.supports(operation) {
            return Ok(());
        }
        let services = operation.services().iter().map(|service| service.as_str());
        let services = services.collect::<Vec<_>>().join(" and ");
        let what = format!(
            "{} has no {operation}, which {services} alone have",
            self.service
        );
        Err(Failure::usage(what))
    }

    /// Whether the log takes the place of a spinner.
    pub(crate) fn is_logging(&self) -> bool {
        self.verbose > 0
    }

    /// A client that reads.
    pub(crate) async fn connect(&self) -> anyhow::Result<BackupClient> {
        self.connect_with(|transport| transport).await
    }

    /// A client that changes something, unless it is to show the request.
    pub(crate) async fn connect_to(&self, change: DryRunArgs) -> anyhow::Result<BackupClient> {
        if !change.dry_run {
            return self.connect().await;
        }
        let client = self.connect_with(Transport::dry_run).await?;
        // Nothing was made that could show up late.
        Ok(client.with_visibility_window(Duration::ZERO))
    }

    async fn connect_with(
        &self,
        change: impl FnOnce(Transport) -> Transport,
    ) -> anyhow::Result<BackupClient> {
        let (config, transport) = self.settings().await?;
        Ok(BackupClient::connect_with(self.service, &config, change(transport)).await?)
    }

    /// Where to call and as whom, and the way to the network for these options.
    pub(crate) async fn settings(&self) -> anyhow::Result<(Config, Transport)> {
        let options = self.clone();
        let read = move || {
            options.log();
            let config = options.config()?;
            let transport = options.transport(&config)?;
            Ok((config, transport))
        };
        // A file may be a pipe or far away, and a signal ends the wait for it.
        spawn_blocking(read).await?
    }

    fn transport(&self, config: &Config) -> anyhow::Result<Transport> {
        let mut options = Options::default()
            .with_calls_per_minute(self.rate)
            .with_ca_file(config.ca_file.clone())
            .with_names(&config.names);
        if let Some(timeout) = self.request_timeout {
            options.time_limit = options.time_limit.max(timeout);
            options.timeout = timeout;
        }
        let credentials = config
            .credentials
            .clone()
            .ok_or_else(|| Failure::new(Exit::Unauthorized, "there are no credentials"))?;
        let transport = Transport::with(credentials, options)?.with_names(&config.names);
        hide_secrets_of(&transport);
        Ok(transport)
    }

    /// The options over the environment and clouds.yaml.
    fn config(&self) -> anyhow::Result<Config> {
        let mut config = Config::default();
        config.names = self.names();
        config.region.clone_from(&self.region);
        config.project = self.project.as_deref().map(project);
        if let Some(url) = &self.endpoint {
            config = config.with_url(self.service.product(), url);
            config.url(self.service)?;
        }
        Ok(config.or_variables(|name| self.variable(name))?)
    }

    /// What the fields of the configuration are called here.
    fn names(&self) -> Names {
        let names = Names::default()
            .with("region", &["--region"])
            .with("project", &["--project"])
            .with("iam_url", &[])
            .with("ca_file", &["SSL_CERT_FILE"]);
        let names = Product::ALL.iter().fold(names, |names, product| {
            names.with(product.url_setting(), &["--endpoint"])
        });
        match self.cloud {
            Some(_) => names.with("cloud", &["--cloud"]).without("DBBACKUP_"),
            None => names,
        }
    }

    /// A variable of the environment; those of other accounts are hidden by a cloud that is named.
    fn variable(&self, name: &str) -> Option<OsString> {
        let is_hidden = ["DBBACKUP_", "HUAWEICLOUD_"]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        match &self.cloud {
            Some(cloud) if name == "OS_CLOUD" => Some(cloud.into()),
            Some(_) if is_hidden => None,
            _ => std::env::var_os(name),
        }
    }

    fn log(&self) {
        let level = match self.verbose {
            0 => return,
            1 => Level::INFO,
            _ => Level::DEBUG,
        };
        // A second one, which nobody asks for, would change nothing.
        let _ = tracing_subscriber::fmt()
            .with_writer(|| Log)
            .with_max_level(level)
            .with_span_events(FmtSpan::CLOSE)
            .with_target(false)
            .with_ansi(false)
            .try_init();
    }

    /// The command line of a subcommand for a backup.
    pub(crate) fn command_for(&self, subcommand: &str, backup: &BackupRef) -> String {
        let id = backup.id.as_str();
        match (backup.service.capabilities().lists, &backup.instance) {
            (Lists::OfInstance, Some(instance)) => {
                self.command_line(subcommand, &["--instance", instance.as_str(), id])
            }
            _ => self.command_line(subcommand, &[id]),
        }
    }

    /// The command line of a subcommand for the same place, such as one that goes on.
    pub(crate) fn command_line(&self, subcommand: &str, arguments: &[&str]) -> String {
        let mut words = vec!["dbbackup"];
        words.extend(subcommand.split(' '));
        words.extend(["--service", self.service.as_str()]);
        for (flag, value) in [
            ("--region", &self.region),
            ("--project", &self.project),
            ("--endpoint", &self.endpoint),
            ("--cloud", &self.cloud),
        ] {
            if let Some(value) = value {
                words.extend([flag, value]);
            }
        }
        words.extend(arguments);
        let words: Vec<String> = words.into_iter().map(values::quoted).collect();
        words.join(" ")
    }
}

/// A project as people give it: ids have 32 hexadecimal digits.
fn project(text: &str) -> NameOrId {
    if text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        NameOrId::Id(text.to_owned())
    } else {
        NameOrId::Name(text.to_owned())
    }
}
