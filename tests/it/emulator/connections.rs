//! Connections that come to nothing.

use dbbackup::Service;
use dbbackup::emulator::Emulator;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::support::time;

/// What is answered to these bytes, and after how many seconds the connection ends.
async fn answered(emulator: &Emulator, sent: &str) -> (String, u64) {
    let url = emulator.url(Service::RdsV3).trim_start_matches("http://");
    let mut stream = TcpStream::connect(url).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let begun = Instant::now();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    (answer, begun.elapsed().as_secs())
}

#[test]
fn a_connection_without_a_request_is_closed_in_the_end() {
    time::run(async {
        let emulator = Emulator::start().await.unwrap();
        for sent in ["", "GET /v3/p/backups HTTP/1.1\r\nHost: x"] {
            let (answer, seconds) = answered(&emulator, sent).await;
            assert_eq!(answer, "", "{sent}");
            assert!((120..125).contains(&seconds), "{sent}: {seconds}");
        }
    });
}

#[test]
fn a_body_that_does_not_come_is_refused() {
    time::run(async {
        let emulator = Emulator::start().await.unwrap();
        let project = emulator.project_id();
        let sent = format!(
            "POST /v3/{project}/backups HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Content-Length: 10\r\n\r\n{{"
        );
        let (answer, seconds) = answered(&emulator, &sent).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(
            answer.contains("body: must come within 30 seconds"),
            "{answer}"
        );
        assert!((30..35).contains(&seconds), "{seconds}");
        let recorded = emulator.requests().remove(0);
        assert_eq!((recorded.status, &*recorded.body), (Some(408), ""));
    });
}
