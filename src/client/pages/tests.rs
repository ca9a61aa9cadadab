use futures_util::{StreamExt, TryStreamExt};

use super::*;
use crate::client::bounds::PAGES;
use crate::error::ErrorKind;
use crate::service::{Operation, Service};
use crate::variants::Odd;

/// The time of a call.
const TIME: Duration = Duration::from_secs(600);

fn bounds() -> Bounds {
    Bounds::new(Service::RdsV3, Operation::ListBackups, TIME)
}

fn page(entries: Vec<u64>, total: Option<u64>) -> Page<u64> {
    Page {
        length: entries.len() as u64,
        entries,
        odd: Vec::new(),
        total,
        is_only: false,
        hides_older: false,
        date: None,
        bytes: 0,
    }
}

/// What comes of a list whose pages depend on the offset, and the number of calls.
async fn outcome(fetch: impl Fn(u64) -> Page<u64>) -> (Result<Vec<u64>, Error>, u64) {
    let calls = std::cell::Cell::new(0);
    let fetch = |offset, _| {
        calls.set(calls.get() + 1);
        assert!(calls.get() <= PAGES + 1, "the list is read for ever");
        let page = fetch(offset);
        async move { Ok(page) }
    };
    let entries = entries(fetch, |entry| *entry, bounds()).try_collect();
    (entries.await, calls.get())
}

/// The entries of such a list, or none if it fails.
async fn read(fetch: impl Fn(u64) -> (Vec<u64>, Option<u64>)) -> (Vec<u64>, u64) {
    let fetch = |offset| {
        let (entries, total) = fetch(offset);
        page(entries, total)
    };
    let (entries, calls) = outcome(fetch).await;
    (entries.unwrap_or_default(), calls)
}

/// The kind and the words of the failure of such a list, and the number of calls.
async fn failure(fetch: impl Fn(u64) -> Page<u64>) -> (String, u64) {
    let (entries, calls) = outcome(fetch).await;
    let error = entries
        .err()
        .map(|error| format!("{:?}: {error}", error.kind()));
    (error.unwrap_or_default(), calls)
}

fn cut(count: u64, offset: u64) -> Vec<u64> {
    (offset..count.min(offset + PAGE)).collect()
}

fn full(offset: u64) -> Vec<u64> {
    cut(u64::MAX, offset)
}

/// A count of all entries by a service, from the right one and the length of the page.
const COUNTS: [fn(u64, u64) -> Option<u64>; 3] =
    [|all, _| Some(all), |_, _| None, |_, length| Some(length)];

#[tokio::test]
async fn a_list_ends_on_its_last_page_whatever_is_counted() {
    // The number of entries, and that of calls with and without a count.
    for (entries, calls, uncounted) in [
        (0, 1, 1),
        (1, 1, 1),
        (99, 1, 2),
        (100, 2, 2),
        (101, 2, 3),
        (198, 2, 3),
        (199, 3, 3),
        (200, 3, 4),
    ] {
        let all: Vec<u64> = (0..entries).collect();
        for count in COUNTS {
            let calls = if count(7, 7).is_some() {
                calls
            } else {
                uncounted
            };
            let fetch = |offset| {
                let page = cut(entries, offset);
                let length = page.len() as u64;
                (page, count(entries, length))
            };
            assert_eq!(read(fetch).await, (all.clone(), calls), "{entries}");
        }
    }
}

#[tokio::test]
async fn pages_that_are_shorter_than_asked_for_end_no_list() {
    for total in [None, Some(120)] {
        let fetch = |offset| ((offset..120.min(offset + 50)).collect(), total);
        assert_eq!(
            read(fetch).await.0,
            (0..120).collect::<Vec<_>>(),
            "{total:?}"
        );
    }
}

#[tokio::test]
async fn entries_that_cannot_be_used_count_and_hide_no_others() {
    for total in [None, Some(250)] {
        let calls = std::cell::Cell::new(0);
        let fetch = |offset, _| {
            calls.set(calls.get() + 1);
            let (odd, entries): (Vec<_>, Vec<_>) = cut(250, offset)
                .into_iter()
                .partition(|entry| entry % 50 == 0);
            let odd = odd.iter().map(|entry| Odd {
                error: Error::general(ErrorKind::UnreadableAnswer, entry.to_string()),
                name: None,
            });
            let page = Page {
                odd: odd.collect(),
                length: cut(250, offset).len() as u64,
                ..page(entries, total)
            };
            async move { Ok(page) }
        };
        let read: Vec<_> = entries(fetch, |entry| *entry, bounds()).collect().await;
        let (error, others) = read
            .split_last()
            .unwrap_or_else(|| panic!("nothing is read"));
        let said = error.as_ref().err().map(Error::to_string);
        assert_eq!(said.as_deref(), Some("0"), "{total:?}");
        let others = others.iter().filter_map(|entry| entry.as_ref().ok());
        let usable = (0..250).filter(|entry| entry % 50 != 0);
        assert!(others.copied().eq(usable), "{total:?}");
        assert!(calls.get() < 8, "{} calls", calls.get());
    }
}

#[tokio::test]
async fn a_list_without_pages_is_read_once() {
    let fetch = |offset| Page {
        is_only: true,
        ..page(cut(250, offset), None)
    };
    let (entries, calls) = outcome(fetch).await;
    assert_eq!((entries.ok(), calls), (Some(full(0)), 1));
}

#[tokio::test]
async fn a_list_without_end_is_an_error_that_names_the_bound() {
    let kind = "UnreadableAnswer: rds-v3 list_backups: the list has more than";
    let endless: [fn(u64) -> Option<u64>; 3] = [
        |_| None,
        |_| Some(u64::MAX),
        |offset| Some(offset + 2 * PAGE),
    ];
    for total in endless {
        let (many, calls) = failure(|offset| page(full(offset), total(offset))).await;
        assert!(
            many.starts_with(&format!("{kind} 100000 entries")),
            "{many}"
        );
        assert_eq!(calls, 1011, "each page but the first has 99 new ones");
    }
    let short = |offset| page(vec![offset, offset + 1], Some(u64::MAX));
    let (few, calls) = failure(short).await;
    assert!(few.starts_with(&format!("{kind} 2000 pages")), "{few}");
    assert_eq!(calls, 2001);

    let large = |offset| Page {
        bytes: 15 * 1024 * 1024,
        ..page(full(offset), None)
    };
    let (large, calls) = failure(large).await;
    assert!(large.starts_with(&format!("{kind} 128 MiB")), "{large}");
    assert_eq!(calls, 9);
}

#[tokio::test]
async fn lists_that_belong_together_share_their_bounds() {
    let whole = bounds();
    let part = async || {
        let bounds = whole.of(Operation::ListInstances);
        let fetch = |offset, _| async move { Ok(page(cut(25_000, offset), None)) };
        let entries = entries(fetch, |entry| *entry, bounds);
        entries.try_collect::<Vec<_>>().await
    };
    for _ in 0..4 {
        assert_eq!(part().await.ok().map(|all| all.len()), Some(25_000));
    }
    let error = part().await.err().map(|error| error.to_string());
    let error = error.unwrap_or_default();
    assert!(error.contains("more than 100000 entries"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_call_is_that_of_the_whole_list_but_not_of_its_reader() {
    let fetch = |offset, left| async move {
        let answer = tokio::time::sleep(Duration::from_secs(70));
        match tokio::time::timeout(left, answer).await {
            Ok(()) => Ok(page(full(offset), None)),
            Err(_) => Err(Error::general(
                ErrorKind::NoAnswer,
                "no answer came in time",
            )),
        }
    };
    let begun = Instant::now();
    let mut list = std::pin::pin!(entries(fetch, |entry: &u64| *entry, bounds()));
    let mut count = 0;
    let error = loop {
        match list.next().await {
            Some(Ok(_)) => count += 1,
            Some(Err(error)) => break error,
            None => panic!("the list has an end"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    assert_eq!(count, 100 + 7 * 99);
    assert_eq!(begun.elapsed(), TIME + Duration::from_secs(count));
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert_eq!(
        error.to_string(),
        "the list is not read to its end within 600s, the time limit of a call, but for 793 \
         entries: no answer came in time"
    );
}

#[tokio::test]
async fn pages_in_turn_that_bring_nothing_new_are_an_error_in_the_end() {
    let is_second = std::cell::Cell::new(true);
    let fetch = |_| {
        // It begins with an entry of the first.
        let second = [1].into_iter().chain(100..199);
        is_second.set(!is_second.get());
        let entries = if is_second.get() {
            second.collect()
        } else {
            full(0)
        };
        page(entries, None)
    };
    let (unsteady, calls) = failure(fetch).await;
    assert!(unsteady.starts_with("Conflict"), "{unsteady}");
    assert!(calls <= u64::from(GAPS) + 3, "{calls} calls");
}

#[tokio::test]
async fn an_entry_that_leads_each_page_does_not_end_the_list() {
    let fetch = |offset: u64| {
        let rest = (offset + 1).min(300)..(offset + PAGE).min(300);
        ([0].into_iter().chain(rest).collect(), None)
    };
    assert_eq!(read(fetch).await.0.len(), 300);
}

#[tokio::test]
async fn a_service_that_ignores_the_offset_is_an_error_if_there_may_be_more() {
    for (count, total) in [(100, None), (100, Some(101)), (50, Some(120))] {
        let (error, calls) = failure(|_| page(cut(count, 0), total)).await;
        let what = "UnreadableAnswer: rds-v3 list_backups: the list has a page for all offsets";
        assert!(error.starts_with(what), "{count} of {total:?}: {error}");
        assert_eq!(calls, 2);
    }
    for (count, total) in [(100, Some(100)), (50, None), (50, Some(50)), (2, None)] {
        let (entries, _) = read(|_| (cut(count, 0), total)).await;
        assert_eq!(entries.len() as u64, count, "{total:?}");
    }
}

#[tokio::test]
async fn a_total_that_is_too_large_is_not_asked_for_ever() {
    for count in [0, 1, 2, 100, 101, 250] {
        let (entries, calls) = read(|offset| (cut(count, offset), Some(1_000_000))).await;
        assert_eq!(entries.len() as u64, count);
        assert!(calls < 6, "{calls} calls");
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
    assert!(
        entries.is_empty() && calls <= 2 * u64::from(GAPS) + 3,
        "{calls} calls"
    );
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
        count_entries in proptest::sample::select(&COUNTS[..]),
    ) {
        let list = std::cell::RefCell::new((0..count).rev().collect::<Vec<_>>());
        let changes = std::cell::RefCell::new(changes.into_iter());
        let newest = std::cell::Cell::new(count);
        let page = |offset| {
            let mut list = list.borrow_mut();
            let (added, removed) = changes.borrow_mut().next().unwrap_or_default();
            // A page that moved by its length looks like one whose offset was ignored, if nothing
            // else shows that the list has grown.
            let added = if count_entries(7, 0) == Some(7) { added } else { added % 90 };
            for place in removed {
                if place < list.len() {
                    list.remove(place);
                }
            }
            for _ in 0..added {
                list.insert(0, newest.replace(newest.get() + 1));
            }
            let page = list.iter().skip(offset as usize).take(PAGE as usize);
            let page: Vec<u64> = page.copied().collect();
            let length = page.len() as u64;
            (page, count_entries(list.len() as u64, length))
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
