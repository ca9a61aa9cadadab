//! Faults as text, for files and for `POST /_emulator/faults`.

use serde::{Deserialize, Deserializer, Serialize};

use super::fault::{Effect, Fault, Moment};
use super::invalid::{InvalidFault, InvalidPlan};
use super::limit::RateLimit;
use crate::emulator::target::{Server, Target};

/// Faults, a rate limit or both as text: YAML, of which JSON is a part.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultPlan {
    #[serde(default)]
    pub(crate) faults: Vec<PlannedFault>,
    /// `null` lifts the limit.
    #[serde(default, deserialize_with = "given")]
    pub(crate) rate_limit: Option<Option<RateLimit>>,
}

/// A fault of a plan, and the operation that it is for.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlannedFault {
    #[serde(rename = "target")]
    server: Server,
    operation: String,
    pub(crate) effect: Effect,
    #[serde(default)]
    moment: Moment,
    #[serde(default = "once")]
    times: usize,
    #[serde(default = "surely")]
    chance: f64,
}

fn given<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Option<RateLimit>>, D::Error> {
    Option::deserialize(source).map(Some)
}

fn once() -> usize {
    1
}

fn surely() -> f64 {
    1.0
}

impl FaultPlan {
    /// Reads a plan.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidPlan> {
        let plan: Self = serde_saphyr::from_str(text).map_err(|error| {
            // The message shows the text around the place from its second line on.
            let message = error.without_snippet().to_string();
            InvalidPlan(message.lines().next().unwrap_or_default().to_owned())
        })?;
        if plan.faults.is_empty() && plan.rate_limit.is_none() {
            let message = "the plan has neither faults nor rate_limit";
            return Err(InvalidPlan(message.to_owned()));
        }
        if let Some(index) = plan.faults.iter().position(|fault| fault.times == 0) {
            return Err(InvalidPlan(format!("faults[{index}]: times must not be 0")));
        }
        let limit = plan.rate_limit.flatten();
        if limit.is_some_and(|limit| limit.per.is_zero()) {
            return Err(InvalidPlan("rate_limit: per must not be 0".to_owned()));
        }
        Ok(plan)
    }
}

impl PlannedFault {
    pub(crate) fn new(target: Target, fault: &Fault) -> Self {
        Self {
            server: target.server(),
            operation: target.operation_id().to_owned(),
            effect: fault.effect.clone(),
            moment: fault.moment,
            times: fault.times,
            chance: fault.chance,
        }
    }

    /// The operation and the fault; fails when no server has an operation of this name.
    pub(crate) fn resolve(self) -> Result<(Target, Fault), InvalidFault> {
        let target = Target::named(self.server, &self.operation)
            .ok_or(InvalidFault::UnknownOperation(self.operation))?;
        let fault = Fault {
            effect: self.effect,
            moment: self.moment,
            times: self.times,
            chance: self.chance,
        };
        Ok((target, fault))
    }
}
