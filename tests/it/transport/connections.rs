//! Connections: kept for the next call, and made through the proxies of the environment.

use dbbackup::ErrorKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Rule, accepted, call, client, count};
use crate::support::{Script, assert_no_secret, local, run_test};

#[tokio::test]
async fn calls_share_a_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // Another connection would not be accepted.
        drop(listener);
        for _ in 0..3 {
            // A read has no body, so that it comes in one piece.
            let mut request = [0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            assert!(request[..length].ends_with(b"\r\n\r\n"));
            let answer = String::from_utf8(accepted(Rule::Read)).unwrap();
            let kept = answer.replace("connection: close", "connection: keep-alive");
            stream.write_all(kept.as_bytes()).await.unwrap();
        }
    });
    let options = local().with_attempts(1);
    let client = client(&url, options);
    for _ in 0..3 {
        // Clones share it, too.
        call(&client.clone(), Rule::Read).await.unwrap();
    }
    served.await.unwrap();
}

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:1";
const PROXIED: &str = "DBBACKUP_TEST_PROXIED";

#[tokio::test]
async fn a_call_goes_where_the_environment_says() {
    let Some(is_proxied) = std::env::var_os(PROXIED) else {
        return assert!(!local().proxy);
    };
    let through_proxy = local().with_proxy(true);
    let direct = call(&client(NOWHERE, local()), Rule::Read).await;
    assert_eq!(direct.unwrap_err().kind(), ErrorKind::Unreachable);
    let result = call(&client(NOWHERE, through_proxy), Rule::Read).await;
    assert_eq!(result.is_ok(), is_proxied == "yes", "{result:?}");
}

#[tokio::test]
async fn proxies_come_from_the_environment() {
    const TEST: &str = "transport::connections::a_call_goes_where_the_environment_says";
    for (no_proxy, is_proxied) in [("", "yes"), ("127.0.0.1", "no")] {
        let proxy = Script::start(vec![accepted(Rule::Read)]).await;
        let url = proxy.url.clone();
        let run = move || {
            let variables = [
                ("http_proxy", url.as_str()),
                ("no_proxy", no_proxy),
                (PROXIED, is_proxied),
            ];
            run_test(TEST, &variables)
        };
        let output = tokio::task::spawn_blocking(run).await.unwrap();
        assert!(output.status.success(), "{output:?}");
        let requests = proxy.requests();
        let expected = usize::from(is_proxied == "yes");
        assert_eq!(count(&proxy), expected, "{requests:?}");
        let is_absolute = |request: &String| request.starts_with("GET http://127.0.0.1:1/v3/");
        assert!(requests.iter().all(is_absolute), "{requests:?}");
    }
}

#[tokio::test]
async fn the_password_of_a_proxy_is_not_shown() {
    const TEST: &str = "transport::connections::the_password_of_a_proxy_is_not_shown";
    let through_proxy = local().with_proxy(true);
    if std::env::var_os(PROXIED).is_some() {
        let client = client(NOWHERE, through_proxy);
        let error = call(&client, Rule::Read).await.unwrap_err();
        assert_no_secret(&format!("{client:?} {error:?} {error}"));
        return;
    }
    let variables = [
        ("http_proxy", "http://nightly:secret-of-a-test@127.0.0.1:1"),
        (PROXIED, "yes"),
    ];
    let output = run_test(TEST, &variables);
    assert!(output.status.success(), "{output:?}");
}
