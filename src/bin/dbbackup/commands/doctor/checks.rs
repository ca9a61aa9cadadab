//! The checks, in the order in which a call needs them. Each says what it has found; `None` ends them
//! where the next ones cannot be tried.

use dbbackup::auth::{Credentials, NameOrId};
use dbbackup::config::Config;
use dbbackup::model::{BackupFilter, Instance};
use dbbackup::transport::Transport;
use dbbackup::{BackupClient, Error, ErrorKind, Lists, Operation, Service};
use futures_util::TryStreamExt;

use super::network::{IAM, SERVICE, clock, reach};
use super::report::{Report, Subject};
use crate::exit::Exit;
use crate::options::ServiceOptions;

pub(crate) async fn examine(report: &mut Report, options: &ServiceOptions) -> Option<()> {
    let service = options.service();
    let (config, transport) = credentials(report, options).await?;
    let url = endpoint(report, &config, service)?;
    let reached = reach(report, &SERVICE, &transport, &url).await;
    if let Some(reached) = reached {
        clock(report, reached);
    }
    if asks_iam(&config) {
        match config.iam_url() {
            Ok(url) => reach(report, &IAM, &transport, &url).await.map(|_| ())?,
            Err(error) => {
                report.failed_with(Subject::Identity, &error.into(), None);
                return None;
            }
        }
    }
    reached?;
    let client = connect(report, &config, service, transport).await?;
    let (instances, odd) = instances(report, &client, &config).await?;
    list(report, &client, instances.first(), odd).await;
    create(report, service, &instances);
    Some(())
}

async fn credentials(report: &mut Report, options: &ServiceOptions) -> Option<(Config, Transport)> {
    match options.settings().await {
        Ok((config, transport)) => {
            let kind = match &config.credentials {
                Some(Credentials::AccessKey(key)) if key.security_token.is_some() => {
                    "a temporary access key"
                }
                Some(Credentials::AccessKey(_)) => "an access key",
                Some(Credentials::Password(_)) => "a password",
                _ => "a token",
            };
            let names = config.found_in.join(", ");
            report.ok(Subject::Credentials, format!("{kind} from {names}"));
            Some((config, transport.without_retries()))
        }
        Err(error) => {
            let remedy = match Exit::of(&error) {
                Exit::Unauthorized => "set all parts of one source",
                _ => "correct this setting",
            };
            report.failed_with(Subject::Credentials, &error, Some(remedy));
            None
        }
    }
}

fn endpoint(report: &mut Report, config: &Config, service: Service) -> Option<String> {
    match config.url(service) {
        Ok(url) => {
            let region = config.region.as_deref().unwrap_or("not known");
            report.ok(Subject::Endpoint, format!("{url}, region {region}"));
            Some(url)
        }
        Err(error) => {
            report.failed_with(Subject::Endpoint, &error.into(), None);
            None
        }
    }
}

/// Whether connecting needs IAM: for a token, or for the id of the project.
fn asks_iam(config: &Config) -> bool {
    let is_login = matches!(config.credentials, Some(Credentials::Password(_)));
    is_login || !matches!(config.project, Some(NameOrId::Id(_)))
}

/// Logs in and finds the project, where this takes a call.
async fn connect(
    report: &mut Report,
    config: &Config,
    service: Service,
    transport: Transport,
) -> Option<BackupClient> {
    let error = match BackupClient::connect_with(service, config, transport).await {
        Ok(client) => return Some(client),
        Err(error) => error,
    };
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::InvalidInput => {
            report.ok(Subject::Identity, "IAM accepts the credentials");
            // What was wrong with the arguments alone, the checks before this one have found.
            let remedy = "check --project and --region against the credentials";
            report.failed(
                Subject::Project,
                format!("{:#}", anyhow::Error::from(error)),
                remedy,
            );
        }
        _ => report.failed_with(Subject::Identity, &error.into(), Some(remedy_of(config))),
    }
    None
}

fn remedy_of(config: &Config) -> &'static str {
    match &config.credentials {
        Some(Credentials::AccessKey(_)) => "check the access key, its secret and the clock",
        Some(Credentials::Password(_)) => "check user, domain, password and project",
        _ => "get a new token of this project",
    }
}

/// The first list, which shows whether the service accepts the caller and the project; with the error
/// of an entry that cannot be used beside others that can.
async fn instances(
    report: &mut Report,
    client: &BackupClient,
    config: &Config,
) -> Option<(Vec<Instance>, Option<Error>)> {
    let mut instances = Vec::new();
    let mut listed = client.instances();
    let error = loop {
        match listed.try_next().await {
            Ok(Some(instance)) => instances.push(instance),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    let is_usable = |error: &Error| error.is_of_entry() && !instances.is_empty();
    let error = match error {
        Some(error) if !is_usable(&error) => error,
        odd => {
            report.ok(Subject::Identity, accepted(config));
            project(report, config);
            return Some((instances, odd));
        }
    };
    if error.refuses_credentials() {
        report.failed_with(Subject::Identity, &error.into(), Some(remedy_of(config)));
    } else if error.kind() == ErrorKind::Unauthorized {
        report.ok(Subject::Identity, accepted(config));
        let remedy = "check that --project is that of the credentials and of --region, and that they \
             may list instances";
        report.failed_with(Subject::Project, &error.into(), Some(remedy));
    } else {
        let remedy = match error.kind() {
            ErrorKind::Refused | ErrorKind::NotFound => {
                "check that the endpoint is one of the service"
            }
            _ if error.is_of_entry() => "give the id of an instance where one is asked for",
            _ => "try again later",
        };
        report.failed_with(Subject::List, &error.into(), Some(remedy));
    }
    None
}

fn accepted(config: &Config) -> &'static str {
    match config.credentials {
        Some(Credentials::AccessKey(_)) => "the signature is accepted",
        _ => "the token is accepted",
    }
}

/// A project is named like its region, or begins with it.
fn project(report: &mut Report, config: &Config) {
    let shown = config
        .project
        .as_ref()
        .map(ToString::to_string)
        .or_else(|| config.region.clone())
        .unwrap_or_default();
    let (Some(NameOrId::Name(name)), Some(region)) = (&config.project, &config.region) else {
        return report.ok(
            Subject::Project,
            format!("{shown} is one of the credentials"),
        );
    };
    let rest = name.strip_prefix(region.as_str());
    if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_')) {
        return report.ok(
            Subject::Project,
            format!("{shown} belongs to region {region}"),
        );
    }
    let detail = format!("project {name} is not one of region {region}");
    report.failed(
        Subject::Project,
        detail,
        "make --project and --region match",
    );
}

async fn list(
    report: &mut Report,
    client: &BackupClient,
    first: Option<&Instance>,
    odd: Option<Error>,
) {
    let filter = match (client.service().capabilities().lists, first) {
        (Lists::OfInstance, Some(instance)) => {
            BackupFilter::all().with_instance(instance.id.clone())
        }
        (Lists::OfInstance, None) => {
            return report.ok(
                Subject::List,
                "instances; there are none with backups to list",
            );
        }
        _ => BackupFilter::all(),
    };
    match client.list(filter).try_next().await {
        Ok(_) => report.ok(Subject::List, listed(odd)),
        Err(error) if error.is_of_entry() => report.ok(Subject::List, listed(odd.or(Some(error)))),
        Err(error) => {
            let remedy = "check that the credentials may list backups";
            report.failed_with(Subject::List, &error.into(), Some(remedy));
        }
    }
}

/// What can be listed, with a note on entries that cannot be used.
fn listed(odd: Option<Error>) -> String {
    let of_what = |error: Error| match error.operation() {
        Some(Operation::ListInstances) => "; an instance is left out, which has no usable id",
        _ => "; a backup is left out, which has no usable id",
    };
    let note = odd.map(of_what).unwrap_or_default();
    format!("instances and backups{note}")
}

/// What creating needs; only creating would show whether it is allowed.
fn create(report: &mut Report, service: Service, instances: &[Instance]) {
    if instances.is_empty() {
        let remedy = "check --project and --region, or make an instance";
        return report.failed(Subject::Create, "there is no instance to back up", remedy);
    }
    let permission = match service.product().iam_action(Operation::CreateBackup) {
        Some(action) => format!("the permission {action}"),
        None => "the permission to create backups".to_owned(),
    };
    let count = instances.len();
    let detail =
        format!("not tried: it needs {permission} and an idle instance; instances found: {count}");
    report.skipped(Subject::Create, detail);
}
