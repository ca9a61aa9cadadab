//! What IAM does for the Go clients: tokens that are asked about, logins of other methods, the entry
//! of the catalog that a URL is made from, and the id of a call.

use std::time::Duration;

use dbbackup::emulator::IamOperation;
use reqwest::Response;
use serde_json::{Value, json};

use super::Stand;
use super::iam::{keystone_error, login_as, password_login, project};
use crate::support::with_token;

impl Stand {
    /// The answer to a caller, who has a token or none, about another token, or about none.
    async fn validate(&self, query: &str, caller: &str, asked: &str) -> Response {
        let url = format!("{}/v3/auth/tokens{query}", self.emulator.iam_url());
        let mut request = self.http.get(url);
        for (name, token) in [("X-Auth-Token", caller), ("X-Subject-Token", asked)] {
            if !token.is_empty() {
                request = request.header(name, token);
            }
        }
        request.send().await.unwrap()
    }
}

#[tokio::test]
async fn a_token_is_shown_as_its_login_has_shown_it() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    for scope in [
        project(options),
        json!({ "domain": { "name": options.domain } }),
        Value::Null,
    ] {
        let (token, issued) = stand.token(&password_login(options, scope)).await;
        for caller in [token.as_str(), stand.emulator.token()] {
            let answer = stand.validate("", caller, &token).await;
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["X-Subject-Token"], token.as_str());
            let shown: Value = answer.json().await.unwrap();
            assert_eq!(shown["token"], issued);
        }
        let shown = stand.validate("?nocatalog=1", &token, &token).await;
        let shown: Value = shown.json().await.unwrap();
        assert_eq!(shown["token"].get("catalog"), None);
        assert_eq!(shown["token"]["user"], issued["user"]);
    }
    // Some ask for the status alone.
    let url = format!("{}/v3/auth/tokens", stand.emulator.iam_url());
    for (asked, status) in [(stand.emulator.token(), 200), ("unknown", 404)] {
        let request = with_token(&stand.emulator, stand.http.head(&url));
        let answer = request.header("X-Subject-Token", asked).send().await;
        assert_eq!(answer.unwrap().status(), status);
    }
    // As gophertelekomcloud does with a token that it was given; this one has no end.
    let token = stand.emulator.token();
    let shown: Value = stand.validate("", token, token).await.json().await.unwrap();
    assert_eq!(shown["token"]["project"]["id"], stand.emulator.project_id());
    assert_eq!(shown["token"]["methods"], json!(["password"]));
    let expires = shown["token"]["expires_at"].as_str().unwrap();
    let expires: jiff::Timestamp = expires.parse().unwrap();
    let year = Duration::from_secs(365 * 24 * 3600);
    assert!(expires > jiff::Timestamp::now() + year);
    let recorded = stand.emulator.requests().pop().unwrap();
    assert_eq!(recorded.target, Some(IamOperation::ValidateToken.into()));
    assert_eq!(recorded.header("x-subject-token"), Some("***"));
    // It is no login.
    assert_eq!(stand.emulator.logins(), 3);
}

#[tokio::test]
async fn an_unknown_or_expired_token_is_not_found_and_opens_nothing() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let (token, _) = stand
        .token(&password_login(options, project(options)))
        .await;
    stand.emulator.expire_tokens();
    let good = stand.emulator.token();
    for (caller, asked, status) in [
        (good, token.as_str(), 404),
        (good, "unknown", 404),
        (good, "", 400),
        (&token, good, 401),
        ("unknown", good, 401),
        ("", good, 401),
    ] {
        let answer = stand.validate("", caller, asked).await;
        assert!(answer.headers().get("X-Subject-Token").is_none());
        let (got, message) = keystone_error(answer).await;
        assert_eq!(got, status, "{message}");
        assert!(!message.contains("unknown\""), "{message}");
        assert_eq!(
            message.contains("X-Subject-Token"),
            status != 401,
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_login_of_another_method_is_told_that_it_is_not_emulated() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let user = json!({
        "name": options.username,
        "password": options.password,
        "domain": { "name": options.domain },
    });
    let login = |methods: Value| {
        let mut login = login_as(user.clone(), project(options));
        let identity = &mut login["auth"]["identity"];
        identity["methods"] = methods;
        identity["totp"] = json!({ "user": { "id": "1", "passcode": "123456" } });
        identity["assume_role"] = json!({ "agency_name": "mine", "domain_name": "other" });
        login
    };
    for (methods, words) in [
        (json!(["assume_role"]), "agencies (assume_role)"),
        (json!(["token", "assume_role"]), "agencies (assume_role)"),
        (json!(["password", "totp"]), "second factor (totp)"),
        (json!(["hunter2"]), "knows password and token"),
    ] {
        let answer = stand.log_in("", &login(methods)).await;
        let (status, message) = keystone_error(answer).await;
        // With 401 gophertelekomcloud would log in again, and again.
        assert_eq!(status, 400, "{message}");
        assert!(message.contains(words), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
    let (_, shown) = stand.token(&login(json!(["password", "password"]))).await;
    assert_eq!(shown["methods"], json!(["password"]));
}

#[tokio::test]
async fn gophertelekomcloud_finds_taurusdb_by_the_catalog() {
    let stand = Stand::new().await;
    let options = stand.emulator.options();
    let (_, shown) = stand
        .token(&password_login(options, project(options)))
        .await;
    let mut entries = shown["catalog"].as_array().unwrap().iter();
    let entry = entries.find(|entry| entry["type"] == "volumev2").unwrap();
    let url = entry["endpoints"][0]["url"].as_str().unwrap();
    let url = url.replace("v2", "mysql/v3").replace("evs", "gaussdb");
    let request = stand.http.get(format!("{url}/instances"));
    let answer = with_token(&stand.emulator, request).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let listed: Value = answer.json().await.unwrap();
    let id = listed["instances"][0]["id"].as_str().unwrap();
    assert!(id.ends_with("in07"), "{id}");
}

#[tokio::test]
async fn every_answer_of_iam_has_an_id_of_its_own() {
    let stand = Stand::new().await;
    let reply = dbbackup::emulator::Fault::reply(dbbackup::emulator::Reply::new(503));
    stand
        .emulator
        .inject(IamOperation::ListProjects, reply)
        .unwrap();
    let mut ids = Vec::new();
    for (path, status) in [
        ("/v3/projects", 503),
        ("/v3/projects", 200),
        ("/v3/auth/tokens", 400),
        ("/v3", 200),
        ("/nowhere", 404),
    ] {
        let request = stand
            .http
            .get(format!("{}{path}", stand.emulator.iam_url()));
        let answer = with_token(&stand.emulator, request).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        let id = answer.headers()["X-IAM-Trace-Id"].to_str().unwrap();
        assert_eq!(id.len(), 32, "{id}");
        ids.push(id.to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 5);
}
