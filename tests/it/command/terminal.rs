//! The command on a terminal: it asks, shows a spinner, and fits.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::time::Duration;

use dbbackup::emulator::Options;
use dbbackup::{Operation, Service};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tokio::task::spawn_blocking;

use super::Stand;
use super::waits::send;

/// In place of an answer: Ctrl-C.
const INTERRUPT: &str = "^C";

/// A terminal: what the command gets, and the side of the person.
fn terminal(columns: u16) -> (File, OwnedFd) {
    let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&person).unwrap();
    unlockpt(&person).unwrap();
    let size = Winsize {
        ws_row: 24,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&person, size).unwrap();
    let name = ptsname(&person, Vec::new()).unwrap();
    let file = File::options()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap());
    (file.unwrap(), person)
}

/// Runs a command on a terminal of so many columns, gives an answer when it asks, and returns the exit
/// code with all that the person has seen.
async fn on_terminal(
    mut command: Command,
    columns: u16,
    answer: &'static str,
) -> (Option<i32>, String) {
    let (file, person) = terminal(columns);
    let end = || Stdio::from(file.try_clone().unwrap());
    command
        .stdin(end())
        .stdout(end())
        .stderr(end())
        .env("TERM", "xterm");
    let mut process = command.spawn().unwrap();
    // The terminal is closed when the command ends.
    drop((command, file));
    let mut person = File::from(person);
    let seen = spawn_blocking(move || {
        let (mut seen, mut part, mut has_answered) = (Vec::new(), [0; 1024], false);
        // Linux reports the end as an error.
        while let Ok(length @ 1..) = person.read(&mut part) {
            seen.extend_from_slice(&part[..length]);
            if !has_answered && String::from_utf8_lossy(&seen).contains("[y/N]") {
                match answer {
                    INTERRUPT => send("-INT", process.id()),
                    answer => person.write_all(answer.as_bytes()).unwrap(),
                }
                has_answered = true;
            }
        }
        (
            process.wait().unwrap().code(),
            String::from_utf8(seen).unwrap(),
        )
    });
    seen.await.unwrap()
}

#[tokio::test]
async fn delete_asks_and_does_what_it_is_told() {
    for (answer, code, calls) in [("n\n", 1, 0), ("\n", 1, 0), ("y\n", 0, 1), ("YES\n", 0, 1)] {
        let stand = Stand::new(Service::RdsV3).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let command = stand.command(&["delete", &backup, "--instance", &instance]);
        let (ended, seen) = on_terminal(command, 80, answer).await;
        assert_eq!(ended, Some(code), "{answer:?}: {seen}");
        assert!(seen.contains(&format!("Delete {backup} (")), "{seen}");
        assert_eq!(
            stand
                .emulator
                .calls((Service::RdsV3, Operation::DeleteBackup)),
            calls
        );
    }
}

#[tokio::test]
async fn every_subcommand_that_destroys_names_what_is_lost() {
    let prune = &["prune", "--keep", "1"][..];
    let policy = &["policy", "set", "--keep-days", "1"][..];
    for (subcommand, operation, named) in [
        (prune, Operation::DeleteBackup, "Delete these 1 backups?"),
        (
            policy,
            Operation::SetBackupPolicy,
            "for 1 days in place of 7, and lose older ones?",
        ),
        (
            &["restore"],
            Operation::RestoreInstance,
            "Overwrite all data of instance {I} (rds-d8e6, MySQL, ACTIVE) with backup {B} (",
        ),
        (
            &["stop"],
            Operation::StopBackup,
            "Stop the backup that is being made of {I} (nightly)?",
        ),
    ] {
        for (answer, code, calls) in [("n\n", 1, 0), ("y\n", 0, 1)] {
            let stand = Stand::slow(Service::RdsV3).await;
            let instance = stand.instance();
            let backup = stand.backup();
            let mut arguments = subcommand.to_vec();
            arguments.extend(["--instance", &instance]);
            match subcommand[0] {
                "prune" => {
                    stand.emulator.advance(Duration::from_secs(3600));
                    stand.backup();
                }
                "restore" => arguments.extend(["--backup", &backup]),
                "stop" => {
                    let create = ["create", "--instance", &instance, "--name", "nightly"];
                    stand.run(&create).await.done();
                }
                _ => {}
            }
            let (ended, seen) = on_terminal(stand.command(&arguments), 200, answer).await;
            assert_eq!(ended, Some(code), "{arguments:?} {answer:?}: {seen}");
            let named = named.replace("{I}", &instance).replace("{B}", &backup);
            assert!(seen.contains(&named), "{named:?} is not in {seen}");
            assert_eq!(stand.emulator.calls((Service::RdsV3, operation)), calls);
        }
    }
}

#[tokio::test]
async fn a_question_names_what_goes_even_if_nothing_else_is_said() {
    let stand = Stand::new(Service::RdsV3).await;
    let (instance, backup) = (stand.instance(), stand.backup());
    stand.emulator.advance(Duration::from_secs(3600));
    stand.backup();
    let prune = ["prune", "--instance", &instance, "--keep", "1", "--quiet"];
    let (ended, seen) = on_terminal(stand.command(&prune), 200, "n\n").await;
    assert_eq!(ended, Some(1), "{seen}");
    // Nothing moves on the screen, either.
    assert!(seen.contains(&backup) && !seen.contains('\u{1b}'), "{seen}");
}

#[tokio::test]
async fn a_question_can_be_interrupted() {
    let stand = Stand::new(Service::RdsV3).await;
    let (instance, backup) = (stand.instance(), stand.backup());
    let command = stand.command(&["delete", &backup, "--instance", &instance]);
    let (ended, seen) = on_terminal(command, 80, INTERRUPT).await;
    assert_eq!(ended, Some(130), "{seen}");
    assert_eq!(
        stand
            .emulator
            .calls((Service::RdsV3, Operation::DeleteBackup)),
        0
    );
}

#[tokio::test]
async fn a_spinner_shows_the_state() {
    let build_time = Duration::from_secs(1);
    let options = Options {
        build_time,
        ..Options::default()
    };
    let stand = Stand::with(Service::GaussdbV3, options).await;
    let instance = stand.instance();
    let create = [
        "create",
        "--instance",
        &instance,
        "--name",
        "nightly",
        "--wait",
        "--interval=100ms",
    ];
    let (code, seen) = on_terminal(stand.command(&create), 120, "").await;
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("creating backup nightly"), "{seen}");
    assert!(seen.contains("is BUILDING"), "{seen}");
    // Nothing moves once the result stands there.
    let (_, result) = seen.rsplit_once("NAME ").unwrap();
    assert!(
        !result.contains('\u{1b}') && result.contains("JOB "),
        "{seen}"
    );
}

#[tokio::test]
async fn help_has_no_colours_where_nobody_wants_them() {
    for (value, has_colours) in [("", true), ("1", false)] {
        let mut command = super::dbbackup(&["--help"]);
        command.env("NO_COLOR", value);
        let (code, seen) = on_terminal(command, 80, "").await;
        assert_eq!(
            (code, seen.contains('\u{1b}')),
            (Some(0), has_colours),
            "{seen}"
        );
    }
}

#[tokio::test]
async fn a_table_fits_the_terminal() {
    let stand = Stand::new(Service::RdsV3).await;
    stand.backup();
    let (code, seen) = on_terminal(stand.command(&["doctor"]), 60, "").await;
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.lines().all(|line| line.len() <= 60), "{seen}");
    assert!(seen.contains("CHECK            STATE    DETAIL"), "{seen}");
    for (columns, is_table) in [(80, false), (250, true)] {
        let (code, seen) = on_terminal(stand.command(&["list"]), columns, "").await;
        assert_eq!(code, Some(0), "{seen}");
        assert!(
            seen.lines().all(|line| line.len() <= columns.into()),
            "{seen}"
        );
        assert_eq!(seen.lines().count() == 2, is_table, "{seen}");
    }
}
