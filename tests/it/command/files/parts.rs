//! Parts of downloads, and which of them are completed.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::{Downloads, TAG, content, partial, server, stubborn_server};

#[tokio::test]
async fn a_download_that_breaks_goes_on_where_it_stopped() {
    let downloads = Downloads::new("breaks").await;
    let (link, heard) = server(|_, from| partial(from, 300_000)).await;
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&[]);
    assert_eq!(*heard.lock().unwrap(), ["all", "300000-", "600000-"]);
}

#[tokio::test]
async fn a_part_of_an_earlier_run_is_completed() {
    let downloads = Downloads::new("earlier").await;
    let (link, heard) = server(|i, from| match i {
        0 => partial(from, 300_000),
        1 => b"HTTP/1.1 403 x\r\ncontent-length: 0\r\n\r\n".to_vec(),
        _ => partial(from, usize::MAX),
    })
    .await;
    let broken = downloads.fetch(&link).await;
    broken.assert_failed("refused with 403");
    let mode = std::fs::metadata(downloads.path("dump.qp.part")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&[]);
    assert_eq!(*heard.lock().unwrap(), ["all", "300000-", "300000-"]);
}

#[tokio::test]
async fn a_part_that_is_left_whole_is_not_fetched_again() {
    let downloads = Downloads::new("left-whole").await;
    downloads.leave(&content(), Some(TAG));
    let all = content().len();
    let (link, heard) = server(move |_, _| {
        let head = "HTTP/1.1 416 x\r\nconnection: close\r\ncontent-length: 0\r\n";
        format!("{head}etag: {TAG}\r\ncontent-range: bytes */{all}\r\n\r\n").into_bytes()
    })
    .await;
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&[]);
    assert_eq!(*heard.lock().unwrap(), ["800000-"]);
}

#[tokio::test]
async fn a_part_of_what_the_file_was_is_not_completed() {
    let downloads = Downloads::new("changed").await;
    downloads.leave(&[0; 300_000], Some("\"zero\""));
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&[]);
    assert_eq!(*heard.lock().unwrap(), ["300000-"]);
    // Nor by a server that goes on whatever it is asked, or if nobody knows what the bytes are.
    for (tag, expected) in [
        (Some("\"zero\""), &["300000-", "all"][..]),
        (None, &["all"]),
    ] {
        std::fs::remove_file(downloads.path("dump.qp")).unwrap();
        downloads.leave(&[0; 300_000], tag);
        let (link, heard) = stubborn_server().await;
        downloads.fetch(&link).await.assert_downloaded();
        downloads.assert_whole(&[]);
        assert_eq!(*heard.lock().unwrap(), expected);
    }
}

#[tokio::test]
async fn bytes_of_which_nobody_knows_what_they_are_are_not_joined() {
    // A tag may be missing, or be the same for bytes that differ.
    for (row, tag) in ["", "etag: W/\"one\"\r\n"].into_iter().enumerate() {
        let downloads = Downloads::new(&format!("untagged-{row}")).await;
        let (link, heard) = server(move |i, from| {
            let whole = partial(from, if i == 0 { 300_000 } else { usize::MAX });
            let (head, body) =
                whole.split_at(whole.windows(4).position(|w| w == b"\r\n\r\n").unwrap());
            let head = String::from_utf8(head.to_vec()).unwrap();
            let head = head.replace(&format!("etag: {TAG}\r\n"), tag);
            [head.as_bytes(), body].concat()
        })
        .await;
        downloads.fetch(&link).await.assert_downloaded();
        downloads.assert_whole(&[]);
        assert_eq!(*heard.lock().unwrap(), ["all", "all"]);
    }
}

#[tokio::test]
async fn a_download_that_began_anew_goes_on_too() {
    let downloads = Downloads::new("anew").await;
    downloads.leave(&[0; 300_000], Some("\"zero\""));
    let (link, heard) = server(|i, from| match i {
        0 => partial(from, 200_000),
        1 => b"HTTP/1.1 403 x\r\ncontent-length: 0\r\n\r\n".to_vec(),
        _ => partial(from, usize::MAX),
    })
    .await;
    let broken = downloads.fetch(&link).await;
    broken.assert_failed("refused with 403");
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&[]);
    assert_eq!(*heard.lock().unwrap(), ["300000-", "200000-", "200000-"]);
}

#[tokio::test]
async fn a_part_of_something_else_stays_as_it_is() {
    let downloads = Downloads::new("something-else").await;
    let backup = downloads.backup.clone();
    let other = json!({ "backup": "other", "file": "dump.qp", "tag": TAG });
    let of_other_file = json!({ "backup": backup, "file": "other.qp", "tag": TAG });
    for record in [other.to_string(), of_other_file.to_string(), "{".to_owned()] {
        downloads.leave_with(b"zero", &record);
        let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
        let fetched = downloads.fetch(&link).await;
        fetched.assert_downloaded();
        let said = "dump.qp.part is not what a download of this file has left, and stays as it is";
        assert!(fetched.stderr.contains(said), "{fetched:?}");
        downloads.assert_whole(&["dump.qp.part", "dump.qp.part.json"]);
        assert_eq!(*heard.lock().unwrap(), ["all"]);
        let stays = |name| std::fs::read(downloads.path(name)).unwrap();
        assert_eq!(stays("dump.qp.part"), b"zero");
        assert_eq!(stays("dump.qp.part.json"), record.as_bytes());
        std::fs::remove_file(downloads.path("dump.qp")).unwrap();
    }
    // Also one without a record; what it made way for is found again.
    std::fs::remove_file(downloads.path("dump.qp.part.json")).unwrap();
    let (link, heard) = server(|i, from| match i {
        0 => partial(from, 300_000),
        1 => b"HTTP/1.1 403 x\r\ncontent-length: 0\r\n\r\n".to_vec(),
        _ => partial(from, usize::MAX),
    })
    .await;
    let broken = downloads.fetch(&link).await;
    broken.assert_failed("refused with 403");
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&["dump.qp.part"]);
    assert_eq!(*heard.lock().unwrap(), ["all", "300000-", "300000-"]);
}

#[tokio::test]
async fn two_downloads_do_not_write_into_one_file() {
    let downloads = Downloads::new("locked").await;
    let other = std::fs::File::create(downloads.path("dump.qp.part")).unwrap();
    other.lock().unwrap();
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    let fetched = downloads.fetch(&link).await;
    fetched.assert_failed("dump.qp.part is being written by another download");
    assert_eq!(heard.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn a_server_without_ranges_sends_all_again() {
    let downloads = Downloads::new("again").await;
    downloads.leave(b"something else", Some(TAG));
    let (link, _) = server(|_, _| partial(None, usize::MAX)).await;
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&[]);
}

#[tokio::test]
async fn an_expired_link_is_not_tried_again() {
    let downloads = Downloads::new("expired").await;
    let refusal = || b"HTTP/1.1 403 x\r\ncontent-length: 0\r\n\r\n".to_vec();
    let (link, heard) = server(move |_, _| refusal()).await;
    let fetched = downloads.fetch(&link).await;
    fetched.assert_failed("refused with 403: the link may have expired, so list the files again");
    assert_eq!(heard.lock().unwrap().len(), 1);
    // A part without bytes is of no use.
    assert_eq!(downloads.names(), [""; 0]);
}
