//! A process of the command behind its own proxy.

use std::io::Read;
use std::process::Stdio;

use dbbackup::emulator::HeldBackup;
use fastrand::Rng;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::World;
use super::proxy::Proxy;
use crate::command::dbbackup;

/// What a process is to do.
pub(super) struct Call<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) instance: &'a str,
    pub(super) name: &'a str,
    /// The description.
    pub(super) mark: &'a str,
    pub(super) key: Option<&'a str>,
}

/// How a process has ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// Whether it was killed on purpose.
    pub(super) is_killed: bool,
    /// What it was called with, and what the proxy did to it: whoever reads of a fault needs it.
    #[allow(dead_code, reason = "shown by Debug")]
    pub(super) story: Vec<String>,
}

impl Ended {
    /// The id that was printed.
    pub(super) fn id(&self) -> Option<String> {
        let backup: Value = serde_json::from_str(&self.stdout).ok()?;
        Some(backup["id"].as_str()?.to_owned())
    }

    /// Whether there are no backups but that whose id was printed.
    pub(super) fn names_all(&self, held: &[HeldBackup]) -> bool {
        let id = self.id();
        held.iter().all(|backup| Some(&backup.id) == id.as_ref())
    }
}

impl Call<'_> {
    /// Runs the process to its end.
    pub(super) async fn run(&self, dice: Rng) -> Ended {
        let World { emulator, job, .. } = self.world;
        let proxy = Proxy::new(self.world, dice).await;
        let patience = format!("{}s", self.world.patience().as_secs());
        let mut arguments = vec!["create", "--service", job.service.as_str()];
        arguments.extend(["--instance", self.instance, "--name", self.name]);
        arguments.extend(["--description", self.mark, "--output", "json"]);
        arguments.extend(["--request-timeout", &patience, "--endpoint", &proxy.url]);
        if let Some(key) = self.key {
            arguments.extend(["--key", key]);
        }
        let mut command = dbbackup(&arguments);
        command
            .env("DBBACKUP_TOKEN", emulator.token())
            .env("DBBACKUP_PROJECT_ID", emulator.project_id())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        proxy.guard(child);
        let read = spawn_blocking(move || {
            let [mut stdout, mut stderr] = [String::new(), String::new()];
            out.read_to_string(&mut stdout).unwrap();
            err.read_to_string(&mut stderr).unwrap();
            (stdout, stderr)
        });
        let (stdout, stderr) = tokio::select! {
            read = read => read.unwrap(),
            () = proxy.serve() => unreachable!("it never ends"),
        };
        let command_line = arguments.join(" ");
        let (code, is_killed, mut story) = proxy.end();
        story.insert(0, command_line);
        Ended {
            code,
            stdout,
            stderr,
            is_killed,
            story,
        }
    }
}
