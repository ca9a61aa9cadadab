//! Where a file ends, as far as the server and the list tell.

use std::fs;

use dbbackup::Service;
use serde_json::json;

use super::{Downloads, TAG, content, kilobytes, partial, server};
use crate::support::FixedAnswer;

/// An answer with these headers, then bytes, then the end of the connection.
fn raw(status: u16, headers: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\netag: {TAG}\r\n{headers}\r\n");
    [head.as_bytes(), bytes].concat()
}

/// Some bytes of a chunked answer; none end it.
fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
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
            let chunks = [&chunk(&content()), last].concat();
            raw(200, "transfer-encoding: chunked\r\n", &chunks)
        }
    };
    let (link, heard) = server(chunked(b"0\r\n\r\n")).await;
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

/// An answer with a body of honest length.
fn honest(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    raw(200, &format!("content-length: {length}\r\n{headers}"), body)
}

#[tokio::test]
async fn an_empty_file_is_one_only_where_the_list_says_so() {
    let empty = [
        raw(200, "content-length: 0\r\n", b""),
        raw(200, "transfer-encoding: chunked\r\n", b"0\r\n\r\n"),
    ];
    for service in [Service::RdsV3, Service::GaussdbV3] {
        for (place, answer) in empty.iter().enumerate() {
            let downloads = Downloads::of(service, &format!("empty-{service}-{place}")).await;
            let sent = answer.clone();
            let (link, heard) = server(move |_, _| sent.clone()).await;
            let fetched = downloads.fetch_as("dump.qp", json!(null), &link).await;
            fetched.assert_failed("no bytes, though the list does not say that the file is empty");
            assert_eq!(downloads.names(), [""; 0]);
            assert_eq!(heard.lock().unwrap().len(), 1);
            let fetched = downloads.fetch_as("dump.qp", json!(0), &link).await;
            fetched.assert_downloaded();
            assert_eq!(fs::read(downloads.path("dump.qp")).unwrap(), b"");
        }
    }
}

#[tokio::test]
async fn a_document_in_place_of_a_file_is_no_file() {
    let page = ("a web page came in place of the file", &b"<p>Log in"[..]);
    let denied = br#"<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>"#;
    let xml = ("an XML document came in place of the file", &denied[..]);
    let error = br#"{"error_code": "DBS.200010", "error_msg": "no"}"#;
    let json = ("a JSON document came in place of the file", &error[..]);
    let bytes = "application/octet-stream";
    let rows = [
        ("Text/HTML; charset=utf-8", page),
        ("application/xml", xml),
        ("Text/XML;charset=utf-8", xml),
        ("Application/JSON", json),
        ("binary/octet-stream\r\ncontent-type: text/xml", xml),
        (bytes, xml),
        (bytes, json),
        (bytes, ("a web page", b"\r\n<!DOCTYPE html><p>Log in")),
    ];
    for (row, (kind, (why, body))) in rows.into_iter().enumerate() {
        // Whatever the file is called, and however few bytes come at once.
        for name in ["dump.qp", "dump.xml"] {
            let test = format!("document-{row}-{name}");
            let downloads = Downloads::of(Service::GaussdbV3, &test).await;
            let headers = format!("content-type: {kind}\r\ntransfer-encoding: chunked\r\n");
            let chunks: Vec<u8> = body.chunks(1).chain([&b""[..]]).flat_map(chunk).collect();
            let (link, heard) = server(move |_, _| raw(200, &headers, &chunks)).await;
            let fetched = downloads.fetch_as(name, json!(null), &link).await;
            fetched.assert_failed(why);
            assert_eq!(downloads.names(), [""; 0], "{kind} {name}");
            assert_eq!(heard.lock().unwrap().len(), 1);
        }
    }
}

#[tokio::test]
async fn what_was_encoded_on_its_way_is_refused() {
    for (place, header) in [
        "Content-Encoding: GZIP",
        "content-encoding: identity, br",
        "content-encoding: identity\r\ncontent-encoding: x-unknown",
        "transfer-encoding: gzip, chunked",
    ]
    .into_iter()
    .enumerate()
    {
        let downloads = Downloads::new(&format!("encoded-{place}")).await;
        let (link, heard) = server(move |_, _| {
            let all = content();
            let chunks = [chunk(&all), chunk(b"")].concat();
            if header.starts_with("transfer") {
                raw(200, &format!("{header}\r\n"), &chunks)
            } else {
                honest(&format!("{header}\r\n"), &all)
            }
        })
        .await;
        let fetched = downloads.fetch(&link).await;
        fetched.assert_failed("which was not asked for: take the link from --links");
        assert_eq!(downloads.names(), [""; 0], "{header}");
        assert_eq!(heard.lock().unwrap().len(), 1);
    }
    let downloads = Downloads::new("identity").await;
    let identity = "content-encoding: Identity\r\n";
    let (link, _) = server(move |_, _| honest(identity, &content())).await;
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&[]);
}

#[tokio::test]
async fn a_file_is_asked_for_as_it_is() {
    let downloads = Downloads::new("asked").await;
    let server = FixedAnswer::start(honest("", &content())).await;
    let link = format!("{}/dump.qp?signature=secret", server.url);
    downloads.fetch(&link).await.assert_downloaded();
    let request = server.request().await;
    assert!(
        request.contains("\r\naccept-encoding: identity\r\n"),
        "{request}"
    );
}
