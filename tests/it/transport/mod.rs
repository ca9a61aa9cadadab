//! What happens between a client and the network, over real connections.

mod access_keys;
mod connections;
mod dry_run;
mod logins;
mod pauses;
mod quotes;
mod reach;
mod records;
mod remedies;
mod spans;
mod table;
mod tls;

use dbbackup::auth::Credentials;
use dbbackup::model::{BackupRef, InstanceId, Restore};
use dbbackup::transport::{Options, Transport};
use dbbackup::{BackupClient, Error, Service};

use crate::support::{Script, http, project_id};

pub(crate) use tls::{Authority, untrusted_server};

/// The three ways in which an operation may be repeated, with a call of rds-v3 for each.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    Read,
    Delete,
    Change,
}

const RULES: [Rule; 3] = [Rule::Read, Rule::Delete, Rule::Change];

fn transport(options: Options) -> Transport {
    Transport::with(Credentials::token("token-of-a-test"), options).unwrap()
}

/// A client of a server that plays a script.
fn client(url: &str, options: Options) -> BackupClient {
    client_of(url, transport(options))
}

fn client_of(url: &str, transport: Transport) -> BackupClient {
    let project = project_id(Service::RdsV3).parse().unwrap();
    BackupClient::new(Service::RdsV3, url, project, transport)
}

fn instance() -> InstanceId {
    "d8e6ca5a624745bcb546a227aa3ae1cfin01".parse().unwrap()
}

async fn call(client: &BackupClient, rule: Rule) -> Result<(), Error> {
    let backup = BackupRef {
        service: Service::RdsV3,
        instance: Some(instance()),
        id: "43e4feaab48f11e89039fa163ebaa7e4br01".parse().unwrap(),
    };
    match rule {
        Rule::Read => client
            .job("dff1d289-4d03-4942-8b9f-463ea07c000d")
            .await
            .map(drop),
        Rule::Delete => client.delete(&backup).await,
        Rule::Change => {
            let restore = Restore::backup(&backup);
            client.restore(&restore).await.map(drop)
        }
    }
}

/// The answer to a call that is accepted.
fn accepted(rule: Rule) -> Vec<u8> {
    let body = match rule {
        Rule::Read => r#"{"job": {"id": "dff1d289-4d03-4942-8b9f-463ea07c000d"}}"#.to_owned(),
        Rule::Delete => "{}".to_owned(),
        Rule::Change => r#"{"job_id": "dff1d289-4d03-4942-8b9f-463ea07c000d"}"#.to_owned(),
    };
    http("200 OK", &[], &body)
}

/// Number of requests that a script got.
fn count(script: &Script) -> usize {
    script.requests().len()
}
