//! One request without credentials.

use dbbackup::ErrorKind;
use dbbackup::transport::Reached;

use super::transport;
use crate::support::{FixedAnswer, http, local};

/// What is made of an answer with these headers.
async fn reached(headers: &str) -> (Reached, String) {
    let answer = format!("HTTP/1.1 401 Unauthorized\r\n{headers}Content-Length: 0\r\n\r\n");
    let server = FixedAnswer::start(answer.into_bytes()).await;
    let reached = transport(local()).reach(&server.url).await.unwrap();
    (reached, server.request().await)
}

#[tokio::test]
async fn any_answer_will_do_and_no_credentials_are_sent() {
    let (reached, request) = reached("").await;
    assert_eq!(reached.clock_ahead, None);
    assert!(request.starts_with("GET / HTTP/1.1"), "{request}");
    let request = request.to_lowercase();
    for word in ["token", "authorization", "x-project-id"] {
        assert!(!request.contains(word), "{request}");
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_is_not_the_server() {
    let answer = http("407 Proxy Authentication Required", &[], "");
    let server = FixedAnswer::start(answer).await;
    let error = transport(local()).reach(&server.url).await.unwrap_err();
    assert_eq!(
        (error.status(), error.kind()),
        (Some(407), ErrorKind::Refused)
    );
}

#[tokio::test]
async fn the_clock_is_compared_with_the_date_of_the_answer() {
    let behind = reached("Date: Tue, 31 Dec 2999 23:59:59 GMT\r\n").await.0;
    assert!(behind.clock_ahead.unwrap() < -3600, "{behind:?}");
    let ahead = reached("Date: Fri, 31 Dec 1999 23:59:59 GMT\r\n").await.0;
    assert!(ahead.clock_ahead.unwrap() > 3600, "{ahead:?}");
    let odd = reached("Date: soon\r\n").await.0;
    assert_eq!(odd.clock_ahead, None);
}

#[tokio::test]
async fn what_stands_in_the_way_is_told_apart() {
    let url = super::untrusted_server().await;
    let untrusted = transport(local()).reach(&url).await.unwrap_err();
    assert!(untrusted.is_untrusted(), "{untrusted:?}");
    assert_eq!(untrusted.kind(), ErrorKind::Unreachable);
    let refused = transport(local()).reach("http://127.0.0.1:1").await;
    let refused = refused.unwrap_err();
    assert!(!refused.is_untrusted(), "{refused:?}");
    assert_eq!(refused.kind(), ErrorKind::Unreachable);
    let odd = transport(local()).reach("nowhere").await.unwrap_err();
    assert_eq!(odd.kind(), ErrorKind::InvalidInput);
}
