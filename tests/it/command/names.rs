//! Instances by name.

use dbbackup::emulator::Options;
use dbbackup::{Operation, Service};

use super::Stand;

/// Name of the first instance.
async fn name(stand: &Stand) -> String {
    let ran = stand.run(&["instances", "--output", "json"]).await;
    let instances: serde_json::Value = serde_json::from_str(ran.done()).unwrap();
    instances[0]["name"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_instance_is_found_by_its_exact_name() {
    for &service in Service::ALL {
        let stand = Stand::quick(service).await;
        let name = name(&stand).await;
        let create = |name| ["create", "--instance", name, "--name", "nightly"];
        let ran = stand.run(&create(&name)).await;
        assert!(ran.done().contains(&stand.instance()), "{ran:?}");
        let ran = stand.run(&create(&name[1..])).await;
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stderr.contains("has the id or name"), "{ran:?}");
        assert_eq!(stand.posts(), 1);
    }
}

#[tokio::test]
async fn rds_v1_gets_the_primary_node_of_an_instance() {
    let stand = Stand::new(Service::RdsV3).await;
    let ran = stand.run(&["instances", "--output", "json"]).await;
    let instances: serde_json::Value = serde_json::from_str(ran.done()).unwrap();
    let node = instances[0]["nodes"][0]["id"].as_str().unwrap();
    for instance in [&stand.instance(), instances[0]["name"].as_str().unwrap()] {
        let create = ["create", "--service", "rds-v1", "--instance", instance];
        let ran = stand
            .run(&[&create[..], &["--name", "nightly", "--dry-run"]].concat())
            .await;
        assert!(ran.done().contains(node), "{ran:?}");
    }
}

#[tokio::test]
async fn a_name_of_several_instances_is_refused_with_their_ids() {
    use dbbackup::emulator::{Fault, Reply};
    let stand = Stand::with(Service::GaussdbV3, Options::default()).await;
    let body = r#"{"instances": [{"id": "i1", "name": "orders"}, {"id": "i2", "name": "orders"}], "total_count": 2}"#;
    let reply = Reply::new(200).with_header("Content-Type", "application/json");
    let fault = Fault::reply(reply.with_body(body));
    stand
        .emulator
        .inject((Service::GaussdbV3, Operation::ListInstances), fault)
        .unwrap();
    let ran = stand
        .run(&["create", "--instance", "orders", "--name", "nightly"])
        .await;
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("give one of i1, i2"), "{ran:?}");
    assert_eq!(stand.posts(), 0);
}
