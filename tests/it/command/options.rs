//! Where the command goes and who it is: options over the environment and clouds.yaml.

use std::time::Duration;

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{Operation, Service};

use super::Stand;

#[tokio::test]
async fn a_cloud_that_is_named_hides_the_variables_of_other_accounts() {
    let stand = Stand::new(Service::RdsV3).await;
    let options = stand.emulator.options();
    let clouds = format!(
        "clouds: {{here: {{region_name: {region}, rds_endpoint_override: '{url}', auth: {{auth_url: \
         '{iam}/v3', username: {user}, user_domain_name: {domain}, project_name: {region}}}}}}}",
        region = options.region,
        url = stand.emulator.url(Service::RdsV3),
        iam = stand.emulator.iam_url(),
        user = options.username,
        domain = options.domain,
    );
    let file = format!("dbbackup-clouds-{}.yaml", std::process::id());
    let file = std::env::temp_dir().join(file);
    std::fs::write(&file, clouds).unwrap();
    let mut command = stand.command(&["instances", "--cloud", "here"]);
    command
        .env("DBBACKUP_TOKEN", "not-the-token")
        .env("OS_PASSWORD", &options.password)
        .env("OS_CLIENT_CONFIG_FILE", &file);
    stand.finish(command).await.done();
    assert_eq!(stand.emulator.logins(), 1);
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn options_win_over_variables() {
    let stand = Stand::new(Service::TaurusdbV3).await;
    let mut command = stand.command(&["instances", "--endpoint"]);
    command
        .arg(stand.emulator.url(Service::TaurusdbV3))
        .args(["--project", stand.emulator.project_id()])
        .env("DBBACKUP_TAURUSDB_URL", "http://127.0.0.1:1")
        .env("DBBACKUP_PROJECT_ID", "0".repeat(32));
    stand.finish(command).await.done();
}

#[tokio::test]
async fn a_request_takes_no_longer_than_it_may() {
    let stand = Stand::new(Service::GaussdbV3).await;
    let inject = |operation, fault| {
        let emulator = &stand.emulator;
        emulator
            .inject((Service::GaussdbV3, operation), fault)
            .unwrap();
    };
    inject(
        Operation::ListBackups,
        Fault::reply(Reply::new(403)).with_times(9),
    );
    inject(
        Operation::CreateBackup,
        Fault::delay(Duration::from_secs(3600)),
    );
    let instance = stand.instance();
    let create = ["create", "--instance", &instance, "--name", "nightly"];
    let ran = stand
        .run(&[&create[..], &["--request-timeout", "1s"]].concat())
        .await;
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(ran.stderr.contains("no answer came in time"), "{ran:?}");
}

#[tokio::test]
async fn what_cannot_be_a_place_is_refused() {
    let stand = Stand::new(Service::RdsV3).await;
    for (option, value, complaint) in [
        (
            "--endpoint",
            "ftp://example.com",
            "dbbackup: --endpoint must begin with https://",
        ),
        ("--rate", "0", "--rate"),
        ("--request-timeout", "soon", "must be a time such as"),
    ] {
        let ran = stand.run(&["list", option, value]).await;
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(complaint), "{ran:?}");
    }
    assert_eq!(stand.emulator.requests().len(), 0);
}
