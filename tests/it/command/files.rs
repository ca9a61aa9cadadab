//! Files of backups, also over connections that break.

mod ends;
mod parts;
mod places;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{Operation, Service};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Ran, Stand, named};

/// What the server calls the bytes of the file.
const TAG: &str = "\"one\"";

/// The bytes of the file.
fn content() -> Vec<u8> {
    (0..200_000_u32).flat_map(u32::to_le_bytes).collect()
}

fn kilobytes() -> usize {
    content().len() / 1024
}

/// A server of files that answers each request as it is told, and what it was asked for.
async fn server(
    answer: impl Fn(usize, Option<usize>) -> Vec<u8> + Send + 'static,
) -> (String, Arc<Mutex<Vec<String>>>) {
    serve(true, answer).await
}

/// One that does not look at `If-Range`.
async fn stubborn_server() -> (String, Arc<Mutex<Vec<String>>>) {
    serve(false, |_, from| partial(from, usize::MAX)).await
}

async fn serve(
    minds_tags: bool,
    answer: impl Fn(usize, Option<usize>) -> Vec<u8> + Send + 'static,
) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "http://{}/dump.qp?signature=secret",
        listener.local_addr().unwrap()
    );
    let heard = Arc::new(Mutex::new(Vec::new()));
    let all = Arc::clone(&heard);
    tokio::spawn(async move {
        for i in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            let request = String::from_utf8(request).unwrap();
            let header = |name| request.lines().find_map(|line| line.strip_prefix(name));
            let range = header("range: bytes=");
            let is_same = !minds_tags || header("if-range: ").is_none_or(|tag| tag == TAG);
            let from = range.filter(|_| is_same);
            let from = from.map(|range| range.trim_end_matches('-').parse().unwrap());
            all.lock().unwrap().push(range.unwrap_or("all").to_owned());
            let bytes = answer(i, from);
            // A client may have seen enough.
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
    });
    (url, heard)
}

/// An answer that says it has all from an offset, with only so many of these bytes.
fn partial(from: Option<usize>, most: usize) -> Vec<u8> {
    let all = content();
    let start = from.unwrap_or_default();
    let (first, rest) = (if from.is_some() { 206 } else { 200 }, &all[start..]);
    let mut answer = format!(
        "HTTP/1.1 {first} x\r\nconnection: close\r\netag: {TAG}\r\ncontent-length: {}\r\n",
        rest.len()
    );
    if from.is_some() {
        answer += &format!(
            "content-range: bytes {start}-{}/{}\r\n",
            all.len() - 1,
            all.len()
        );
    }
    let mut answer = (answer + "\r\n").into_bytes();
    answer.extend_from_slice(&rest[..rest.len().min(most)]);
    answer
}

/// A backup, and a folder for its files.
struct Downloads {
    stand: Stand,
    backup: String,
    folder: PathBuf,
}

impl Downloads {
    async fn new(test: &str) -> Self {
        Self::of(Service::RdsV3, test).await
    }

    async fn of(service: Service, test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("files")
            .join(test);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let stand = Stand::new(service).await;
        let backup = stand.backup();
        Self {
            stand,
            backup,
            folder,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// All that is in the folder.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.folder).unwrap();
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
        let names = entries.map(|entry| name(entry).into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// Checks that the file is whole and that all else in the folder is this.
    #[track_caller]
    fn assert_whole(&self, others: &[&str]) {
        assert_eq!(std::fs::read(self.path("dump.qp")).unwrap(), content());
        let names = self.names();
        let names: Vec<_> = names.iter().filter(|name| *name != "dump.qp").collect();
        assert_eq!(names, others);
    }

    /// Leaves a part, as a download of this file that broke off does.
    fn leave(&self, bytes: &[u8], tag: Option<&str>) {
        let record = json!({ "backup": self.backup, "file": "dump.qp", "tag": tag });
        self.leave_with(bytes, &record.to_string());
    }

    fn leave_with(&self, bytes: &[u8], record: &str) {
        std::fs::write(self.path("dump.qp.part"), bytes).unwrap();
        std::fs::write(self.path("dump.qp.part.json"), record).unwrap();
    }

    /// Lists `dump.qp` with its true size, and downloads it.
    async fn fetch(&self, link: &str) -> Fetched {
        self.fetch_as("dump.qp", json!(kilobytes()), link).await
    }

    /// Lists one file with this name, size and link, and downloads it.
    async fn fetch_as(&self, name: &str, size: Value, link: &str) -> Fetched {
        let ran = self.fetch_all(&[file(name, size, link)]).await;
        let rows: Value = serde_json::from_str(&ran.stdout).unwrap();
        let text = |key: &str| rows[0][key].as_str().unwrap_or_default().to_owned();
        Fetched {
            code: ran.code,
            outcome: text("outcome"),
            detail: text("detail"),
            stderr: ran.stderr,
        }
    }

    /// Lists these files and downloads them.
    async fn fetch_all(&self, files: &[Value]) -> Ran {
        let body = json!({ "bucket": "b", "files": files }).to_string();
        let reply = Reply::new(200)
            .with_body(body)
            .with_header("content-type", "application/json");
        let emulator = &self.stand.emulator;
        let list = Operation::ListBackupFiles;
        emulator
            .inject((self.stand.service, list), Fault::reply(reply))
            .unwrap();
        let (instance, into) = (self.stand.instance(), self.folder.to_str().unwrap());
        let files = ["files", &self.backup, "--instance", &instance];
        let options = ["--download", into, "--output", "json"];
        let ran = self.stand.run(&[&files[..], &options].concat()).await;
        assert!(!format!("{ran:?}").contains("signature"), "{ran:?}");
        ran
    }
}

/// What came of the download of one file.
#[derive(Debug)]
struct Fetched {
    code: Option<i32>,
    outcome: String,
    detail: String,
    stderr: String,
}

impl Fetched {
    #[track_caller]
    fn assert_downloaded(&self) {
        assert_eq!(
            (self.code, &*self.outcome),
            (Some(0), "downloaded"),
            "{self:?}"
        );
        assert_eq!(self.detail, "");
    }

    #[track_caller]
    fn assert_failed(&self, why: &str) {
        assert_eq!((self.code, &*self.outcome), (Some(1), "failed"), "{self:?}");
        assert!(self.detail.contains(why), "{self:?}");
    }
}

/// A file as it is listed.
fn file(name: &str, size: Value, link: &str) -> Value {
    json!({
        "name": name, "size": size, "download_link": link,
        "link_expired_time": "2026-11-29T10:15:14+0800",
    })
}

#[tokio::test]
async fn files_are_listed_without_their_links() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let files = ["files", &backup, "--instance", &instance];
        let ran = stand.run(&files).await;
        if !service.supports(dbbackup::Operation::ListBackupFiles) {
            assert_eq!((ran.code, stand.emulator.requests().len()), (Some(2), 0));
            assert!(
                ran.stderr
                    .contains("which rds-v3 and gaussdb-v3 alone have"),
                "{ran:?}"
            );
            continue;
        }
        assert!(!ran.stdout.contains("https://"), "{ran:?}");
        assert_snapshot!(named("files", service), ran.done());
        let json = stand
            .run(&[&files[..], &["--output", "json", "--links"]].concat())
            .await;
        let rows: Vec<Value> = serde_json::from_str(json.done()).unwrap();
        assert!(rows[0]["link"].as_str().unwrap().starts_with("https://"));
    }
}
