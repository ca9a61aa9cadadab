//! Backups made, and never one too many.
//!
//! A POST whose answer is lost may have made a backup, and sending it again may make a second one.
//! Lists tell, but late: a new backup shows up within the *window*. What to do next is decided in
//! `machine.rs` alone, from what is wanted, the state and what has happened:
//!
//! ```text
//!             ┌───────┐
//!       ┌────►│ Guard ├────┐
//!       │     └───────┘    │
//!   ┌───┴────┐         ┌───▼──┐         ┌────────┐
//! ─►│ Survey ├────────►│ Post ├────────►│ Search │
//!   └───▲────┘         └┬──▲──┘         └──┬─────┘
//!       │     ┌──────┐  │  └───────────────┘
//!       └─────┤ Rest │◄─┘
//!             └──────┘       all but Rest lead to an end, too, and Search may lead to Guard
//! ```
//!
//! | state | what happens | next, for a create | next, for a key |
//! | --- | --- | --- | --- |
//! | Survey | a list without ours | Post | Post, or Guard where nothing else guards the name |
//! | Survey | one of the key is vanishing | Post | Guard |
//! | Survey, Guard | ours | Post | Found |
//! | Guard | a list without ours | | Guard, and Post when the window closes |
//! | Survey, Guard | no list; not all; too many in the making | Post (rds-v1: Unlisted); Post; Full | Unlisted, in Guard when the window closes; Hidden; Full |
//! | Post | accepted | Accepted | Accepted, or Search where the name is guarded and not the first one |
//! | Post | refused | Refused | Refused |
//! | Post | the name is taken | Refused | Search |
//! | Post | the instance is busy | Refused, or Rest with patience | Search, or Rest with patience |
//! | Post | lost | Search | Search |
//! | Rest | the pause is over | Survey | Survey |
//! | Search | ours | Found | Found |
//! | Search | dead, and the name was taken | | Post, or Guard if one is vanishing |
//! | Search | the window closes | Unknown | Unknown after lost, Accepted after accepted, otherwise Refused |
//!
//! - *Survey* lists before the POST. For a create the list is evidence: what is in it is not the
//!   new backup. For a key it decides: a live backup is the wanted one, whatever its age; where only
//!   failed or vanishing ones (*dead*) are, the next name is taken.
//! - *Guard* goes on listing until the window closes, so that a backup whose caller has crashed shows
//!   up before another one is made. Where the service itself refuses a second backup of a name
//!   (rds-v3, gaussdb-v3), nobody has to wait for that, unless a name is about to become free again: a
//!   later call would take it for the first one while the successor is not listed yet. For the same
//!   reason a successor has to show up there before it is returned.
//! - *Post* sends. *Lost* is all that may have been acted on: a connection that broke, time that was
//!   up, 3xx, 408, 5xx, a 2xx that cannot be read, has an error or no id.
//! - *Search* lists until the backup shows up or the window closes.
//! - *Rest* is a pause, if the caller waits for a busy instance.
//!
//! Nothing was sent when it ends with *Unlisted* (the list could not be read), *Hidden* (rds-v1 lists
//! only the newest 100, and the key may be one of the others) or *Full* (rds-v1 is making so many that
//! one more would push others out of its list).
//!
//! After *lost* there is no way back to *Post*: one call never sends two requests that may both
//! have been acted on.

mod evidence;
mod machine;
mod names;
mod run;
#[cfg(test)]
mod tests;
mod unknown;

use super::BackupClient;
use crate::error::Error;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::model::{Backup, NewBackup};
use crate::service::Operation;
use crate::variants::check_instance;
use evidence::{Before, Mark, Wanted};
use machine::{Doubt, Goal, State};
use names::Names;
use run::Run;

pub use unknown::UnknownOutcome;

impl BackupClient {
    /// Starts a backup and returns it as it was accepted, usually BUILDING.
    ///
    /// Sends a list of the instance's manual backups and a POST, which is repeated only when the
    /// service surely did not act. When nobody can tell whether it did, the list is looked through
    /// until a new backup has had its time to [show up](Self::with_visibility_window): one of the instance,
    /// the name, the kind manual and, where it is listed, the description is taken for that of
    /// the call if the list before the POST did not have it, or if it began after that list. Where no
    /// one is, or more than one, the error says so; a second POST is for the caller to decide.
    /// What cannot be told apart is a backup that someone else starts at the same time under the same
    /// name, on rds-v1, whose times have no offset, also one that was started just before:
    /// [`ensure`](Self::ensure) has names of its own. Each of the calls may take up to the limit of
    /// [`with_time_limit`](Self::with_time_limit). Dropping the future sends nothing more; there may be a backup.
    ///
    /// On rds-v1 no more than 50 backups of a project may be in the making, because older ones drop
    /// out of the 100 that its list shows. Creates of a process for a project then follow each other.
    /// A backup counts as soon as it is listed.
    ///
    /// Vendor's pages: [RDS v1](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v1_to_be_discarded/backup_and_restoration/creating_a_manual_backup.html),
    /// [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/creating_a_manual_backup.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/creating_a_manual_backup.html),
    /// [GaussDB](https://support.huaweicloud.com/intl/en-us/api-gaussdb/gaussdb_api_070.html).
    ///
    /// # Errors
    ///
    /// Before any call: [`ErrorKind::Unsupported`] for databases on a service without them, and
    /// [`ErrorKind::InvalidInput`] for empty names of databases, or for the id of an instance where
    /// rds-v1 wants that of a node.
    /// [`ErrorKind::Conflict`] when the instance is busy, the name exists, or 50 are in the making.
    /// [`ErrorKind::OutcomeUnknown`] when there may be a backup; the error's source is an
    /// [`UnknownOutcome`]. After any other error there is no backup of this call.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator, model::NewBackup};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::RdsV3)?;
    /// let new = NewBackup::new("d8e6ca5a624745bcb546a227aa3ae1cfin04".parse()?, "before-deploy".parse()?)
    ///     .with_description("release 42".parse()?)
    ///     .with_databases(["orders", "stock"]);
    /// let backup = client.create(&new).await?;
    /// assert_eq!(backup.name, "before-deploy");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, new: &NewBackup) -> Result<Backup, Error> {
        self.check_parts(new)?;
        let wanted = Wanted::new(new.clone(), Mark::Before(Before::default()));
        Run::new(self, Goal::Create, wanted)
            .from(State::Survey)
            .await
    }

    /// Makes sure that there is a backup for a key, and returns it: the one that exists, or a new one.
    ///
    /// The key is any text, such as the id of a deployment. The backup is named like `new`, cut to
    /// 40 characters, with a hash of service, instance and key behind, which is the same in every
    /// release of this crate. A live backup with that hash is the one, whatever stands before it and
    /// whoever made it and when; one that has failed or is being deleted is not, and its successor is
    /// named with `-2` and so on, up to `-99`. Name, description and databases are those of the first call.
    ///
    /// It is safe to call this again, after any error and after a crash at any point. What holds for
    /// callers that run at the same time with the same key:
    ///
    /// - rds-v3 and gaussdb-v3 refuse a second backup of the same name: there is one backup, if the
    ///   callers agree on the name. Where a backup of the key is being deleted, the call waits until
    ///   it is gone, or no longer than backups take to [show up](Self::with_visibility_window). One thing is not
    ///   covered: a caller that crashes right after starting a successor, when the failed backup before
    ///   it is deleted and the key asked for again before the successor is listed.
    /// - taurusdb-v3 and rds-v1 do not. Before the POST the list is looked through until a
    ///   backup of another caller has had its time to [show up](Self::with_visibility_window), which lets the
    ///   first call take so much longer; and they refuse a backup while one of the instance is being
    ///   made. There is one backup, if it takes longer to make than to show up and than the other
    ///   caller's POST takes after its last list.
    /// - On rds-v1 a key whose backup is not listed is refused when 100 others are. After a failover the
    ///   instance has another primary node, and so the key has another name.
    ///
    /// Sends a list, and a POST if there is no such backup; more lists as said above, and when the
    /// outcome of the POST is unknown, the name is taken or the instance is busy.
    ///
    /// Vendor's pages: [RDS v1](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v1_to_be_discarded/backup_and_restoration/creating_a_manual_backup.html),
    /// [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/creating_a_manual_backup.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/creating_a_manual_backup.html),
    /// [GaussDB](https://support.huaweicloud.com/intl/en-us/api-gaussdb/gaussdb_api_070.html).
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create), and [`ErrorKind::InvalidInput`] for a key that is empty or
    /// for individual backups, [`ErrorKind::Conflict`] when 99 backups of the key have failed,
    /// [`ErrorKind::OutOfSight`] when rds-v1 lists 100 others, or what the list is refused with. After
    /// [`ErrorKind::OutcomeUnknown`] call it again.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use dbbackup::{Service, emulator::Emulator, model::NewBackup};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client(Service::GaussdbV3)?;
    /// let new = NewBackup::new("7e01ac5ac5274957ba506f3851d11d51in14".parse()?, "before-deploy".parse()?);
    /// let backup = client.ensure(&new, "deployment 42").await?;
    /// assert!(backup.name.starts_with("before-deploy-"));
    /// let same = client.ensure(&new, "deployment 42").await?;
    /// assert_eq!(same.reference, backup.reference);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn ensure(&self, new: &NewBackup, key: &str) -> Result<Backup, Error> {
        self.check_parts(new)?;
        let refused = match () {
            () if key.is_empty() => "key must not be empty",
            () if new.individually => {
                "a key stands for one backup: back up all databases together, or use `create`"
            }
            () => "",
        };
        if !refused.is_empty() {
            return Err(self.invalid(Operation::CreateBackup, refused));
        }
        let goal = if self.capabilities().names_are_unique {
            Goal::Ensure
        } else {
            Goal::EnsureAlone
        };
        let names = Names::new(self.service(), new, key);
        let wanted = Wanted::new(new.clone(), Mark::Key(names, 1));
        Run::new(self, goal, wanted).from(State::Survey).await
    }

    /// Looks again for the backup of a create whose outcome is unknown, and returns it.
    ///
    /// Sends lists alone, until a new backup has had its time to [show up](Self::with_visibility_window)
    /// once more.
    ///
    /// Vendor's pages: [RDS v1](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v1_to_be_discarded/backup_and_restoration/creating_a_manual_backup.html),
    /// [RDS v3](https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended/backup_and_restoration/creating_a_manual_backup.html),
    /// [TaurusDB](https://docs.otc.t-systems.com/taurusdb/api-ref/apis_recommended/backup_management/creating_a_manual_backup.html),
    /// [GaussDB](https://support.huaweicloud.com/intl/en-us/api-gaussdb/gaussdb_api_070.html).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutcomeUnknown`] when it is still unknown, and [`ErrorKind::InvalidInput`] for a
    /// create of another service.
    ///
    /// # Examples
    ///
    /// See [`UnknownOutcome`].
    pub async fn look_again(&self, unknown: &UnknownOutcome) -> Result<Backup, Error> {
        self.check_service(Operation::CreateBackup, unknown.service)?;
        let run = Run::new(self, Goal::Create, unknown.wanted());
        run.from(State::Search(Doubt::Lost)).await
    }

    /// Refuses what the service would ignore or refuse, or what means nothing.
    fn check_parts(&self, new: &NewBackup) -> Result<(), Error> {
        let (service, operation) = (self.service(), Operation::CreateBackup);
        if new.databases.is_some() {
            let what = "backup of single databases";
            service.demand(operation, what, |can| can.single_databases)?;
        }
        if new.individually {
            let what = "backup of databases one by one";
            service.demand(operation, what, |can| can.individual_databases)?;
        }
        let names = new.databases.as_deref();
        if names.is_some_and(|names| names.is_empty() || names.iter().any(|n| n.trim().is_empty()))
        {
            let reason = "databases must be one or more names that are not empty: \
                          leave them out to back up all";
            return Err(self.invalid(operation, reason));
        }
        check_instance(service, operation, &new.instance)
    }
}
