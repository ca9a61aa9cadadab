//! Overwrites an instance with a backup or with what it held at a time.

use dbbackup::model::{Backup, BackupId, BackupRef, Instance, InstanceId, Restore};
use dbbackup::{BackupClient, ErrorKind, Operation, Service};
use futures_util::TryStreamExt;
use serde::Serialize;

use crate::confirm::{ConfirmArgs, Consent};
use crate::exit::{Exit, Failure, done_but_unseen, telling};
use crate::output::{Row, text};
use crate::rows::help;
use crate::session::{ServiceCommand, Session};
use crate::values;
use crate::waiting::{Origin, Waiting, wait_for_jobs};

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
    confirm: ConfirmArgs,
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

impl ServiceCommand for Arguments {
    async fn run(&self, session: &mut Session<'_>) -> anyhow::Result<()> {
        session.options.demand(Operation::RestoreInstance)?;
        if self.wait {
            session.options.demand(Operation::GetJob)?;
        }
        let options = session.options;
        self.check(options.service())?;
        let consent = self.confirm.consent()?;
        let client = options.connect_to(self.confirm.change).await?;
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
        if consent == Consent::Given {
            let what = format!("what is overwritten: {shown}, with {with}");
            session.reporter.say(&what);
        }
        let instances = options.command_line("instances", &[]);
        let look = || format!("do not restore again before you have looked with: {instances}");
        let restore = self.restore(&client, source, &target)?;
        let restored = client.restore(&restore);
        let mut started = Started {
            service: options.service(),
            overwritten: target,
            job_ids: session.signals.changed(restored, look).await?,
            is_done: false,
        };
        let jobs = started.job_ids.join(", ");
        let accepted = format!("the restore was accepted (jobs: {jobs})");
        if self.wait {
            if let Err(failure) = self.follow(session, &client, &started.job_ids).await {
                // If nobody reads the result, the failure counts.
                let _ = telling(&accepted, || session.out().one(&started));
                return Err(failure.into());
            }
            started.is_done = true;
        }
        done_but_unseen(accepted, || session.out().one(&started))
    }
}

impl Arguments {
    /// Refuses, before any call, what no service does.
    fn check(&self, service: Service) -> Result<(), Failure> {
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

    fn restore(
        &self,
        client: &BackupClient,
        source: InstanceId,
        target: &InstanceId,
    ) -> Result<Restore, Failure> {
        let restore = match (self.reference(client, &source), self.time) {
            (Some(backup), _) => Restore::backup(backup),
            (None, Some(time)) => Restore::time(source, time),
            (None, None) => return Err(Failure::usage("give --backup or --time")),
        };
        Ok(restore.with_target(target.clone()))
    }

    /// The backup to restore, unless it is a time.
    fn reference(&self, client: &BackupClient, source: &InstanceId) -> Option<BackupRef> {
        Some(BackupRef {
            service: client.service(),
            instance: Some(source.clone()),
            id: self.backup.clone()?,
        })
    }

    /// What the instance is overwritten with; a backup of another one is an error.
    async fn with(&self, client: &BackupClient, source: &InstanceId) -> anyhow::Result<String> {
        let Some(wanted) = self.reference(client, source) else {
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
        if let Some(of) = &reference.instance
            && of != source
        {
            let what = format!(
                "backup {id} is one of {of}, not of {source}: give --instance {of}, and --to for another"
            );
            return Err(Failure::usage(what).into());
        }
        let begin = text(begin.as_ref());
        let untold = if backup.instance_assumed || reference.instance.is_none() {
            ", of which the service tells no instance"
        } else {
            ""
        };
        Ok(format!("backup {id} ({name}, {status}, {begin}){untold}"))
    }

    async fn follow(
        &self,
        session: &mut Session<'_>,
        client: &BackupClient,
        jobs: &[String],
    ) -> Result<(), Failure> {
        if jobs.is_empty() {
            let what = "the restore is accepted, but the service has named no job to wait for";
            let look = session.options.command_line("instances", &[]);
            let failure = Failure::new(Exit::WaitExpired, what);
            return Err(failure.with_next(format!("look with: {look}")));
        }
        let origin = Origin::Created;
        let wait = self.waiting.begin(origin);
        wait_for_jobs(session, client, jobs, origin, wait).await?;
        Ok(())
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
    let mut known = vec![instance.name.clone()];
    if let Some(engine) = &instance.engine {
        known.push(engine.to_string());
    }
    known.push(instance.status.to_string());
    format!("instance {} ({})", instance.id, known.join(", "))
}

/// A time that is the same everywhere.
fn time(text: &str) -> anyhow::Result<jiff::Timestamp> {
    text.parse().map_err(|_| {
        anyhow::anyhow!("must be a time with its offset, such as 2026-11-28T03:00:00Z or 2026-11-28T04:00:00+01:00")
    })
}
