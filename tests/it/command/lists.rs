//! `list`, `show` and `instances`: tables, JSON, and what fits.

use dbbackup::emulator::{Fault, Reply};
use dbbackup::{Operation, Service};
use insta::assert_snapshot;
use serde_json::{Map, Value};

use super::{Stand, named};

/// An answer in place of the real one.
fn answer(body: &str) -> Fault {
    let reply = Reply::new(200).with_header("Content-Type", "application/json");
    Fault::reply(reply.with_body(body))
}

#[tokio::test]
async fn instances_are_listed_on_all_services() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let ran = stand.run(&["instances"]).await;
        assert_snapshot!(named("instances", service), ran.done());
    }
}

#[tokio::test]
async fn instances_have_documented_fields() {
    let stand = Stand::new(Service::TaurusdbV3).await;
    let ran = stand.run(&["instances", "--output", "json"]).await;
    assert_snapshot!("instances__json", ran.done());
}

#[tokio::test]
async fn backups_are_listed_on_all_services() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        stand.emulator.add_backups(service, &stand.instance(), 2);
        let ran = stand.run(&["list"]).await;
        assert_snapshot!(named("list", service), ran.done());
    }
}

#[tokio::test]
async fn a_table_that_is_too_wide_becomes_a_block_for_each_row() {
    let stand = Stand::new(Service::RdsV3).await;
    stand
        .emulator
        .add_backups(Service::RdsV3, &stand.instance(), 2);
    let mut command = stand.command(&["list"]);
    command.env("COLUMNS", "80");
    let ran = stand.finish(command).await;
    assert!(ran.done().lines().all(|line| line.len() <= 80), "{ran:?}");
    assert_snapshot!("list__80_columns", ran.stdout);
}

#[tokio::test]
async fn a_list_is_an_array_and_an_empty_one_too() {
    let stand = Stand::new(Service::GaussdbV3).await;
    let list = ["list", "--output", "json"];
    assert_eq!(stand.run(&list).await.done(), "[]\n");
    stand
        .emulator
        .add_backups(Service::GaussdbV3, &stand.instance(), 150);
    let ran = stand.run(&list).await;
    let backups: Vec<Value> = serde_json::from_str(ran.done()).unwrap();
    assert_eq!(backups.len(), 150);
}

#[tokio::test]
async fn a_list_has_only_what_is_asked_for() {
    let stand = Stand::new(Service::RdsV3).await;
    let instance = stand.instance();
    stand.emulator.add_backups(Service::RdsV3, &instance, 1);
    let automated = stand
        .emulator
        .add_automated_backup(Service::RdsV3, &instance);
    assert!(automated.is_some());
    for (kind, count) in [("manual", 2), ("auto", 2), ("incremental", 1)] {
        let ran = stand.run(&["list", "--kind", kind]).await;
        assert_eq!(ran.done().lines().count(), count, "{kind}: {ran:?}");
    }
    let other = stand.emulator.instances(Service::RdsV3)[1].clone();
    let ran = stand.run(&["list", "--instance", &other]).await;
    assert_eq!(ran.done().lines().count(), 1, "{ran:?}");
}

#[tokio::test]
async fn a_list_says_that_there_may_be_more() {
    let stand = Stand::new(Service::RdsV1).await;
    stand
        .emulator
        .add_backups(Service::RdsV1, &stand.instance(), 99);
    let other = stand.emulator.instances(Service::RdsV1)[1].clone();
    let list = ["list", "--instance", &other];
    assert_eq!(stand.run(&list).await.stderr, "");
    stand.backup();
    let ran = stand.run(&list).await;
    assert_eq!(ran.done().lines().count(), 1, "{ran:?}");
    let note = "rds-v1 shows only the newest 100 backups of the project; there may be more\n";
    assert_eq!(ran.stderr, note);
    let quiet = stand.run(&[&list[..], &["--quiet"]].concat()).await;
    assert_eq!(quiet.stderr, "");
}

#[tokio::test]
async fn show_prints_a_backup() {
    let stand = Stand::new(Service::RdsV1).await;
    let backup = stand.backup();
    let ran = stand.run(&["show", &backup]).await;
    assert_snapshot!("show", ran.done());
    let ran = stand.run(&["show", &backup, "--output", "json"]).await;
    assert_snapshot!("show__json", ran.done());
}

#[tokio::test]
async fn every_field_of_the_json_is_in_the_help() {
    let stand = Stand::new(Service::RdsV3).await;
    stand.backup();
    for subcommand in ["list", "instances"] {
        let ran = stand.run(&[subcommand, "--output", "json"]).await;
        let items: Vec<Map<String, Value>> = serde_json::from_str(ran.done()).unwrap();
        let help = stand.run(&[subcommand, "--help"]).await;
        let (_, fields) = help.done().split_once("With --output json").unwrap();
        let words: Vec<&str> = fields.split([' ', ',', '\n']).collect();
        for field in items[0].keys() {
            assert!(words.contains(&field.as_str()), "{field}: {fields}");
        }
    }
}

#[tokio::test]
async fn what_can_be_read_of_a_list_is_shown_before_it_fails() {
    let stand = Stand::new(Service::TaurusdbV3).await;
    let body = r#"{"instances": [{"id": "i/1"}, {"id": "i2", "name": "b"}], "total_count": 2}"#;
    let fault = answer(body);
    stand
        .emulator
        .inject((Service::TaurusdbV3, Operation::ListInstances), fault)
        .unwrap();
    let ran = stand.run(&["instances"]).await;
    assert_eq!(
        (ran.code, ran.stdout.lines().count()),
        (Some(1), 2),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("no usable instance id"), "{ran:?}");
}

#[tokio::test]
async fn what_a_terminal_would_act_on_is_not_shown() {
    let stand = Stand::new(Service::TaurusdbV3).await;
    let body = r#"{"instances": [{"id": "i1", "name": "a\u001b[31m\nb", "status": "ACTIVE"}], "total_count": 1}"#;
    let fault = answer(body);
    stand
        .emulator
        .inject((Service::TaurusdbV3, Operation::ListInstances), fault)
        .unwrap();
    let ran = stand.run(&["instances"]).await;
    assert!(ran.done().contains("a\u{fffd}[31m\u{fffd}b"), "{ran:?}");
}

#[tokio::test]
async fn a_closed_pipe_is_no_error() {
    let stand = Stand::new(Service::GaussdbV3).await;
    stand
        .emulator
        .add_backups(Service::GaussdbV3, &stand.instance(), 2);
    let command = stand.command(&["list"]);
    let ran = stand.finish_unread(command).await;
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
}
