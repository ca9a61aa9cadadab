//! What to do about refusals of IAM, in the words of the source that the values are from.

use dbbackup::config::Config;
use dbbackup::emulator::Emulator;
use dbbackup::transport::Transport;
use dbbackup::{BackupClient, Error, ErrorKind, Service};

use crate::support::{http, local, serve};

/// The configuration from OpenStack's variables, for an IAM at this URL.
fn config(iam_url: &str) -> Config {
    let variable = |name: &str| {
        Some(match name {
            "OS_USERNAME" => "nightly".into(),
            "OS_PASSWORD" => "not-the-password".into(),
            "OS_USER_DOMAIN_NAME" => "OTC00".into(),
            "OS_PROJECT_NAME" => "eu-de_backups".into(),
            "OS_REGION_NAME" => "eu-de".into(),
            "OS_AUTH_URL" => iam_url.into(),
            // Its login is for another cloud than the region.
            "OS_RDS_ENDPOINT_OVERRIDE" => "http://127.0.0.1:1".into(),
            _ => return None,
        })
    };
    Config::default().or_variables(variable).unwrap()
}

async fn refusal(config: &Config) -> Error {
    let transport = Transport::with(config.credentials.clone().unwrap(), local()).unwrap();
    let connected =
        BackupClient::connect_with(Service::RdsV3, config, transport.without_retries()).await;
    connected.unwrap_err()
}

#[tokio::test]
async fn each_refusal_of_a_login_has_its_own_next_step() {
    let caller = "check OS_USERNAME, OS_PASSWORD and OS_USER_DOMAIN_NAME";
    let project = "check OS_PROJECT_NAME";
    let url = "correct OS_AUTH_URL: the URL of IAM has to look like https://iam.eu-de.otc.t-systems.com/v3";
    let rows = [
        (400, "", format!("{caller}, and OS_PROJECT_NAME")),
        (
            401,
            "",
            format!("{caller}; a user who is locked or needs a second factor is refused, too"),
        ),
        (401, "IAM.0062", format!("the password is wrong: {caller}")),
        (
            401,
            "IAM.0061",
            "the user is locked: wait 15 minutes before the next login".to_owned(),
        ),
        (
            400,
            "IAM.1061",
            "the user needs a second factor: use an access key".to_owned(),
        ),
        (
            403,
            "",
            format!("the user may not use the API or this project: {project}"),
        ),
        (
            403,
            "IAM.0003",
            format!("the user may not use this project: {project}"),
        ),
        (
            403,
            "IAM.0081",
            "the user may use the console, but no API: ask the administrator of the account"
                .to_owned(),
        ),
        (
            404,
            "IAM.0004",
            format!("there is no such project: {project}"),
        ),
        (404, "", format!("{project}, or {url}")),
        (405, "", url.to_owned()),
        (302, "", url.to_owned()),
        (429, "", "wait a minute, then try again".to_owned()),
        (503, "", "try again later".to_owned()),
    ];
    for (status, code, next) in rows {
        let body = format!(r#"{{"error_code": "{code}", "error_msg": "No."}}"#);
        let iam = serve(move |_| http(&format!("{status} No"), &[], &body)).await;
        let error = refusal(&config(&format!("{iam}/v3"))).await;
        assert_eq!(error.remedy(), Some(&*next), "{error}");
        let code = if code.is_empty() {
            String::new()
        } else {
            format!(" {code}")
        };
        let said = format!("login: refused with {status}{code} by {iam}/v3/auth/tokens; {next}");
        assert_eq!(error.to_string(), said);
    }
}

#[tokio::test]
async fn a_url_that_is_not_one_of_iam_is_named_with_what_was_asked() {
    let emulator = Emulator::start().await.unwrap();
    for path in ["v2.0", "v3.0", "identity/v3", "v3/auth/tokens"] {
        let base = format!("{}/{path}", emulator.iam_url());
        let asked = format!("{}/v3/auth/tokens", base.trim_end_matches("/v3"));
        let password = refusal(&config(&base)).await;
        assert_eq!(
            password.to_string(),
            format!(
                "login: refused with 404 by {asked}; correct OS_AUTH_URL: the URL of IAM has to look like \
                 https://iam.eu-de.otc.t-systems.com/v3"
            )
        );
        assert_eq!(
            (password.kind(), password.code()),
            (ErrorKind::Refused, None)
        );

        // The search for a project tells what IAM says, for it shows nothing of a login.
        let token = dbbackup::auth::Credentials::token("token-of-a-test");
        let token = config(&base).with_credentials(token);
        let asked = asked.replace("/v3/auth/tokens", "/v3/projects");
        let asked = match path {
            "v3/auth/tokens" => format!("{base}/v3/projects"),
            _ => asked,
        };
        let search = refusal(&token).await.to_string();
        let said = format!(
            "search for the project: refused with 404 There is no such API. by {asked}; correct OS_AUTH_URL"
        );
        assert!(search.starts_with(&said), "{search}");
    }
}

#[tokio::test]
async fn an_iam_that_is_not_there_is_named_with_its_source() {
    let error = refusal(&config("http://127.0.0.1:1/v3")).await;
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    let next = "check that http://127.0.0.1:1/v3/auth/tokens can be reached, also by way of a proxy; its host \
                is from OS_AUTH_URL";
    assert_eq!(error.remedy(), Some(next), "{error}");
}

#[tokio::test]
async fn a_certificate_of_iam_that_is_not_trusted_has_a_next_step() {
    let url = super::untrusted_server().await;
    let error = refusal(&config(&url)).await;
    assert!(error.is_untrusted(), "{error:?}");
    let next = error.remedy().unwrap();
    assert!(
        next.ends_with("its issuer's certificate in ca_file or OS_CACERT"),
        "{next}"
    );
}

#[tokio::test]
async fn an_answer_that_is_not_one_of_iam_is_named_with_its_url() {
    let rows: [(&[&str], &str, &str); 3] = [
        (
            &[],
            "{}",
            "login: the answer of IAM has no header X-Subject-Token",
        ),
        (
            &["X-Subject-Token: t"],
            "<html>",
            "login: the answer of IAM has a body that is no JSON",
        ),
        (
            &["X-Subject-Token: t"],
            r#"{"projects": 7}"#,
            "search for the project: the answer of IAM has no list of projects",
        ),
    ];
    for (headers, body, said) in rows {
        let iam = serve(move |_| http("201 Created", headers, &body)).await;
        let error = refusal(&config(&format!("{iam}/v3"))).await;
        assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
        let path = if said.starts_with("login") {
            "auth/tokens"
        } else {
            "projects"
        };
        let next = format!(
            "{said}; check that {iam}/v3/{path} is IAM, and no portal or proxy in its place; its host is \
             from OS_AUTH_URL"
        );
        assert_eq!(error.to_string(), next);
    }
}

#[tokio::test]
async fn a_project_that_iam_does_not_know_is_given_where_it_was_found() {
    let iam = serve(|_| {
        http(
            "201 Created",
            &["X-Subject-Token: t"],
            &r#"{"projects": []}"#,
        )
    })
    .await;
    let error = refusal(&config(&iam)).await;
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let said = "IAM knows no project \"eu-de_backups\" of these credentials; give a project of the \
                credentials in OS_PROJECT_NAME, or name it by its id";
    assert_eq!(error.to_string(), said);
}
