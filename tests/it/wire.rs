//! The bytes that a generated client sends.

use dbbackup::Service;
use dbbackup::api::{gaussdb_v3, rds_v3};
use insta::assert_snapshot;

use crate::support::{FixedAnswer, Outcome, create, documented, http, project_id, transport};

/// The request with sorted headers; what differs each time, port and version, is checked and
/// replaced.
pub(crate) fn normalised(request: &str, url: &str) -> String {
    let host = format!("host: {}", url.trim_start_matches("http://"));
    assert!(request.contains(&host), "{request}");
    let agent = concat!("user-agent: dbbackup/", env!("CARGO_PKG_VERSION"));
    assert!(request.contains(agent), "{request}");
    let request = request
        .replace(&host, "host: 127.0.0.1:PORT")
        .replace(agent, "user-agent: dbbackup/VERSION");
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (line, headers) = head.split_once("\r\n").unwrap();
    let mut headers: Vec<&str> = headers.split("\r\n").collect();
    headers.sort_unstable();
    format!("{line}\n{}\n\n{body}", headers.join("\n"))
}

#[tokio::test]
async fn a_create_is_sent_as_documented() {
    for &service in Service::ALL {
        let (request, response) = documented(service);
        let server = FixedAnswer::start(http("200 OK", &[], &response.to_string())).await;
        let url = server.url.clone();
        let outcome = create(service, &url, request).await;
        assert!(
            matches!(outcome, Outcome::Accepted(_)),
            "{service}: {outcome:?}"
        );
        assert_snapshot!(
            format!("create__{service}"),
            normalised(&server.request().await, &url)
        );
    }
}

#[tokio::test]
async fn optional_parts_are_sent_when_given() {
    let (_, response) = documented(Service::RdsV3);
    let server = FixedAnswer::start(http("200 OK", &[], &response.to_string())).await;
    let url = server.url.clone();
    let database = rds_v3::types::Database::builder()
        .name("db1")
        .try_into()
        .unwrap();
    let body = rds_v3::types::CreateBackupRequest::builder()
        .instance_id("d8e6ca5a624745bcb546a227aa3ae1cfin04")
        .name("backup")
        .databases([database])
        .backup_database_individually(true);
    // A base URL may end in a slash and have a path.
    let client = rds_v3::Client::new(&format!("{url}/prefix/"), transport());
    let call = client
        .create_backup()
        .project_id(project_id(Service::RdsV3))
        .x_language("zh-cn");
    call.body(body).send().await.unwrap();
    assert_snapshot!(
        "create__rds-v3_all_parts",
        normalised(&server.request().await, &url)
    );
}

#[tokio::test]
async fn the_project_is_that_of_the_transport_unless_the_call_names_one() {
    let transport_of = |project: &str| transport().for_project(&project.parse().unwrap());
    for (named, sent) in [(None, "of-transport"), (Some("of-call"), "of-call")] {
        let server = FixedAnswer::start(http("200 OK", &[], "{}")).await;
        let client = rds_v3::Client::new(&server.url, transport_of("of-transport"));
        let call = client.get_job().id("1");
        let call = match named {
            Some(project) => call.project_id(project),
            None => call,
        };
        call.send().await.unwrap();
        let request = server.request().await;
        let line = format!("GET /v3/{sent}/jobs?id=1 ");
        assert!(request.starts_with(&line), "{request}");
    }
    let client = rds_v3::Client::new("http://127.0.0.1:1", transport());
    let error = client.get_job().id("1").send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Invalid Request: project_id was not initialized"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (request, _) = documented(Service::GaussdbV3);
    let elsewhere = http(
        "307 Temporary Redirect",
        &["location: http://127.0.0.1:1/elsewhere"],
        "",
    );
    let server = FixedAnswer::start(elsewhere).await;
    let body: gaussdb_v3::types::CreateBackupRequest = serde_json::from_value(request).unwrap();
    let client = gaussdb_v3::Client::new(&server.url, transport());
    let result = client
        .create_backup()
        .project_id(project_id(Service::GaussdbV3))
        .body(body)
        .send()
        .await;
    assert_eq!(
        result.unwrap_err().status().map(|status| status.as_u16()),
        Some(307)
    );
}
