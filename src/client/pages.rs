//! Streams over the pages of a list that may change while it is read.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::hash::Hash;

use std::time::Duration;

use futures_util::{Stream, stream};
use tokio::time::Instant;

use super::bounds::Bounds;
use crate::error::Error;
use crate::variants::{PAGE, Page};

/// More often than this nobody reads on.
const GAPS: u32 = 100;

/// All entries of a list, each once; an error if it is beyond its bounds, or changes faster than it can
/// be read.
///
/// The last page is one that is not full and with which all are read that the service counts. A full one
/// never is, whatever it counts, and without a count a page is asked for after any that brings something
/// new. That a service gives the same page for each offset is an error if there may be more.
///
/// Entries that are added at the top while the list is read push others to the next page, where
/// they are left out as known. Entries that are removed pull others to a page that was read: each
/// page therefore begins with the end of the page before, and when something else is found there, the
/// reader goes back until it finds what it knows. An entry without a usable id is an error after all
/// others.
pub(super) fn entries<T, K, F, Fut>(
    fetch: F,
    key: fn(&T) -> K,
    bounds: Bounds,
) -> impl Stream<Item = Result<T, Error>>
where
    K: Eq + Hash + Clone,
    F: Fn(u64, Duration) -> Fut,
    Fut: Future<Output = Result<Page<T>, Error>>,
{
    let reader = Reader {
        key,
        seen: HashSet::new(),
        joined: HashSet::new(),
        ready: VecDeque::new(),
        odd: None,
        begins: None,
        next: Some(0),
        stands_still: false,
        overlap: 1,
        back: PAGE,
        gaps: 0,
    };
    stream::try_unfold(
        (reader, fetch, bounds),
        |(mut reader, fetch, bounds)| async move {
            loop {
                if let Some(entry) = reader.ready.pop_front() {
                    return Ok(Some((entry, (reader, fetch, bounds))));
                }
                let Some(offset) = reader.next else {
                    return reader.odd.map_or(Ok(None), Err);
                };
                if reader.stands_still {
                    return Err(bounds.repeated());
                }
                if reader.gaps > GAPS {
                    return Err(bounds.unsteady());
                }
                // What is done with an entry takes none of the list's time.
                let begun = Instant::now();
                let page = fetch(offset, bounds.time_left()).await;
                let page = bounds.count(page, begun.elapsed())?;
                bounds.count_entries(reader.take(offset, page))?;
            }
        },
    )
}

struct Reader<T, K> {
    key: fn(&T) -> K,
    /// What was handed out or is ready to be.
    seen: HashSet<K>,
    /// What was read without a gap from the top of the list.
    joined: HashSet<K>,
    ready: VecDeque<T>,
    /// Why the first of the entries cannot be used that cannot.
    odd: Option<Error>,
    /// First entry and total of the page before.
    begins: Option<(Option<K>, Option<u64>)>,
    /// Offset of the next page, or `None` after the last one.
    next: Option<u64>,
    /// Whether the service ignores the offset although there may be more.
    stands_still: bool,
    /// Entries that a page has in common with the one before; more where more are removed.
    overlap: u64,
    /// How far to go back at the next gap.
    back: u64,
    /// Pages that did not join, or that brought nothing new.
    gaps: u32,
}

impl<T, K: Eq + Hash + Clone> Reader<T, K> {
    /// Takes in a page, and says how many entries it had that are new.
    fn take(&mut self, offset: u64, page: Page<T>) -> u64 {
        let end = offset + page.length;
        let is_full = page.length >= PAGE;
        let is_all = page.total.is_some_and(|total| end >= total);
        let is_last = is_all && !is_full || page.is_only;
        let first = page.entries.first().map(self.key);
        let joins = offset == 0
            || first
                .as_ref()
                .is_some_and(|first| self.joined.contains(first));
        let begins = Some((first, page.total));
        let is_same = offset > 0 && begins == self.begins;
        self.begins = begins;
        let odd = page.odd.into_iter().next();
        self.odd = self.odd.take().or(odd.map(|odd| odd.error));
        let known = self.seen.len();
        for entry in page.entries {
            let key = (self.key)(&entry);
            if joins {
                self.joined.insert(key.clone());
            }
            if self.seen.insert(key) {
                self.ready.push_back(entry);
            }
        }
        let new = (self.seen.len() - known) as u64;
        let is_repeated = is_same && new == 0;
        let counts_more = |total| total > self.seen.len() as u64;
        self.stands_still = is_repeated && page.total.map_or(is_full, counts_more);
        self.gaps += u32::from(!joins || new == 0);
        self.next = if !joins {
            self.overlap = (self.overlap * 8).min(PAGE / 2);
            let next = offset.saturating_sub(self.back);
            self.back = self.back.saturating_mul(2);
            Some(next)
        } else if self.stands_still {
            Some(offset)
        } else if is_last || is_repeated {
            None
        } else {
            self.back = PAGE;
            // With the end of this page as the beginning, unless the page has nothing else.
            let overlap = self.overlap.min(page.length / 2).max(1);
            end.checked_sub(overlap).filter(|next| *next > offset)
        };
        new
    }
}

#[cfg(test)]
mod tests;
