//! What a test can let go wrong with a request.
//!
//! A [`Fault`] is plain data. [`Emulator::inject`](super::Emulator::inject) queues it for an
//! operation, and each request for this operation takes one from the queue, whatever it asks for and
//! whoever sends it. A plan has several of them as text.

mod limit;
mod plan;

pub(super) use limit::Limits;
pub use limit::RateLimit;
pub use plan::InvalidPlan;
pub(super) use plan::{Plan, Planned};

use std::fmt;
use std::time::Duration;

use axum::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as friendly;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::service::Service;

/// The only operation that makes backups.
const CREATE: &str = "create_backup";

/// A server of the emulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// A service, with the operation ids of its contract.
    Service(Service),
    /// IAM, with `create_token` (a login), `validate_token`, `list_projects`, `list_own_projects`,
    /// `list_own_domains`, `show_catalog`, `show_version` and `list_versions`.
    Iam,
}

impl Target {
    /// Name of the service, or `iam`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service(service) => service.as_str(),
            Self::Iam => "iam",
        }
    }
}

impl From<Service> for Target {
    fn from(service: Service) -> Self {
        Self::Service(service)
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let mut known = Service::ALL
            .map(Self::Service)
            .into_iter()
            .chain([Self::Iam]);
        known.find(|target| target.as_str() == name).ok_or_else(|| {
            let names = Service::ALL.map(Service::as_str).join(", ");
            D::Error::custom(format!("target must be one of {names}, iam"))
        })
    }
}

/// Something that goes wrong with the next requests for an operation.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use dbbackup::Service;
/// use dbbackup::emulator::{Emulator, Fault, Reply, Target};
///
/// let emulator = Emulator::start().await?;
/// // The next two creates are throttled, and the third one is done but never answered.
/// let throttled = Reply::new(429).with_header("Retry-After", "1");
/// emulator.inject(Service::RdsV3, "create_backup", Fault::reply(throttled).with_times(2))?;
/// emulator.inject(Service::RdsV3, "create_backup", Fault::reset().after_acting())?;
/// emulator.inject(Target::Iam, "create_token", Fault::reply(Reply::new(503)))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// What goes wrong.
    pub effect: Effect,
    /// Whether the request is carried out all the same.
    pub moment: Moment,
    /// How many requests it hits.
    pub times: usize,
    /// How likely a request is hit, from 0 to 1; the dice follow from the emulator's seed.
    pub chance: f64,
}

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// Nothing happens for this time, which is that of the runtime, not of the emulator's clock.
    ///
    /// A request whose caller hangs up before it has acted is never carried out.
    Delay(#[serde(with = "friendly")] Duration),
    /// This is answered in place of the real answer.
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
    /// The backup that is made stays BUILDING until it is stopped, or told otherwise by a test.
    ///
    /// Otherwise like [`Effect::Hide`].
    Stick,
    /// The backup that is made ends as FAILED.
    ///
    /// Otherwise like [`Effect::Hide`].
    Fail,
}

/// When a fault strikes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The request changes nothing; of a delay, not before it is over.
    #[default]
    BeforeActing,
    /// The request is carried out, but its caller does not learn of it, or learns it late.
    AfterActing,
}

/// An answer in place of the real one; only `Content-Length` is added, and `Date` where missing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Reply {
    /// Status, such as 503.
    pub status: u16,
    /// Names and values of headers; a map where it is text.
    #[serde(default, deserialize_with = "read_map", serialize_with = "write_map")]
    pub headers: Vec<(String, String)>,
    /// The body, empty for none.
    #[serde(default)]
    pub body: String,
}

/// A fault that cannot happen.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum InvalidFault {
    /// The target has no such operation.
    UnknownOperation(String),
    /// The operation makes no backup that could be hidden or fail.
    NoBackup(String),
    /// HTTP has no such status for an answer.
    Status(u16),
    /// HTTP does not allow such a header, or it would say how the body is sent; this is its name.
    Header(String),
    /// A chance is a number from 0 to 1.
    Chance(f64),
}

impl Effect {
    /// Bytes of an answer that is given in it.
    pub(super) fn size(&self) -> usize {
        let Self::Reply(Reply { headers, body, .. }) = self else {
            return 0;
        };
        let headers = headers.iter().map(|(name, value)| name.len() + value.len());
        headers.sum::<usize>() + body.len()
    }
}

impl Fault {
    /// Lets a request wait; see [`Effect::Delay`].
    pub fn delay(by: Duration) -> Self {
        Self::new(Effect::Delay(by))
    }

    /// Gives another answer.
    pub fn reply(reply: Reply) -> Self {
        Self::new(Effect::Reply(reply))
    }

    /// Resets the connection.
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

    /// Strikes so many times, one after another.
    pub fn with_times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Strikes a request with this chance, from 0 to 1.
    pub fn with_chance(mut self, chance: f64) -> Self {
        self.chance = chance;
        self
    }

    /// Whether it can happen to this operation.
    pub(super) fn check(&self, operation_id: &str) -> Result<(), InvalidFault> {
        if !(0.0..=1.0).contains(&self.chance) {
            return Err(InvalidFault::Chance(self.chance));
        }
        match &self.effect {
            Effect::Hide(_) | Effect::Stick | Effect::Fail if operation_id != CREATE => {
                Err(InvalidFault::NoBackup(operation_id.to_owned()))
            }
            Effect::Reply(reply) => reply.check(),
            _ => Ok(()),
        }
    }
}

impl Reply {
    /// An answer without a body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// Adds a header.
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body; its type is said by a header `Content-Type`, if at all.
    pub fn with_body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    fn check(&self) -> Result<(), InvalidFault> {
        let status = StatusCode::from_u16(self.status);
        // A status below 200 is not an answer: another one has to follow.
        if !status.is_ok_and(|status| !status.is_informational()) {
            return Err(InvalidFault::Status(self.status));
        }
        // How the body is sent follows from the body.
        let framing = [CONTENT_LENGTH, TRANSFER_ENCODING];
        let is_wrong = |(name, value): &&(String, String)| {
            let name = name.parse::<HeaderName>();
            !name.is_ok_and(|name| !framing.contains(&name))
                || value.parse::<HeaderValue>().is_err()
        };
        match self.headers.iter().find(is_wrong) {
            Some((name, _)) => Err(InvalidFault::Header(name.clone())),
            None => Ok(()),
        }
    }
}

fn read_map<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<(String, String)>, D::Error> {
    let map = std::collections::BTreeMap::deserialize(source)?;
    Ok(map.into_iter().collect())
}

fn write_map<S: Serializer>(pairs: &[(String, String)], target: S) -> Result<S::Ok, S::Error> {
    target.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation(id) => write!(f, "there is no operation {id}"),
            Self::NoBackup(id) => {
                write!(
                    f,
                    "{id} makes no backup that could be hidden, stick or fail"
                )
            }
            Self::Status(status) => write!(f, "{status} is not the status of an answer"),
            Self::Chance(chance) => {
                write!(f, "a chance is a number from 0 to 1, but it is {chance}")
            }
            Self::Header(name) => write!(f, "the header {name:?} cannot be sent like this"),
        }
    }
}

impl std::error::Error for InvalidFault {}
