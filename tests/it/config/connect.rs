//! Clients from a configuration, and the project that they find.

use dbbackup::auth::{Credentials, NameOrId};
use dbbackup::config::Config;
use dbbackup::emulator::{Emulator, IamOperation};
use dbbackup::transport::Transport;
use dbbackup::{BackupClient, Error, ErrorKind, Service};
use futures_util::TryStreamExt;

use crate::support::local;

/// What a client over this configuration finds.
async fn instances(service: Service, config: &Config) -> Result<usize, Error> {
    let transport = Transport::with(config.credentials.clone().unwrap(), local())?;
    let client = BackupClient::connect_over(service, config, transport).await?;
    let found: Vec<_> = client.instances().try_collect().await?;
    Ok(found.len())
}

#[tokio::test]
async fn a_client_connects_with_a_project_by_id_by_name_and_by_the_region() {
    let emulator = Emulator::start().await.unwrap();
    let options = emulator.options();
    let id = NameOrId::Id(options.project_id.clone());
    let name = NameOrId::Name(options.region.clone());
    let key = Credentials::access_key(&options.access_key, options.secret_key.as_str());
    let token = Credentials::token(emulator.token());
    let password = emulator.config().credentials.unwrap();
    for credentials in [key, token, password] {
        for project in [Some(id.clone()), Some(name.clone()), None] {
            let config = Config {
                credentials: Some(credentials.clone()),
                project,
                ..emulator.config()
            };
            for service in Service::ALL {
                assert!(instances(service, &config).await.unwrap() > 0);
            }
        }
    }
    // Once for the name and once for the region, on each service; a login knows its project.
    let searches = emulator.calls(IamOperation::ListProjects);
    assert_eq!(searches, 2 * 2 * Service::ALL.len());
}

#[tokio::test]
async fn a_project_that_is_not_that_of_the_login_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    for project in [
        NameOrId::Id("0483b6b16e954cb88930a360d2c4e664".to_owned()),
        NameOrId::Name("eu-nl".to_owned()),
    ] {
        let config = Config {
            project: Some(project),
            ..emulator.config()
        };
        let error = instances(Service::RdsV3, &config).await.unwrap_err();
        let text = error.to_string();
        let words = ["log in to project 0483", "no project \"eu-nl\""];
        assert!(words.iter().any(|words| text.contains(words)), "{text}");
    }
    let same = Config {
        project: Some(NameOrId::Id(emulator.project_id().to_owned())),
        ..emulator.config()
    };
    assert!(instances(Service::RdsV3, &same).await.unwrap() > 0);
}

#[tokio::test]
async fn an_unknown_project_and_a_missing_one_are_named() {
    let emulator = Emulator::start().await.unwrap();
    let config = Config {
        credentials: Some(Credentials::token(emulator.token())),
        project: Some(NameOrId::Name("eu-nl".to_owned())),
        ..emulator.config()
    };
    let error = instances(Service::RdsV3, &config).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(
        error.to_string().contains("no project \"eu-nl\""),
        "{error}"
    );
    let config = Config {
        project: None,
        region: None,
        ..config
    };
    let error = instances(Service::RdsV3, &config).await.unwrap_err();
    assert!(error.to_string().contains("set project"), "{error}");
    let error = BackupClient::connect(Service::RdsV3, &Config::default()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NoCredentials);
}

#[tokio::test]
async fn a_base_url_may_have_a_prefix_and_a_slash_at_its_end() {
    let emulator = Emulator::start().await.unwrap();
    let with_slash = Config {
        rds_url: Some(format!("{}/", emulator.url(Service::RdsV3))),
        iam_url: Some(format!("{}/v3/", emulator.iam_url())),
        ..emulator.config()
    };
    assert!(instances(Service::RdsV3, &with_slash).await.unwrap() > 0);
}
