//! Signatures, checked by the emulator over the bytes that came in.

use std::time::Duration;

use dbbackup::api::rds_v3;
use dbbackup::auth::{AccessKey, Credentials};
use dbbackup::emulator::{Emulator, Options};
use dbbackup::model::{BackupFilter, NewBackup};
use dbbackup::transport::Transport;
use dbbackup::{BackupClient, Error, ErrorKind, Service};
use futures_util::TryStreamExt;

use super::{Rule, accepted, call, client_of};
use crate::support::{Script, http, local, project_id};

const SECRET: &str = "emulated-secret-key";

fn transport(key: AccessKey) -> Transport {
    Transport::with(Credentials::AccessKey(key), local()).unwrap()
}

/// The key of an emulator.
fn key(emulator: &Emulator) -> AccessKey {
    let options = emulator.options();
    AccessKey {
        access_key: options.access_key.clone(),
        secret_key: options.secret_key.as_str().into(),
        security_token: options.security_token.as_deref().map(Into::into),
    }
}

fn client(emulator: &Emulator, service: Service, key: AccessKey) -> BackupClient {
    let project = emulator.project_id().parse().unwrap();
    BackupClient::new(service, emulator.url(service), project, transport(key))
}

/// Goes through calls with and without a body and with a query.
async fn make_and_delete(client: &BackupClient) -> Result<(), Error> {
    let instance = client.instances().try_next().await?.unwrap();
    let new = NewBackup::new(instance.id.clone(), "nightly".parse().unwrap());
    let new = new.with_description("größer, 100%".parse().unwrap());
    let made = client.create(&new).await?;
    let filter = BackupFilter::all().with_instance(instance.id);
    let listed: Vec<_> = client.list(filter).try_collect().await?;
    assert!(
        listed
            .iter()
            .any(|backup| backup.reference == made.reference)
    );
    client.get(&made).await.map(drop)
}

#[tokio::test]
async fn every_service_takes_permanent_and_temporary_keys() {
    for security_token in [None, Some("a-temporary-token==".to_owned())] {
        let options = Options {
            security_token,
            ..Options::default()
        };
        let emulator = Emulator::with(options).await.unwrap();
        for &service in Service::ALL {
            let client = client(&emulator, service, key(&emulator));
            make_and_delete(&client).await.unwrap();
        }
    }
}

#[tokio::test]
async fn each_attempt_has_a_date_and_a_signature_of_its_own() {
    // The date has seconds, so the second attempt has to be a second later.
    let throttled = http("429 Too Many Requests", &["retry-after: 1"], "");
    let script = Script::start(vec![throttled, accepted(Rule::Read)]).await;
    let key = AccessKey {
        access_key: "AK".to_owned(),
        secret_key: SECRET.into(),
        security_token: Some("temporary-token".into()),
    };
    call(&client_of(&script.url, transport(key)), Rule::Read)
        .await
        .unwrap();
    let requests = script.requests();
    let header = |request: &str, name: &str| {
        let mut lines = request.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.unwrap().to_owned()
    };
    for name in ["x-sdk-date", "authorization"] {
        assert_ne!(header(&requests[0], name), header(&requests[1], name));
    }
    for request in &requests {
        assert_eq!(header(request, "x-project-id"), project_id(Service::RdsV3));
        assert_eq!(header(request, "x-security-token"), "temporary-token");
        let signed = "SignedHeaders=host;x-project-id;x-sdk-date;x-security-token";
        assert!(
            header(request, "authorization").contains(signed),
            "{request}"
        );
        assert!(!request.contains(SECRET), "{request}");
    }
}

#[tokio::test]
async fn a_wrong_clock_is_named_with_the_offset() {
    let emulator = Emulator::start().await.unwrap();
    emulator.advance(Duration::from_secs(20 * 60 + 30));
    let client = client(&emulator, Service::RdsV3, key(&emulator));
    let error = make_and_delete(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let text = error.to_string();
    let named = "the clock of this machine is 20 min 30 s behind the service's: set it";
    // The seconds may have gone on by one.
    let later = named.replace("30 s", "29 s");
    assert!(text.contains(named) || text.contains(&later), "{text}");
}

#[tokio::test]
async fn a_wrong_secret_is_refused_with_a_next_step_and_not_shown() {
    let emulator = Emulator::start().await.unwrap();
    let wrong = AccessKey {
        secret_key: "not-the-secret-key".into(),
        ..key(&emulator)
    };
    let client = client(&emulator, Service::GaussdbV3, wrong);
    let error = make_and_delete(&client).await.unwrap_err();
    assert_eq!(error.code(), Some("APIGW.0301"));
    assert_eq!(error.attempts(), 1);
    let text = error.to_string();
    assert!(
        text.contains("check the access key, its secret and the clock"),
        "{text}"
    );
    assert!(!text.contains("not-the-secret-key"), "{text}");
}

#[tokio::test]
async fn a_generated_client_signs_whatever_its_parameters_hold() {
    let emulator = Emulator::start().await.unwrap();
    let transport = transport(key(&emulator));
    let client = rds_v3::Client::new(emulator.url(Service::RdsV3), transport);
    for name in ["a b+c", "größer/100%", "a=b&c", "~-_.*'()!", ""] {
        let call = client.list_instances().project_id(emulator.project_id());
        let answer = call.name(name).limit(1).send().await;
        assert!(answer.is_ok(), "{name}: {answer:?}");
    }
}
