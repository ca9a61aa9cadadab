//! Signals while a file that somebody names is read, or while nobody reads what is written.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use dbbackup::Service;
use rustix::fs::{Mode, OFlags};
use tokio::task::spawn_blocking;

use super::waits::send;
use super::{Stand, dbbackup};

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

#[tokio::test]
async fn a_signal_ends_what_writes_into_a_pipe_that_nobody_reads() {
    let service = Service::RdsV3;
    let stand = Stand::new(service).await;
    let instance = stand.instance();
    stand.emulator.add_backups(service, &instance, 1000);
    let list = ["list", "--instance", &instance, "--output", "json"];
    let keep = ["--keep", "500", "--yes", "--output", "json"];
    let prune = [&["prune", "--instance", &instance][..], &keep].concat();
    for (arguments, signal, told) in [
        (&list[..], "-TERM", "dbbackup: interrupted\n"),
        (
            &prune[..],
            "-INT",
            "dbbackup: interrupted: backups are deleted (",
        ),
    ] {
        let mut command = stand.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let ran = spawn_blocking(move || {
            let mut process = command.spawn().unwrap();
            let mut results = process.stdout.take().unwrap();
            // It is more than the pipe holds, and now it is being written.
            results.read_exact(&mut [0]).unwrap();
            send(signal, process.id());
            process.wait_with_output().unwrap()
        });
        let ran = ran.await.unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(130), "{said}");
        assert!(said.contains(told), "{said}");
    }
}

#[tokio::test]
async fn a_wait_ends_although_nobody_reads_what_it_says() {
    let stand = Stand::slow(Service::RdsV3).await;
    let (instance, backup) = (stand.instance(), stand.backup());
    let wait = [
        "wait",
        &backup,
        "--instance",
        &instance,
        "--wait-timeout",
        "1s",
    ];
    let mut command = stand.command(&wait);
    // Full from the beginning.
    let (reader, writer) = std::io::pipe().unwrap();
    let flags = rustix::fs::fcntl_getfl(&writer).unwrap();
    rustix::fs::fcntl_setfl(&writer, flags | OFlags::NONBLOCK).unwrap();
    while rustix::io::write(&writer, &[0; 4096]).is_ok() {}
    while rustix::io::write(&writer, &[0]).is_ok() {}
    rustix::fs::fcntl_setfl(&writer, flags).unwrap();
    command.stdout(Stdio::null()).stderr(writer);
    let ended = spawn_blocking(move || command.status().unwrap()).await;
    assert_eq!(ended.unwrap().code(), Some(3));
    drop(reader);
}
