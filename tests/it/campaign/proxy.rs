//! A proxy between one process and a service, in which everything goes wrong now and then.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::process::Child;
use std::time::Duration;

use dbbackup::Operation;
use dbbackup::emulator::Fault;
use fastrand::Rng;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::World;
use super::forged::Forger;
use crate::support::{http, whole_request};

/// How long a new backup is not listed; what the client allows is a minute.
const HIDDEN: [u64; 3] = [1, 10, 50];

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Answered,
    /// The connection ends before anything was forwarded.
    Unsent,
    /// The connection ends after it was.
    Unanswered,
    /// It ends within the answer.
    Cut,
    /// A gateway answers in place of the service, which has acted.
    Gateway,
    /// The answer never comes.
    Silent,
    /// The service gets the request when its caller waits no more.
    Late,
    /// The process is killed before anything was forwarded.
    KilledBefore,
    /// Likewise, once the service has acted.
    KilledAfter,
    /// Likewise, within the answer.
    KilledWithin,
}

/// Troubles that are over soon, and those that are not: for what reads, and for a create.
const OF_READS: [Fate; 4] = [Fate::Unsent, Fate::Unanswered, Fate::Cut, Fate::Gateway];
const OF_CREATES: [Fate; 3] = [Fate::Unanswered, Fate::Cut, Fate::Gateway];
const LONG: [Fate; 3] = [Fate::Unsent, Fate::Silent, Fate::Late];
const KILLED: [Fate; 3] = [Fate::KilledBefore, Fate::KilledAfter, Fate::KilledWithin];

pub(super) struct Proxy<'a> {
    pub(super) url: String,
    world: &'a World<'a>,
    listener: TcpListener,
    dice: RefCell<Rng>,
    forger: Forger,
    child: RefCell<Option<Child>>,
    /// How often a read goes wrong.
    trouble: f64,
    /// The request at which the process is killed, and how.
    kill: Option<(usize, Fate)>,
    requests: Cell<usize>,
    is_killed: Cell<bool>,
    story: RefCell<Vec<String>>,
}

impl<'a> Proxy<'a> {
    pub(super) async fn new(world: &'a World<'a>, mut dice: Rng) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let last = if world.is_patient { 12 } else { 3 };
        let is_mortal = dice.f64() < 0.4;
        // Half of them at the first requests, among which the create is.
        let last = if dice.bool() { 3 } else { last };
        let kill = (dice.usize(1..=last), KILLED[dice.usize(..KILLED.len())]);
        // More than the attempts of the client can get over.
        let is_worse = world.is_patient && dice.f64() < 0.15;
        Self {
            url,
            world,
            trouble: if is_worse { 0.8 } else { 0.1 },
            listener,
            forger: Forger::new(world, &mut dice),
            dice: RefCell::new(dice),
            child: RefCell::default(),
            kill: is_mortal.then_some(kill),
            requests: Cell::default(),
            is_killed: Cell::default(),
            story: RefCell::default(),
        }
    }

    /// The process that is killed if the dice say so.
    pub(super) fn guard(&self, child: Child) {
        *self.child.borrow_mut() = Some(child);
    }

    /// Answers requests without end.
    pub(super) async fn serve(&self) {
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => open.push(self.attend(accepted.unwrap().0)),
                Some(()) = open.next() => {}
            }
        }
    }

    /// The exit code of the process, whether it was killed, and what was done to it.
    pub(super) fn end(self) -> (Option<i32>, bool, Vec<String>) {
        let mut child = self.child.into_inner().unwrap();
        let code = child.wait().unwrap().code();
        (code, self.is_killed.get(), self.story.into_inner())
    }

    fn kill(&self) {
        // One that has ended by itself cannot be killed any more.
        let _ = self.child.borrow_mut().as_mut().unwrap().kill();
        self.is_killed.set(true);
    }

    fn fate(&self, creates: bool) -> Fate {
        let number = self.requests.get() + 1;
        self.requests.set(number);
        if let Some((at, fate)) = self.kill
            && at == number
        {
            return fate;
        }
        let mut dice = self.dice.borrow_mut();
        let mut fates = if creates {
            OF_CREATES.to_vec()
        } else {
            OF_READS.to_vec()
        };
        if self.world.is_patient {
            fates.extend(LONG);
        }
        let is_struck = dice.f64() < if creates { 0.5 } else { self.trouble };
        if is_struck {
            fates[dice.usize(..fates.len())]
        } else {
            Fate::Answered
        }
    }

    async fn attend(&self, mut caller: TcpStream) {
        let Some(request) = whole_request(&mut caller).await else {
            return;
        };
        let creates = request.starts_with("POST ");
        let fate = self.fate(creates);
        let line = request.lines().next().unwrap_or_default();
        self.story.borrow_mut().push(format!("{fate:?}: {line}"));
        self.world.judge.add(&format!("{fate:?}"));
        match fate {
            Fate::Unsent => return,
            Fate::KilledBefore => return self.kill(),
            Fate::Late => sleep(self.world.patience() + Duration::from_secs(1)).await,
            _ => {}
        }
        if creates {
            self.hide();
        }
        let answer = self.forward(&request).await;
        let answer = self
            .forger
            .forge(&answer, &mut self.dice.borrow_mut(), self.world.judge);
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let within = answer.len() - self.dice.borrow_mut().usize(1..=body.len().max(1));
        // Whoever does not wait any more does not read.
        let _ = match fate {
            Fate::Unanswered | Fate::KilledAfter => Ok(()),
            Fate::Cut | Fate::KilledWithin => caller.write_all(&answer.as_bytes()[..within]).await,
            Fate::Gateway => caller.write_all(&http("502 Bad Gateway", &[], "")).await,
            Fate::Silent => pending().await,
            _ => caller.write_all(answer.as_bytes()).await,
        };
        if KILLED.contains(&fate) {
            self.kill();
        }
    }

    /// Now and then the service lists the next backup late.
    fn hide(&self) {
        let mut dice = self.dice.borrow_mut();
        if self.world.is_patient && dice.f64() < 0.2 {
            let time = Duration::from_secs(HIDDEN[dice.usize(..HIDDEN.len())]);
            let World {
                emulator,
                job,
                judge,
                ..
            } = self.world;
            let fault = Fault::hide(time);
            emulator
                .inject((job.service, Operation::CreateBackup), fault)
                .unwrap();
            self.story.borrow_mut().push(format!("hidden for {time:?}"));
            judge.add("hidden");
        }
    }

    /// The answer of the service.
    async fn forward(&self, request: &str) -> String {
        let address = self.world.emulator.url(self.world.job.service);
        let address = address.strip_prefix("http://").unwrap();
        let mut service = TcpStream::connect(address).await.unwrap();
        let request = request.replacen("\r\n\r\n", "\r\nconnection: close\r\n\r\n", 1);
        service.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        service.read_to_string(&mut answer).await.unwrap();
        answer
    }
}
