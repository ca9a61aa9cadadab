//! The command, as people and programs see it: the real binary against an emulator in this process.

mod cases;
mod changes;
mod creates;
mod deadlines;
mod demo;
mod doctor;
mod exits;
mod files;
mod generated;
mod help;
mod leaks;
mod lists;
mod names;
mod options;
mod policies;
mod prunes;
mod redact;
mod refusals;
mod remedies;
mod restores;
mod signals;
mod terminal;
mod waits;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use dbbackup::emulator::{Emulator, Options};
use dbbackup::{Operation, Service};
use tokio::task::spawn_blocking;

use crate::support::{assert_no_secret, watch};
use redact::redacted;

/// The command with nothing of the environment of the tests.
pub(crate) fn dbbackup(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dbbackup"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// What came of a run.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ran {
    /// Standard output, after nothing has failed.
    #[track_caller]
    fn done(&self) -> &str {
        assert_eq!(self.code, Some(0), "{self:?}");
        &self.stdout
    }

    /// All that a person sees, for a snapshot.
    fn whole(&self) -> String {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        let code = code.map_or("a signal".to_owned(), |code| code.to_string());
        format!("{stdout}--- standard error\n{stderr}--- exit code {code}\n")
    }
}

/// An emulator for the command, and a service of it.
struct Stand {
    emulator: Emulator,
    service: Service,
    /// Ids and names of backups, also of those that are gone.
    seen: RefCell<BTreeMap<String, String>>,
}

impl Stand {
    async fn new(service: Service) -> Self {
        Self::with(service, Options::default()).await
    }

    /// With backups that are done at once.
    async fn quick(service: Service) -> Self {
        let build_time = Duration::ZERO;
        let options = Options {
            build_time,
            ..Options::default()
        };
        Self::with(service, options).await
    }

    /// With backups that are never done.
    async fn slow(service: Service) -> Self {
        let build_time = Duration::from_secs(365 * 24 * 3600);
        let options = Options {
            build_time,
            ..Options::default()
        };
        Self::with(service, options).await
    }

    async fn with(service: Service, options: Options) -> Self {
        watch();
        let emulator = Emulator::with(options).await.unwrap();
        Self {
            emulator,
            service,
            seen: RefCell::default(),
        }
    }

    fn remember(&self) {
        for &service in Service::ALL {
            let backups = self.emulator.backups(service).into_iter();
            let backups = backups.map(|backup| (backup.id, backup.name));
            self.seen.borrow_mut().extend(backups);
        }
    }

    /// The first instance of the service.
    fn instance(&self) -> String {
        self.emulator.instances(self.service)[0].clone()
    }

    /// A backup that exists.
    fn backup(&self) -> String {
        let mut ids = self.emulator.add_backups(self.service, &self.instance(), 1);
        ids.remove(0)
    }

    fn posts(&self) -> usize {
        self.emulator.calls((self.service, Operation::CreateBackup))
    }

    /// The command with the emulator's place and token in its environment.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = dbbackup(arguments);
        let url = |service| self.emulator.url(service);
        command
            .env("DBBACKUP_SERVICE", self.service.as_str())
            .env("DBBACKUP_TOKEN", self.emulator.token())
            .env("DBBACKUP_PROJECT_ID", self.emulator.project_id())
            .env("DBBACKUP_RDS_URL", url(Service::RdsV3))
            .env("DBBACKUP_TAURUSDB_URL", url(Service::TaurusdbV3))
            .env("DBBACKUP_GAUSSDB_URL", url(Service::GaussdbV3));
        command
    }

    async fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(self.command(arguments)).await
    }

    /// Runs a command to its end, while the emulator goes on in this thread.
    async fn finish(&self, mut command: Command) -> Ran {
        self.remember();
        let output = spawn_blocking(move || command.output().unwrap()).await;
        self.ran(output.unwrap())
    }

    /// Likewise, with a standard output that nobody reads.
    async fn finish_unread(&self, mut command: Command) -> Ran {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        command.stdout(writer).stderr(Stdio::piped());
        let output = spawn_blocking(move || command.spawn().unwrap().wait_with_output().unwrap());
        self.ran(output.await.unwrap())
    }

    /// What is the same in every run: ids, times and ports are checked and replaced.
    fn ran(&self, output: Output) -> Ran {
        self.remember();
        let text = |bytes| {
            let text = String::from_utf8(bytes).unwrap();
            assert_no_secret(&text);
            redacted(&self.emulator, &self.seen.borrow(), &text)
        };
        Ran {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// The name of a snapshot for a service.
fn named(what: &str, service: Service) -> String {
    format!("{what}__{service}").replace('-', "_")
}
