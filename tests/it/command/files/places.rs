//! What is in the folder of a download, and stays as it is.

use std::fs;
use std::os::unix::fs::{chown, symlink};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::{Downloads, TAG, content, file, kilobytes, partial, server};

fn make_fifo(path: &std::path::Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[tokio::test]
async fn nothing_is_written_through_a_link() {
    for name in ["dump.qp.part", "dump.qp.part.json", "dump.qp.1.part"] {
        for is_symbolic in [true, false] {
            let downloads = Downloads::new(&format!("link-{name}-{is_symbolic}")).await;
            let victim = downloads.path("victim");
            // What would be taken for a part of this file, or for its record.
            let record = json!({ "backup": downloads.backup, "file": "dump.qp", "tag": TAG });
            let text = record.to_string();
            downloads.leave(&content()[..1000], Some(TAG));
            let _ = fs::remove_file(downloads.path(name));
            fs::write(&victim, &text).unwrap();
            if is_symbolic {
                symlink(&victim, downloads.path(name)).unwrap()
            } else {
                fs::hard_link(&victim, downloads.path(name)).unwrap()
            }
            if name == "dump.qp.1.part" {
                // The first name is taken, too.
                fs::remove_file(downloads.path("dump.qp.part.json")).unwrap();
            }
            let before = downloads.names();
            let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
            downloads.fetch(&link).await.assert_downloaded();
            let before: Vec<&str> = before.iter().map(String::as_str).collect();
            downloads.assert_whole(&before);
            assert_eq!(fs::read_to_string(&victim).unwrap(), text, "{name}");
            let whole = fs::symlink_metadata(downloads.path("dump.qp")).unwrap();
            assert!(whole.is_file(), "{name}");
            assert_eq!(*heard.lock().unwrap(), ["all"]);
        }
    }
}

#[tokio::test]
async fn a_link_that_leads_nowhere_is_not_followed() {
    let downloads = Downloads::new("dangling").await;
    let elsewhere = downloads.path("elsewhere");
    symlink(&elsewhere, downloads.path("dump.qp.part")).unwrap();
    symlink(&elsewhere, downloads.path("dump.qp.1.part.json")).unwrap();
    let (link, _) = server(|_, from| partial(from, usize::MAX)).await;
    downloads.fetch(&link).await.assert_downloaded();
    downloads.assert_whole(&["dump.qp.1.part.json", "dump.qp.part"]);
    // Nor is the file itself written to where a link leads.
    fs::remove_file(downloads.path("dump.qp")).unwrap();
    symlink(&elsewhere, downloads.path("dump.qp")).unwrap();
    let fetched = downloads.fetch(&link).await;
    fetched.assert_failed("dump.qp is there and is not this file: move it away");
    assert!(!elsewhere.exists());
}

#[tokio::test]
async fn what_is_no_file_is_not_waited_for() {
    for name in ["dump.qp.part", "dump.qp.part.json"] {
        for is_fifo in [true, false] {
            let downloads = Downloads::new(&format!("no-file-{name}-{is_fifo}")).await;
            downloads.leave(&content()[..1000], Some(TAG));
            fs::remove_file(downloads.path(name)).unwrap();
            if is_fifo {
                make_fifo(&downloads.path(name))
            } else {
                fs::create_dir(downloads.path(name)).unwrap()
            }
            let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
            downloads.fetch(&link).await.assert_downloaded();
            downloads.assert_whole(&["dump.qp.part", "dump.qp.part.json"]);
            assert_eq!(*heard.lock().unwrap(), ["all"]);
        }
    }
}

#[tokio::test]
async fn a_part_of_another_user_is_not_completed() {
    let downloads = Downloads::new("foreign").await;
    downloads.leave(&content()[..1000], Some(TAG));
    // Only root can give a file away; for all others it stays a part to go on with.
    let is_foreign = chown(downloads.path("dump.qp.part"), Some(65534), None).is_ok();
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    downloads.fetch(&link).await.assert_downloaded();
    if is_foreign {
        downloads.assert_whole(&["dump.qp.part", "dump.qp.part.json"])
    } else {
        downloads.assert_whole(&[])
    }
    let asked = if is_foreign { "all" } else { "1000-" };
    assert_eq!(*heard.lock().unwrap(), [asked]);
}

#[tokio::test]
async fn a_file_that_appears_meanwhile_is_not_replaced() {
    let downloads = Downloads::new("meanwhile").await;
    let whole = downloads.path("dump.qp");
    let appears = whole.clone();
    let (link, _) = server(move |_, from| {
        fs::write(&appears, "mine").unwrap();
        partial(from, usize::MAX)
    })
    .await;
    let fetched = downloads.fetch(&link).await;
    fetched.assert_failed("dump.qp has appeared meanwhile");
    assert_eq!(fs::read_to_string(&whole).unwrap(), "mine");
    assert_eq!(fs::read(downloads.path("dump.qp.part")).unwrap(), content());
}

#[tokio::test]
async fn a_file_that_is_there_is_not_called_checked() {
    let downloads = Downloads::new("there").await;
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    fs::write(downloads.path("dump.qp"), vec![0; content().len()]).unwrap();
    let fetched = downloads.fetch(&link).await;
    let outcome = (fetched.code, &*fetched.outcome, &*fetched.detail);
    let why = "a file of this name was there: move it away to download it again";
    assert_eq!(outcome, (Some(0), "not checked", why));
    assert_eq!(heard.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn names_do_not_lead_out_of_the_folder() {
    let downloads = Downloads::new("names").await;
    let (link, _) = server(|_, from| partial(from, usize::MAX)).await;
    for (name, safe) in [
        ("../../up.qp", "_.._up.qp"),
        ("a/b.qp", "a_b.qp"),
        (".hidden", "hidden"),
    ] {
        let size = json!(kilobytes());
        let fetched = downloads.fetch_as(name, size, &link).await;
        fetched.assert_downloaded();
        assert!(downloads.path(safe).exists(), "{name}");
    }
    let fetched = downloads.fetch_as("..", json!(kilobytes()), &link).await;
    fetched.assert_failed("the service gives no name that a file can have");
}

#[tokio::test]
async fn a_file_is_not_taken_for_another_one() {
    let downloads = Downloads::new("others").await;
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    fs::create_dir_all(downloads.path("folder.qp")).unwrap();
    fs::write(downloads.path("empty.qp"), "").unwrap();
    let names = ["x/1.qp", "x_1.qp", "x_1.qp.part", "folder.qp", "empty.qp"];
    let files = names.map(|name| file(name, json!(kilobytes()), &link));
    let ran = downloads.fetch_all(&files).await;
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let begins = |row: usize, words: &str| {
        let detail = rows[row]["detail"].as_str().unwrap_or_default();
        assert!(detail.starts_with(words), "{detail}");
    };
    let outcomes: Vec<&Value> = rows.iter().map(|row| &row["outcome"]).collect();
    let failed = "failed";
    assert_eq!(
        outcomes,
        ["downloaded", failed, failed, failed, failed],
        "{ran:?}"
    );
    begins(1, "another file of the backup has this name");
    begins(2, "this is the name of a file that is not complete");
    assert_eq!((ran.code, heard.lock().unwrap().len()), (Some(1), 1));
}

#[tokio::test]
async fn a_name_that_is_too_long_is_told_as_what_it_is() {
    let downloads = Downloads::new("long").await;
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    for (name, bytes) in [
        ("x".repeat(300), 300),
        ("x".repeat(236), 236),
        ("ä".repeat(118), 236),
    ] {
        let fetched = downloads.fetch_as(&name, json!(kilobytes()), &link).await;
        let why = format!("the name has {bytes} bytes, and there is room for 235 in a folder");
        fetched.assert_failed(&why);
        fetched.assert_failed("take the link from --links");
        assert_eq!(fetched.stderr.lines().count(), 1, "{fetched:?}");
    }
    assert_eq!(
        (downloads.names().len(), heard.lock().unwrap().len()),
        (0, 0)
    );
    let longest = "x".repeat(235);
    let size = json!(kilobytes());
    downloads
        .fetch_as(&longest, size, &link)
        .await
        .assert_downloaded();
    assert_eq!(downloads.names(), [longest]);
}

#[tokio::test]
async fn what_the_file_system_refuses_is_told_as_what_it_is() {
    let mut downloads = Downloads::new("refused").await;
    // One that is there has room in the longest path, and a part of it has none.
    let room = |folder: &Path| 4095 - folder.as_os_str().len() - 1;
    while room(&downloads.folder) > 200 {
        downloads.folder.push("x".repeat(100));
    }
    let (link, heard) = server(|_, from| partial(from, usize::MAX)).await;
    let name = "x".repeat(room(&downloads.folder));
    let fetched = downloads.fetch_as(&name, json!(kilobytes()), &link).await;
    fetched.assert_failed("File name too long");
    assert_eq!(fetched.stderr.lines().count(), 1, "{fetched:?}");
    assert_eq!(
        (downloads.names().len(), heard.lock().unwrap().len()),
        (0, 0)
    );
}
