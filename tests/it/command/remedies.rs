//! Messages that say what to correct, in the words of the way in which a value came.

use std::path::PathBuf;

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{Operation, Service};

use serde_json::json;

use super::{Ran, Stand};

/// A clouds.yaml with the user of the emulator, removed with the test.
struct Clouds(PathBuf);

impl Clouds {
    /// One with the cloud `a`: its URL of IAM, and lines below it.
    fn new(stand: &Stand, test: &str, iam_url: &str, lines: &str) -> Self {
        let path = format!("dbbackup-{test}-{}.yaml", std::process::id());
        let path = std::env::temp_dir().join(path);
        let options = stand.emulator.options();
        let text = format!(
            "clouds:\n  a:\n    auth:\n      auth_url: {iam_url}\n      username: {}\n      password: {}\n      \
             user_domain_name: {}\n      project_name: {}\n{lines}",
            options.username, options.password, options.domain, options.region,
        );
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    /// The place of the keys of the cloud.
    fn place(&self) -> String {
        format!("of cloud \"a\" in {}", self.0.display())
    }

    async fn run(&self, stand: &Stand, arguments: &[&str]) -> Ran {
        let mut command = stand.command(&[arguments, &["--cloud", "a"]].concat());
        command.env("OS_CLIENT_CONFIG_FILE", &self.0);
        stand.finish(command).await
    }
}

impl Drop for Clouds {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn a_region_that_is_not_known_is_corrected_where_it_was_found() {
    let stand = Stand::new(Service::RdsV3).await;
    let clouds = Clouds::new(
        &stand,
        "region",
        "https://iam.example.com/v3",
        "    region_name: mars-1\n",
    );
    let (place, list) = (clouds.place(), ["list", "--instance", &stand.instance()]);
    let ran = clouds.run(&stand, &list).await;
    assert_eq!(ran.code, Some(2), "{ran:?}");
    let said = format!(
        "correct the region (region_name {place}), or set --endpoint or rds_endpoint_override {place}\n"
    );
    assert!(ran.stderr.ends_with(&said), "{ran:?}");

    let ran = clouds
        .run(&stand, &[&list[..], &["--region", "moon-1"]].concat())
        .await;
    assert!(
        ran.stderr
            .contains("correct the region (--region), or set --endpoint or "),
        "{ran:?}"
    );

    // Both do what they say, up to the login.
    let url = stand.emulator.url(Service::RdsV3);
    let lines = format!("    region_name: mars-1\n    rds_endpoint_override: {url}\n");
    let with_url = Clouds::new(&stand, "override", stand.emulator.iam_url(), &lines);
    with_url.run(&stand, &["instances"]).await.done();
    let lines = "    region_name: mars-1\n";
    let without = Clouds::new(&stand, "option", stand.emulator.iam_url(), lines);
    without
        .run(&stand, &["instances", "--endpoint", url])
        .await
        .done();
}

#[tokio::test]
async fn a_wrong_url_of_iam_is_corrected_where_it_was_found_also_by_doctor() {
    let stand = Stand::new(Service::RdsV3).await;
    let iam_url = format!("{}/v2.0", stand.emulator.iam_url());
    let url = stand.emulator.url(Service::RdsV3);
    let lines = format!("    region_name: eu-de\n    rds_endpoint_override: {url}\n");
    let clouds = Clouds::new(&stand, "auth-url", &iam_url, &lines);
    let step = format!(
        "correct auth.auth_url {}: the URL of IAM has to look like \
         https://iam.eu-de.otc.t-systems.com/v3",
        clouds.place()
    );
    let list = clouds.run(&stand, &["instances"]).await;
    assert_eq!(list.code, Some(1), "{list:?}");
    let said = list
        .stderr
        .strip_prefix("dbbackup: login: refused with 404 by http://");
    assert!(
        said.is_some_and(|said| said.contains("/v2.0/v3/auth/tokens; ")),
        "{list:?}"
    );
    assert!(list.stderr.ends_with(&format!("; {step}\n")), "{list:?}");
    let doctor = clouds.run(&stand, &["doctor", "--output", "json"]).await;
    assert!(
        doctor.stdout.contains(&step.replace('"', "\\\"")),
        "{doctor:?}"
    );
    assert!(
        !doctor.stdout.contains("password and project"),
        "{doctor:?}"
    );
}

#[tokio::test]
async fn a_password_that_is_refused_is_named_with_its_place() {
    let stand = Stand::new(Service::RdsV3).await;
    let url = stand.emulator.url(Service::RdsV3);
    let lines = format!("    region_name: eu-de\n    rds_endpoint_override: {url}\n");
    let clouds = Clouds::new(&stand, "password", stand.emulator.iam_url(), &lines);
    let text = std::fs::read_to_string(&clouds.0).unwrap();
    std::fs::write(
        &clouds.0,
        text.replace(&stand.emulator.options().password, "no-password"),
    )
    .unwrap();
    let ran = clouds.run(&stand, &["instances"]).await;
    assert_eq!(ran.code, Some(5), "{ran:?}");
    let step = format!(
        "check auth.username, auth.password and auth.user_domain_name {}",
        clouds.place()
    );
    assert!(
        ran.stderr.contains(&step) && !ran.stderr.contains("OS_"),
        "{ran:?}"
    );
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_has_a_next_step_everywhere() {
    let stand = Stand::new(Service::RdsV3).await;
    let url = crate::transport::untrusted_server().await;
    let list = ["instances", "--endpoint", &url];
    let mut command = stand.command(&list);
    command.env("NO_PROXY", "*");
    let ran = stand.finish(command).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    // OS_CACERT counts with the credentials of OpenStack alone.
    assert!(
        ran.stderr.contains("certificate in SSL_CERT_FILE"),
        "{ran:?}"
    );

    let clouds = Clouds::new(
        &stand,
        "cacert",
        &url,
        "    rds_endpoint_override: http://127.0.0.1:1\n",
    );
    let ran = clouds.run(&stand, &["instances"]).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let file = format!("certificate in cacert {}", clouds.place());
    assert!(ran.stderr.contains(&file), "{ran:?}");
}

#[tokio::test]
async fn after_an_accepted_create_any_refusal_ends_with_3_and_the_id() {
    let refusals = [
        (400, "DBS.200001"),
        (401, "APIGW.0301"),
        (401, "APIGW.0307"),
        (403, "DBS.280056"),
        (403, "DBS.200010"),
        (404, "DBS.200002"),
        (404, "APIGW.0101"),
        (407, ""),
        (409, "DBS.200011"),
    ];
    for (status, code) in refusals {
        let stand = Stand::slow(Service::RdsV3).await;
        let body = format!(r#"{{"error_code": "{code}", "error_msg": "No."}}"#);
        let reply = Reply::new(status).with_header("Content-Type", "application/json");
        let refused = Fault::reply(reply.with_body(body)).with_times(999);
        stand
            .emulator
            .inject((Service::RdsV3, Operation::ListBackups), refused)
            .unwrap();
        let instance = stand.instance();
        let create = ["create", "--instance", &instance, "--name", "nightly"];
        let ran = stand
            .run(&[&create[..], &["--wait", "--wait-timeout", "2s"]].concat())
            .await;
        assert_eq!(ran.code, Some(3), "{status} {code}: {ran:?}");
        assert!(ran.stdout.contains("nightly"), "{ran:?}");
        assert!(
            ran.stderr.contains("\nwait again with: dbbackup wait "),
            "{ran:?}"
        );
    }
}

#[tokio::test]
async fn the_canonical_request_of_the_gateway_is_shown_whole_with_the_command_that_compares_it() {
    let stand = Stand::new(Service::RdsV3).await;
    let instance = stand.instance();
    let query = "q".repeat(600);
    let canonical = format!("GET|/v3/p/backups/|{query}|host:rds.internal||host|44136fa355b3678a");
    let message = format!("verify aksk signature fail, canonicalRequest:{canonical}");
    let body = json!({ "error_code": "APIGW.0301", "error_msg": message }).to_string();
    let refused = Fault::reply(Reply::new(401).with_body(body));
    stand
        .emulator
        .inject((Service::RdsV3, Operation::ListBackups), refused)
        .unwrap();
    let ran = stand.run(&["list", "--instance", &instance]).await;
    assert_eq!(ran.code, Some(5), "{ran:?}");
    assert!(ran.stderr.contains(&canonical), "{ran:?}");
    assert!(
        ran.stderr.contains("`dbbackup sign --compare FILE`"),
        "{ran:?}"
    );
}
