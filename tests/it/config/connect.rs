//! Clients from a configuration, and the project that they find.

use dbbackup::auth::{Credentials, NameOrId};
use dbbackup::config::Config;
use dbbackup::emulator::{Emulator, IamOperation};
use dbbackup::transport::Transport;
use dbbackup::{BackupClient, Error, ErrorKind, Product, Service};
use futures_util::TryStreamExt;

use crate::support::local;

/// What a client over this configuration finds.
async fn instances(service: Service, config: &Config) -> Result<usize, Error> {
    let transport = Transport::with(config.credentials.clone().unwrap(), local())?;
    let client = BackupClient::connect_with(service, config, transport).await?;
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
            let mut config = emulator.config().with_credentials(credentials.clone());
            config.project = project;
            for &service in Service::ALL {
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
        let config = emulator.config().with_project(project);
        let error = instances(Service::RdsV3, &config).await.unwrap_err();
        let text = error.to_string();
        let words = ["log in to project 0483", "no project \"eu-nl\""];
        assert!(words.iter().any(|words| text.contains(words)), "{text}");
    }
    let own = NameOrId::Id(emulator.project_id().to_owned());
    let same = emulator.config().with_project(own);
    assert!(instances(Service::RdsV3, &same).await.unwrap() > 0);
}

#[tokio::test]
async fn an_unknown_project_and_a_missing_one_are_named() {
    let emulator = Emulator::start().await.unwrap();
    let mut config = emulator
        .config()
        .with_credentials(Credentials::token(emulator.token()))
        .with_project(NameOrId::Name("eu-nl".to_owned()));
    let error = instances(Service::RdsV3, &config).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(
        error.to_string().contains("no project \"eu-nl\""),
        "{error}"
    );
    (config.project, config.region) = (None, None);
    let error = instances(Service::RdsV3, &config).await.unwrap_err();
    assert!(error.to_string().contains("set project"), "{error}");
    let error = BackupClient::connect(Service::RdsV3, &Config::default()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NoCredentials);
}

#[tokio::test]
async fn a_base_url_may_have_a_prefix_and_a_slash_at_its_end() {
    let emulator = Emulator::start().await.unwrap();
    let url = format!("{}/", emulator.url(Service::RdsV3));
    let with_slash = emulator
        .config()
        .with_url(Product::Rds, url)
        .with_iam_url(format!("{}/v3/", emulator.iam_url()));
    assert!(instances(Service::RdsV3, &with_slash).await.unwrap() > 0);
}
