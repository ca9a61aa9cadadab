//! What the states stand for: lists, pauses and the POST.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep};
use tracing::{debug, warn};

use super::evidence::{Mark, Wanted, latest_begin};
use super::machine::{Answer, End, Event, Goal, Sight, State};
use super::unknown::UnknownOutcome;
use crate::client::BackupClient;
use crate::error::{Error, ErrorKind};
use crate::model::{Backup, BackupFilter, BackupStatus, BackupType};
use crate::service::Operation;
use crate::transport::{after, pauses};

/// What to do where the service has the name of a key and no list shows it.
const UNSEEN: &str = "a backup of the key seems to exist, but no list shows its name: \
                      list the backups of the instance, and look at those without a name";

/// A create or ensure that is under way.
pub(super) struct Run<'a> {
    client: &'a BackupClient,
    goal: Goal,
    wanted: Wanted,
    /// What is returned unless the end says something else.
    result: Result<Backup, Error>,
    /// Until when a busy instance is waited for.
    patience: Option<Instant>,
    /// Pauses before the POST is sent again.
    rests: Box<dyn Iterator<Item = Duration> + Send>,
    rest: Duration,
    /// Time of the service at the last list.
    date: Option<Timestamp>,
    /// On rds-v1 held from counting the backups in flight to making one more.
    creating: Option<OwnedMutexGuard<()>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(client: &'a BackupClient, goal: Goal, wanted: Wanted) -> Self {
        Self {
            client,
            goal,
            wanted,
            result: Err(Error::new(
                ErrorKind::OutcomeUnknown,
                client.service(),
                Operation::CreateBackup,
                "no list shows it",
            )),
            patience: client.idle_limit.map(after),
            rests: Box::new(client.transport.pauses()),
            rest: Duration::ZERO,
            date: None,
            creating: None,
        }
    }

    /// Does what each state says, beginning with this one.
    pub(super) async fn from(mut self, mut state: State) -> Result<Backup, Error> {
        let mut window = self.window(state);
        loop {
            let event = match state {
                State::Survey => {
                    if self.goal == Goal::Create {
                        self.lock().await;
                    }
                    self.look(true, false).await
                }
                State::Guard => {
                    let closing = window.turn().await;
                    if closing {
                        self.lock().await;
                    }
                    self.look(true, closing).await
                }
                State::Search(_) => {
                    let closing = window.turn().await;
                    self.look(false, closing).await
                }
                State::Post => Event::Answer(self.post().await),
                State::Rest => {
                    sleep(self.rest).await;
                    Event::Rested
                }
                State::End(end) => return self.end(end),
            };
            let next = self.goal.next(state, event);
            debug!(?state, ?event, ?next, name = %self.wanted.new.name, "create");
            if let (State::Post, State::Search(doubt)) = (state, next) {
                warn!(?doubt, name = %self.wanted.new.name, "the backup is looked for");
            }
            if next != state {
                window = self.window(next);
                if next != State::Post {
                    drop(self.creating.take());
                }
            }
            state = next;
        }
    }

    /// The window of a state, which begins now.
    fn window(&self, state: State) -> Window {
        Window::open(self.client.window, state != State::Guard)
    }

    /// Keeps other creates of the process out, where they have to be counted.
    async fn lock(&mut self) {
        if self.client.capabilities().most_in_progress.is_some() {
            self.creating = Some(self.client.creating.clone().lock_owned().await);
        }
    }

    /// Lists, before or after the POST.
    async fn look(&mut self, is_before: bool, closing: bool) -> Event {
        let most = self.client.capabilities().most_in_progress;
        let mut filter = BackupFilter::all();
        if most.is_none() {
            let instance = self.wanted.new.instance.clone();
            filter = filter.with_instance(instance).with_kind(BackupType::Manual);
        }
        let (mut entries, mut building, mut newest) = (Vec::new(), 0, None);
        let mut is_nameless = false;
        let keep = |backup: Backup| {
            is_nameless |= self.wanted.is_nameless(&backup);
            building += usize::from(backup.status == BackupStatus::Building);
            newest = newest.max(latest_begin(&backup));
            if self.wanted.concerns(&backup) {
                entries.push(backup);
            }
            false
        };
        let mut reading = self.client.read(&filter, keep).await;
        let is_guarded = self.goal == Goal::Ensure;
        reading.failure = self.wanted.failure_of(&reading, is_guarded);
        if is_nameless && self.goal == Goal::EnsureAlone && reading.failure.is_none() {
            let message = "a backup of the instance is listed without its name";
            let operation = Operation::ListBackups;
            let kind = ErrorKind::UnreadableAnswer;
            reading.failure = Some(Error::new(kind, self.client.service(), operation, message));
        }
        self.date = reading.date.or(self.date);
        let found = if is_before {
            self.wanted.survey(entries, newest, &reading)
        } else {
            self.wanted.search(entries, &reading)
        };
        let sight = match found {
            Ok(backup) => {
                self.result = Ok(backup);
                Sight::Ours
            }
            Err(_) if is_before && most.is_some() && reading.failure.is_some() => Sight::Failed,
            Err(_) if is_before && most.is_some_and(|most| building >= most) => Sight::Full,
            Err(sight) => sight,
        };
        // A list that is refused stays so.
        let is_refused = |failure: &Error| !failure.kind().is_transient();
        let is_over = sight == Sight::Failed && reading.failure.as_ref().is_some_and(is_refused);
        if let (Some(failure), true) = (reading.failure, is_before && sight != Sight::Ours) {
            self.result =
                Err(failure.with_context("nothing was created, for the list is needed first"));
        }
        Event::Look {
            sight,
            closing: closing || is_over,
        }
    }

    /// Sends the POST, once unless the service surely did not act.
    async fn post(&mut self) -> Answer {
        if let Mark::Key(names, number) = &self.wanted.mark {
            let Some(name) = names.get(*number) else {
                let message = "all names of this key belong to failed backups: delete them";
                self.result = Err(self.error(ErrorKind::Conflict, message));
                return Answer::Refused;
            };
            self.wanted.new.name = name;
        }
        let new = &self.wanted.new;
        let result = self.client.call(self.client.variant.create(new)).await;
        let answer = match &result {
            Ok(_) if self.goal == Goal::Ensure && self.is_successor() => Answer::Succeeded,
            Ok(_) => Answer::Accepted,
            Err(error) if error.may_have_acted() => Answer::Lost,
            Err(error) if error.is_name_taken() => Answer::Taken,
            Err(error) if error.is_busy() => Answer::Busy {
                patient: self.may_rest(error.retry_after()),
            },
            Err(_) => Answer::Refused,
        };
        self.result = result;
        answer
    }

    /// Whether the name is not the first one of its key.
    fn is_successor(&self) -> bool {
        matches!(self.wanted.mark, Mark::Key(_, number) if number > 1)
    }

    /// Whether there is time for another pause, which is set then.
    fn may_rest(&mut self, asked: Option<Duration>) -> bool {
        // No pause at all would ask without end.
        let asked = asked.filter(|asked| !asked.is_zero());
        self.rest = asked.or_else(|| self.rests.next()).unwrap_or_default();
        let ends = Instant::now().checked_add(self.rest);
        ends.zip(self.patience)
            .is_some_and(|(ends, patience)| ends < patience)
    }

    fn end(mut self, end: End) -> Result<Backup, Error> {
        match end {
            End::Refused => self.result.map_err(|error| match self.wanted.mark {
                Mark::Key(..) if error.is_name_taken() => error.with_remedy(UNSEEN),
                _ => error,
            }),
            End::Accepted | End::Found | End::Unlisted => self.result,
            End::Unknown => self.result.map_err(|cause| {
                self.wanted.mark.close(self.date);
                let unknown =
                    UnknownOutcome::new(self.client.service(), self.wanted, cause.clone());
                cause
                    .with_unknown_outcome(&unknown.in_words())
                    .with_source(unknown)
            }),
            End::Hidden => {
                let message = format!(
                    "{} lists only the newest {} backups, and that of the key is not among them; it may \
                     exist: delete old ones",
                    self.client.service(),
                    self.client.capabilities().listed(),
                );
                Err(self.error(ErrorKind::OutOfSight, message))
            }
            End::Full => {
                let service = self.client.service();
                let most = self.client.capabilities().most_in_progress;
                let message = format!(
                    "{} backups of the project are in the making, and with more of them {service} \
                     would list some no longer: wait until one is done",
                    most.unwrap_or_default(),
                );
                Err(self.error(ErrorKind::Conflict, message))
            }
        }
    }

    fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(
            kind,
            self.client.service(),
            Operation::CreateBackup,
            message,
        )
    }
}

/// The time in which a backup shows up, with a list now and then.
struct Window {
    closes: Instant,
    pauses: Box<dyn Iterator<Item = Duration> + Send>,
}

impl Window {
    /// Opens one; the first list may be at once.
    fn open(length: Duration, at_once: bool) -> Self {
        let growing = pauses(length / 32, length / 4);
        let first = at_once.then_some(Duration::ZERO);
        Self {
            closes: after(length),
            pauses: Box::new(first.into_iter().chain(growing)),
        }
    }

    /// Waits until the next list, and says whether it is the last one.
    async fn turn(&mut self) -> bool {
        let left = self.closes.saturating_duration_since(Instant::now());
        let pause = self.pauses.next().unwrap_or(left);
        sleep(pause.min(left)).await;
        pause >= left
    }
}
