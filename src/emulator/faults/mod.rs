//! Faults that tests let happen to requests.
//!
//! A [`Fault`] is plain data. [`Emulator::inject`](super::Emulator::inject) queues it for an
//! operation, and each request for this operation takes one from the queue, whatever it asks for and
//! whoever sends it. A plan holds several of them as text.

mod fault;
mod invalid;
mod limit;
mod plan;
mod reply;

pub use fault::{Effect, Fault, Moment};
pub use invalid::{InvalidFault, InvalidPlan};
pub(crate) use limit::Limits;
pub use limit::RateLimit;
pub(crate) use plan::{FaultPlan, PlannedFault};
pub use reply::Reply;
