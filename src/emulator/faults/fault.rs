//! A fault, its effect on a request and the moment at which it strikes.

use std::time::Duration;

use jiff::fmt::serde::unsigned_duration::friendly::compact::required as friendly;
use serde::{Deserialize, Serialize};

use super::invalid::InvalidFault;
use super::reply::Reply;
use crate::emulator::target::Target;
use crate::service::Operation;

/// A fault of the next requests for an operation.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use dbbackup::emulator::{Emulator, Fault, IamOperation, Reply};
/// use dbbackup::{Operation, Service};
///
/// let emulator = Emulator::start().await?;
/// // The next two creates are throttled, and the third one is done but never answered.
/// let create = (Service::RdsV3, Operation::CreateBackup);
/// let throttled = Reply::new(429).with_header("Retry-After", "1");
/// emulator.inject(create, Fault::reply(throttled).with_times(2))?;
/// emulator.inject(create, Fault::reset().after_acting())?;
/// emulator.inject(IamOperation::CreateToken, Fault::reply(Reply::new(503)))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// Effect on a request.
    pub effect: Effect,
    /// Moment at which it strikes: before or after the request is carried out.
    pub moment: Moment,
    /// Number of requests that it strikes.
    pub times: usize,
    /// Probability that it strikes a request, from 0 to 1; random numbers follow from the emulator's
    /// seed.
    pub chance: f64,
}

/// Effect of a fault on a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// Nothing happens for this time, by the clock of the runtime and not that of the emulator.
    ///
    /// A request whose caller hangs up before it has acted is never carried out.
    Delay(#[serde(with = "friendly")] Duration),
    /// The answer is replaced by this one.
    Reply(Reply),
    /// The connection is reset, and nothing is answered.
    Reset,
    /// The connection ends after so many bytes of the answer's body, which was announced in full.
    ///
    /// The request is always carried out. The last byte is missing in any case, and an answer
    /// without a body is left as it is.
    CutBody(usize),
    /// The backup that is made stays out of lists until the emulator's clock has moved so far.
    ///
    /// Only for `create_backup`. By itself it changes nothing else, and another fault may strike the
    /// same request.
    Hide(#[serde(with = "friendly")] Duration),
    /// The backup that is made stays BUILDING until it is stopped, or a test sets its status.
    ///
    /// Otherwise like [`Effect::Hide`].
    Stick,
    /// The backup that is made ends as FAILED.
    ///
    /// Otherwise like [`Effect::Hide`].
    Fail,
}

/// Moment at which a fault strikes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The request changes nothing; of a delay, not before it is over.
    #[default]
    BeforeActing,
    /// The request is carried out, but its caller does not learn of it, or learns it late.
    AfterActing,
}

impl Effect {
    /// Bytes of the answer in it, if it has one.
    pub(crate) fn size(&self) -> usize {
        let Self::Reply(Reply { headers, body, .. }) = self else {
            return 0;
        };
        let headers = headers.iter().map(|(name, value)| name.len() + value.len());
        headers.sum::<usize>() + body.len()
    }
}

impl Fault {
    /// Delays a request; see [`Effect::Delay`].
    pub fn delay(by: Duration) -> Self {
        Self::new(Effect::Delay(by))
    }

    /// Replaces the answer; see [`Effect::Reply`].
    pub fn reply(reply: Reply) -> Self {
        Self::new(Effect::Reply(reply))
    }

    /// Resets the connection; see [`Effect::Reset`].
    pub fn reset() -> Self {
        Self::new(Effect::Reset)
    }

    /// Ends the connection within the body of the answer; see [`Effect::CutBody`].
    pub fn cut_body(after: usize) -> Self {
        Self::new(Effect::CutBody(after))
    }

    /// Keeps a new backup out of lists; see [`Effect::Hide`].
    pub fn hide(time: Duration) -> Self {
        Self::new(Effect::Hide(time))
    }

    /// Lets a new backup stay BUILDING; see [`Effect::Stick`].
    pub fn stick() -> Self {
        Self::new(Effect::Stick)
    }

    /// Lets a new backup end as FAILED; see [`Effect::Fail`].
    pub fn fail() -> Self {
        Self::new(Effect::Fail)
    }

    fn new(effect: Effect) -> Self {
        Self {
            effect,
            moment: Moment::BeforeActing,
            times: 1,
            chance: 1.0,
        }
    }

    /// Strikes when the request has been carried out.
    pub fn after_acting(mut self) -> Self {
        self.moment = Moment::AfterActing;
        self
    }

    /// Strikes this number of requests.
    pub fn with_times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Strikes a request with this probability, from 0 to 1.
    pub fn with_chance(mut self, chance: f64) -> Self {
        self.chance = chance;
        self
    }

    /// Fails when it cannot happen to this operation.
    pub(crate) fn check(&self, target: Target) -> Result<(), InvalidFault> {
        if !(0.0..=1.0).contains(&self.chance) {
            return Err(InvalidFault::Chance(self.chance));
        }
        let makes_backup = matches!(target, Target::Service(_, Operation::CreateBackup));
        match &self.effect {
            Effect::Hide(_) | Effect::Stick | Effect::Fail if !makes_backup => {
                Err(InvalidFault::NoBackup(target))
            }
            Effect::Reply(reply) => reply.check(),
            _ => Ok(()),
        }
    }
}
