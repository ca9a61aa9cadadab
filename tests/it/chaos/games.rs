//! What is played: plain creates, and keys.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use dbbackup::model::{Backup, NewBackup};
use dbbackup::{ErrorKind, Service, UnknownOutcome};
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use tokio::time::sleep;

use super::world::{WINDOW, World};
use crate::support::time;

/// Instances that are worked on at the same time; rds-v1 makes no more than 50 backups at once.
const INSTANCES: usize = 8;
/// Turns of the event loop in which a request reaches the server.
const ARRIVAL: u32 = 40;

/// Plays on several instances until so many calls are made.
pub(super) async fn play(world: &World, calls: usize, callers: usize) {
    let left = Cell::new(calls);
    let player = async || {
        let instance = world.emulator.add_instance(world.service);
        while left.get() > 0 {
            let made = match callers {
                0 => creates(world, &instance).await,
                _ => key(world, &instance, callers).await,
            };
            left.set(left.get().saturating_sub(made));
            world.forget(&instance);
        }
    };
    let mut players: FuturesUnordered<_> = (0..INSTANCES).map(|_| player()).collect();
    while players.next().await.is_some() {}
}

/// A call whose process is killed after some steps, now and then.
async fn mortal<T>(world: &World, call: impl Future<Output = T>) -> Option<T> {
    if !world.roll(0.15) {
        return Some(call.await);
    }
    let mut steps = world.pick(1..=world.pick(1..=60));
    let mut call = Box::pin(call);
    let result = poll_fn(|context| {
        if steps == 0 {
            return Poll::Ready(None);
        }
        steps -= 1;
        call.as_mut().poll(context).map(Some)
    })
    .await;
    drop(call);
    if result.is_none() {
        world.add("killed", 1);
        time::turns(ARRIVAL).await;
    }
    result
}

/// Some creates under the same name, one after another.
async fn creates(world: &World, instance: &str) -> usize {
    let name = format!("create-{}", world.number());
    let count = world.pick(1..=4);
    for _ in 0..count {
        let (new, mark) = world.backup(instance, &name);
        let result = mortal(world, world.client.create(&new)).await;
        let held: Vec<_> = world.held(&mark).into_iter().map(|held| held.id).collect();
        assert!(held.len() <= 1, "two backups of {new:?}");
        match result {
            None => {}
            Some(Ok(backup)) => {
                assert_eq!(held, [backup.reference.id.as_str()], "{backup:?}");
                // Only lists say which engine it is.
                let is_adopted = backup.engine.is_some() && world.service != Service::RdsV1;
                world.add(if is_adopted { "adopted" } else { "made" }, 1);
            }
            Some(Err(error)) => {
                world.add(&format!("{:?}", error.kind()), 1);
                match UnknownOutcome::of(&error) {
                    Some(unknown) => again(world, unknown, &held).await,
                    None => assert!(held.is_empty(), "{error:?}"),
                }
            }
        }
        sleep(Duration::from_secs(world.pick(1..=10) as u64)).await;
    }
    count
}

/// Looks again when the outcome was unknown.
async fn again(world: &World, unknown: &UnknownOutcome, held: &[String]) {
    match world.client.look_again(unknown).await {
        Ok(backup) => assert_eq!(held, [backup.reference.id.as_str()], "{backup:?}"),
        Err(error) => assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error:?}"),
    }
    world.add(
        if held.is_empty() {
            "there is none"
        } else {
            "there is one"
        },
        1,
    );
}

/// Callers with one key.
async fn key(world: &World, instance: &str, callers: usize) -> usize {
    let (new, mark) = world.backup(instance, "nightly");
    let mut calls = 0;
    let mut dead = None;
    if world.roll(0.1) {
        let first = answered(world, &new, &mark).await.reference.id;
        let status = ["FAILED", "DELETING"][world.pick(0..=1)];
        world
            .emulator
            .set_status(world.service, first.as_str(), status);
        dead = Some(first);
        calls += 1;
    }
    let callers = (0..world.pick(1..=callers)).map(|_| answered(world, &new, &mark));
    let results = join_all(callers).await;
    calls += results.len();
    let mut held = world.held(&mark);
    held.retain(|held| !matches!(held.status.as_str(), "FAILED" | "DELETING"));
    let ids: Vec<_> = held.iter().map(|held| held.id.as_str()).collect();
    for backup in &results {
        assert_eq!(ids, [backup.reference.id.as_str()], "{mark}: {held:#?}");
    }
    if dead.is_some() {
        assert!(held[0].name.ends_with("-2"), "{held:?}");
        world.add("second name", 1);
    }
    world.add("answered", results.len());
    calls
}

/// Calls again until there is an answer.
async fn answered(world: &World, new: &NewBackup, key: &str) -> Backup {
    for _ in 0..100 {
        match mortal(world, world.client.ensure(new, key)).await {
            None => {}
            Some(Ok(backup)) => return backup,
            Some(Err(error)) => {
                use ErrorKind::{
                    Conflict, NoAnswer, OutcomeUnknown, Throttled, Unavailable, UnreadableAnswer,
                };
                let kind = error.kind();
                let is_transient = matches!(
                    kind,
                    Conflict
                        | NoAnswer
                        | OutcomeUnknown
                        | Throttled
                        | Unavailable
                        | UnreadableAnswer
                );
                assert!(is_transient, "{error:?}");
                world.add(&format!("{kind:?}"), 1);
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
    panic!("no answer in 100 calls, each of which looks for {WINDOW:?}");
}
