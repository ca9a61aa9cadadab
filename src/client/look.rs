//! How a backup is found: the services have no call for a single one, only lists.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;
use std::pin::pin;
use std::sync::Mutex;

use futures_util::{Stream, StreamExt, stream};
use jiff::Timestamp;

use super::{BackupClient, pages};
use crate::error::Error;
use crate::lock::lock;
use crate::model::{Backup, BackupFilter, BackupId, BackupRef, InstanceId};
use crate::service::Operation;
use crate::variants::Odd;

/// Calls of one look that are under way at the same time.
pub(super) const AT_ONCE: usize = 8;

/// What a look at the list shows of a backup.
#[derive(Clone, Debug)]
pub(super) enum Sight {
    Seen(Box<Backup>),
    /// It is not there.
    Absent,
    /// It is not in a list that does not show all.
    Hidden,
}

/// Indexes of backups with what was seen of them.
pub(super) type Sights = Vec<(usize, Result<Sight, Error>)>;

/// How far a list was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// `Date` of the last page.
    pub(super) date: Option<Timestamp>,
    /// Whether there may be backups that no page shows.
    pub(super) hides_older: bool,
    /// Entries that cannot be used.
    pub(super) odd: Vec<Odd>,
    /// Backups of which one page says two things.
    pub(super) unclear: BTreeSet<BackupId>,
    /// Why it was not read to its end.
    pub(super) failure: Option<Error>,
}

/// What a backup is recognised by in a list.
pub(super) fn backup_key(backup: &Backup) -> BackupId {
    backup.reference.id.clone()
}

impl BackupClient {
    /// Looks for backups with as few calls as the service allows; each list hands on what it shows
    /// as soon as it is read.
    pub(super) fn look<'a>(
        &'a self,
        backups: &[(usize, BackupRef)],
    ) -> impl Stream<Item = Sights> + use<'a> {
        let mut lists: BTreeMap<Option<InstanceId>, Vec<(usize, BackupRef)>> = BTreeMap::new();
        for (index, backup) in backups {
            let list = backup
                .instance
                .clone()
                .filter(|_| self.lists_per_instance());
            lists
                .entry(list)
                .or_default()
                .push((*index, backup.clone()));
        }
        stream::iter(lists)
            .map(|(instance, wanted)| self.look_in_list(instance, wanted))
            .buffer_unordered(AT_ONCE)
    }

    async fn look_in_list(
        &self,
        instance: Option<InstanceId>,
        wanted: Vec<(usize, BackupRef)>,
    ) -> Sights {
        let ids: BTreeSet<&BackupId> = wanted.iter().map(|(_, backup)| &backup.id).collect();
        let mut filter = BackupFilter::all();
        filter.instance = instance;
        if let (1, Some(id)) = (ids.len(), ids.first()) {
            filter.id = Some((*id).clone());
        }
        let mut found = HashMap::new();
        let keep = |backup: Backup| {
            let id = &backup.reference.id;
            if ids.contains(id) {
                found.insert(id.clone(), backup);
            }
            found.len() == ids.len()
        };
        let reading = self.read(&filter, keep).await;
        // One that cannot be read may be the one that is looked for.
        let unread = reading.odd.first().map(|odd| &odd.error);
        let unread = reading.failure.as_ref().or(unread);
        let sight = |backup: &BackupRef| match (found.get(&backup.id), unread) {
            (Some(backup), _) => Ok(Sight::Seen(Box::new(backup.clone()))),
            (None, Some(error)) => Err(error.clone()),
            (None, None) if reading.hides_older => Ok(Sight::Hidden),
            (None, None) => Ok(Sight::Absent),
        };
        wanted
            .iter()
            .map(|(index, backup)| (*index, sight(backup)))
            .collect()
    }

    /// Reads a list until `keep` has seen enough.
    pub(super) async fn read(
        &self,
        filter: &BackupFilter,
        mut keep: impl FnMut(Backup) -> bool,
    ) -> Reading {
        let reading = Mutex::new(Reading::default());
        let shared = &reading;
        let fetch = |offset, time| async move {
            let mut page = self
                .page_of(time, self.variant.page(filter, offset))
                .await?;
            let mut reading = lock(shared);
            (reading.date, reading.hides_older) = (page.date, page.hides_older);
            reading.odd.append(&mut page.odd);
            let mut said = HashMap::new();
            for backup in &page.entries {
                let id = &backup.reference.id;
                if said.insert(id, backup).is_some_and(|other| other != backup) {
                    reading.unclear.insert(id.clone());
                }
            }
            drop(reading);
            Ok(page)
        };
        let bounds = self.bounds(Operation::ListBackups);
        let entries = pages::entries(fetch, backup_key, bounds);
        let mut entries = pin!(entries);
        let failure = loop {
            match entries.next().await {
                Some(Ok(backup)) => {
                    if keep(backup) {
                        break None;
                    }
                }
                Some(Err(error)) => break Some(error),
                None => break None,
            }
        };
        let reading = mem::take(&mut *lock(&reading));
        Reading { failure, ..reading }
    }
}
