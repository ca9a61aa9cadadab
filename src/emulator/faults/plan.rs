//! Faults as text, for files and for `POST /_emulator/faults`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::{Effect, Fault, Moment, RateLimit, Target};

/// Faults, a rate limit or both as text: YAML, of which JSON is a part.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct Plan {
    #[serde(default)]
    pub(in crate::emulator) faults: Vec<Planned>,
    /// `null` lifts the limit.
    #[serde(default, deserialize_with = "given")]
    pub(in crate::emulator) rate_limit: Option<Option<RateLimit>>,
}

/// A fault and the operation that it is for.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct Planned {
    pub(in crate::emulator) target: Target,
    pub(in crate::emulator) operation: String,
    pub(in crate::emulator) effect: Effect,
    #[serde(default)]
    pub(in crate::emulator) moment: Moment,
    #[serde(default = "once")]
    pub(in crate::emulator) times: usize,
    #[serde(default = "surely")]
    pub(in crate::emulator) chance: f64,
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

impl Plan {
    /// Reads a plan.
    pub(in crate::emulator) fn parse(text: &str) -> Result<Self, InvalidPlan> {
        let fault = |error: serde_saphyr::Error| {
            // The message shows the text around the place from its second line on.
            let message = error.without_snippet().to_string();
            InvalidPlan(message.lines().next().unwrap_or_default().to_owned())
        };
        let plan: Self = serde_saphyr::from_str(text).map_err(fault)?;
        if plan.faults.is_empty() && plan.rate_limit.is_none() {
            let message = "the plan has neither faults nor rate_limit";
            return Err(InvalidPlan(message.to_owned()));
        }
        if let Some(place) = plan.faults.iter().position(|fault| fault.times == 0) {
            return Err(InvalidPlan(format!("faults[{place}]: times must not be 0")));
        }
        let limit = plan.rate_limit.flatten();
        if limit.is_some_and(|limit| limit.per.is_zero()) {
            return Err(InvalidPlan("rate_limit: per must not be 0".to_owned()));
        }
        Ok(plan)
    }
}

impl Planned {
    pub(in crate::emulator) fn new(target: Target, operation: &str, fault: &Fault) -> Self {
        Self {
            target,
            operation: operation.to_owned(),
            effect: fault.effect.clone(),
            moment: fault.moment,
            times: fault.times,
            chance: fault.chance,
        }
    }

    pub(in crate::emulator) fn fault(&self) -> Fault {
        Fault {
            effect: self.effect.clone(),
            moment: self.moment,
            times: self.times,
            chance: self.chance,
        }
    }
}

/// A plan that cannot be followed: one line that names the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPlan(pub(in crate::emulator) String);

impl fmt::Display for InvalidPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidPlan {}
