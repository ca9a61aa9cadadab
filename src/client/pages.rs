//! Streams over the pages of a list that may change while it is read.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::hash::Hash;

use futures_util::{Stream, stream};

use crate::error::Error;
use crate::variants::{PAGE, Page};

/// More often than this nobody reads on.
const GAPS: u32 = 100;

/// All entries of a list, each once; `unsteady` if the list changes faster than it can be read.
///
/// Entries that are added at the top while the list is read push others to the next page, where
/// they are left out as known. Entries that are removed pull others to a page that was read: each
/// page therefore begins with the end of the page before, and when something else is found there, the
/// reader goes back until it finds what it knows. An entry that cannot be read is an
/// error after the others of its page.
pub(super) fn entries<T, K, F, Fut>(
    fetch: F,
    key: fn(&T) -> K,
    unsteady: Error,
) -> impl Stream<Item = Result<T, Error>>
where
    K: Eq + Hash + Clone,
    F: Fn(u64) -> Fut,
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
        overlap: 1,
        back: PAGE,
        gaps: 0,
    };
    stream::try_unfold(
        (reader, fetch, unsteady),
        |(mut reader, fetch, unsteady)| async move {
            loop {
                if let Some(entry) = reader.ready.pop_front() {
                    return Ok(Some((entry, (reader, fetch, unsteady))));
                }
                if let Some(odd) = reader.odd {
                    return Err(odd);
                }
                let Some(offset) = reader.next else {
                    return Ok(None);
                };
                if reader.gaps > GAPS {
                    return Err(unsteady);
                }
                reader.take(offset, fetch(offset).await?);
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
    /// An entry that could not be read.
    odd: Option<Error>,
    /// First entry and total of the page before.
    begins: Option<(Option<K>, Option<u64>)>,
    /// Offset of the next page, or `None` after the last one.
    next: Option<u64>,
    /// Entries that a page has in common with the one before; more where more are removed.
    overlap: u64,
    /// How far to go back at the next gap.
    back: u64,
    gaps: u32,
}

impl<T, K: Eq + Hash + Clone> Reader<T, K> {
    fn take(&mut self, offset: u64, page: Page<T>) {
        let end = offset + page.length;
        let is_last = match page.total {
            Some(total) => end >= total,
            None => page.length < PAGE,
        };
        let first = page.entries.first().map(self.key);
        let joins = offset == 0
            || first
                .as_ref()
                .is_some_and(|first| self.joined.contains(first));
        // A service that ignores the offset would send the same page for ever.
        let begins = Some((first, page.total));
        let stands_still = offset > 0 && begins == self.begins;
        self.begins = begins;
        self.odd = page.odd;
        for entry in page.entries {
            let key = (self.key)(&entry);
            if joins {
                self.joined.insert(key.clone());
            }
            if self.seen.insert(key) {
                self.ready.push_back(entry);
            }
        }
        self.next = if !joins {
            self.gaps += 1;
            self.overlap = (self.overlap * 8).min(PAGE / 2);
            let next = offset.saturating_sub(self.back);
            self.back = self.back.saturating_mul(2);
            Some(next)
        } else if is_last || stands_still {
            None
        } else {
            self.back = PAGE;
            // With the end of this page as the beginning, unless the page has nothing else.
            let overlap = self.overlap.min(page.length / 2).max(1);
            end.checked_sub(overlap).filter(|next| *next > offset)
        };
    }
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;

    use super::*;
    use crate::error::ErrorKind;
    use crate::service::{Operation, Service};

    /// What comes of a list whose pages depend on the offset, and the number of calls.
    async fn read(page: impl Fn(u64) -> (Vec<u64>, Option<u64>)) -> (Vec<u64>, u32) {
        let calls = std::cell::Cell::new(0);
        let fetch = |offset| {
            calls.set(calls.get() + 1);
            assert!(calls.get() < 1000, "the list is read for ever");
            let (entries, total) = page(offset);
            async move {
                Ok(Page {
                    length: entries.len() as u64,
                    entries,
                    odd: None,
                    total,
                    hides_older: false,
                    date: None,
                })
            }
        };
        let entries = entries(fetch, |entry| *entry, unsteady())
            .try_collect()
            .await;
        (entries.unwrap_or_default(), calls.get())
    }

    fn unsteady() -> Error {
        let (kind, operation) = (ErrorKind::Conflict, Operation::ListBackups);
        Error::new(kind, Service::RdsV3, operation, "unsteady")
    }

    fn cut(count: u64, offset: u64) -> Vec<u64> {
        (offset..count.min(offset + PAGE)).collect()
    }

    #[tokio::test]
    async fn a_list_ends_on_its_last_page() {
        for (count, calls) in [
            (0, 1),
            (1, 1),
            (99, 1),
            (100, 1),
            (101, 2),
            (199, 2),
            (200, 3),
        ] {
            let all: Vec<u64> = (0..count).collect();
            let with_total = read(|offset| (cut(count, offset), Some(count))).await;
            assert_eq!(with_total, (all.clone(), calls), "{count}");
            let without = read(|offset| (cut(count, offset), None)).await;
            assert_eq!(without.0, all, "{count}");
        }
    }

    #[tokio::test]
    async fn a_service_that_ignores_the_offset_or_overstates_the_total_is_not_asked_for_ever() {
        for total in [None, Some(1_000_000)] {
            let (entries, calls) = read(|_| (cut(100, 0), total)).await;
            assert_eq!((entries.len(), calls), (100, 2), "{total:?}");
        }
        for count in [0, 1, 100, 101, 250] {
            let (entries, _) = read(|offset| (cut(count, offset), Some(1_000_000))).await;
            assert_eq!(entries.len() as u64, count);
        }
    }

    #[tokio::test]
    async fn a_list_that_changes_with_every_call_is_an_error_in_the_end() {
        let moved = std::cell::Cell::new(0);
        let page = |offset| {
            moved.set(moved.get() + 1000);
            let start = offset + moved.get();
            ((start..start + PAGE).collect(), Some(300))
        };
        let (entries, calls) = read(page).await;
        assert!(entries.is_empty() && calls <= 2 * GAPS + 3, "{calls} calls");
    }

    #[tokio::test]
    async fn removals_between_all_calls_cost_few_calls_more() {
        let list = std::cell::RefCell::new((0..3000_u64).collect::<Vec<_>>());
        let page = |offset| {
            let mut list = list.borrow_mut();
            if offset > 0 {
                list.drain(..3);
            }
            let page = list.iter().skip(offset as usize).take(PAGE as usize);
            (page.copied().collect(), Some(list.len() as u64))
        };
        let (mut entries, calls) = read(page).await;
        assert!(calls < 50, "{calls} calls");
        entries.sort_unstable();
        assert!(entries.into_iter().eq(0..3000), "an entry is missed");
    }

    proptest::proptest! {
        /// Before each of the first calls some entries are added at the top and some are removed.
        #[test]
        fn what_stays_in_a_list_comes_once(
            count in 0..450_u64,
            changes in proptest::collection::vec(
                (proptest::prop_oneof![0..5_u64, 90..130_u64], proptest::collection::vec(0..450_usize, 0..4)),
                0..8,
            ),
        ) {
            let list = std::cell::RefCell::new((0..count).rev().collect::<Vec<_>>());
            let changes = std::cell::RefCell::new(changes.into_iter());
            let newest = std::cell::Cell::new(count);
            let page = |offset| {
                let mut list = list.borrow_mut();
                let (added, removed) = changes.borrow_mut().next().unwrap_or_default();
                for place in removed {
                    if place < list.len() {
                        list.remove(place);
                    }
                }
                for _ in 0..added {
                    list.insert(0, newest.replace(newest.get() + 1));
                }
                let page = list.iter().skip(offset as usize).take(PAGE as usize);
                (page.copied().collect(), Some(list.len() as u64))
            };
            let runtime = tokio::runtime::Builder::new_current_thread().build().ok();
            let (read, _) = runtime.map(|runtime| runtime.block_on(read(page))).unwrap_or_default();
            let unique: HashSet<_> = read.iter().copied().collect();
            proptest::prop_assert_eq!(unique.len(), read.len(), "an entry comes twice");
            for entry in list.borrow().iter().filter(|entry| **entry < count) {
                proptest::prop_assert!(unique.contains(entry), "{} is missed", entry);
            }
        }
    }
}
