//! Logins, and what IAM shows of the project and the services.

use std::time::Duration;

use dbbackup::Service;
use dbbackup::emulator::Options;
use jiff::{SignedDuration, Timestamp};
use reqwest::Response;
use serde_json::{Value, json};

use super::{Stand, error_code};
use crate::support::with_token;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A login with the right password for this scope.
pub(super) fn password_login(options: &Options, scope: Value) -> Value {
    let user = json!({
        "name": options.username,
        "password": options.password,
        "domain": { "name": options.domain },
    });
    login_as(user, scope)
}

pub(super) fn login_as(user: Value, scope: Value) -> Value {
    let identity = json!({ "methods": ["password"], "password": { "user": user } });
    json!({ "auth": { "identity": identity, "scope": scope } })
}

/// The scope of the emulator's project.
pub(super) fn project(options: &Options) -> Value {
    json!({ "project": { "name": options.region } })
}

impl Stand {
    /// The answer to a request for a token.
    pub(super) async fn log_in(&self, query: &str, body: &Value) -> Response {
        let url = format!("{}/v3/auth/tokens{query}", self.emulator.iam_url());
        let kind = "application/json;charset=utf8";
        let request = self.http.post(url).header("Content-Type", kind);
        request.body(body.to_string()).send().await.unwrap()
    }

    /// A new token, and what is said of it.
    pub(super) async fn token(&self, body: &Value) -> (String, Value) {
        let answer = self.log_in("", body).await;
        assert_eq!(answer.status(), 201);
        let token = answer.headers()["X-Subject-Token"].to_str().unwrap();
        let token = token.to_owned();
        (token, answer.json::<Value>().await.unwrap()["token"].take())
    }

    /// Status of a request for instances with a token.
    async fn status_with(&self, token: &str) -> (u16, String) {
        let request = self.request(Service::RdsV3, "list_instances", &[]);
        error_code(request.header("X-Auth-Token", token).send().await.unwrap()).await
    }

    /// The answer of IAM to a GET with the emulator's token.
    async fn show(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.emulator.iam_url());
        let request = with_token(&self.emulator, self.http.get(url));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }
}

/// Status and message of an error that has the form of Keystone.
pub(super) async fn keystone_error(answer: Response) -> (u16, String) {
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["code"], status.as_u16());
    assert_eq!(
        body["error"]["title"].as_str().unwrap(),
        status.canonical_reason().unwrap()
    );
    let message = body["error"]["message"].as_str().unwrap();
    (status.as_u16(), message.to_owned())
}

fn time(value: &Value) -> Timestamp {
    let text = value.as_str().unwrap();
    assert!(text.len() == 27 && text.ends_with('Z'), "{text}");
    text.parse().unwrap()
}

#[tokio::test]
async fn a_password_gives_a_token_of_the_project_for_a_day() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let (token, shown) = stand
        .token(&password_login(options, project(options)))
        .await;
    assert_eq!(shown["methods"], json!(["password"]));
    assert_eq!(shown["project"]["id"], options.project_id.as_str());
    assert_eq!(shown["project"]["name"], "eu-de");
    assert_eq!(shown["user"]["name"], options.username.as_str());
    for owner in ["project", "user"] {
        assert_eq!(shown[owner]["domain"]["name"], options.domain.as_str());
    }
    let password_expires = shown["user"]["password_expires_at"].as_str().unwrap();
    assert!(!password_expires.ends_with('Z'));
    assert!(!shown["roles"].as_array().unwrap().is_empty());
    let lifetime = time(&shown["expires_at"]).duration_since(time(&shown["issued_at"]));
    assert_eq!(lifetime, SignedDuration::from_hours(24));
    assert_eq!(stand.status_with(&token).await.0, 200);
    stand.emulator.advance(DAY);
    let expired = stand.status_with(&token).await;
    assert_eq!(expired, (401, "APIGW.0307".to_owned()));
}

#[tokio::test]
async fn the_domain_is_listed_unless_another_one_is_asked_for() {
    let stand = Stand::new().await;
    let domain = &stand.emulator.options().domain;
    for (query, count) in [
        (String::new(), 1),
        (format!("?name={domain}"), 1),
        ("?name=nope".to_owned(), 0),
        ("?id=nope".to_owned(), 0),
    ] {
        let listed = stand.show(&format!("/v3/auth/domains{query}")).await;
        assert_eq!(
            listed["domains"].as_array().unwrap().len(),
            count,
            "{query}"
        );
    }
}

#[tokio::test]
async fn users_domains_and_projects_are_found_by_name_and_by_id() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let (_, shown) = stand
        .token(&password_login(options, project(options)))
        .await;
    let (user, domain) = (&shown["user"]["id"], &shown["user"]["domain"]["id"]);
    let password = &options.password;
    let users = [
        json!({ "id": user, "password": password }),
        json!({ "name": options.username, "domain": { "id": domain }, "password": password }),
        json!({ "name": options.username, "domain": { "name": options.domain }, "password": password }),
    ];
    let scopes = [
        json!({ "project": { "id": options.project_id } }),
        json!({ "project": { "name": options.region, "domain": { "name": options.domain } } }),
        // The project wins where both are given.
        json!({ "project": { "name": options.region }, "domain": { "name": "unknown" } }),
    ];
    for user in &users {
        for scope in &scopes {
            let (token, _) = stand.token(&login_as(user.clone(), scope.clone())).await;
            assert_eq!(stand.status_with(&token).await.0, 200);
        }
    }
}

#[tokio::test]
async fn a_token_of_the_domain_or_of_nothing_does_not_open_the_project() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    for (scope, has_domain) in [
        (json!({ "domain": { "name": options.domain } }), true),
        (Value::Null, false),
    ] {
        let (token, shown) = stand.token(&password_login(options, scope)).await;
        assert!(shown.get("project").is_none());
        assert_eq!(shown.get("domain").is_some(), has_domain);
        let refused = stand.status_with(&token).await;
        assert_eq!(refused, (403, "DBS.200010".to_owned()));
        let url = format!("{}/v3/auth/projects", stand.emulator.iam_url());
        let request = stand.http.get(url).header("X-Auth-Token", token);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_token_gives_another_one_that_expires_with_it() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let (first, issued) = stand.token(&password_login(options, Value::Null)).await;
    stand.emulator.advance(DAY / 2);
    let login = |token: &str| {
        let identity = json!({ "methods": ["token"], "token": { "id": token } });
        json!({ "auth": { "identity": identity, "scope": project(options) } })
    };
    let (second, shown) = stand.token(&login(&first)).await;
    assert_ne!(first, second);
    assert_eq!(shown["methods"], json!(["token"]));
    assert_eq!(shown["expires_at"], issued["expires_at"]);
    assert_eq!(stand.status_with(&second).await.0, 200);
    // The token of the options has no end, but what is got with it has one.
    let (_, shown) = stand.token(&login(stand.emulator.token())).await;
    let lifetime = time(&shown["expires_at"]).duration_since(time(&shown["issued_at"]));
    assert_eq!(lifetime, SignedDuration::from_hours(24));
    stand.emulator.advance(DAY / 2);
    assert_eq!(stand.status_with(&second).await.0, 401);
    for stale in [first.as_str(), "unknown"] {
        let answer = stand.log_in("", &login(stale)).await;
        assert_eq!(keystone_error(answer).await.0, 401);
    }
}

#[tokio::test]
async fn a_wrong_user_password_or_domain_is_refused_without_saying_which() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let mut messages = Vec::new();
    for (name, domain, password) in [
        ("unknown", &*options.domain, &*options.password),
        (&options.username, "unknown", &options.password),
        (&options.username, &options.domain, "wrong"),
        (&options.username, &options.domain, ""),
    ] {
        let user = json!({ "name": name, "domain": { "name": domain }, "password": password });
        let answer = stand.log_in("", &login_as(user, project(options))).await;
        assert!(answer.headers().get("X-Subject-Token").is_none());
        let (status, message) = keystone_error(answer).await;
        assert_eq!(status, 401);
        messages.push(message);
    }
    messages.dedup();
    assert_eq!(messages.len(), 1);
}

#[tokio::test]
async fn an_unknown_scope_is_not_found() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    for scope in [
        json!({ "project": { "name": "unknown" } }),
        json!({ "project": { "id": "unknown" } }),
        json!({ "project": { "name": options.region, "domain": { "name": "unknown" } } }),
        json!({ "domain": { "name": "unknown" } }),
    ] {
        let answer = stand.log_in("", &password_login(options, scope)).await;
        assert_eq!(keystone_error(answer).await.0, 404);
    }
}

#[tokio::test]
async fn a_malformed_login_is_refused_and_its_password_is_not_repeated() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let no_method = json!({ "auth": { "identity": { "methods": [] } } });
    let no_password = json!({ "auth": { "identity": { "methods": ["password"] } } });
    let user = json!({ "name": options.username, "password": "hunter2" });
    let no_domain = login_as(user.clone(), Value::Null);
    let mut misplaced = no_domain.clone();
    misplaced["auth"]["identity"]["password"] = json!("hunter2");
    let empty_scope = password_login(options, json!({}));
    for body in [
        json!({}),
        no_method,
        no_password,
        no_domain,
        misplaced,
        empty_scope,
    ] {
        let (status, message) = keystone_error(stand.log_in("", &body).await).await;
        assert_eq!(status, 400, "{body}");
        assert!(!message.contains("hunter2"), "{message}");
    }
    let url = format!("{}/v3/auth/tokens", stand.emulator.iam_url());
    let login = password_login(options, project(options)).to_string();
    for (kind, body, status) in [
        ("text/plain", login.as_str(), 415),
        ("application/json", "{", 400),
    ] {
        let request = stand.http.post(&url).header("Content-Type", kind);
        let answer = request.body(body.to_owned()).send().await.unwrap();
        assert_eq!(keystone_error(answer).await.0, status);
    }
}

#[tokio::test]
async fn the_catalog_leads_to_the_services_unless_it_is_not_wanted() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let body = password_login(options, project(options));
    for (query, has_catalog) in [
        ("", true),
        ("?nocatalog=", true),
        ("?nocatalog=true", false),
    ] {
        let shown: Value = stand.log_in(query, &body).await.json().await.unwrap();
        let catalog = shown["token"].get("catalog");
        assert_eq!(catalog.is_some(), has_catalog, "{query}");
    }
    let catalog = stand.show("/v3/auth/catalog").await["catalog"].take();
    let url = |kind: &str| {
        let mut entries = catalog.as_array().unwrap().iter();
        let entry = entries.find(|entry| entry["type"] == kind).unwrap();
        assert_eq!(entry["endpoints"][0]["region"], "eu-de");
        entry["endpoints"][0]["url"].as_str().unwrap().to_owned()
    };
    for kind in ["rdsv1", "rdsv3", "gaussdb", "opengauss"] {
        let request = stand.http.get(format!("{}/instances", url(kind)));
        let answer = with_token(&stand.emulator, request).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{kind}");
    }
    assert_eq!(url("identity"), format!("{}/v3", stand.emulator.iam_url()));
}

#[tokio::test]
async fn the_project_is_listed_under_the_name_of_the_region() {
    let options = Options {
        region: "eu-nl".to_owned(),
        project_id: "mine".to_owned(),
        ..Options::default()
    };
    let stand = Stand::with(options).await;
    for (path, found) in [
        ("/v3/projects", true),
        ("/v3/projects?name=eu-nl", true),
        ("/v3/projects?name=eu-de", false),
        ("/v3/projects?id=mine&enabled=true", true),
        ("/v3/projects?domain_id=unknown", false),
        ("/v3/auth/projects", true),
    ] {
        let shown = stand.show(path).await;
        let ids = super::ids(shown["projects"].as_array().unwrap());
        assert_eq!(ids, if found { vec!["mine"] } else { vec![] }, "{path}");
        assert!(shown["links"]["self"].is_string());
    }
    let url = format!("{}/v3/projects", stand.emulator.iam_url());
    let answer = stand.http.get(url).send().await.unwrap();
    assert_eq!(keystone_error(answer).await.0, 401);
}

#[tokio::test]
async fn versions_are_shown_without_credentials_and_the_rest_is_not_found() {
    let stand = Stand::new().await;
    let get = async |path: &str| {
        let url = format!("{}{path}", stand.emulator.iam_url());
        stand.http.get(url).send().await.unwrap()
    };
    let version: Value = get("/v3").await.json().await.unwrap();
    let versions = get("/").await;
    assert_eq!(versions.status(), 300);
    let versions: Value = versions.json().await.unwrap();
    assert_eq!(versions["versions"]["values"][0], version["version"]);
    assert!(version["version"]["id"].as_str().unwrap().starts_with("v3"));
    assert_eq!(keystone_error(get("/v2.0").await).await.0, 404);
    assert_eq!(keystone_error(get("/v3/auth/tokens/").await).await.0, 404);
    let url = format!("{}/v3/projects", stand.emulator.iam_url());
    let posted = stand.http.post(url).send().await.unwrap();
    assert_eq!(keystone_error(posted).await.0, 405);
}

#[tokio::test]
async fn logins_are_counted_whether_they_succeed_or_not() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    assert_eq!(stand.emulator.logins(), 0);
    stand
        .token(&password_login(options, project(options)))
        .await;
    stand.log_in("", &json!({})).await;
    stand.show("/v3/projects").await;
    assert_eq!(stand.emulator.logins(), 2);
}
