//! Connections that come to nothing.

use std::time::Duration;

use dbbackup::Service;
use dbbackup::emulator::Emulator;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

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

#[test]
fn an_answer_that_nobody_reads_ends_its_connection() {
    time::run(async {
        let emulator = Emulator::start().await.unwrap();
        let instance = emulator.instances(Service::RdsV3).remove(0);
        emulator.add_backups(Service::RdsV3, &instance, 50_000);
        let url = emulator.url(Service::RdsV3).trim_start_matches("http://");
        let sent = "GET /_emulator/state HTTP/1.1\r\nHost: x\r\n\r\n";
        let mut unread = Vec::new();
        for _ in 0..9 {
            let mut stream = TcpStream::connect(url).await.unwrap();
            stream.write_all(sent.as_bytes()).await.unwrap();
            unread.push(stream);
        }
        // Eight are on their way, for which a ninth does not wait for long.
        let begun = Instant::now();
        let mut first = [0; 15];
        unread[8].read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 503 Se");
        let seconds = begun.elapsed().as_secs();
        assert!((3..5).contains(&seconds), "{seconds}");
        // One that is read a little at a time has no more time than the others.
        let mut some = vec![0; 1 << 20];
        while begun.elapsed().as_secs() < 20 {
            unread[0].read_exact(&mut some).await.unwrap();
            sleep(Duration::from_secs(5)).await;
        }
        sleep(Duration::from_secs(15)).await;
        let mut rest = Vec::new();
        let read = unread[0].read_to_end(&mut rest).await;
        assert!(read.is_err() || !rest.ends_with(b"0\r\n\r\n"));
        let (answer, _) = answered(
            &emulator,
            &sent.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{}", &answer[..100]);
    });
}

#[test]
fn the_body_of_a_plan_has_its_limits() {
    time::run(async {
        let emulator = Emulator::start().await.unwrap();
        let head = "POST /_emulator/faults HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        let slow = format!("{head}Content-Length: 10\r\n\r\n{{");
        let (answer, seconds) = answered(&emulator, &slow).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!((30..35).contains(&seconds), "{seconds}");
        let large = " ".repeat(300 << 10);
        let large = format!("{head}Content-Length: {}\r\n\r\n{large}", large.len());
        let (answer, _) = answered(&emulator, &large).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    });
}
