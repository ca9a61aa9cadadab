//! State, requests, faults and reset below `/_emulator`, and what a browser asks for.

use dbbackup::emulator::{IamOperation, Target};
use dbbackup::{Operation, Service};
use reqwest::Method;
use serde_json::{Value, json};

use super::Stand;

impl Stand {
    /// A request for a control, on the server of a service or of IAM.
    async fn control(&self, url: &str, method: Method, name: &str, body: &str) -> (u16, Value) {
        let url = format!("{url}/_emulator/{name}");
        let request = self.http.request(method, url).body(body.to_owned());
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.text().await.unwrap();
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    fn urls(&self) -> Vec<String> {
        let services = Service::ALL
            .iter()
            .map(|&service| self.emulator.url(service).to_owned());
        let iam = self.emulator.iam_url().to_owned();
        services.into_iter().chain([iam]).collect()
    }
}

#[tokio::test]
async fn each_server_shows_the_state_of_all_services() {
    let stand = Stand::new().await;
    let mut names = Vec::new();
    for &service in Service::ALL {
        names.push((service, stand.begin(service).await));
    }
    for url in stand.urls() {
        let (status, state) = stand.control(&url, Method::GET, "state", "").await;
        assert_eq!(status, 200);
        assert_eq!(state["services"].as_object().unwrap().len(), 4);
        for (service, id) in &names {
            let held = &state["services"][service.as_str()];
            assert_eq!(held["backups"][0]["id"], *id, "{held}");
            assert_eq!(held["backups"][0]["status"], "BUILDING");
            let instances = stand.emulator.instances(*service);
            assert_eq!(held["instances"].as_array().unwrap().len(), instances.len());
            assert_eq!(held["instances"][0]["id"], instances[0]);
        }
        let job = &state["services"]["taurusdb-v3"]["jobs"][0];
        assert_eq!(job["status"], "Running", "{job}");
    }
}

#[tokio::test]
async fn faults_come_in_over_http_all_or_none() {
    let stand = Stand::new().await;
    let url = stand.emulator.url(Service::RdsV3).to_owned();
    let good = json!({ "target": "gaussdb-v3", "operation": "list_backups", "effect": { "reply": { "status": 503 } } });
    let bad = json!({ "target": "gaussdb-v3", "operation": "list_backup", "effect": "reset" });
    let both = json!({ "faults": [good, bad] }).to_string();
    let (status, error) = stand.control(&url, Method::POST, "faults", &both).await;
    assert_eq!(status, 400);
    assert_eq!(
        error["error"],
        "faults[1]: there is no operation list_backup"
    );
    let (status, _) = stand.control(&url, Method::POST, "faults", "{").await;
    assert_eq!(status, 400);
    assert_eq!(stand.emulator.state().faults.len(), 0);
    let one = json!({ "faults": [good] }).to_string();
    let (status, _) = stand.control(&url, Method::POST, "faults", &one).await;
    assert_eq!(status, 204);
    assert_eq!(stand.emulator.state().faults.len(), 1);
    let answer = stand
        .send(Service::GaussdbV3, "list_backups", &[], None)
        .await;
    assert_eq!(answer.status(), 503);
    assert_eq!(stand.emulator.state().faults.len(), 0);
}

#[tokio::test]
async fn a_reset_leaves_the_first_instances_and_the_token_of_the_options() {
    let stand = Stand::new().await;
    let first = stand.emulator.instances(Service::RdsV3);
    let url = stand.emulator.url(Service::GaussdbV3).to_owned();
    for &service in Service::ALL {
        stand.begin(service).await;
        stand.emulator.add_instance(service);
    }
    let limit = r#"{"faults": [{"target": "iam", "operation": "show_catalog", "effect": "reset"}], "rate_limit": {"calls": 1, "per": "1h"}}"#;
    stand.emulator.inject_plan(limit).unwrap();
    stand.emulator.revoke_token(stand.emulator.token());
    assert_eq!(stand.control(&url, Method::POST, "reset", "").await.0, 204);
    let state = stand.emulator.state();
    assert!(
        state
            .services
            .values()
            .all(|held| held.backups.is_empty() && held.jobs.is_empty())
    );
    assert_eq!((state.faults.len(), state.rate_limit), (0, None));
    assert_eq!(stand.emulator.instances(Service::RdsV3), first);
    assert_eq!(stand.emulator.requests(), []);
    assert_eq!(
        stand
            .emulator
            .calls((Service::RdsV3, Operation::CreateBackup)),
        0
    );
    stand.begin(Service::RdsV3).await;
}

#[tokio::test]
async fn other_paths_and_methods_of_the_controls_are_refused() {
    let stand = Stand::new().await;
    let url = stand.emulator.url(Service::RdsV3).to_owned();
    for (method, name, body, status) in [
        (Method::GET, "reset", "", 405),
        (Method::OPTIONS, "state", "", 405),
        (Method::GET, "nothing", "", 404),
        (Method::POST, "faults", "", 400),
    ] {
        let request = stand
            .http
            .request(method, format!("{url}/_emulator/{name}"));
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), status, "{name}");
        assert_eq!(answer.headers()["x-request-id"].len(), 32, "{name}");
    }
}

#[tokio::test]
async fn requests_are_recorded_without_their_secrets() {
    let stand = Stand::new().await;
    let (service, emulator) = (Service::RdsV3, &stand.emulator);
    let instance = stand.instance(service);
    stand.create(service, &instance, "recorded").await;
    let login = super::iam::password_login(emulator.options(), Value::Null).to_string();
    let tokens = format!("{}/v3/auth/tokens/", emulator.iam_url());
    stand
        .http
        .post(tokens.trim_end_matches('/'))
        .body(login.clone())
        .send()
        .await
        .unwrap();
    stand.http.post(tokens).body(login).send().await.unwrap();
    let unknown = format!("{}/nowhere?a=b", emulator.url(service));
    let signed = "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=abc";
    let unknown = stand.http.get(unknown).header("authorization", signed);
    unknown.send().await.unwrap();
    let requests = emulator.requests();
    let [create, login, missed, unknown] = &requests[..] else {
        panic!("{requests:#?}");
    };
    let target = Target::Service(service, Operation::CreateBackup);
    assert_eq!(create.target, Some(target));
    assert_eq!(
        (create.number, &*create.method, create.status),
        (1, "POST", Some(200))
    );
    assert_eq!(create.header("content-type"), Some("application/json"));
    assert_eq!(create.header("x-auth-token"), Some("***"));
    let body: Value = serde_json::from_str(&create.body).unwrap();
    assert_eq!(body, super::request(service, &instance, "recorded"));
    assert_eq!(
        (login.target, &*login.body),
        (Some(IamOperation::CreateToken.into()), "***")
    );
    assert_eq!((missed.status, &*missed.body), (Some(404), "***"));
    assert_eq!(unknown.target, None);
    assert_eq!((&*unknown.path, &*unknown.query), ("/nowhere", "a=b"));
    assert_eq!(unknown.status, Some(404));
    let shown = unknown.header("authorization").unwrap();
    assert!(shown.ends_with("Signature=***"), "{shown}");
    let (_, listed) = stand
        .control(emulator.iam_url(), Method::GET, "requests", "")
        .await;
    assert_eq!(listed["requests"], json!(requests));
}

#[tokio::test]
async fn what_may_be_a_password_is_not_shown_wherever_iam_gets_it() {
    let stand = Stand::new().await;
    let iam = stand.emulator.iam_url();
    for (method, path, query) in [
        (Method::POST, "/v3/auth/token", "***"),
        (Method::POST, "/", ""),
        (Method::PUT, "/v3/users?password=secret", "***"),
        (Method::GET, "/v3/projects?name=eu-de&secret", "***"),
        (Method::GET, "/v3/projects?name=eu-de", "name=eu-de"),
    ] {
        let body = if method == Method::GET { "" } else { "secret" };
        let path = path.replace("token", "token?a=secret");
        let request = stand.http.request(method, format!("{iam}{path}"));
        request.body(body).send().await.unwrap();
        let recorded = stand.emulator.requests().pop().unwrap();
        let hidden = if body.is_empty() { "" } else { "***" };
        assert_eq!(
            (&*recorded.query, &*recorded.body),
            (query, hidden),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_record_keeps_a_thousand_requests_and_no_more_than_its_bytes() {
    let stand = Stand::new().await;
    let url = format!("{}/nowhere", stand.emulator.url(Service::RdsV3));
    for _ in 0..1003 {
        stand.http.get(&url).send().await.unwrap();
    }
    let kept = stand.emulator.requests();
    assert_eq!(
        (kept.len(), kept[0].number, kept[999].number),
        (1000, 4, 1003)
    );
    let body = "x".repeat(250_000);
    for _ in 0..70 {
        stand
            .http
            .post(&url)
            .body(body.clone())
            .send()
            .await
            .unwrap();
    }
    let kept = stand.emulator.requests();
    assert_eq!(kept.last().unwrap().number, 1073);
    let bytes: usize = kept.iter().map(|request| request.body.len()).sum();
    assert!((16_000_000..=16 << 20).contains(&bytes), "{bytes}");
}

#[tokio::test]
async fn a_browser_may_call_from_anywhere() {
    let stand = Stand::new().await;
    for url in stand.urls() {
        let asked = "x-auth-token,authorization,content-type";
        let path = format!("{url}/v3/p/backups");
        let preflight = stand.http.request(Method::OPTIONS, &path);
        let preflight = preflight
            .header("Origin", "null")
            .header("Access-Control-Request-Method", "DELETE")
            .header("Access-Control-Request-Headers", asked);
        let answer = preflight.send().await.unwrap();
        assert!(answer.status().is_success());
        let header = |name: &str| answer.headers()[name].to_str().unwrap();
        assert_eq!(header("access-control-allow-origin"), "*");
        assert_eq!(header("access-control-allow-methods"), "DELETE");
        assert_eq!(header("access-control-allow-headers"), asked);
        let answer = stand
            .http
            .get(path)
            .header("Origin", "null")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        let exposed = &answer.headers()["access-control-expose-headers"];
        assert!(exposed.to_str().unwrap().contains("x-request-id"));
    }
    assert_eq!(
        stand
            .emulator
            .calls((Service::RdsV3, Operation::DeleteBackup)),
        0
    );
}

#[tokio::test]
async fn options_that_no_browser_asks_for_are_refused_like_any_request() {
    let stand = Stand::new().await;
    let project = stand.emulator.project_id();
    for url in stand.urls() {
        let known = match url == stand.emulator.iam_url() {
            true => "/v3/projects".to_owned(),
            false if url == stand.emulator.url(Service::TaurusdbV3) => {
                format!("/v3/{project}/backups")
            }
            false => format!("/v3/{project}/instances"),
        };
        for (path, origin, status) in [
            (known, None, 405),
            ("/nowhere".to_owned(), Some("null"), 404),
        ] {
            let mut asked = stand.http.request(Method::OPTIONS, format!("{url}{path}"));
            if let Some(origin) = origin {
                asked = asked.header("Origin", origin);
            }
            let answer = asked.send().await.unwrap();
            assert_eq!(answer.status(), status, "{url}{path}");
            assert_eq!(answer.headers()["x-request-id"].len(), 32);
            assert!(answer.headers().contains_key("date"));
            let recorded = stand.emulator.requests().pop().unwrap();
            assert_eq!(
                (&*recorded.method, recorded.status),
                ("OPTIONS", Some(status))
            );
        }
    }
}
