//! Tokens: got once, shared, kept, renewed once, and never shown.

use std::time::Duration;

use dbbackup::auth::{Credentials, NameOrId, Password};
use dbbackup::emulator::{Emulator, Fault, IamOperation, Reply};
use dbbackup::model::{BackupFilter, NewBackup};
use dbbackup::transport::Transport;
use dbbackup::{BackupClient, ErrorKind, Operation, Service};
use futures_util::TryStreamExt;
use futures_util::future::join_all;

use super::{RULES, Rule, accepted, call, client_of, count, instance};
use crate::support::{Script, http, local};

/// The login of an emulator's user.
fn password(emulator: &Emulator) -> Password {
    match emulator.config().credentials {
        Some(Credentials::Password(password)) => password,
        other => panic!("{other:?}"),
    }
}

fn transport(password: Password) -> Transport {
    Transport::with(Credentials::Password(password), local()).unwrap()
}

/// Clients of all services over one transport.
fn clients(emulator: &Emulator, transport: &Transport) -> Vec<BackupClient> {
    let all = Service::ALL.iter().map(|&service| {
        let project = emulator.project_id().parse().unwrap();
        BackupClient::new(service, emulator.url(service), project, transport.clone())
    });
    all.collect()
}

/// A call that every service has.
async fn look(client: BackupClient) -> Result<usize, dbbackup::Error> {
    let instances: Vec<_> = client.instances().try_collect().await?;
    Ok(instances.len())
}

/// What became of 50 calls at once, over all services.
async fn fifty_calls(
    emulator: &Emulator,
    password: Password,
) -> Vec<Result<usize, dbbackup::Error>> {
    let clients = clients(emulator, &transport(password));
    let calls = (0..50).map(|n| tokio::spawn(look(clients[n % 4].clone())));
    let results = join_all(calls).await;
    results.into_iter().map(Result::unwrap).collect()
}

/// The answer to a login, for a token with this text and life.
pub(super) fn login(token: &str, expires_at: &str) -> Vec<u8> {
    let header = format!("x-subject-token: {token}");
    let body = format!(
        r#"{{"token": {{"issued_at": "2026-01-02T03:04:05.000000Z", "expires_at": "{expires_at}"}}}}"#
    );
    http("201 Created", &[&header], &body)
}

/// A password for an IAM that plays a script.
pub(super) fn scripted(url: &str) -> Password {
    Password {
        iam_url: format!("{url}/v3/"),
        user: NameOrId::Id("0483b6b16e954cb88930a360d2c4e66a".to_owned()),
        domain: None,
        password: "pass\"ü".into(),
        project: NameOrId::Name("eu-de".to_owned()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_first_calls_make_one_login() {
    let emulator = Emulator::start().await.unwrap();
    let slow = Fault::delay(Duration::from_millis(50));
    emulator.inject(IamOperation::CreateToken, slow).unwrap();
    for result in fifty_calls(&emulator, password(&emulator)).await {
        assert!(result.unwrap() > 0);
    }
    assert_eq!(emulator.logins(), 1);
}

#[tokio::test]
async fn fifty_first_calls_try_a_wrong_password_once() {
    let emulator = Emulator::start().await.unwrap();
    let wrong = Password {
        password: "not-the-password".into(),
        ..password(&emulator)
    };
    for result in fifty_calls(&emulator, wrong).await {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
        assert_eq!(error.status(), Some(401));
        let text = error.to_string();
        assert!(text.contains("login: refused with 401"), "{text}");
        assert!(!text.contains("not-the-password"), "{text}");
    }
    assert_eq!(emulator.logins(), 1);
}

#[tokio::test]
async fn users_domains_and_projects_are_given_by_name_or_by_id() {
    let emulator = Emulator::start().await.unwrap();
    let by_id = Password {
        project: NameOrId::Id(emulator.project_id().to_owned()),
        ..password(&emulator)
    };
    let client = clients(&emulator, &transport(by_id)).swap_remove(1);
    assert!(look(client).await.unwrap() > 0);

    let another = Password {
        project: NameOrId::Name("eu-nl".to_owned()),
        ..password(&emulator)
    };
    let client = clients(&emulator, &transport(another)).swap_remove(1);
    let error = look(client).await.unwrap_err().to_string();
    assert!(error.contains("login: refused with 404"), "{error}");

    let no_domain = Password {
        domain: None,
        ..password(&emulator)
    };
    let client = clients(&emulator, &transport(no_domain)).swap_remove(1);
    let error = look(client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("needs a domain"), "{error}");
    assert_eq!(
        emulator.logins(),
        2,
        "a login that cannot succeed is not tried"
    );
}

#[tokio::test]
async fn a_stale_token_is_renewed_once_and_for_all_calls() {
    let stale = [
        (401, r#"{"error_code": "APIGW.0301"}"#),
        (401, ""),
        (403, r#"{"error_code": "APIGW.0307"}"#),
        (403, r#"{"error_code": "DBS.280056"}"#),
    ];
    for (status, body) in stale {
        let emulator = Emulator::start().await.unwrap();
        let client = clients(&emulator, &transport(password(&emulator))).swap_remove(1);
        let refusal = Fault::reply(Reply::new(status).with_body(body));
        emulator
            .inject((Service::RdsV3, Operation::ListInstances), refusal.clone())
            .unwrap();
        assert!(look(client.clone()).await.unwrap() > 0, "{body}");
        assert_eq!(emulator.logins(), 2, "{status} {body}");

        let twice = refusal.with_times(2);
        emulator
            .inject((Service::RdsV3, Operation::ListInstances), twice)
            .unwrap();
        let error = look(client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{status} {body}");
        assert_eq!(error.attempts(), 2, "{error}");
        assert_eq!(emulator.logins(), 3, "{status} {body}");
    }
}

#[tokio::test]
async fn tokens_that_expire_under_many_calls_cost_one_more_login() {
    let emulator = Emulator::start().await.unwrap();
    let clients = clients(&emulator, &transport(password(&emulator)));
    look(clients[0].clone()).await.unwrap();
    emulator.expire_tokens();
    let calls = (0..20).map(|n| tokio::spawn(look(clients[n % 4].clone())));
    for result in join_all(calls).await {
        assert!(result.unwrap().unwrap() > 0);
    }
    assert_eq!(emulator.logins(), 2);
}

#[tokio::test]
async fn a_create_with_a_stale_token_makes_one_backup() {
    let emulator = Emulator::start().await.unwrap();
    let client = clients(&emulator, &transport(password(&emulator))).swap_remove(1);
    look(client.clone()).await.unwrap();
    let stale = Fault::reply(Reply::new(401).with_body(r#"{"error_code":"APIGW.0307"}"#));
    emulator
        .inject((Service::RdsV3, Operation::CreateBackup), stale)
        .unwrap();
    let new = NewBackup::new(instance(), "nightly".parse().unwrap());
    client.create(&new).await.unwrap();
    assert_eq!(emulator.calls((Service::RdsV3, Operation::CreateBackup)), 2);
    let backups: Vec<_> = client
        .list(BackupFilter::all().with_instance(instance()))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(backups.iter().filter(|b| b.name == "nightly").count(), 1);
}

#[tokio::test]
async fn a_given_token_is_not_renewed() {
    let emulator = Emulator::start().await.unwrap();
    let transport = emulator.transport().unwrap();
    let client = clients(&emulator, &transport).swap_remove(1);
    emulator.revoke_token(emulator.token());
    let error = look(client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.code(), Some("APIGW.0307"));
    assert_eq!((error.attempts(), emulator.logins()), (1, 0));
    assert!(error.to_string().contains("get another one"), "{error}");
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_it_expires() {
    // By the clock of IAM, whatever the time is here.
    let day = "2026-01-03T03:04:05.000000Z";
    let nothing = "2026-01-02T03:04:05.000000Z";
    for (expires, tokens) in [(day, ["one", "one"]), (nothing, ["one", "two"])] {
        let mut acts = vec![login("one", expires), accepted(Rule::Read)];
        if tokens[1] == "two" {
            acts.push(login("two", expires));
        }
        acts.push(accepted(Rule::Read));
        let script = Script::start(acts).await;
        let client = client_of(&script.url, transport(scripted(&script.url)));
        for _ in 0..2 {
            call(&client, Rule::Read).await.unwrap();
        }
        let requests = script.requests();
        let sent = requests.iter().filter(|r| r.contains("/jobs"));
        let is_sent = |(request, token): (&String, &str)| {
            request.contains(&format!("x-auth-token: {token}\r\n"))
        };
        assert!(sent.zip(tokens).all(is_sent), "{requests:#?}");
    }
}

#[tokio::test]
async fn a_login_is_sent_as_documented_and_again_while_iam_is_away() {
    let unavailable = http("503 Service Unavailable", &[], "");
    let day = "2026-01-03T03:04:05.000000Z";
    let acts = vec![unavailable, login("one", day), accepted(Rule::Read)];
    let script = Script::start(acts).await;
    let client = client_of(&script.url, transport(scripted(&script.url)));
    call(&client, Rule::Read).await.unwrap();
    let requests = script.requests();
    let first = &requests[1];
    assert!(
        first.starts_with("POST /v3/auth/tokens?nocatalog=true HTTP/1.1\r\n"),
        "{first}"
    );
    let body: serde_json::Value =
        serde_json::from_str(first.split_once("\r\n\r\n").unwrap().1).unwrap();
    let documented = serde_json::json!({ "auth": {
        "identity": {
            "methods": ["password"],
            "password": { "user": {
                "id": "0483b6b16e954cb88930a360d2c4e66a",
                "password": "pass\"ü",
            } },
        },
        "scope": { "project": { "name": "eu-de" } },
    } });
    assert_eq!(body, documented);
}

#[tokio::test]
async fn a_password_does_not_follow_a_redirect() {
    let other = Script::start(vec![login("one", "2026-01-03T03:04:05.000000Z")]).await;
    let location = format!("location: {}/v3/auth/tokens", other.url);
    let moved = http("307 Temporary Redirect", &[&location], "");
    let script = Script::start(vec![moved]).await;
    let client = client_of(&script.url, transport(scripted(&script.url)));
    let error = call(&client, Rule::Read).await.unwrap_err();
    assert!(
        error.to_string().contains("login: refused with 307"),
        "{error}"
    );
    assert_eq!(count(&other), 0);
}

#[tokio::test]
async fn answers_that_are_no_login_are_refused_and_change_nothing() {
    let day = "2026-01-03T03:04:05.000000Z";
    let odd = [
        (login("", day), "X-Subject-Token"),
        (
            http("201 Created", &["x-subject-token: one"], "<html>"),
            "no JSON",
        ),
    ];
    for (answer, word) in odd {
        for rule in RULES {
            let script = Script::start(vec![answer.clone()]).await;
            let client = client_of(&script.url, transport(scripted(&script.url)));
            let error = call(&client, rule).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
            assert!(error.to_string().contains(word), "{error}");
            assert_eq!(count(&script), 1, "the call itself is not sent");
        }
    }
}

#[tokio::test]
async fn a_login_that_is_given_up_holds_nobody_up() {
    let emulator = Emulator::start().await.unwrap();
    let endless = Fault::delay(Duration::from_secs(3600));
    emulator.inject(IamOperation::CreateToken, endless).unwrap();
    let client = clients(&emulator, &transport(password(&emulator))).swap_remove(0);
    let first = tokio::spawn(look(client.clone()));
    while emulator.logins() == 0 {
        tokio::task::yield_now().await;
    }
    let second = tokio::spawn(look(client));
    tokio::task::yield_now().await;
    first.abort();
    assert!(second.await.unwrap().unwrap() > 0);
    assert_eq!(emulator.logins(), 2);
}

#[test]
fn a_transport_outlives_the_runtime_of_its_first_calls() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap()
    };
    // The emulator has a runtime of its own.
    let servers = runtime();
    let emulator = servers.block_on(Emulator::start()).unwrap();
    let transport = transport(password(&emulator));
    for _ in 0..2 {
        let client = clients(&emulator, &transport).swap_remove(1);
        let once = runtime();
        assert!(once.block_on(look(client)).unwrap() > 0);
    }
    assert_eq!(emulator.logins(), 1);
}
