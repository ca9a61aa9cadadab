//! Signals while a file that somebody names is read.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::fs::{Mode, OFlags};

use super::dbbackup;
use super::waits::send;

/// A pipe with a name, into which nobody writes.
fn pipe(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_file(&path);
    let made = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    path
}

/// The other end of a pipe, as soon as a process reads it.
fn writer(pipe: &Path, process: &mut Child) -> File {
    loop {
        let how = OFlags::WRONLY | OFlags::NONBLOCK;
        match rustix::fs::open(pipe, how, Mode::empty()) {
            Ok(end) => return end.into(),
            Err(error) => assert_eq!(error, rustix::io::Errno::NXIO),
        }
        assert_eq!(process.try_wait().unwrap(), None, "nobody reads the pipe");
        std::thread::yield_now();
    }
}

#[track_caller]
fn assert_interruptible(mut command: Command, pipe: &Path, signal: &str) {
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let writer = writer(pipe, &mut process);
    send(signal, process.id());
    let output = process.wait_with_output().unwrap();
    drop(writer);
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("dbbackup: interrupted"), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_signal_ends_the_wait_for_a_file_of_certificates() {
    let certificates = pipe("cacert-pipe.pem");
    let create = ["create", "--instance", "orders", "--name", "nightly"];
    let commands: [&[&str]; 3] = [&["instances"], &["doctor"], &create];
    for (arguments, signal) in commands.into_iter().zip(["-INT", "-TERM", "-INT"]) {
        let mut command = dbbackup(arguments);
        command
            .args(["--service", "rds-v1", "--region", "eu-de"])
            .envs([("OS_TOKEN", "t"), ("OS_REGION_NAME", "eu-de")])
            .env("OS_CACERT", &certificates);
        assert_interruptible(command, &certificates, signal);
    }
}

#[test]
fn a_signal_ends_the_wait_for_a_file_of_faults() {
    let faults = pipe("faults-pipe.yaml");
    for signal in ["-INT", "-TERM"] {
        let command = dbbackup(&["emulate", "--faults", faults.to_str().unwrap()]);
        assert_interruptible(command, &faults, signal);
    }
}
