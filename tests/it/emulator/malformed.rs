//! Ids that no instance can have, and ids that none has.

use dbbackup::Service;
use dbbackup::emulator::Options;
use serde_json::{Value, json};

use super::{ABSENT, Stand, V3, operation, request};

/// Texts that are no ids of an instance.
const MALFORMED: [&str; 6] = [
    "",
    "x",
    "d8e6ca5a624745bcb546a227aa3ae1cf",
    "d8e6ca5a624745bcb546a227aa3ae1cfno01",
    "d8e6ca5a624745bcb546a227aa3ae1cfin011",
    "d8e6ca5a-6247-45bc-b546-a227aa3ae1cf",
];

/// The operations of a service that take the id of an instance, with such a request.
fn requests(service: Service, id: &str) -> Vec<(&'static str, bool, Option<Value>)> {
    let policy = json!({
        "keep_days": 7,
        "start_time": "19:00-20:00",
        "period": "1,2",
        // Of GaussDB alone.
        "differential_period": "30",
    });
    let policy = json!({ "backup_policy": policy });
    let mut requests = vec![
        ("create_backup", false, Some(request(service, id, "named"))),
        ("list_backups", true, None),
        ("get_backup_policy", true, None),
        ("set_backup_policy", true, Some(policy)),
        ("restore_instance", false, Some(restore(service, id))),
    ];
    if service != Service::TaurusdbV3 {
        requests.push(("stop_backup", true, None));
    }
    requests
}

/// A request for a restore to the same instance.
fn restore(service: Service, id: &str) -> Value {
    match service {
        Service::TaurusdbV3 => json!({
            "source_instance_id": id,
            "target_instance_id": id,
            "type": "backup",
            "backup_id": "some",
        }),
        _ => json!({
            "source": { "instance_id": id, "type": "backup", "backup_id": "some" },
            "target": { "instance_id": id },
        }),
    }
}

#[tokio::test]
async fn an_id_that_no_instance_can_have_is_malformed_and_not_missing() {
    let stand = Stand::new().await;
    for service in V3 {
        for id in MALFORMED {
            for (name, is_parameter, body) in requests(service, id) {
                let in_path = operation(service, name).0.contains("{instance_id}");
                if in_path && id.is_empty() {
                    // Another path.
                    continue;
                }
                let arguments = [("instance_id", id)];
                let arguments = if is_parameter { &arguments[..] } else { &[] };
                let refused = stand.refuse(service, name, arguments, body).await;
                let malformed = (400, "DBS.280404".to_owned());
                assert_eq!(refused, malformed, "{service} {name} {id:?}");
            }
        }
        for (name, is_parameter, body) in requests(service, ABSENT) {
            let arguments = [("instance_id", ABSENT)];
            let arguments = if is_parameter { &arguments[..] } else { &[] };
            let (status, answer) = stand.call(service, name, arguments, body).await;
            match (service, name) {
                // These two are lists of the project, in which the id is a filter.
                (Service::TaurusdbV3 | Service::GaussdbV3, "list_backups") => {
                    assert_eq!((status, &answer["backups"]), (200, &json!([])));
                }
                _ => assert_eq!(answer["error_code"], "DBS.200002", "{service} {name}"),
            }
        }
    }
}

#[tokio::test]
async fn an_instance_may_be_given_any_id() {
    let ids = V3.map(|service| (service, vec!["mine".to_owned()]));
    let options = Options {
        instances: ids.into(),
        ..Options::default()
    };
    let stand = Stand::with(options).await;
    for service in V3 {
        stand.create(service, "mine", "named").await;
        assert_eq!(stand.backups(service).await.len(), 1);
    }
}
