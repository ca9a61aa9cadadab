//! Waits that expire, that are interrupted, and that find out later.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use dbbackup::emulator::Fault;
use dbbackup::{Operation, Service};
use futures_util::future::join_all;
use insta::assert_snapshot;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use super::{Stand, named};

#[tokio::test]
async fn a_wait_that_expires_prints_the_backup_and_the_command_that_goes_on() {
    // The waits go on at the same time.
    join_all(Service::ALL.iter().map(async |&service| {
        let stand = Stand::slow(service).await;
        let instance = stand.instance();
        let create = ["create", "--instance", &instance, "--name", "nightly"];
        let options = ["--wait", "--wait-timeout", "1s", "--region", "eu-de"];
        let ran = stand.run(&[&create[..], &options].concat()).await;
        assert_snapshot!(named("expired", service), ran.whole());

        let again = go_on(&stand, &ran.stderr);
        stand
            .emulator
            .advance(Duration::from_secs(2 * 365 * 24 * 3600));
        let words: Vec<&str> = again.split(' ').collect();
        let done = stand.run(&words[1..]).await;
        assert!(done.done().contains("COMPLETED"), "{done:?}");
    }))
    .await;
}

#[tokio::test]
async fn a_wait_that_expires_ends_with_3_even_if_nobody_reads() {
    let stand = Stand::slow(Service::GaussdbV3).await;
    let instance = stand.instance();
    let create = ["create", "--instance", &instance, "--name", "nightly"];
    let options = ["--wait", "--wait-timeout", "1s"];
    let command = stand.command(&[&create[..], &options].concat());
    assert_eq!(stand.finish_unread(command).await.code, Some(3));
}

/// The command of the last line, with the id that the emulator knows.
fn go_on(stand: &Stand, said: &str) -> String {
    let line = said.lines().last().unwrap();
    let command = line.strip_prefix("wait again with: ").unwrap();
    let id = stand.emulator.backups(stand.service)[0].id.clone();
    let (rest, redacted) = command.rsplit_once(' ').unwrap();
    assert_eq!(redacted.len(), id.len());
    format!("{rest} {id}")
}

pub(super) fn send(signal: &str, process: u32) {
    let kill = format!("kill {signal} {process}");
    assert!(
        Command::new("sh")
            .args(["-c", &kill])
            .status()
            .unwrap()
            .success()
    );
}

/// Runs a command, does something with its process once standard error has these words, and gives what
/// came of it.
pub(super) async fn once_said(
    stand: &Stand,
    mut command: Command,
    words: &'static str,
    act: impl FnOnce(u32),
) -> super::Ran {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let (says, said) = oneshot::channel();
    let output = spawn_blocking(move || {
        let mut process = command.spawn().unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let mut text = String::new();
        while !text.contains(words) {
            assert_ne!(stderr.read_line(&mut text).unwrap(), 0, "{text}");
        }
        says.send(process.id()).unwrap();
        stderr.read_to_string(&mut text).unwrap();
        let mut output = process.wait_with_output().unwrap();
        output.stderr = text.into_bytes();
        output
    });
    act(said.await.unwrap());
    stand.ran(output.await.unwrap())
}

/// Runs a create until it waits, sends a signal, and gives what came of it.
async fn interrupted(stand: &Stand, signal: &'static str) -> super::Ran {
    let instance = stand.instance();
    let create = ["create", "--instance", &instance, "--name", "nightly"];
    let command = stand.command(&[&create[..], &["--wait"]].concat());
    once_said(stand, command, "BUILDING", |process| send(signal, process)).await
}

#[tokio::test]
async fn an_interrupted_wait_says_what_was_accepted() {
    let stand = Stand::slow(Service::RdsV3).await;
    let ran = interrupted(&stand, "-INT").await;
    assert_snapshot!("interrupted", ran.whole());
    let stand = Stand::slow(Service::RdsV3).await;
    assert_eq!(interrupted(&stand, "-TERM").await.whole(), ran.whole());
}

/// Interrupts a command while the service does not answer to an operation.
async fn interrupted_in(
    stand: &Stand,
    signal: &str,
    operation: Operation,
    arguments: &[&str],
) -> super::Ran {
    let delay = Fault::delay(Duration::from_secs(3600));
    let injected = stand.emulator.inject((stand.service, operation), delay);
    injected.unwrap();
    let mut command = stand.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    while stand.emulator.calls((stand.service, operation)) == 0 {
        let end = process.try_wait().unwrap();
        assert_eq!(end, None, "{arguments:?} does not call {operation}");
        tokio::task::yield_now().await;
    }
    send(signal, process.id());
    let output = spawn_blocking(move || process.wait_with_output().unwrap());
    stand.ran(output.await.unwrap())
}

#[tokio::test]
async fn an_interrupted_create_says_how_to_look() {
    let stand = Stand::new(Service::RdsV3).await;
    let create = [
        "create",
        "--instance",
        &stand.instance(),
        "--name",
        "nightly",
    ];
    let ran = interrupted_in(&stand, "-INT", Operation::CreateBackup, &create).await;
    assert_snapshot!("interrupted__create", ran.whole());
}

#[tokio::test]
async fn other_changes_that_are_interrupted_say_how_to_look() {
    for (operation, subcommand, look) in [
        (Operation::DeleteBackup, &["delete"][..], "show"),
        (Operation::DeleteBackup, &["prune", "--keep", "1"], "list"),
        (
            Operation::RestoreInstance,
            &["restore", "--backup"],
            "instances",
        ),
        (
            Operation::SetBackupPolicy,
            &["policy", "set", "--start", "02:00"],
            "policy get",
        ),
    ] {
        let stand = Stand::new(Service::RdsV3).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        stand.emulator.advance(Duration::from_secs(24 * 3600));
        stand.backup();
        let mut arguments = subcommand.to_vec();
        if matches!(subcommand[0], "delete" | "restore") {
            arguments.push(&backup);
        }
        arguments.extend(["--instance", &instance, "--yes"]);
        let ran = interrupted_in(&stand, "-INT", operation, &arguments).await;
        assert_eq!(ran.code, Some(130), "{ran:?}");
        let next = format!("with: dbbackup {look} ");
        let last = ran.stderr.lines().last().unwrap();
        assert!(
            ran.stderr.contains("interrupted") && last.contains(&next),
            "{ran:?}"
        );
    }
}

#[tokio::test]
async fn what_only_reads_can_be_interrupted_too() {
    for signal in ["-INT", "-TERM"] {
        let stand = Stand::new(Service::RdsV3).await;
        let ran = interrupted_in(&stand, signal, Operation::ListInstances, &["instances"]).await;
        assert_eq!(ran.code, Some(130), "{ran:?}");
        assert_eq!(ran.stderr, "dbbackup: interrupted\n");
    }
}

#[tokio::test]
async fn a_backup_that_rds_v1_does_not_list_any_more_may_go_on() {
    let stand = Stand::new(Service::RdsV1).await;
    let (instance, backup) = (stand.instance(), stand.backup());
    stand.emulator.advance(Duration::from_secs(3600));
    stand.emulator.add_backups(Service::RdsV1, &instance, 100);
    let ran = stand.run(&["wait", &backup, "--wait-timeout", "1s"]).await;
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stderr.contains("\nwait again with: "), "{ran:?}");
}

#[tokio::test]
async fn a_failed_backup_ends_the_wait_with_1() {
    let stand = Stand::new(Service::RdsV3).await;
    let backup = stand.backup();
    stand.emulator.set_status(Service::RdsV3, &backup, "FAILED");
    let instance = stand.instance();
    let ran = stand.run(&["wait", &backup, "--instance", &instance]).await;
    assert_snapshot!("wait__failed", ran.whole());
}

#[tokio::test]
async fn the_id_is_enough_where_lists_are_not_per_instance() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let backup = stand.backup();
        for subcommand in ["wait", "show"] {
            let ran = stand.run(&[subcommand, &backup]).await;
            if service == Service::RdsV3 {
                assert_eq!(ran.code, Some(2), "{ran:?}");
                assert!(ran.stderr.contains("give --instance"), "{ran:?}");
                assert_eq!(stand.emulator.requests().len(), 0);
            } else {
                assert!(ran.done().contains(&stand.instance()), "{ran:?}");
            }
        }
    }
}
