//! Callers and a service in a few lines, so that random faults can strike between any two steps.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;

use super::evidence::{Before, Mark, Wanted, latest_begin};
use super::machine::{Answer, End, Event, Goal, Sight, State};
use super::names::Names;
use crate::client::look::Reading;
use crate::error::{Error, ErrorKind};
use crate::model::{Backup, BackupRef, BackupStatus, BackupType, NewBackup};
use crate::service::{Operation, Service};

const INSTANCE: &str = "d8e6ca5a624745bcb546a227aa3ae1cfin01";
/// Seconds in which a backup shows up.
const WINDOW: u64 = 10;
/// Seconds in which a backup is made, and the instance is busy.
const BUILD: u64 = 2 * WINDOW;

/// What comes next, by chance; nothing unusual once the list is at its end.
struct Dice(std::vec::IntoIter<u8>);

impl Dice {
    /// A number below `sides`, most often 0.
    fn roll(&mut self, sides: u8) -> u64 {
        self.0
            .next()
            .map_or(0, |value| value.saturating_sub(128) % sides)
            .into()
    }
}

/// A service and its time.
struct Server {
    refuses_names: bool,
    now: u64,
    made: usize,
    backups: Vec<(Backup, Stored)>,
}

#[derive(Clone, Copy)]
struct Stored {
    begins: u64,
    listed_from: u64,
    /// When it is gone, once it is being deleted.
    vanishes: u64,
    by: usize,
}

impl Server {
    fn reading(&self, dice: &mut Dice) -> (Vec<Backup>, Reading) {
        let listed = self
            .backups
            .iter()
            .filter(|(_, stored)| stored.listed_from <= self.now);
        let mut reading = Reading {
            date: second(self.now),
            ..Reading::default()
        };
        let mut entries: Vec<_> = listed.map(|(backup, _)| backup.clone()).collect();
        if dice.roll(8) == 1 {
            let error = Error::new(
                ErrorKind::NoAnswer,
                Service::RdsV3,
                Operation::ListBackups,
                "lost",
            );
            reading.failure = Some(error);
            entries.truncate(dice.roll(3) as usize);
        }
        (entries, reading)
    }

    /// Starts to delete a live backup that is listed and made.
    fn delete(&mut self, dice: &mut Dice) {
        let now = self.now;
        let done = |(backup, stored): &&mut (Backup, Stored)| {
            is_live(backup) && stored.listed_from <= now && stored.begins + BUILD <= now
        };
        if let Some((backup, stored)) = self.backups.iter_mut().find(done) {
            backup.status = BackupStatus::Deleting;
            stored.vanishes = now + dice.roll(WINDOW as u8);
        }
    }

    /// Time goes on.
    fn pass(&mut self, seconds: u64) {
        self.now += seconds;
        let now = self.now;
        self.backups.retain(|(_, stored)| now < stored.vanishes);
    }

    /// Makes a backup, unless it is refused.
    fn make(&mut self, new: &NewBackup, by: usize, dice: &mut Dice) -> Result<Backup, Answer> {
        let name = new.name.as_str();
        if self.refuses_names && self.backups.iter().any(|(backup, _)| backup.name == name) {
            return Err(Answer::Taken);
        }
        let runs = |(backup, stored): &(Backup, Stored)| {
            backup.status == BackupStatus::Building && self.now < stored.begins + BUILD
        };
        if self.backups.iter().any(runs) {
            return Err(Answer::Busy {
                patient: dice.roll(2) == 1,
            });
        }
        self.made += 1;
        let id = format!("backup-{}", self.made);
        let mut backup = Backup::new(BackupRef {
            service: Service::RdsV3,
            instance: Some(new.instance.clone()),
            id: id.try_into().map_err(|_| Answer::Refused)?,
        });
        backup.name = name.to_owned();
        backup.kind = Some(BackupType::Manual);
        backup.begin = second(self.now).map(|begin| begin.to_string().into());
        backup.status = match dice.roll(8) {
            1 => BackupStatus::Failed,
            _ => BackupStatus::Building,
        };
        let stored = Stored {
            begins: self.now,
            listed_from: self.now + dice.roll(WINDOW as u8 + 1),
            vanishes: u64::MAX,
            by,
        };
        self.backups.push((backup.clone(), stored));
        Ok(backup)
    }

    fn post(&mut self, new: &NewBackup, by: usize, dice: &mut Dice) -> (Answer, Option<Backup>) {
        match dice.roll(4) {
            1 => (Answer::Lost, None),
            2 => {
                // Acted on or refused, the answer does not arrive.
                let _ = self.make(new, by, dice);
                (Answer::Lost, None)
            }
            3 => (Answer::Refused, None),
            _ => match self.make(new, by, dice) {
                Ok(backup) => (Answer::Accepted, Some(backup)),
                Err(answer) => (answer, None),
            },
        }
    }
}

fn second(number: u64) -> Option<Timestamp> {
    Timestamp::UNIX_EPOCH
        .checked_add(Duration::from_secs(number))
        .ok()
}

/// A call that is under way.
struct Caller {
    number: usize,
    goal: Goal,
    wanted: Wanted,
    state: State,
    closes: u64,
    found: Option<Backup>,
}

impl Caller {
    fn new(number: usize, goal: Goal, now: u64) -> Self {
        let parsed = INSTANCE.parse().ok().zip("nightly".parse().ok());
        let new = parsed.map(|(instance, name)| NewBackup::new(instance, name));
        let new = new.unwrap_or_else(|| panic!("the name is legal"));
        let mark = match goal {
            Goal::Create => Mark::Before(Before::default()),
            _ => Mark::Key(Names::new(Service::RdsV3, &new, "key"), 1),
        };
        Self {
            number,
            goal,
            wanted: Wanted::new(new, mark),
            state: State::Survey,
            closes: now,
            found: None,
        }
    }

    /// Does what the state says.
    fn step(&mut self, server: &mut Server, dice: &mut Dice) {
        server.pass(dice.roll(3));
        self.act(server, dice);
        // Where nothing else guards the name, the POST has to follow the list without delay.
        if self.goal == Goal::EnsureAlone && self.state == State::Post {
            self.act(server, dice);
        }
    }

    fn act(&mut self, server: &mut Server, dice: &mut Dice) {
        let event = match self.state {
            State::Survey => self.look(server, dice, true),
            State::Guard => {
                server.pass(1 + dice.roll(4));
                self.look(server, dice, true)
            }
            State::Search(_) => {
                server.pass(1 + dice.roll(4));
                self.look(server, dice, false)
            }
            State::Post => {
                if let Mark::Key(names, number) = &self.wanted.mark {
                    self.wanted.new.name = names.get(*number).unwrap_or_else(|| panic!("{number}"));
                }
                let (answer, backup) = server.post(&self.wanted.new, self.number, dice);
                self.found = backup;
                Event::Answer(answer)
            }
            State::Rest => Event::Rested,
            State::End(_) => return,
        };
        let next = self.goal.next(self.state, event);
        if next != self.state {
            self.closes = server.now + WINDOW;
        }
        self.state = next;
    }

    fn look(&mut self, server: &Server, dice: &mut Dice, is_before: bool) -> Event {
        let (mut entries, reading) = server.reading(dice);
        let newest = entries.iter().filter_map(latest_begin).max();
        entries.retain(|backup| self.wanted.concerns(backup));
        let found = if is_before {
            self.wanted.survey(entries, newest, &reading)
        } else {
            self.wanted.search(entries, &reading)
        };
        let sight = found.map(|backup| self.found = Some(backup)).err();
        Event::Look {
            sight: sight.unwrap_or(Sight::Ours),
            closing: server.now >= self.closes,
        }
    }
}

fn is_live(backup: &Backup) -> bool {
    !matches!(backup.status, BackupStatus::Failed | BackupStatus::Deleting)
}

fn live(server: &Server) -> Vec<&Backup> {
    let backups = server.backups.iter().map(|(backup, _)| backup);
    backups.filter(|backup| is_live(backup)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Callers with one key take turns by chance and are killed by chance, and backups are deleted,
    /// until one after another is left alone and answers.
    #[test]
    fn a_key_has_one_live_backup(
        refuses_names: bool,
        turns in vec((0..3_usize, 0..20_u8), 0..200),
        faults in vec(any::<u8>(), 0..400),
    ) {
        let goal = if refuses_names { Goal::Ensure } else { Goal::EnsureAlone };
        let mut server = Server { refuses_names, now: 1000, made: 0, backups: Vec::new() };
        let mut dice = Dice(faults.into_iter());
        let mut callers: Vec<_> = (0..3).map(|number| Caller::new(number, goal, 1000)).collect();
        for (turn, kill) in turns {
            let caller = &mut callers[turn];
            caller.step(&mut server, &mut dice);
            if kill == 0 || matches!(caller.state, State::End(_)) {
                *caller = Caller::new(turn, goal, server.now);
            }
            if kill == 1 {
                server.delete(&mut dice);
            }
            prop_assert!(live(&server).len() <= 1, "two live backups");
        }
        let mut calm = Dice(Vec::new().into_iter());
        for mut caller in callers {
            // A refusal because the instance is busy is an answer only for now.
            while !matches!(caller.state, State::End(End::Accepted | End::Found)) {
                caller.step(&mut server, &mut calm);
                if matches!(caller.state, State::End(End::Refused | End::Unknown)) {
                    caller = Caller::new(caller.number, goal, server.now);
                }
            }
            let [backup] = live(&server)[..] else {
                return Err(TestCaseError::fail("not one live backup"));
            };
            prop_assert_eq!(caller.found.map(|b| b.reference), Some(backup.reference.clone()));
        }
    }

    /// Creates of one name follow each other, each of them after a second at least.
    #[test]
    fn a_create_says_what_is_true(
        refuses_names: bool,
        calls in 1..6_usize,
        faults in vec(any::<u8>(), 0..200),
    ) {
        let mut server = Server { refuses_names, now: 1000, made: 0, backups: Vec::new() };
        let mut dice = Dice(faults.into_iter());
        let mut ids = HashSet::new();
        for number in 0..calls {
            server.pass(1 + dice.roll(3 * BUILD as u8));
            let mut caller = Caller::new(number, Goal::Create, server.now);
            for _ in 0..100 {
                caller.step(&mut server, &mut dice);
            }
            let made: Vec<_> = server.backups.iter().filter(|(_, s)| s.by == number).collect();
            prop_assert!(made.len() <= 1);
            match caller.state {
                State::End(End::Accepted | End::Found) => {
                    let id = caller.found.map(|backup| backup.reference.id);
                    prop_assert_eq!(Some(&made[0].0.reference.id), id.as_ref());
                    prop_assert!(ids.insert(id), "one backup for two calls");
                }
                State::End(End::Unknown) => {}
                State::End(_) => prop_assert!(made.is_empty(), "{:?}", caller.state),
                state => prop_assert!(false, "{state:?} is no end"),
            }
        }
    }
}
