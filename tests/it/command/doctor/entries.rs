//! Entries of lists that have no usable id.

use dbbackup::Service;
use serde_json::{Value, json};

use super::{Ran, Stand, assert_fails, checks};
use crate::support::{http, serve};

#[tokio::test]
async fn an_entry_that_cannot_be_used_fails_no_list() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let id = stand.instance();
        let good = json!({ "id": id, "name": "good" });
        let backup = json!({ "id": "b1", "name": "b1", "instance_id": id });
        let mut rows = vec![
            (json!([good]), json!([backup, null]), ""),
            (
                json!([good]),
                json!([{ "name": "x" }]),
                "a backup is left out",
            ),
        ];
        for odd in [
            json!(null),
            json!({}),
            json!({ "id": null }),
            json!({ "name": "x" }),
        ] {
            rows.push((json!([odd, good]), json!([]), "an instance is left out"));
        }
        for (instances, backups, note) in rows {
            let ran = listing(&stand, &instances, &backups).await;
            ran.done();
            let list = &checks(&ran)[8];
            assert_eq!(list[..2], ["list", "ok"], "{service}");
            assert!(list[2].contains(note), "{service}: {list:?}");
            assert_eq!(list[2].contains("left out"), !note.is_empty(), "{list:?}");
        }
        let ran = listing(&stand, &json!([null]), &json!([])).await;
        assert_fails(&ran, 1, "list", &["give the id of an instance"]);
    }
}

/// `doctor` with a service that lists these.
async fn listing(stand: &Stand, instances: &Value, backups: &Value) -> Ran {
    let count = instances.as_array().unwrap().len();
    let body = json!({ "instances": instances, "backups": backups, "total_count": count });
    let url = serve(move |_| http("200 OK", &[], &body.to_string())).await;
    let ran = stand.examined(|command| _ = command.args(["--endpoint", &url]));
    ran.await
}
