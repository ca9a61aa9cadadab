//! How a backup is found: the services have no call for a single one, only lists.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::{Stream, StreamExt, pin_mut, stream};

use super::{BackupClient, pages};
use crate::error::Error;
use crate::model::{Backup, BackupFilter, BackupId, BackupRef, InstanceId};

/// Lists that are read at the same time.
const AT_ONCE: usize = 8;

/// What a look at the list shows of a backup.
#[derive(Clone, Debug)]
pub(super) enum Sight {
    Seen(Box<Backup>),
    /// It is not there.
    Absent,
    /// It is not in a list that does not show all.
    Hidden,
}

/// Places of backups with what was seen of them.
pub(super) type Sights = Vec<(usize, Result<Sight, Error>)>;

/// What a backup is recognised by in a list.
pub(super) fn backup_key(backup: &Backup) -> BackupId {
    backup.reference.id.clone()
}

impl BackupClient {
    /// Looks for backups with as few calls as the service allows; each list hands on what it shows
    /// as soon as it is read.
    pub(super) fn look<'a>(
        &'a self,
        backups: &'a [(usize, BackupRef)],
    ) -> impl Stream<Item = Sights> + 'a {
        let mut lists: BTreeMap<Option<&InstanceId>, Vec<&(usize, BackupRef)>> = BTreeMap::new();
        for backup in backups {
            let list = self.lists_per_instance().then_some(&backup.1.instance);
            lists.entry(list).or_default().push(backup);
        }
        let looks =
            stream::iter(lists).map(|(instance, wanted)| self.look_in_list(instance, wanted));
        looks.buffer_unordered(AT_ONCE)
    }

    async fn look_in_list(
        &self,
        instance: Option<&InstanceId>,
        wanted: Vec<&(usize, BackupRef)>,
    ) -> Sights {
        let ids: BTreeSet<&BackupId> = wanted.iter().map(|(_, backup)| &backup.id).collect();
        let mut filter = BackupFilter::all();
        filter.instance = instance.cloned();
        if let (1, Some(id)) = (ids.len(), ids.first()) {
            filter.id = Some((*id).clone());
        }
        let (found, rest) = self.search(&filter, &ids).await;
        let sight = |backup: &BackupRef| match (found.get(&backup.id), &rest) {
            (Some(backup), _) => Ok(Sight::Seen(Box::new(backup.clone()))),
            (None, Ok(true)) => Ok(Sight::Hidden),
            (None, Ok(false)) => Ok(Sight::Absent),
            (None, Err(error)) => Err(error.clone()),
        };
        wanted
            .into_iter()
            .map(|(place, backup)| (*place, sight(backup)))
            .collect()
    }

    /// Backups of a list, and whether the list hides others or could not be read to its end.
    async fn search(
        &self,
        filter: &BackupFilter,
        ids: &BTreeSet<&BackupId>,
    ) -> (HashMap<BackupId, Backup>, Result<bool, Error>) {
        let mut found = HashMap::new();
        let mut keep = |backup: Backup| {
            let id = &backup.reference.id;
            if ids.contains(id) {
                found.insert(id.clone(), backup);
            }
            found.len() == ids.len()
        };
        // Most backups that somebody waits for are new and so on the first page.
        let first = match self.page(filter, 0).await {
            Ok(page) => page,
            Err(error) => return (found, Err(error)),
        };
        let is_all = first.total.is_some_and(|total| total <= first.length);
        let mut has_all = false;
        for backup in first.entries {
            has_all |= keep(backup);
        }
        if is_all || has_all {
            // An entry that cannot be read may be the one that is looked for.
            return (found, first.odd.map_or(Ok(first.hides_older), Err));
        }
        let fetch = |offset| self.page(filter, offset);
        let entries = pages::entries(fetch, backup_key, self.unsteady());
        pin_mut!(entries);
        while let Some(entry) = entries.next().await {
            match entry.map(&mut keep) {
                Ok(true) => break,
                Ok(false) => {}
                Err(error) => return (found, Err(error)),
            }
        }
        (found, Ok(first.hides_older))
    }
}
