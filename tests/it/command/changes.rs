//! What changes something: dry runs, and the leave to destroy.

use std::fs::File;
use std::process::{Command, Stdio};

use dbbackup::{Operation, Service};
use insta::assert_snapshot;

use super::{Ran, Stand, named};

#[tokio::test]
async fn a_dry_run_prints_the_request_and_sends_nothing() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let create = [
            "create",
            "--instance",
            &instance,
            "--name",
            "nightly",
            "--dry-run",
        ];
        let create = stand.run(&create).await;
        let key = [
            "create",
            "--instance",
            &instance,
            "--name",
            "nightly",
            "--key",
            "42",
        ];
        let key = stand.run(&[&key[..], &["--dry-run"]].concat()).await;
        let delete = ["delete", &backup, "--instance", &instance, "--dry-run"];
        let delete = stand.run(&delete).await;
        let shown = [&create, &key, &delete].map(|ran| ran.done().to_owned());
        assert_snapshot!(named("dry_run", service), shown.join("\n"));
        let sent = stand.emulator.requests();
        assert!(!sent.is_empty() && sent.iter().all(|request| request.method == "GET"));
    }
}

#[tokio::test]
async fn a_dry_run_is_an_object_for_programs() {
    let stand = Stand::new(Service::RdsV1).await;
    let instance = stand.instance();
    let create = ["create", "--instance", &instance, "--name", "nightly"];
    let options = ["--dry-run", "--output", "json", "--wait"];
    let ran = stand.run(&[&create[..], &options].concat()).await;
    assert_snapshot!("dry_run__json", ran.done());
}

#[tokio::test]
async fn delete_wants_a_yes_where_nobody_can_be_asked() {
    for &service in Service::ALL {
        let stand = Stand::new(service).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let delete = ["delete", &backup, "--instance", &instance];
        let ran = stand.run(&delete).await;
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("give --yes"), "{ran:?}");
        assert_eq!(stand.emulator.requests().len(), 0);

        let ran = stand.run(&[&delete[..], &["--yes"]].concat()).await;
        assert_snapshot!(named("delete", service), ran.whole());
        assert_eq!(stand.emulator.calls((service, Operation::DeleteBackup)), 1);
    }
}

/// Where the result of a change goes.
#[derive(Clone, Copy, Debug)]
enum To {
    /// A device that is full.
    Full,
    /// A pipe that nobody reads.
    Pipe,
    /// Something that is open for reading.
    ReadOnly,
    /// Nothing: it is closed.
    Closed,
    /// Nowhere, because somebody wants it so.
    Null,
}

impl To {
    /// The exit code, and what is said besides what was done, if that is said.
    fn expected(self) -> (i32, &'static str) {
        match self {
            Self::Full => (1, ", but cannot be shown: No space left on device"),
            Self::Pipe => (1, ", but cannot be shown: Broken pipe"),
            Self::ReadOnly => (
                1,
                ", but cannot be shown: standard output is not open for writing",
            ),
            Self::Closed => (0, "; standard output is closed, or leads nowhere\n"),
            Self::Null => (0, ""),
        }
    }

    async fn run(self, stand: &Stand, arguments: &[&str]) -> Ran {
        let mut command = stand.command(arguments);
        let null = || File::options().write(true).open("/dev/null").unwrap();
        match self {
            Self::Full => command.stdout(File::options().write(true).open("/dev/full").unwrap()),
            Self::Pipe => return stand.finish_unread(command).await,
            Self::ReadOnly => command.stdout(File::open("/dev/null").unwrap()),
            Self::Closed => return stand.finish(without_stdout(&command)).await,
            Self::Null => command.stdout(null()),
        };
        stand.finish(command).await
    }
}

/// The same command with a standard output that is closed.
fn without_stdout(command: &Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "exec \"$0\" \"$@\" >&-"]);
    shell.arg(command.get_program()).args(command.get_args());
    let variables = command.get_envs();
    let variables = variables.filter_map(|(name, value)| Some((name, value?)));
    shell.env_clear().envs(variables).stdin(Stdio::null());
    shell
}

#[tokio::test]
async fn what_was_done_is_told_where_it_cannot_be_shown() {
    for to in [To::Full, To::Pipe, To::ReadOnly, To::Closed, To::Null] {
        let stand = Stand::slow(Service::RdsV3).await;
        let (instance, backup) = (stand.instance(), stand.backup());
        let other = stand.emulator.add_instance(Service::RdsV3);
        stand.emulator.add_backups(Service::RdsV3, &other, 3);
        let rows: [(&[&str], &str); 6] = [
            (&["create", "--name", "nightly"], "was accepted"),
            (&["stop", "--yes"], "is being stopped"),
            (&["policy", "set", "--start", "02:00"], "is set"),
            (
                &["restore", "--backup", &backup, "--yes"],
                "the restore was accepted (jobs: ",
            ),
            (&["delete", &backup, "--yes"], "is deleted"),
            (&["prune", "--keep", "1", "--yes"], "backups are deleted ("),
        ];
        for (change, words) in rows {
            let instance = if change[0] == "prune" {
                &other
            } else {
                &instance
            };
            let arguments = [change, &["--instance", instance, "--quiet"]].concat();
            let ran = to.run(&stand, &arguments).await;
            let (code, complaint) = to.expected();
            // Whoever repeats it makes another backup.
            let is_created = change[0] == "create" && code == 1;
            let code = if is_created { 3 } else { code };
            assert_eq!(ran.code, Some(code), "{to:?} {ran:?}");
            let has_next = ran.stderr.contains("\nwait for it with: dbbackup wait ");
            assert_eq!(has_next, is_created, "{ran:?}");
            match complaint {
                "" => assert_eq!(ran.stderr, "", "{change:?}"),
                _ => assert!(
                    ran.stderr.contains(words) && ran.stderr.contains(complaint),
                    "{to:?} {ran:?}"
                ),
            }
        }
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_written_is_a_failure_unless_nobody_reads() {
    let stand = Stand::new(Service::RdsV3).await;
    for (to, code, lines) in [(To::Full, 1, 1), (To::ReadOnly, 1, 1), (To::Pipe, 0, 0)] {
        let ran = to.run(&stand, &["instances"]).await;
        let seen = (ran.code, ran.stderr.lines().count());
        assert_eq!(seen, (Some(code), lines), "{to:?} {ran:?}");
    }
}
