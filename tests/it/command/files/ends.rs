//! Where a file ends, as far as the server and the list tell.

use std::fs;

use dbbackup::Service;
use serde_json::json;

use super::{Downloads, TAG, content, kilobytes, partial, server};

/// An answer with these headers, then bytes, then the end of the connection.
fn raw(status: u16, headers: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\netag: {TAG}\r\n{headers}\r\n");
    [head.as_bytes(), bytes].concat()
}

#[tokio::test]
async fn an_announced_size_that_is_not_the_listed_one_is_refused_before_any_byte() {
    let downloads = Downloads::new("size").await;
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    let size = json!(kilobytes() + 9);
    let fetched = downloads.fetch_as("dump.qp", size, &link).await;
    fetched.assert_failed("the server announces 800000 bytes in place of 808960");
    let said = "1 of 1 files were not downloaded\n";
    assert!(fetched.stderr.ends_with(said), "{fetched:?}");
    assert_eq!(
        (downloads.names().len(), heard.lock().unwrap().len()),
        (0, 1)
    );
}

#[tokio::test]
async fn the_end_of_a_connection_is_no_end_of_a_file() {
    let downloads = Downloads::new("cut").await;
    // Within what the list rounds away; the server sends no parts.
    let (link, heard) = server(|_, _| raw(200, "", &content()[..799_000])).await;
    let fetched = downloads.fetch(&link).await;
    fetched.assert_failed("dump.qp.part may not be whole");
    assert!(!downloads.path("dump.qp").exists());
    assert_eq!(*heard.lock().unwrap(), ["all", "799000-"]);
}

#[tokio::test]
async fn a_file_of_unknown_length_is_whole_once_the_server_says_so() {
    let downloads = Downloads::new("proven").await;
    let (link, heard) = server(|_, from| match from {
        None => raw(200, "", &content()[..799_000]),
        Some(start) => partial(Some(start), usize::MAX),
    })
    .await;
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&[]);
    assert_eq!(*heard.lock().unwrap(), ["all", "799000-"]);
}

#[tokio::test]
async fn a_chunked_answer_shows_its_end() {
    let downloads = Downloads::new("chunked").await;
    let chunked = |last: &'static [u8]| {
        move |_, _| {
            let all = content();
            let chunk = [format!("{:x}\r\n", all.len()).as_bytes(), &all, last].concat();
            raw(200, "transfer-encoding: chunked\r\n", &chunk)
        }
    };
    let (link, heard) = server(chunked(b"\r\n0\r\n\r\n")).await;
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&[]);
    assert_eq!(*heard.lock().unwrap(), ["all"]);
}

#[tokio::test]
async fn sizes_without_a_unit_say_the_least_that_a_file_has() {
    for (test, answer) in [
        ("no-length", raw(200, "content-length: 0\r\n", b"")),
        ("short", raw(200, "content-length: 100\r\n", &[0; 100])),
    ] {
        let downloads = Downloads::of(Service::GaussdbV3, test).await;
        let (link, _) = server(move |_, _| answer.clone()).await;
        let fetched = downloads.fetch_as("dump.qp", json!(5000), &link).await;
        fetched.assert_failed("bytes in place of 5000 or more");
        assert_eq!(downloads.names(), [""; 0]);
        fs::write(downloads.path("dump.qp"), "").unwrap();
        let fetched = downloads.fetch_as("dump.qp", json!(5000), &link).await;
        fetched.assert_failed("dump.qp is there and is not this file");
    }
    let downloads = Downloads::of(Service::GaussdbV3, "any-unit").await;
    let (link, _) = server(|_, from| partial(from, usize::MAX)).await;
    let fetched = downloads.fetch_as("dump.qp", json!(5000), &link).await;
    fetched.assert_downloaded();
}

#[tokio::test]
async fn a_download_stops_at_its_size() {
    let downloads = Downloads::new("beyond").await;
    // Whatever a server announces or keeps to itself.
    let chunk = [&b"fffff\r\n"[..], &[0; 0xf_ffff], b"\r\n"].concat();
    let without_end = raw(200, "transfer-encoding: chunked\r\n", &chunk.repeat(3));
    let (link, heard) = server(move |_, _| without_end.clone()).await;
    let fetched = downloads.fetch_as("dump.qp", json!(5), &link).await;
    fetched.assert_failed("more came than 6144 bytes, which the list allows");
    assert_eq!(heard.lock().unwrap().len(), 1);
    let part = fs::metadata(downloads.path("dump.qp.part"));
    assert!(part.map_or(0, |part| part.len()) <= 6144);
}

#[tokio::test]
async fn a_web_page_is_no_file() {
    let downloads = Downloads::new("page").await;
    let page = || {
        raw(
            200,
            "Content-Type: Text/HTML; charset=utf-8\r\ncontent-length: 9\r\n",
            b"<p>Log in",
        )
    };
    let (link, _) = server(move |_, _| page()).await;
    let fetched = downloads.fetch_as("dump.qp", json!(0), &link).await;
    fetched.assert_failed("a web page came in place of the file");
}
