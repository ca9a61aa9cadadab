//! `doctor`, healthy and with each thing that can be wrong.

mod entries;

use std::process::Command;

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{Operation, Service};
use insta::assert_snapshot;
use serde_json::Value;

use super::{Ran, Stand, dbbackup, named};

/// The checks as JSON: name, state, and detail with remedy.
fn checks(ran: &Ran) -> Vec<[String; 3]> {
    let checks: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let text = |check: &Value, field: &str| check[field].as_str().unwrap_or_default().to_owned();
    let row = |check: &Value| {
        assert_eq!(check.as_object().unwrap().len(), 4, "{check}");
        let says = format!("{}; {}", text(check, "detail"), text(check, "remedy"));
        [text(check, "check"), text(check, "state"), says]
    };
    checks.iter().map(row).collect()
}

/// Asserts that one check has failed, with these words, and that those after it say so.
#[track_caller]
fn assert_fails(ran: &Ran, code: i32, check: &str, words: &[&str]) {
    assert_eq!(ran.code, Some(code), "{ran:?}");
    assert_eq!(ran.stderr, format!("dbbackup: failed: {check}\n"));
    let checks = checks(ran);
    let failed = checks.iter().position(|row| row[1] == "failed").unwrap();
    assert_eq!(checks[failed][0], check, "{checks:?}");
    for word in words {
        assert!(checks[failed][2].contains(word), "{word}: {checks:?}");
    }
    for [name, state, says] in &checks[failed + 1..] {
        assert_eq!(state, "skipped", "{name}: {says}");
        assert!(
            says.contains(&format!("{check} has failed")),
            "{name}: {says}"
        );
    }
}

impl Stand {
    /// `doctor` with JSON, and no proxy for the servers of the test.
    fn doctor(&self) -> Command {
        let mut command = self.command(&["doctor", "--output", "json"]);
        command.env("NO_PROXY", "*");
        command
    }

    async fn examined(&self, change: impl FnOnce(&mut Command)) -> Ran {
        let mut command = self.doctor();
        change(&mut command);
        self.finish(command).await
    }
}

/// With the emulator's key in place of its token, and the project by its name.
fn with_key(command: &mut Command, stand: &Stand) {
    let options = stand.emulator.options();
    command
        .env_remove("DBBACKUP_TOKEN")
        .env_remove("DBBACKUP_PROJECT_ID")
        .env("DBBACKUP_REGION", &options.region)
        .env("DBBACKUP_IAM_URL", stand.emulator.iam_url())
        .env("HUAWEICLOUD_SDK_AK", &options.access_key)
        .env("HUAWEICLOUD_SDK_SK", &options.secret_key);
}

#[tokio::test]
async fn all_is_well_on_each_service_and_nothing_is_changed() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let ran = stand.run(&["doctor"]).await;
        assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{ran:?}");
        assert_snapshot!(named("doctor", service), ran.done());
        let requests = stand.emulator.requests();
        assert!(
            requests.iter().all(|request| request.method == "GET"),
            "{requests:?}"
        );
    }
}

#[tokio::test]
async fn the_source_of_the_credentials_is_named_and_no_value_of_them() {
    let stand = Stand::new(Service::RdsV3).await;
    let says = |ran: &Ran| {
        ran.done();
        checks(ran)[0][2].clone()
    };
    let token = stand.examined(|_| ()).await;
    assert_eq!(says(&token), "a token from DBBACKUP_TOKEN; ");
    let key = stand.examined(|command| with_key(command, &stand)).await;
    let names = "HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK";
    assert_eq!(says(&key), format!("an access key from {names}; "));
    let of_iam: Vec<_> = checks(&key).into_iter().map(|[name, ..]| name).collect();
    assert_eq!(of_iam[6..8], ["iam-name-resolution", "iam-connection"]);

    let file = std::env::temp_dir().join(format!("dbbackup-doctor-{}.yaml", std::process::id()));
    let options = stand.emulator.options();
    let cloud = format!(
        "clouds: {{ nightly: {{ region_name: {}, rds_endpoint_override: '{}', auth: {{ auth_url: \
         '{}', username: {}, user_domain_name: {}, project_name: {} }} }} }}",
        options.region,
        stand.emulator.url(Service::RdsV3),
        stand.emulator.iam_url(),
        options.username,
        options.domain,
        options.region,
    );
    std::fs::write(&file, cloud).unwrap();
    let of_cloud = stand.examined(|command| {
        let command = command.args(["--cloud", "nightly"]);
        command
            .env("OS_PASSWORD", &options.password)
            .env("OS_CLIENT_CONFIG_FILE", &file);
    });
    let of_cloud = of_cloud.await;
    std::fs::remove_file(&file).unwrap();
    let said = says(&of_cloud);
    assert!(
        said.starts_with("a password from auth.username of cloud \"nightly\" in "),
        "{said}"
    );
    assert!(
        said.contains(file.to_str().unwrap()) && said.contains(", OS_PASSWORD,"),
        "{said}"
    );
}

#[tokio::test]
async fn credentials_that_are_missing_or_incomplete_are_named() {
    let stand = Stand::new(Service::RdsV3).await;
    let none = stand
        .examined(|command| _ = command.env_remove("DBBACKUP_TOKEN"))
        .await;
    assert_fails(&none, 5, "credentials", &["no credentials: looked at"]);
    let half = stand
        .examined(|command| _ = command.env("DBBACKUP_ACCESS_KEY", "AK"))
        .await;
    assert_fails(
        &half,
        2,
        "credentials",
        &["DBBACKUP_SECRET_KEY is not set", "correct this"],
    );
}

#[tokio::test]
async fn an_endpoint_that_is_not_known_is_a_failure_before_any_call() {
    let stand = Stand::new(Service::RdsV3).await;
    let ran = stand.examined(|command| {
        command
            .env_remove("DBBACKUP_RDS_URL")
            .args(["--region", "mars-1"]);
    });
    assert_fails(&ran.await, 2, "endpoint", &["mars-1", "correct the region"]);
    assert!(stand.emulator.requests().is_empty());
}

#[tokio::test]
async fn a_name_that_does_not_resolve_and_a_port_that_refuses_are_told_apart() {
    let stand = Stand::new(Service::RdsV3).await;
    let at =
        |url: &'static str| stand.examined(move |command| _ = command.args(["--endpoint", url]));
    let name = at("https://nothing.invalid").await;
    assert_fails(
        &name,
        1,
        "name-resolution",
        &["nothing.invalid", "check the endpoint"],
    );
    // No server has this port.
    let port = at("http://127.0.0.1:1").await;
    assert_fails(
        &port,
        1,
        "connection",
        &["no connection could be made", "firewalls"],
    );
}

#[tokio::test]
async fn a_proxy_may_know_the_name() {
    let stand = Stand::new(Service::RdsV3).await;
    let ran = stand.examined(|command| {
        // It answers for any host.
        let proxy = stand.emulator.url(Service::RdsV3);
        command.env("HTTP_PROXY", proxy).env("NO_PROXY", "");
        command.args(["--endpoint", "http://nothing.invalid"]);
    });
    let ran = ran.await;
    ran.done();
    let names = &checks(&ran)[2];
    assert_eq!(names[..2], ["name-resolution", "ok"]);
    assert!(names[2].contains("but by a proxy"), "{names:?}");
}

#[tokio::test]
async fn an_entry_of_no_proxy_that_never_fits_is_named() {
    let stand = Stand::new(Service::RdsV3).await;
    let url = stand.emulator.url(Service::RdsV3);
    let host = url.trim_start_matches("http://");
    for (entries, said) in [
        (host, Some("127.0.0.1")),
        (url, Some("127.0.0.1")),
        ("example.com, [::1]:80", Some("::1")),
        ("[::1]", Some("::1")),
        ("*.example.com", Some(".example.com")),
        ("*", Some("127.0.0.1")),
        ("*,127.0.0.2,128.0.0.0/8,::1", Some("127.0.0.1")),
        ("*,127.0.0.0/8", None),
        ("127.0.0.1,::1,10.0.0.0/8,.example.com,*", None),
        ("", None),
    ] {
        // It answers for any host.
        let ran = stand.examined(|command| {
            command.env("HTTP_PROXY", url).env("no_proxy", "x:1");
            command.env("NO_PROXY", entries);
        });
        let ran = ran.await;
        ran.done();
        let connection = checks(&ran)[3][2].clone();
        match said {
            Some(right) => assert!(
                connection.contains(" has no effect")
                    && connection.ends_with(&format!("write {right}; ")),
                "{connection}"
            ),
            None => assert!(!connection.contains("no effect"), "{connection}"),
        }
    }
}

#[tokio::test]
async fn a_service_that_knows_no_lists_is_a_wrong_endpoint() {
    let stand = Stand::new(Service::RdsV3).await;
    let url = stand.emulator.iam_url();
    let ran = stand.examined(|command| _ = command.args(["--endpoint", url]));
    let ran = ran.await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let list = &checks(&ran)[8];
    assert_eq!(list[..2], ["list", "failed"]);
    assert!(
        list[2].ends_with("; check that the endpoint is one of the service"),
        "{list:?}"
    );
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_a_failure_of_tls() {
    let stand = Stand::new(Service::RdsV3).await;
    let url = crate::transport::untrusted_server().await;
    let ran = stand.examined(|command| _ = command.args(["--endpoint", &url]));
    assert_fails(
        &ran.await,
        1,
        "tls",
        &["UnknownIssuer", "certificate in SSL_CERT_FILE"],
    );
}

#[tokio::test]
async fn a_clock_that_is_off_is_named_with_the_offset_and_the_rest_goes_on() {
    let stand = Stand::new(Service::RdsV3).await;
    stand.emulator.advance(std::time::Duration::from_secs(3600));
    let ran = stand.examined(|_| ()).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let checks = checks(&ran);
    let clock = &checks[5];
    assert_eq!(clock[..2], ["clock", "failed"]);
    assert!(
        clock[2].contains("s behind the server; set the clock"),
        "{clock:?}"
    );
    assert_eq!(checks[6][..2], ["identity", "ok"]);
}

#[tokio::test]
async fn a_token_a_signature_and_a_password_that_are_refused_end_with_5() {
    let stand = Stand::new(Service::RdsV3).await;
    let token = stand
        .examined(|command| _ = command.env("DBBACKUP_TOKEN", "made-up"))
        .await;
    assert_fails(&token, 5, "identity", &["DBS.280056", "get another one"]);
    let key = stand.examined(|command| {
        with_key(command, &stand);
        let id = stand.emulator.project_id();
        command
            .env("DBBACKUP_PROJECT_ID", id)
            .env("HUAWEICLOUD_SDK_SK", "made-up");
    });
    assert_fails(
        &key.await,
        5,
        "identity",
        &["APIGW.0301", "check the access key"],
    );
    let login = stand.examined(|command| {
        with_key(command, &stand);
        let options = stand.emulator.options();
        command
            .env("DBBACKUP_USERNAME", &options.username)
            .env("DBBACKUP_DOMAIN", &options.domain)
            .env("DBBACKUP_PASSWORD", "made-up");
    });
    assert_fails(
        &login.await,
        5,
        "identity",
        &[
            "login: refused with 401 by http",
            "check DBBACKUP_USERNAME, DBBACKUP_PASSWORD and DBBACKUP_DOMAIN",
        ],
    );
}

#[tokio::test]
async fn a_project_that_does_not_match_is_named() {
    let stand = Stand::new(Service::RdsV3).await;
    let unknown = stand.examined(|command| {
        with_key(command, &stand);
        command.args(["--project", "eu-de_shop"]);
    });
    assert_fails(
        &unknown.await,
        1,
        "project",
        &["no project \"eu-de_shop\"", "--region"],
    );
    let other = "0483b6b16e954cb88930a360d2c4e664";
    let other = stand
        .examined(|command| _ = command.args(["--project", other]))
        .await;
    assert_fails(&other, 5, "project", &["DBS.200010", "check the ids"]);
    let region = stand.examined(|command| {
        with_key(command, &stand);
        command.args(["--region", "eu-nl", "--project", "eu-de"]);
    });
    let region = region.await;
    assert_eq!(region.code, Some(1), "{region:?}");
    assert_eq!(region.stderr, "dbbackup: failed: project\n");
    assert!(
        region
            .stdout
            .contains("project eu-de is not one of region eu-nl"),
        "{region:?}"
    );
}

#[tokio::test]
async fn backups_that_may_not_be_listed_are_a_failure_with_the_permission() {
    let stand = Stand::new(Service::RdsV3).await;
    let reply = Reply::new(403).with_header("Content-Type", "application/json");
    let body = r#"{"error_code": "DBS.200010", "error_msg": "You may not list."}"#;
    let fault = Fault::reply(reply.with_body(body));
    stand
        .emulator
        .inject((Service::RdsV3, Operation::ListBackups), fault)
        .unwrap();
    let ran = stand.examined(|_| ()).await;
    assert_eq!(ran.code, Some(5), "{ran:?}");
    let list = checks(&ran)[8].clone();
    assert_eq!(list[..2], ["list", "failed"]);
    assert!(list[2].contains("rds:backup:list"), "{list:?}");
}

#[test]
fn wrong_usage_ends_with_2() {
    let output = dbbackup(&["doctor"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty());
}
