//! What is counted.

use std::hint::black_box;

use dbbackup::api::rds_v3;
use dbbackup::auth::{Credentials, aksk};
use dbbackup::model::{BackupFilter, NewBackup};
use dbbackup::transport::{Options, Transport};
use dbbackup::{BackupClient, Service};
use futures_util::TryStreamExt;
use tokio::runtime::{Builder, Runtime};

use super::{Result, service};

/// How often a case within this program is counted; it has been done once before.
const ROUNDS: u64 = 10;
const INSTANCE: &str = "d8e6ca5a624745bcb546a227aa3ae1cfin01";

/// Something that is counted: a whole program, or a function of [`run`].
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) program: Option<&'static str>,
    pub(crate) arguments: &'static [&'static str],
    /// How the process ends.
    pub(crate) code: i32,
}

pub(crate) const ALL: &[Case] = &[
    within("sign-create"),
    within("build-create"),
    within("list-100-backups"),
    within("refused-call"),
    within("whole-create"),
    Case {
        name: "dbbackup-help",
        program: Some(env!("CARGO_BIN_EXE_dbbackup")),
        arguments: &["--help"],
        code: 0,
    },
    Case {
        name: "diff-rds-v3",
        program: Some(env!("CARGO_BIN_EXE_dbbackup-spec")),
        // Blessed files, which never change; the newer one breaks nothing.
        arguments: &[
            "diff",
            "openapi/blessed/rds-v3/1.0.0.yaml",
            "openapi/blessed/rds-v3/1.0.2.yaml",
        ],
        code: 0,
    },
];

const fn within(name: &'static str) -> Case {
    Case {
        name,
        program: None,
        arguments: &[],
        code: 0,
    }
}

/// How often a case happens while it is counted.
pub(crate) fn rounds(case: &Case) -> u64 {
    if case.program.is_some() { 1 } else { ROUNDS }
}

/// Does what a case counts, once before it is counted.
pub(crate) fn run(name: &str) -> Result<()> {
    match name {
        "sign-create" => repeated(|| {
            black_box(sign());
            Ok(())
        }),
        "build-create" => {
            let (runtime, transport) = (runtime()?, transport(Credentials::token("token"))?);
            let client = rds_v3::Client::new("http://127.0.0.1:1", transport.dry_run());
            repeated(|| runtime.block_on(build(&client)))
        }
        "list-100-backups" => called(async |client| {
            let all = client.list(BackupFilter::all().with_instance(service::FULL.parse()?));
            expect(all.try_collect::<Vec<_>>().await?.len() == 100)
        }),
        "refused-call" => called(async |client| {
            let refused = client.policy(&INSTANCE.parse()?).await;
            expect(refused.is_err_and(|error| error.code() == Some("DBS.200001")))
        }),
        "whole-create" => called(async |client| {
            let new = NewBackup::new(INSTANCE.parse()?, "nightly".parse()?);
            client.create(&new).await?;
            Ok(())
        }),
        other => Err(format!("no case {other}").into()),
    }
}

/// What callgrind counts.
#[inline(never)]
fn counted(work: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    for _ in 0..ROUNDS {
        work()?;
    }
    Ok(())
}

/// Connections are made and tables filled before it counts.
fn repeated(mut work: impl FnMut() -> Result<()>) -> Result<()> {
    work()?;
    counted(&mut work)
}

/// Calls of a client that signs, to a service that answers at once.
fn called(call: impl AsyncFn(&BackupClient) -> Result<()>) -> Result<()> {
    let (runtime, url) = (runtime()?, service::start()?);
    let transport = transport(Credentials::access_key("TESTACCESSKEY", "testsecretkey"))?;
    let client = BackupClient::new(Service::RdsV3, &url, "p".parse()?, transport);
    repeated(|| runtime.block_on(call(&client)))
}

fn expect(holds: bool) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err("another answer than was expected".into())
    }
}

fn runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

fn transport(credentials: Credentials) -> Result<Transport> {
    let options = Options::default().with_proxy(false);
    Ok(Transport::with(credentials, options)?)
}

fn sign() -> aksk::Signed {
    let request = aksk::Request {
        method: "POST",
        path: "/v3/0483b6b16e954cb88930a360d2c4e663/backups",
        query: "",
        headers: &[
            ("Host", "rds.eu-de.otc.t-systems.com"),
            ("Content-Type", "application/json"),
            ("X-Project-Id", "0483b6b16e954cb88930a360d2c4e663"),
        ],
        date: "20260102T030405Z",
        body: br#"{"instance_id":"a48e43ff268f4c0e879652d65e63d0fbin01","name":"nightly"}"#,
    };
    aksk::sign(black_box(&request), "TESTACCESSKEY", "testsecretkey")
}

async fn build(client: &rds_v3::Client) -> Result<()> {
    let body = rds_v3::types::CreateBackupRequest::builder()
        .instance_id(INSTANCE)
        .name("nightly");
    let request = client.create_backup().project_id("p").body(body);
    expect(request.send().await.is_err())
}
