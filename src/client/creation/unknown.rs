//! What is known when nobody can tell whether a backup was made.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::evidence::{Mark, Wanted};
use crate::error::Error;
use crate::model::{Backup, BackupDescription, BackupName, InstanceId, NewBackup};
use crate::service::Service;

/// A create of which nobody can tell whether it made a backup, with all that it takes to look again.
///
/// The source of an error of the kind [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown). Its JSON
/// form can be kept between two runs of a program; [`BackupClient::look_again`] takes it.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use dbbackup::{Operation, Service, UnknownOutcome, emulator::{Emulator, Fault}, model::NewBackup};
///
/// let emulator = Emulator::start().await?;
/// // The answer is lost, and the backup shows up late.
/// let create = (Service::RdsV3, Operation::CreateBackup);
/// emulator.inject(create, Fault::hide(Duration::from_secs(300)))?;
/// emulator.inject(create, Fault::reset().after_acting())?;
///
/// let client = emulator.client(Service::RdsV3)?.with_visibility_window(Duration::ZERO);
/// let new = NewBackup::new("d8e6ca5a624745bcb546a227aa3ae1cfin01".parse()?, "nightly".parse()?);
/// let error = client.create(&new).await.unwrap_err();
/// let unknown = UnknownOutcome::of(&error).ok_or("something else has failed")?;
/// # emulator.advance(Duration::from_secs(300));
/// let backup = client.look_again(unknown).await?;
/// assert_eq!(backup.name, "nightly");
/// # Ok(())
/// # }
/// ```
///
/// [`BackupClient::look_again`]: crate::BackupClient::look_again
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UnknownOutcome {
    /// The service that was called.
    pub service: Service,
    /// The instance; on rds-v1 the id of its primary node.
    pub instance: InstanceId,
    /// Name that the backup has, if there is one.
    pub name: BackupName,
    /// Description that it has.
    pub description: Option<BackupDescription>,
    /// Backups that may be it.
    pub candidates: Vec<Backup>,
    /// Whether the list that was looked through does not show all backups.
    pub is_out_of_sight: bool,
    /// How it is told from others.
    mark: Mark,
    /// What the create has failed with.
    #[serde(skip)]
    cause: Option<Error>,
}

impl UnknownOutcome {
    /// That of an error, if it has one.
    pub fn of(error: &Error) -> Option<&Self> {
        std::error::Error::source(error)?.downcast_ref()
    }

    pub(super) fn new(service: Service, wanted: Wanted, cause: Error) -> Self {
        let NewBackup {
            instance,
            name,
            description,
            ..
        } = wanted.new;
        Self {
            service,
            instance,
            name,
            description,
            candidates: wanted.candidates,
            is_out_of_sight: wanted.is_hidden,
            mark: wanted.mark,
            cause: Some(cause),
        }
    }

    /// What is known, for a message.
    pub(super) fn in_words(&self) -> String {
        let Self { name, instance, .. } = self;
        let mut words = format!("whether backup {name} of {instance} exists is not known");
        if self.is_out_of_sight {
            words += ", for rds-v1 lists only the newest 100";
        }
        let candidate = |backup: &Backup| format!("{} ({})", backup.reference.id, backup.status);
        let candidates: Vec<_> = self.candidates.iter().map(candidate).collect();
        if !candidates.is_empty() {
            words += &format!(", it may be {}", candidates.join(", "));
        }
        words
    }

    /// What to look for.
    pub(super) fn wanted(&self) -> Wanted {
        let mut new = NewBackup::new(self.instance.clone(), self.name.clone());
        new.description.clone_from(&self.description);
        Wanted::new(new, self.mark.clone())
    }
}

impl fmt::Display for UnknownOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown outcome of {}", self.name)
    }
}

impl std::error::Error for UnknownOutcome {
    /// Not the failure of the create itself, which the error around this one tells already.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref()?.source()
    }
}
