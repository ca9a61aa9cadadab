//! Files of backups, also over connections that break.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use dbbackup::Service;
use dbbackup::emulator::{Fault, Reply};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Ran, Stand, named};

const SERVICE: Service = Service::RdsV3;
/// What the server calls the bytes of the file.
const TAG: &str = "\"one\"";

fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("files")
        .join(test);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// The bytes of the file.
fn content() -> Vec<u8> {
    (0..200_000_u32).flat_map(u32::to_le_bytes).collect()
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

/// Lists one file with this link and size, and downloads it.
async fn download(stand: &Stand, into: &Path, name: &str, link: &str, kilobytes: usize) -> Ran {
    let file = json!({
        "name": name, "size": kilobytes, "download_link": link,
        "link_expired_time": "2026-11-29T10:15:14+0800",
    });
    download_all(stand, into, &[file]).await
}

/// Lists these files and downloads them.
async fn download_all(stand: &Stand, into: &Path, files: &[Value]) -> Ran {
    let backup = stand.backup();
    let body = json!({ "bucket": "b", "files": files }).to_string();
    let reply = Reply::new(200)
        .with_body(body)
        .with_header("content-type", "application/json");
    let fault = Fault::reply(reply);
    stand
        .emulator
        .inject(SERVICE, "list_backup_files", fault)
        .unwrap();
    let instance = stand.instance();
    let into = into.to_str().unwrap();
    let files = [
        "files",
        &backup,
        "--instance",
        &instance,
        "--download",
        into,
        "--output",
        "json",
    ];
    let ran = stand.run(&files).await;
    assert!(!format!("{ran:?}").contains("signature"), "{ran:?}");
    ran
}

fn kilobytes() -> usize {
    content().len() / 1024
}

fn outcome(ran: &Ran) -> (Option<i32>, Value, Value) {
    let rows: Value = serde_json::from_str(&ran.stdout).unwrap();
    (
        ran.code,
        rows[0]["outcome"].clone(),
        rows[0]["detail"].clone(),
    )
}

#[tokio::test]
async fn files_are_listed_without_their_links() {
    for service in Service::ALL {
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

#[tokio::test]
async fn a_download_that_breaks_goes_on_where_it_stopped() {
    let stand = Stand::new(SERVICE).await;
    let into = folder("breaks");
    let (link, heard) = server(|_, from| partial(from, 300_000)).await;
    let ran = download(&stand, &into, "dump.qp", &link, kilobytes()).await;
    assert_eq!(
        outcome(&ran),
        (Some(0), json!("downloaded"), Value::Null),
        "{ran:?}"
    );
    assert_eq!(std::fs::read(into.join("dump.qp")).unwrap(), content());
    assert_eq!(*heard.lock().unwrap(), ["all", "300000-", "600000-"]);
    assert!(!into.join("dump.qp.part").exists());

    let ran = download(&stand, &into, "dump.qp", &link, kilobytes()).await;
    assert_eq!(outcome(&ran).1, "there already");
    assert_eq!(heard.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_part_of_an_earlier_run_is_completed() {
    let stand = Stand::new(SERVICE).await;
    let into = folder("part");
    std::fs::create_dir_all(&into).unwrap();
    std::fs::write(into.join("dump.qp.part"), &content()[..1000]).unwrap();
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    let ran = download(&stand, &into, "dump.qp", &link, kilobytes()).await;
    assert_eq!(outcome(&ran).0, Some(0), "{ran:?}");
    assert_eq!(std::fs::read(into.join("dump.qp")).unwrap(), content());
    assert_eq!(*heard.lock().unwrap(), ["1000-"]);
}

#[tokio::test]
async fn a_part_of_what_the_file_was_is_not_completed() {
    let stand = Stand::new(SERVICE).await;
    let into = folder("changed");
    let refusal = || b"HTTP/1.1 403 x\r\ncontent-length: 0\r\n\r\n".to_vec();
    let breaks = move |i, from| {
        if i == 0 {
            partial(from, 300_000)
        } else {
            refusal()
        }
    };
    let (link, _) = server(breaks).await;
    let ran = download(&stand, &into, "dump.qp", &link, kilobytes()).await;
    assert_eq!(outcome(&ran).0, Some(1), "{ran:?}");
    let (part, tag) = (into.join("dump.qp.part"), into.join("dump.qp.part.etag"));
    assert_eq!(std::fs::read_to_string(&tag).unwrap(), TAG);
    let mode = std::fs::metadata(&part).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    std::fs::write(&part, [0; 300_000]).unwrap();
    std::fs::write(&tag, "\"zero\"").unwrap();
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    let ran = download(&stand, &into, "dump.qp", &link, kilobytes()).await;
    assert_eq!(outcome(&ran).0, Some(0), "{ran:?}");
    assert_eq!(std::fs::read(into.join("dump.qp")).unwrap(), content());
    assert_eq!(*heard.lock().unwrap(), ["300000-"]);
    assert!(!part.exists() && !tag.exists());
    // Nor by a server that goes on whatever it is asked, or if nobody knows what the part is of.
    for (stale, expected) in [("\"zero\"", &["300000-", "all"][..]), ("\n", &["all"])] {
        std::fs::remove_file(into.join("dump.qp")).unwrap();
        std::fs::write(&part, [0; 300_000]).unwrap();
        std::fs::write(&tag, stale).unwrap();
        let (link, heard) = stubborn_server().await;
        let ran = download(&stand, &into, "dump.qp", &link, kilobytes()).await;
        assert_eq!(outcome(&ran).0, Some(0), "{ran:?}");
        assert_eq!(std::fs::read(into.join("dump.qp")).unwrap(), content());
        assert_eq!(*heard.lock().unwrap(), expected);
    }
}

#[tokio::test]
async fn two_downloads_do_not_write_into_one_file() {
    let stand = Stand::new(SERVICE).await;
    let into = folder("locked");
    std::fs::create_dir_all(&into).unwrap();
    let other = std::fs::File::create(into.join("dump.qp.part")).unwrap();
    other.lock().unwrap();
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    let ran = download(&stand, &into, "dump.qp", &link, kilobytes()).await;
    let (code, _, detail) = outcome(&ran);
    assert_eq!((code, heard.lock().unwrap().len()), (Some(1), 0));
    let detail = detail.as_str().unwrap();
    assert!(
        detail.ends_with("dump.qp.part is being written by another download"),
        "{detail}"
    );
}

#[tokio::test]
async fn a_server_without_ranges_sends_all_again() {
    let stand = Stand::new(SERVICE).await;
    let into = folder("again");
    std::fs::create_dir_all(&into).unwrap();
    std::fs::write(into.join("dump.qp.part"), "something else").unwrap();
    let (link, _) = server(|_, _| partial(None, usize::MAX)).await;
    let ran = download(&stand, &into, "dump.qp", &link, kilobytes()).await;
    assert_eq!(outcome(&ran).0, Some(0), "{ran:?}");
    assert_eq!(std::fs::read(into.join("dump.qp")).unwrap(), content());
}

#[tokio::test]
async fn a_file_of_another_size_is_not_taken_for_complete() {
    let stand = Stand::new(SERVICE).await;
    let into = folder("size");
    let (link, _) = server(|_, from| partial(from, usize::MAX)).await;
    let ran = download(&stand, &into, "dump.qp", &link, kilobytes() + 9).await;
    let (code, outcome, detail) = outcome(&ran);
    assert_eq!((code, outcome), (Some(1), json!("failed")), "{ran:?}");
    assert!(
        detail
            .as_str()
            .unwrap()
            .contains("has 800000 bytes in place of"),
        "{detail}"
    );
    assert!(!into.join("dump.qp").exists() && into.join("dump.qp.part").exists());
    assert!(
        ran.stderr.ends_with("1 of 1 files were not downloaded\n"),
        "{ran:?}"
    );
}

#[tokio::test]
async fn an_expired_link_is_not_tried_again() {
    let stand = Stand::new(SERVICE).await;
    let into = folder("expired");
    let (link, heard) =
        server(|_, _| b"HTTP/1.1 403 x\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    let ran = download(&stand, &into, "dump.qp", &link, 1).await;
    let (code, _, detail) = outcome(&ran);
    assert_eq!((code, heard.lock().unwrap().len()), (Some(1), 1));
    assert_eq!(
        detail,
        "refused with 403: the link may have expired, so list the files again"
    );
}

#[tokio::test]
async fn names_do_not_lead_out_of_the_folder() {
    let stand = Stand::new(SERVICE).await;
    let into = folder("names");
    let (link, _) = server(|_, from| partial(from, usize::MAX)).await;
    for (name, safe) in [
        ("../../up.qp", "_.._up.qp"),
        ("a/b.qp", "a_b.qp"),
        (".hidden", "hidden"),
    ] {
        let ran = download(&stand, &into, name, &link, kilobytes()).await;
        assert_eq!(outcome(&ran).0, Some(0), "{ran:?}");
        assert!(into.join(safe).exists(), "{name}");
    }
    let ran = download(&stand, &into, "..", &link, kilobytes()).await;
    assert_eq!(
        outcome(&ran).2,
        "the service gives no name that a file can have"
    );
}

#[tokio::test]
async fn a_file_is_not_taken_for_another_one() {
    let stand = Stand::new(SERVICE).await;
    let into = folder("others");
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    let file = |name: &str| {
        json!({
            "name": name, "size": kilobytes(), "download_link": link,
            "link_expired_time": "2026-11-29T10:15:14+0800",
        })
    };
    std::fs::create_dir_all(into.join("folder.qp")).unwrap();
    std::fs::write(into.join("empty.qp"), "").unwrap();
    let names = ["x/1.qp", "x_1.qp", "x_1.qp.part", "folder.qp", "empty.qp"];
    let ran = download_all(&stand, &into, &names.map(file)).await;
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let outcomes: Vec<&Value> = rows.iter().map(|row| &row["outcome"]).collect();
    let failed = "failed";
    assert_eq!(
        outcomes,
        ["downloaded", failed, failed, failed, failed],
        "{ran:?}"
    );
    assert!(
        rows[1]["detail"]
            .as_str()
            .unwrap()
            .starts_with("another file of the backup has this name"),
        "{ran:?}"
    );
    assert_eq!((ran.code, heard.lock().unwrap().len()), (Some(1), 1));
}
