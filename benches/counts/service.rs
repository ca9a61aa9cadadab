//! A service on loopback with the answers of the contract's examples, prepared before anything is counted.
//!
//! It runs on threads of its own, outside of what is counted; what the kernel does is not counted either.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::Range;
use std::sync::Arc;
use std::thread;

use dbbackup::Service;
use dbbackup::contract::document;
use serde_json::{Value, json};

use super::Result;

/// The instance that has a hundred backups; every other one has one.
pub(crate) const FULL: &str = "a48e43ff268f4c0e879652d65e63d0fbin01";

/// What is answered to which requests: a part of the head, status and body; the first one counts.
type Answers = Arc<[(&'static str, &'static str, String)]>;

/// Serves rds-v3 until the process ends, and gives its URL.
pub(crate) fn start() -> Result<String> {
    let document = document(Service::RdsV3);
    let example = |name: &str| document["components"]["examples"][name]["value"].clone();
    let list = example("DocumentedListBackupsResponseMysql");
    let accepted = example("DocumentedResponse").to_string();
    let refused = json!({ "error_code": "DBS.200001", "error_msg": "Parameter error." });
    let answers: Answers = [
        ("POST /v3/p/backups ", "200 OK", accepted),
        (
            "GET /v3/p/instances/",
            "400 Bad Request",
            refused.to_string(),
        ),
        // What follows a full page begins with the last entry of it.
        ("offset=99", "200 OK", page(list.clone(), 99..100)),
        (FULL, "200 OK", page(list.clone(), 0..100)),
        ("GET /v3/p/backups?", "200 OK", page(list, 0..1)),
    ]
    .into();
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answers = Arc::clone(&answers);
            // A connection ends when its client does.
            thread::spawn(move || attend(&stream, &answers));
        }
    });
    Ok(url)
}

/// The documented list with backups of these numbers.
fn page(mut list: Value, numbers: Range<usize>) -> String {
    let backup = list["backups"][0].take();
    let backups = numbers.map(|number| {
        let mut backup = backup.clone();
        backup["id"] = json!(format!("43e4feaab48f11e89039fa163e{number:06}br01"));
        backup
    });
    list["backups"] = backups.collect();
    list["total_count"] = json!(100);
    list.to_string()
}

fn attend(stream: &TcpStream, answers: &Answers) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length
            .and_then(|length| length.parse().ok())
            .unwrap_or_default();
        reader.read_exact(&mut vec![0; length])?;
        let found = answers.iter().find(|(part, ..)| head.contains(part));
        let (status, body) =
            found.map_or(("404 Not Found", ""), |(_, status, body)| (status, body));
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        (&mut &*stream).write_all(answer.as_bytes())?;
    }
}
