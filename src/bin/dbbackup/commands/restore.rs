//! Overwrites an instance with a backup or with what it held at a time.

use dbbackup::model::{Backup, BackupId, BackupRef, Instance, InstanceId, Restore};
use dbbackup::{BackupClient, ErrorKind, Operation, Service};
use futures_util::TryStreamExt;
use serde::Serialize;

use crate::confirm::{Consent, Destruction};
use crate::exit::{Exit, Failure, done_but_unseen, telling};
use crate::output::{Output, Row, text};
use crate::progress::Reporter;
use crate::rows::help;
use crate::service::{Calls, ServiceOptions};
use crate::signals::{Signals, changed};
use crate::values;
use crate::waiting::{Origin, Waiting};

const RESTORE: &str = "\
With --output json the result has these fields:
  service                 the service
  overwritten             instance that is overwritten
  job_ids                 jobs that do it; on rds-v1 no call shows them
  is_done                 whether --wait has seen their end";

/// Overwrite an instance with a backup, or with what it held at a time; asks first.
///
/// All data of the overwritten instance is lost. rds-v1 restores an instance only from itself.
#[derive(clap::Args)]
#[command(after_long_help = help(RESTORE), group(clap::ArgGroup::new("point").required(true)))]
#[command(mut_arg("wait_timeout", |a| a.requires("wait")), mut_arg("interval", |a| a.requires("wait")))]
pub(crate) struct Arguments {
    /// Instance that the data is of, by its id or its exact name.
    #[arg(long, value_name = "ID|NAME", value_parser = values::some_text())]
    instance: String,
    /// Backup of this instance to restore.
    #[arg(long, value_name = "ID", group = "point")]
    backup: Option<BackupId>,
    /// Time whose data to restore, with its offset, such as 2026-11-28T03:00:00Z.
    #[arg(long, value_name = "TIME", group = "point", value_parser = time)]
    time: Option<jiff::Timestamp>,
    /// Instance that is overwritten, if it is another one.
    #[arg(long, value_name = "ID|NAME", value_parser = values::some_text())]
    to: Option<String>,
    /// Wait until the jobs of the restore are done; not on rds-v1.
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    waiting: Waiting,
    #[command(flatten)]
    destruction: Destruction,
    #[command(flatten)]
    options: ServiceOptions,
}

/// What is printed.
#[derive(Serialize)]
struct Started {
    service: Service,
    overwritten: InstanceId,
    job_ids: Vec<String>,
    is_done: bool,
}

impl Row for Started {
    const HEADINGS: &'static [&'static str] = &["OVERWRITES", "SERVICE", "JOBS", "DONE"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.overwritten.to_string(),
            self.service.to_string(),
            self.job_ids.join(", "),
            if self.is_done { "yes" } else { "no" }.to_owned(),
        ]
    }
}

impl Calls for Arguments {
    fn options(&self) -> &ServiceOptions {
        &self.options
    }

    async fn run(&self, out: &mut Output<'_>) -> anyhow::Result<()> {
        self.options.demand(Operation::RestoreInstance)?;
        if self.wait {
            self.options.demand(Operation::GetJob)?;
        }
        self.check()?;
        let consent = self.destruction.consent()?;
        let client = self.options.connect_to(&self.destruction.change).await?;
        let source = client.find_instance(&self.instance).await?;
        let target = match &self.to {
            Some(other) => client.find_instance(other).await?,
            None => source.clone(),
        };
        let shown = overwritten(&client, &target).await?;
        let with = self.with(&client, &source).await?;
        consent
            .to(&format!("Overwrite all data of {shown} with {with}"))
            .await?;
        let mut reporter = Reporter::new(&self.options);
        if consent == Consent::Given {
            reporter.say(&format!("what is overwritten: {shown}, with {with}"));
        }
        let instances = self.options.command_line("instances", &[]);
        let look = || format!("do not restore again before you have looked with: {instances}");
        // One that comes between the request and the wait is not lost.
        let mut signals = Signals::new()?;
        let restore = self.restore(source, &target)?;
        let job_ids = changed(client.restore(&restore), look).await?;
        let mut started = Started {
            service: self.options.service(),
            overwritten: target,
            job_ids,
            is_done: false,
        };
        let waited = match self.wait {
            true => {
                let jobs = &started.job_ids;
                self.follow(&client, jobs, &mut reporter, &mut signals)
                    .await
            }
            false => Ok(()),
        };
        // Nothing may move in the result.
        drop(reporter);
        started.is_done = self.wait && waited.is_ok();
        let accepted = format!(
            "the restore was accepted (jobs: {})",
            started.job_ids.join(", ")
        );
        match waited {
            Ok(()) => done_but_unseen(accepted, || out.one(&started)),
            Err(failure) => {
                // If nobody reads the result, the failure counts.
                let _ = telling(&accepted, || out.one(&started));
                Err(failure.into())
            }
        }
    }
}

impl Arguments {
    /// Refuses, before any call, what no service does.
    fn check(&self) -> Result<(), Failure> {
        let service = self.options.service();
        if self.to.is_some() && !service.capabilities().restores_elsewhere {
            let what = format!("{service} restores an instance only from itself: leave --to out");
            return Err(Failure::usage(what));
        }
        let now = jiff::Timestamp::now();
        match self.time {
            Some(time) if time > now => {
                let what = format!(
                    "--time must not be in the future, but it is {time}, and the clock of this machine \
                     says {now:.0}"
                );
                Err(Failure::usage(what))
            }
            _ => Ok(()),
        }
    }

    fn restore(&self, source: InstanceId, target: &InstanceId) -> Result<Restore, Failure> {
        let restore = match (self.reference(&source), self.time) {
            (Some(backup), _) => Restore::backup(backup),
            (None, Some(time)) => Restore::time(source, time),
            (None, None) => return Err(Failure::usage("give --backup or --time")),
        };
        Ok(restore.over(target.clone()))
    }

    /// The backup to restore, unless it is a time.
    fn reference(&self, source: &InstanceId) -> Option<BackupRef> {
        Some(BackupRef {
            service: self.options.service(),
            instance: source.clone(),
            id: self.backup.clone()?,
        })
    }

    /// What the instance is overwritten with; a backup of another one is an error.
    async fn with(&self, client: &BackupClient, source: &InstanceId) -> anyhow::Result<String> {
        let Some(wanted) = self.reference(source) else {
            return Ok(format!("what {source} held at {}", text(self.time)));
        };
        let id = &wanted.id;
        let backup = match client.get(&wanted).await {
            Ok(backup) => backup,
            // The service knows more than it lists.
            Err(error) if error.kind() == ErrorKind::OutOfSight => {
                return Ok(format!("backup {id}, which is too old to be listed"));
            }
            Err(error) => return Err(error.into()),
        };
        let Backup {
            name,
            status,
            begin,
            reference,
            ..
        } = &backup;
        if reference.instance != *source {
            let of = &reference.instance;
            let what = format!(
                "backup {id} is one of {of}, not of {source}: give --instance {of}, and --to for another"
            );
            return Err(Failure::usage(what).into());
        }
        let begin = text(begin.as_ref());
        let untold = match backup.instance_assumed {
            true => ", of which the service tells no instance",
            false => "",
        };
        Ok(format!("backup {id} ({name}, {status}, {begin}){untold}"))
    }

    async fn follow(
        &self,
        client: &BackupClient,
        job_ids: &[String],
        reporter: &mut Reporter,
        signals: &mut Signals,
    ) -> Result<(), Failure> {
        if job_ids.is_empty() {
            let what = "the restore is accepted, but the service has named no job to wait for";
            let look = format!("look with: {}", self.options.command_line("instances", &[]));
            return Err(Failure::new(Exit::WaitExpired, what).with_next(look));
        }
        let (jobs, wait) = ((job_ids, Origin::Created), self.waiting.begin());
        let done = self
            .waiting
            .jobs(client, &self.options, jobs, &wait, reporter, signals);
        done.await.map(drop)
    }
}

/// What people know an instance by; one that is not listed is an error.
async fn overwritten(client: &BackupClient, id: &InstanceId) -> anyhow::Result<String> {
    let mut instances = client.instances();
    while let Some(instance) = instances.try_next().await? {
        if instance.id == *id {
            return Ok(described(&instance));
        }
    }
    Err(Failure::usage(format!("there is no instance {id} to overwrite")).into())
}

fn described(instance: &Instance) -> String {
    let engine = instance.engine.as_ref().map(ToString::to_string);
    let known = [
        Some(instance.name.clone()),
        engine,
        Some(instance.status.to_string()),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    format!("instance {} ({})", instance.id, known.join(", "))
}

/// A time that is the same everywhere.
fn time(text: &str) -> anyhow::Result<jiff::Timestamp> {
    text.parse().map_err(|_| {
        anyhow::anyhow!("must be a time with its offset, such as 2026-11-28T03:00:00Z or 2026-11-28T04:00:00+01:00")
    })
}
